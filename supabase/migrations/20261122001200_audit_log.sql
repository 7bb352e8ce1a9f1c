-- Audit log: who did what to an account's keys.
--
-- Triggers write it, so nothing that changes a key can leave it out, and it names what changed without
-- ever holding a secret. Owners can read theirs; nobody writes, changes or deletes an entry.

create table public.audit_log (
  id uuid primary key default private.uuid_v7(),
  user_id uuid not null references auth.users (id) on delete cascade,
  actor_id uuid,
  action text not null,
  subject_id uuid not null,
  details jsonb not null default '{}',
  created_at timestamptz not null default now()
);

comment on table public.audit_log is 'Who did what to an account''s keys.';
comment on column public.audit_log.actor_id is 'Who was signed in; null when one of our services acted.';
comment on column public.audit_log.action is 'As in memory_key.created, provider_key.deleted.';
comment on column public.audit_log.subject_id is 'The key it was done to, which may be gone.';

create index audit_log_user_id_idx on public.audit_log (user_id, created_at);

-- Access

alter table public.audit_log enable row level security;

create policy "Owners can read the audit log of their account"
  on public.audit_log for select to authenticated
  using (user_id = (select auth.uid()));

grant select on public.audit_log to authenticated;

-- Functions

-- Security definer: whoever changes a key has the change written down without a right to write.
create function private.audit_key()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  -- What the system itself keeps, and what points at a secret, is no news to an owner.
  unlogged constant text[] := array[
    'id', 'user_id', 'secret_id', 'created_at', 'last_used_at', 'memory_token_count', 'vectors_due_at'
  ];
  subject constant text := tg_argv[0];
  before constant jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - unlogged end;
  after constant jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - unlogged end;
  key record;
  changes jsonb;
begin
  if tg_op = 'DELETE' then
    key := old;
  else
    key := new;
  end if;

  if tg_op = 'UPDATE' then
    select jsonb_object_agg(field, jsonb_build_array(before -> field, after -> field)) into changes
    from jsonb_object_keys(after) as field
    where before -> field is distinct from after -> field;
    if changes is null and old is not distinct from new then
      return null;
    end if;
  end if;

  -- An account that is being deleted takes its log along.
  insert into public.audit_log (user_id, actor_id, action, subject_id, details)
  select
    users.id,
    auth.uid(),
    subject || case tg_op when 'INSERT' then '.created' when 'UPDATE' then '.changed' else '.deleted' end,
    key.id,
    coalesce(changes, jsonb_strip_nulls(coalesce(after, before)))
  from auth.users
  where users.id = key.user_id;
  return null;
end;
$$;

create trigger memory_keys_audit
  after insert or delete or update of
    name, prefix, last_four, mode, is_active, may_mint, external_id, token_cap, retention_days,
    on_disconnect, embedding, expires_at
  on public.memory_keys
  for each row execute function private.audit_key('memory_key');

create trigger provider_keys_audit
  after insert or delete or update of nickname, is_active, secret_id, last_four
  on public.provider_keys
  for each row execute function private.audit_key('provider_key');

-- Security definer: as above, for a secret added to a key or taken from it.
create function private.audit_memory_key_secret()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.audit_log (user_id, actor_id, action, subject_id, details)
  select
    memory_keys.user_id,
    auth.uid(),
    case when new.revoked_at is null then 'memory_key.secret_added' else 'memory_key.secret_revoked' end,
    memory_keys.id,
    jsonb_build_object('prefix', new.prefix, 'last_four', new.last_four, 'kind', new.kind)
  from public.memory_keys
  where memory_keys.id = new.memory_key_id
    and (tg_op = 'UPDATE' or memory_keys.created_at < now());
  return null;
end;
$$;

create trigger memory_key_secrets_audit
  after insert or update of revoked_at on public.memory_key_secrets
  for each row execute function private.audit_memory_key_secret();
