-- Provider keys: an account's own keys at LLM providers.
--
-- The secret lives in Vault; a row holds its id there and the last four characters. Owners see, rename,
-- disable and delete theirs. A key is stored by a function alone, after an Edge Function has tried it
-- at its provider, and read back only to forward a request.

create table public.provider_keys (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  provider text not null check (provider ~ '^[a-z][a-z0-9-]{0,39}$'),
  nickname text check (char_length(nickname) between 1 and 80),
  last_four text not null,
  secret_id uuid not null unique,
  is_active boolean not null default true,
  last_checked_at timestamptz,
  last_check_result text check (last_check_result in ('valid', 'wrong_key', 'no_credit', 'unreachable')),
  created_at timestamptz not null default now(),
  unique (user_id, provider)
);

comment on table public.provider_keys is
  'An account''s own keys at LLM providers. The secrets are in Vault.';
comment on column public.provider_keys.last_check_result is 'What the provider said when the key was last tried.';

-- Access

alter table public.provider_keys enable row level security;

create policy "Owners can see their provider keys"
  on public.provider_keys for select to authenticated
  using (user_id = (select auth.uid()));

create policy "Owners can rename and disable their provider keys"
  on public.provider_keys for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

create policy "Owners can delete their provider keys"
  on public.provider_keys for delete to authenticated
  using (user_id = (select auth.uid()));

-- Every column but where the secret lies.
grant select (id, user_id, provider, nickname, last_four, is_active, last_checked_at, last_check_result, created_at)
  on public.provider_keys to authenticated;
grant update (nickname, is_active) on public.provider_keys to authenticated;
grant delete on public.provider_keys to authenticated;

-- Functions

-- Security definer: Vault knows nothing of our rows, so a row that goes or gets a new secret takes
-- the old one along, whoever deletes it.
create function private.remove_provider_secret()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from vault.secrets where id = old.secret_id;
  return null;
end;
$$;

create trigger provider_keys_remove_secret
  after delete on public.provider_keys
  for each row execute function private.remove_provider_secret();

create trigger provider_keys_remove_replaced_secret
  after update of secret_id on public.provider_keys
  for each row when (old.secret_id <> new.secret_id)
  execute function private.remove_provider_secret();

create function private.provider_keys_of(owner_id uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(
    jsonb_agg(
      jsonb_build_object(
        'id', provider_keys.id,
        'provider', provider_keys.provider,
        'secret', decrypted_secrets.decrypted_secret
      )
      order by provider_keys.provider
    ),
    '[]'
  )
  from public.provider_keys
  join vault.decrypted_secrets on decrypted_secrets.id = provider_keys.secret_id
  where provider_keys.user_id = provider_keys_of.owner_id
    and provider_keys.is_active;
$$;

comment on function private.provider_keys_of is 'The usable provider keys of an account with their secrets.';

create function private.describe_provider_key(provider_key public.provider_keys)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select to_jsonb(provider_key) - array['secret_id', 'user_id'];
$$;

-- Security definer: only Vault's owner may write a secret.
create function private.store_provider_key(
  user_id uuid,
  provider text,
  secret text,
  nickname text,
  check_result text
)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  stored public.provider_keys;
begin
  if coalesce(char_length(store_provider_key.secret), 0) < 8 then
    raise exception 'A provider key has at least eight characters' using errcode = 'PT400';
  end if;

  insert into public.provider_keys (
    user_id, provider, nickname, last_four, secret_id, last_checked_at, last_check_result
  )
  values (
    store_provider_key.user_id,
    store_provider_key.provider,
    store_provider_key.nickname,
    right(store_provider_key.secret, 4),
    vault.create_secret(
      store_provider_key.secret,
      'provider_key_' || gen_random_uuid(),
      format('%s key of account %s', store_provider_key.provider, store_provider_key.user_id)
    ),
    now(),
    store_provider_key.check_result
  )
  on conflict (user_id, provider) do update set
    nickname = coalesce(excluded.nickname, provider_keys.nickname),
    last_four = excluded.last_four,
    secret_id = excluded.secret_id,
    is_active = true,
    last_checked_at = excluded.last_checked_at,
    last_check_result = excluded.last_check_result
  returning * into stored;

  return private.describe_provider_key(stored);
end;
$$;

create function public.store_provider_key(
  user_id uuid,
  provider text,
  secret text,
  nickname text default null,
  check_result text default 'valid'
)
returns jsonb
language sql
set search_path = ''
as $$
  select private.store_provider_key(user_id, provider, secret, nickname, check_result);
$$;

comment on function public.store_provider_key is
  'Puts an account''s key at a provider into Vault, in place of an earlier one, and describes it without the secret.';

-- Security definer: only Vault's owner may read a secret.
create function private.reveal_provider_key(user_id uuid, provider_key_id uuid)
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select decrypted_secrets.decrypted_secret
  from public.provider_keys
  join vault.decrypted_secrets on decrypted_secrets.id = provider_keys.secret_id
  where provider_keys.id = reveal_provider_key.provider_key_id
    and provider_keys.user_id = reveal_provider_key.user_id;
$$;

create function public.reveal_provider_key(user_id uuid, provider_key_id uuid)
returns text
language sql
stable
set search_path = ''
as $$
  select private.reveal_provider_key(user_id, provider_key_id);
$$;

comment on function public.reveal_provider_key is
  'The secret of an account''s provider key, to try it again; null when the account has no such key.';

-- Security definer: a check is recorded for an account that is not the caller.
create function private.record_provider_key_check(user_id uuid, provider_key_id uuid, check_result text)
returns jsonb
language sql
security definer
set search_path = ''
as $$
  update public.provider_keys
  set last_checked_at = now(), last_check_result = record_provider_key_check.check_result
  where provider_keys.id = record_provider_key_check.provider_key_id
    and provider_keys.user_id = record_provider_key_check.user_id
  returning private.describe_provider_key(provider_keys);
$$;

create function public.record_provider_key_check(user_id uuid, provider_key_id uuid, check_result text)
returns jsonb
language sql
set search_path = ''
as $$
  select private.record_provider_key_check(user_id, provider_key_id, check_result);
$$;

comment on function public.record_provider_key_check is
  'Notes what a provider said to an account''s key and describes the key; null when the account has no such key.';

grant execute on function
  private.store_provider_key, public.store_provider_key,
  private.reveal_provider_key, public.reveal_provider_key,
  private.record_provider_key_check, public.record_provider_key_check
  to service_role;
