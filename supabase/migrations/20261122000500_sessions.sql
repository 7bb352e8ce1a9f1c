-- Sessions: the conversations of a vault.
--
-- A session counts what it holds, which makes a vault's totals the sum of a few rows, and hands out the
-- places of its memories: position counts up in order of arrival, so a memory's neighbours are the
-- positions beside it. A client names its sessions or leaves that to us; then a conversation is known
-- by how it began, and four hours of silence end it.
--
-- Owners can see theirs. The worker's role alone opens and keeps them.

create sequence private.session_numbers;

create table public.sessions (
  memory_key_id uuid not null references public.memory_keys (id) on delete cascade,
  session_id text not null check (char_length(session_id) between 1 and 320),
  number bigint not null default nextval('private.session_numbers'),
  seed text,
  opened_at timestamptz not null default now(),
  last_at timestamptz not null default now(),
  memory_count integer not null default 0,
  lexeme_count bigint not null default 0,
  next_position integer not null default 0,
  primary key (memory_key_id, session_id),
  unique (memory_key_id, number)
) partition by hash (memory_key_id);

comment on table public.sessions is 'Conversations of a vault, with what each of them holds.';
comment on column public.sessions.number is 'The short name by which memories, terms and vectors refer to a session.';
comment on column public.sessions.seed is
  'What a session without an id of the client''s own is recognised by: how the conversation began.';
comment on column public.sessions.next_position is 'Where the next memory goes. Places of forgotten memories stay empty.';

create index sessions_seed_idx on public.sessions (memory_key_id, seed, last_at) where seed is not null;

select private.partition_by_vault('public.sessions');

-- Access

alter table public.sessions enable row level security;

create policy "Owners can see the sessions of their vaults"
  on public.sessions for select to authenticated
  using (memory_key_id = any (array(select id from public.memory_keys where user_id = (select auth.uid()))));

create policy "Vault workers can see the sessions of the open vault"
  on public.sessions for select to vault_worker
  using (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can open sessions in the open vault"
  on public.sessions for insert to vault_worker
  with check (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can keep the sessions of the open vault"
  on public.sessions for update to vault_worker
  using (memory_key_id = (select private.current_memory_key_id()))
  with check (memory_key_id = (select private.current_memory_key_id()));

grant select (memory_key_id, session_id, seed, opened_at, last_at, memory_count)
  on public.sessions to authenticated;
grant select, insert, update on public.sessions to vault_worker;
grant usage on sequence private.session_numbers to vault_worker;

-- Functions

create function private.place_session(
  memory_key_id uuid,
  session_id text,
  seed text,
  moment timestamptz
)
returns public.sessions
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
  placed public.sessions;
  wanted text := place_session.session_id;
begin
  if wanted is null then
    select sessions.session_id into wanted
    from public.sessions
    where memory_key_id = place_session.memory_key_id
      and seed = place_session.seed
      and last_at > place_session.moment - interval '4 hours'
    order by last_at desc
    limit 1;
  end if;

  if wanted is null then
    -- Two openers count the same and wish for the same name; the second then finds the first's.
    select place_session.seed || coalesce('.' || nullif(count(*), 0) + 1, '') into wanted
    from public.sessions
    where memory_key_id = place_session.memory_key_id and seed = place_session.seed;
  end if;

  insert into public.sessions (memory_key_id, session_id, seed, opened_at, last_at)
  values (
    place_session.memory_key_id,
    wanted,
    case when place_session.session_id is null then place_session.seed end,
    place_session.moment,
    place_session.moment
  )
  on conflict (memory_key_id, session_id) do update
  set last_at = greatest(sessions.last_at, excluded.last_at)
  returning * into placed;

  return placed;
end;
$$;

comment on function private.place_session is
  'The session a turn belongs to, its row locked: the one the client named, else the one that began alike and was active within four hours, else a new one.';

grant execute on function private.place_session to vault_worker;
