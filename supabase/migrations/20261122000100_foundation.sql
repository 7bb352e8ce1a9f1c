-- Foundation: the ground rules every later migration stands on.
--
-- Two schemas. `public` is our API: what PostgREST exposes, guarded by row level security. `private`
-- is our power: functions that act beyond their caller's rights, reached through plain functions in
-- `public`, and the partitions of large tables. Nothing is granted by default; each migration grants
-- what its concept needs and nothing more.
--
-- One role of ours, `vault_worker`. The functions that serve a request run as it, and row level
-- security shows it one vault: the one whose memory key the function has named in the setting
-- `memoryrouter.memory_key_id`. A query that forgets its `where` reads one vault all the same.

create schema private;
comment on schema private is 'Functions that act beyond their caller''s rights, and partitions. Not exposed by the API.';

-- Before the default privileges change: what extensions bring stays executable.
create extension if not exists pgcrypto with schema extensions;
create extension if not exists vector with schema extensions;

alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;
-- PUBLIC is granted execute globally, and only a global revoke takes that back.
alter default privileges revoke execute on functions from public;

-- Roles

do $$
begin
  if not exists (select from pg_catalog.pg_roles where rolname = 'vault_worker') then
    create role vault_worker nologin noinherit;
  end if;
end;
$$;

-- So that migrations may hand functions over to it.
grant vault_worker to current_user;

grant usage on schema private to authenticated, service_role, vault_worker;
grant usage on schema extensions, public to vault_worker;

-- Functions

create function private.current_memory_key_id()
returns uuid
language plpgsql
stable
set search_path = ''
as $$
begin
  return nullif(current_setting('memoryrouter.memory_key_id', true), '')::uuid;
end;
$$;

comment on function private.current_memory_key_id is
  'The vault a worker''s function has opened for itself; null opens none.';

grant execute on function private.current_memory_key_id to vault_worker;

create function private.open_vault(memory_key_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform set_config('memoryrouter.memory_key_id', coalesce(memory_key_id::text, ''), true);
end;
$$;

comment on function private.open_vault is
  'Names the one vault that row level security shows to the worker until the transaction ends.';

grant execute on function private.open_vault to vault_worker;

-- A role may own functions only where it may create them, so it may for this moment.
create function private.hand_to_vault_worker(variadic functions regprocedure[])
returns void
language plpgsql
set search_path = ''
as $$
declare
  handed regprocedure;
begin
  grant create on schema private to vault_worker;
  foreach handed in array functions loop
    execute format('alter function %s owner to vault_worker', handed);
  end loop;
  revoke create on schema private from vault_worker;
end;
$$;

comment on function private.hand_to_vault_worker is
  'For migrations: gives functions to the role that row level security binds to one vault.';

-- Sixteen partitions take longer to plan for than one takes to read: functions that ask them for a
-- vault set `plan_cache_mode = force_generic_plan`, which plans once a connection.
create function private.partition_by_vault(partitioned regclass)
returns void
language plpgsql
set search_path = ''
as $$
declare
  -- In `public` each partition would be a table of the API.
  partition text;
begin
  for remainder in 0 .. 15 loop
    partition := format(
      'private.%I',
      (select relname from pg_catalog.pg_class where oid = partitioned) || to_char(remainder, '"_"FM00')
    );
    execute format(
      'create table %s partition of %s for values with (modulus 16, remainder %s)',
      partition, partitioned, remainder
    );
    execute format('alter table %s enable row level security', partition);
  end loop;
end;
$$;

comment on function private.partition_by_vault is
  'For migrations: cuts a table whose key begins with the memory key into sixteen, so that a vault''s rows lie close together.';

create function private.uuid_v7()
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
declare
  milliseconds constant bigint := floor(extract(epoch from clock_timestamp()) * 1000);
  bytes bytea := uuid_send(gen_random_uuid());
begin
  bytes := overlay(bytes placing substring(int8send(milliseconds) from 3) from 1 for 6);
  -- The version's bits 0100 of a random id become 0111.
  return encode(set_bit(set_bit(bytes, 52, 1), 53, 1), 'hex')::uuid;
end;
$$;

comment on function private.uuid_v7 is 'A random id that sorts by the time it was made.';

grant execute on function private.uuid_v7 to vault_worker;

create function public.database_time()
returns timestamptz
language sql
volatile
set search_path = ''
as $$
  select clock_timestamp();
$$;

comment on function public.database_time is 'The database''s clock. An answer means that the database answers.';

grant execute on function public.database_time to service_role;
