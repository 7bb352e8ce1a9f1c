-- Memory keys: what a client presents to the worker, and the vault it opens. One key, one vault.
--
-- The secret is shown once, when it is made, and kept only as a hash, in a table of its own so that a
-- key can have a second secret for a while. Owners see their keys, change their settings and delete
-- them with everything remembered. Rows are inserted by functions alone, so that every hash is the
-- hash of a key we made and nobody grants themselves the right to mint.

create table public.memory_keys (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 80),
  prefix text not null,
  last_four text not null,
  mode text not null default 'on' check (mode in ('on', 'read', 'write', 'off')),
  is_active boolean not null default true,
  may_mint boolean not null default false,
  external_id text check (char_length(external_id) between 1 and 200),
  minted_by uuid references public.memory_keys (id) on delete set null,
  memory_token_count bigint not null default 0,
  token_cap bigint check (token_cap >= 0),
  retention_days integer check (retention_days between 1 and 36500),
  on_disconnect text not null default 'drain' check (on_disconnect in ('drain', 'stop')),
  embedding text not null default 'hosted' check (embedding in ('hosted', 'words')),
  vectors_due_at timestamptz,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at timestamptz,
  unique (user_id, external_id)
);

comment on table public.memory_keys is
  'Credentials clients present to the worker, each with a vault of its own. The key itself is never stored.';
comment on column public.memory_keys.prefix is
  'The first eight characters of the newest secret: enough for its owner to recognise it.';
comment on column public.memory_keys.may_mint is 'Whether this key may make further keys of the same account.';
comment on column public.memory_keys.external_id is 'What the owner''s own system calls the user of this key.';
comment on column public.memory_keys.memory_token_count is
  'Estimated tokens of everything the vault remembers. Kept by the functions that remember and forget.';
comment on column public.memory_keys.token_cap is 'Memory tokens that may be stored in a calendar month (UTC).';
comment on column public.memory_keys.embedding is
  'hosted: recall by words and by likeness. words: no text goes to an embedder.';
comment on column public.memory_keys.vectors_due_at is 'Since when texts of this vault have been waiting for their vectors.';

create index memory_keys_minted_by_idx on public.memory_keys (minted_by);
create index memory_keys_vectors_due_at_idx on public.memory_keys (vectors_due_at)
  where vectors_due_at is not null;

create table public.memory_key_secrets (
  id uuid primary key default gen_random_uuid(),
  memory_key_id uuid not null references public.memory_keys (id) on delete cascade,
  hash bytea not null unique check (octet_length(hash) = 32),
  prefix text not null,
  last_four text not null,
  kind text not null default 'standard' check (kind in ('standard', 'playground')),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz
);

comment on table public.memory_key_secrets is
  'The hashes a memory key answers to: more than one while it is rotated or tried in the playground.';

create index memory_key_secrets_memory_key_id_idx on public.memory_key_secrets (memory_key_id);

-- Access

alter table public.memory_keys enable row level security;
alter table public.memory_key_secrets enable row level security;

create policy "Owners can see their memory keys"
  on public.memory_keys for select to authenticated
  using (user_id = (select auth.uid()));

create policy "Owners can change the settings of their memory keys"
  on public.memory_keys for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

create policy "Owners can delete their memory keys"
  on public.memory_keys for delete to authenticated
  using (user_id = (select auth.uid()));

create policy "Vault workers can see the key they work for"
  on public.memory_keys for select to vault_worker
  using (id = (select private.current_memory_key_id()));

create policy "Vault workers can keep the counts of the key they work for"
  on public.memory_keys for update to vault_worker
  using (id = (select private.current_memory_key_id()))
  with check (id = (select private.current_memory_key_id()));

create policy "Owners can see the secrets of their memory keys"
  on public.memory_key_secrets for select to authenticated
  using (memory_key_id = any (array(select id from public.memory_keys where user_id = (select auth.uid()))));

grant select, delete on public.memory_keys to authenticated;
grant update (name, mode, is_active, token_cap, retention_days, on_disconnect, embedding, expires_at)
  on public.memory_keys to authenticated;
grant select on public.memory_keys to vault_worker;
grant update (memory_token_count, vectors_due_at) on public.memory_keys to vault_worker;

-- Every column but the hash.
grant select (id, memory_key_id, prefix, last_four, kind, created_at, expires_at, revoked_at)
  on public.memory_key_secrets to authenticated;

-- Functions

create function private.crc32(bytes bytea)
returns bigint
language plpgsql
immutable
set search_path = ''
as $$
declare
  remainder bigint := 4294967295;
begin
  for place in 0 .. octet_length(bytes) - 1 loop
    remainder := remainder # get_byte(bytes, place);
    for bit in 1 .. 8 loop
      -- 0xedb88320 is the reversed polynomial of IEEE 802.3.
      remainder := (remainder >> 1) # (3988292384 * (remainder & 1));
    end loop;
  end loop;
  return remainder # 4294967295;
end;
$$;

comment on function private.crc32 is 'The CRC-32 of IEEE 802.3, as zip and png use it.';

create function private.base62(number numeric, digits integer)
returns text
language plpgsql
immutable
set search_path = ''
as $$
declare
  alphabet constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  rest numeric := number;
  written text := '';
begin
  for digit in 1 .. digits loop
    written := substr(alphabet, (rest % 62)::integer + 1, 1) || written;
    rest := div(rest, 62);
  end loop;
  return written;
end;
$$;

comment on function private.base62 is 'A number in base 62, most significant digit first, filled up with zeros.';

create function private.random_memory_key()
returns text
language plpgsql
volatile
set search_path = ''
as $$
declare
  random_bytes constant bytea := extensions.gen_random_bytes(32);
  number numeric := 0;
  body text;
begin
  for place in 0 .. 31 loop
    number := number * 256 + get_byte(random_bytes, place);
  end loop;
  body := 'mk_' || private.base62(number, 43);
  return body || private.base62(private.crc32(convert_to(body, 'utf8')), 6);
end;
$$;

comment on function private.random_memory_key is
  'A fresh key: mk_, 256 random bits, and a checksum that lets the worker refuse a typing error unasked.';

create function private.issue_memory_key(
  owner_id uuid,
  name text,
  mode text,
  expires_at timestamptz,
  token_cap bigint,
  may_mint boolean,
  external_id text default null,
  minted_by uuid default null
)
returns jsonb
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
  secret constant text := private.random_memory_key();
  minter public.memory_keys;
  issued public.memory_keys;
begin
  if coalesce(char_length(btrim(issue_memory_key.name)), 0) not between 1 and 80 then
    raise exception 'A memory key needs a name of 1 to 80 characters' using errcode = 'PT400';
  end if;
  if issue_memory_key.mode not in ('on', 'read', 'write', 'off') then
    raise exception 'A memory key''s mode is on, read, write or off' using errcode = 'PT400';
  end if;
  if issue_memory_key.token_cap < 0 then
    raise exception 'A token cap cannot be negative' using errcode = 'PT400';
  end if;

  -- A minted key treats texts as the key that made it does.
  select * into minter from public.memory_keys where id = issue_memory_key.minted_by;

  insert into public.memory_keys (
    user_id, name, prefix, last_four, mode, expires_at, token_cap, may_mint, external_id, minted_by,
    retention_days, on_disconnect, embedding
  )
  values (
    issue_memory_key.owner_id, btrim(issue_memory_key.name), left(secret, 8), right(secret, 4),
    coalesce(issue_memory_key.mode, 'on'), issue_memory_key.expires_at, issue_memory_key.token_cap,
    issue_memory_key.may_mint, issue_memory_key.external_id, issue_memory_key.minted_by,
    minter.retention_days, coalesce(minter.on_disconnect, 'drain'), coalesce(minter.embedding, 'hosted')
  )
  returning * into issued;

  insert into public.memory_key_secrets (memory_key_id, hash, prefix, last_four)
  values (issued.id, sha256(convert_to(secret, 'utf8')), issued.prefix, issued.last_four);

  return jsonb_build_object(
    'id', issued.id,
    'key', secret,
    'name', issued.name,
    'prefix', issued.prefix,
    'last_four', issued.last_four,
    'created_at', issued.created_at
  );
end;
$$;

comment on function private.issue_memory_key is
  'Makes a memory key for an account and returns it, the only time it is seen. For functions that know who asks.';

-- Security definer: callers may ask for a key, but may not write one.
create function private.create_memory_key(
  name text,
  mode text,
  expires_at timestamptz,
  token_cap bigint
)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
begin
  if auth.uid() is null then
    raise exception 'Only somebody who is signed in can make a memory key' using errcode = '42501';
  end if;
  return private.issue_memory_key(auth.uid(), name, mode, expires_at, token_cap, may_mint => true);
end;
$$;

create function public.create_memory_key(
  name text,
  mode text default 'on',
  expires_at timestamptz default null,
  token_cap bigint default null
)
returns jsonb
language sql
set search_path = ''
as $$
  select private.create_memory_key(name, mode, expires_at, token_cap);
$$;

comment on function public.create_memory_key is
  'Makes a memory key for the caller and returns it. It cannot be read a second time.';

grant execute on function private.create_memory_key, public.create_memory_key to authenticated;

-- Security definer: the worker may learn what one presented key opens, and read no list of keys.
create function private.open_memory_key(key_hash text)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  moment constant timestamptz := clock_timestamp();
  opened record;
begin
  if key_hash !~ '^[0-9a-f]{64}$' then
    return null;
  end if;

  select
    memory_keys.*,
    least(memory_keys.expires_at, memory_key_secrets.expires_at) as ends_at,
    coalesce(profiles.is_memory_read_only, false) as is_memory_read_only
  into opened
  from public.memory_key_secrets
  join public.memory_keys on memory_keys.id = memory_key_secrets.memory_key_id
  join auth.users on users.id = memory_keys.user_id
  left join public.profiles on profiles.user_id = memory_keys.user_id
  where memory_key_secrets.hash = decode(key_hash, 'hex')
    and memory_key_secrets.revoked_at is null
    and coalesce(memory_key_secrets.expires_at > moment, true)
    and memory_keys.is_active
    and coalesce(memory_keys.expires_at > moment, true)
    and users.deleted_at is null
    and coalesce(users.banned_until <= moment, true);

  if not found then
    return null;
  end if;

  -- Once a minute is enough for a date, and a turn that holds the row is not waited for.
  update public.memory_keys
  set last_used_at = moment
  where id in (
    select id from public.memory_keys
    where id = opened.id
      and coalesce(last_used_at < moment - interval '1 minute', true)
    for no key update skip locked
  );

  return jsonb_build_object(
    'memory_key_id', opened.id,
    'user_id', opened.user_id,
    'mode', opened.mode,
    'may_mint', opened.may_mint,
    'on_disconnect', opened.on_disconnect,
    'embedding', opened.embedding,
    'token_cap', opened.token_cap,
    'tokens_stored_this_month', private.tokens_stored_this_month(opened.id),
    'is_memory_read_only', opened.is_memory_read_only,
    'expires_at', opened.ends_at,
    'read_at', moment,
    'provider_keys', private.provider_keys_of(opened.user_id)
  );
end;
$$;

create function public.open_memory_key(key_hash text)
returns jsonb
language sql
set search_path = ''
as $$
  select private.open_memory_key(key_hash);
$$;

comment on function public.open_memory_key is
  'What a presented key opens, with the account''s provider keys; null when it opens nothing, for whatever reason.';

grant execute on function private.open_memory_key, public.open_memory_key to service_role;

create function private.lock_vault(memory_key_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.open_vault(memory_key_id);
  perform from public.memory_keys where id = lock_vault.memory_key_id for no key update;
  if not found then
    raise exception 'There is no such memory key' using errcode = 'PT404';
  end if;
end;
$$;

comment on function private.lock_vault is
  'Opens a vault for writing. Writers of one vault take turns; readers and new turns go on beside them.';

grant execute on function private.lock_vault to vault_worker;

-- Security definer: a key that may mint acts for its account, which the worker cannot.
create function private.mint_memory_key(
  minting_key_id uuid,
  name text,
  external_id text,
  mode text,
  expires_at timestamptz,
  token_cap bigint
)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  minter public.memory_keys;
begin
  select * into minter from public.memory_keys
  where memory_keys.id = minting_key_id
    and memory_keys.is_active
    and coalesce(memory_keys.expires_at > now(), true);

  if not coalesce(minter.may_mint, false) then
    raise exception 'This memory key may not make further keys' using errcode = 'PT403';
  end if;
  if external_id is not null and char_length(external_id) not between 1 and 200 then
    raise exception 'An external id has 1 to 200 characters' using errcode = 'PT400';
  end if;

  return private.issue_memory_key(
    minter.user_id,
    coalesce(name, left(external_id, 80), 'Minted key'),
    mode,
    expires_at,
    token_cap,
    may_mint => false,
    external_id => external_id,
    minted_by => minter.id
  ) - array['prefix', 'last_four'];
exception
  when unique_violation then
    raise exception 'This account already has a key with that external id' using errcode = 'PT409';
end;
$$;

create function public.mint_memory_key(
  minting_key_id uuid,
  name text default null,
  external_id text default null,
  mode text default null,
  expires_at timestamptz default null,
  token_cap bigint default null
)
returns jsonb
language sql
set search_path = ''
as $$
  select private.mint_memory_key(minting_key_id, name, external_id, mode, expires_at, token_cap);
$$;

comment on function public.mint_memory_key is
  'Makes a key with an empty vault for the account of a key that may mint. PT403 when it may not, PT409 when the external id is taken.';

grant execute on function private.mint_memory_key, public.mint_memory_key to service_role;
