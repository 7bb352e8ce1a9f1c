-- Turns: the journal of what clients asked.
--
-- A turn is one user message and its answer. It is begun beside the provider call, so that the user's
-- words are safe before the answer is there, and keeps the block of memories it was given, to be put
-- back unchanged when a tool loop goes on or a client tries again. What comes of it is told in
-- `turn_steps`; a turn that nobody completes is swept up, and what the user said becomes a memory.
--
-- The user's words stay in the journal only until they are a memory. Owners can see their journal; the
-- worker's role alone writes it.

create table public.turns (
  memory_key_id uuid not null references public.memory_keys (id) on delete cascade,
  id uuid not null,
  turn_key text not null,
  session_id text not null,
  idempotency_key text,
  request_id text,
  dialect text not null,
  provider text,
  model text,
  state text not null default 'begun' check (state in ('begun', 'completed', 'failed', 'incomplete')),
  stores_user boolean not null default true,
  user_text text,
  user_name text,
  is_user_text_cut boolean not null default false,
  is_user_stored boolean not null default false,
  block text,
  block_memories jsonb not null default '[]',
  receipt jsonb,
  recalled_ids text[],
  begun_at timestamptz not null default now(),
  completed_at timestamptz,
  primary key (memory_key_id, id)
);

comment on table public.turns is 'The journal: one user message and its answer, with the block of memories it was given.';
comment on column public.turns.user_text is 'What the user said, until it is a memory.';
comment on column public.turns.recalled_ids is
  'The memories named by block or receipt, so that forgetting one clears both; null until journalled.';

create index turns_turn_key_idx on public.turns (memory_key_id, turn_key, begun_at);
create index turns_begun_at_idx on public.turns (memory_key_id, begun_at);
create index turns_begun_idx on public.turns (begun_at) where state = 'begun';

-- Access

alter table public.turns enable row level security;

create policy "Owners can see the turns of their vaults"
  on public.turns for select to authenticated
  using (memory_key_id = any (array(select id from public.memory_keys where user_id = (select auth.uid()))));

create policy "Vault workers can see the turns of the open vault"
  on public.turns for select to vault_worker
  using (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can begin turns in the open vault"
  on public.turns for insert to vault_worker
  with check (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can go on with turns of the open vault"
  on public.turns for update to vault_worker
  using (memory_key_id = (select private.current_memory_key_id()))
  with check (memory_key_id = (select private.current_memory_key_id()));

grant select on public.turns to authenticated;
grant select, insert, update on public.turns to vault_worker;

-- Functions: begin

create function private.find_same_turn(memory_key_id uuid, turn jsonb, moment timestamptz)
returns public.turns
language plpgsql
stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  continues constant boolean := (turn ->> 'continues')::boolean or (turn ->> 'is_retry')::boolean;
  found_turn public.turns;
begin
  select * into found_turn
  from public.turns
  where memory_key_id = find_same_turn.memory_key_id
    and turn_key = turn ->> 'turn_key'
    and (
      continues
      or idempotency_key = turn ->> 'idempotency_key'
      or id = (turn ->> 'turn_id')::uuid
      or (state = 'begun' and begun_at > moment - interval '120 seconds')
    )
  order by begun_at desc
  limit 1;
  return found_turn;
end;
$$;

comment on function private.find_same_turn is
  'The turn a request belongs to when it is not a new one: it goes on, tries again, or the first try is under way.';

create function private.journal_turn(memory_key_id uuid, turn jsonb, session_id text, moment timestamptz)
returns public.turns
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
  stores_user constant boolean := coalesce((turn ->> 'stores_user')::boolean, true);
  begun public.turns;
begin
  insert into public.turns (
    memory_key_id, id, turn_key, session_id, idempotency_key, request_id, dialect, provider, model,
    stores_user, user_text, user_name, is_user_text_cut, begun_at
  )
  values (
    journal_turn.memory_key_id,
    (turn ->> 'turn_id')::uuid,
    turn ->> 'turn_key',
    journal_turn.session_id,
    turn ->> 'idempotency_key',
    turn ->> 'request_id',
    turn ->> 'dialect',
    turn ->> 'provider',
    turn ->> 'model',
    stores_user,
    case when stores_user then left(turn ->> 'user_text', 262144) end,
    turn ->> 'user_name',
    coalesce((turn ->> 'user_text_cut')::boolean, false),
    moment
  )
  returning * into begun;
  return begun;
end;
$$;

comment on function private.journal_turn is 'Writes a new turn down, with what the user said if it may be stored.';

create function private.begin_turn(
  memory_key_id uuid,
  turn jsonb,
  query text,
  max_candidates integer
)
returns jsonb
language plpgsql
security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  moment constant timestamptz := clock_timestamp();
  own_id constant uuid := (turn ->> 'turn_id')::uuid;
  begun public.turns;
  session public.sessions;
begin
  perform private.open_vault(memory_key_id);
  -- Keeps the key from being deleted under us, and nobody else waiting.
  perform from public.memory_keys where id = begin_turn.memory_key_id for key share;
  if not found then
    raise exception 'There is no such memory key' using errcode = 'PT404';
  end if;

  begun := private.find_same_turn(memory_key_id, turn, moment);
  if begun.id is null then
    -- The session's row is locked from here, so two equal requests at once do not both begin.
    session := private.place_session(memory_key_id, turn ->> 'session_id', turn ->> 'session_seed', moment);
    begun := private.find_same_turn(memory_key_id, turn, clock_timestamp());
  end if;

  if begun.id is null then
    begun := private.journal_turn(memory_key_id, turn, session.session_id, moment);
  elsif begun.state = 'failed' then
    -- Tried again: its words are journalled again.
    update public.turns
    set
      state = 'begun',
      begun_at = moment,
      user_text = case when stores_user and not is_user_stored then left(turn ->> 'user_text', 262144) end
    where memory_key_id = begin_turn.memory_key_id and id = begun.id;
  end if;

  return jsonb_build_object(
    'turn_id', begun.id,
    'is_same', begun.id <> own_id,
    'block', begun.block,
    'block_memories', begun.block_memories,
    'session_id', begun.session_id,
    'now', moment,
    'recall', case when query is not null then
      private.recall_memories(memory_key_id, query, null, null, max_candidates)
    end
  );
end;
$$;

create function public.begin_turn(
  memory_key_id uuid,
  turn jsonb,
  query text default null,
  max_candidates integer default 100
)
returns jsonb
language sql
set search_path = ''
as $$
  select private.begin_turn(memory_key_id, turn, query, max_candidates);
$$;

comment on function public.begin_turn is
  'Journals a turn, or finds the one a request goes on with, and recalls by words what the query is about.';

create function private.journal_block(
  memory_key_id uuid,
  turn_id uuid,
  block text,
  memories jsonb,
  receipt jsonb
)
returns void
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform private.open_vault(memory_key_id);

  update public.turns
  set
    block = journal_block.block,
    block_memories = coalesce(journal_block.memories, '[]'),
    receipt = journal_block.receipt,
    recalled_ids = array(
      select distinct named #>> '{}'
      from (
        select jsonb_path_query(jsonb_build_array(journal_block.memories, journal_block.receipt), '$.**.id') as named
        union all
        select jsonb_array_elements(
          case when jsonb_typeof(journal_block.memories) = 'array' then journal_block.memories else '[]' end
        )
      ) as names
      where jsonb_typeof(named) = 'string'
    )
  where memory_key_id = journal_block.memory_key_id
    and id = journal_block.turn_id
    and recalled_ids is null;
end;
$$;

create function public.journal_block(
  memory_key_id uuid,
  turn_id uuid,
  block text default null,
  memories jsonb default '[]',
  receipt jsonb default null
)
returns void
language sql
set search_path = ''
as $$
  select private.journal_block(memory_key_id, turn_id, block, memories, receipt);
$$;

comment on function public.journal_block is
  'Keeps the block a turn was given, to be put back unchanged while the turn lasts, and its receipt. The first one stays.';

-- Functions: sweep

create function private.remember_user(turn public.turns, user_text text)
returns bigint
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
  said constant text := left(coalesce(user_text, turn.user_text), 262144);
  stored_tokens bigint := 0;
begin
  if not turn.stores_user or turn.is_user_stored or btrim(coalesce(said, ''), E' \t\r\n') = '' then
    return 0;
  end if;

  stored_tokens := private.remember(
    turn.memory_key_id,
    jsonb_build_array(jsonb_build_object(
      'session_id', turn.session_id,
      'role', 'user',
      'name', turn.user_name,
      'content', said,
      'created_at', turn.begun_at,
      'metadata', case when turn.is_user_text_cut then jsonb_build_object('is_cut', true) end
    )),
    'turn',
    turn_id => turn.id
  );

  update public.turns set is_user_stored = true, user_text = null
  where memory_key_id = turn.memory_key_id and id = turn.id;
  return stored_tokens;
end;
$$;

create function private.sweep_vault(memory_key_id uuid, abandoned uuid[])
returns integer
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  turn public.turns;
  swept integer := 0;
begin
  perform private.lock_vault(memory_key_id);
  for turn in
    update public.turns set state = 'incomplete'
    where memory_key_id = sweep_vault.memory_key_id and id = any (abandoned) and state = 'begun'
    returning *
  loop
    perform private.count_stored_tokens(memory_key_id, 'turn', private.remember_user(turn, null));
    swept := swept + 1;
  end loop;
  return swept;
end;
$$;

-- Security definer: which turns were abandoned is asked of all vaults; each is then swept in its own.
create function private.sweep_turns()
returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  vault record;
  swept integer := 0;
begin
  delete from public.turn_pieces where received_at < now() - interval '7 days';

  for vault in
    select memory_key_id, array_agg(id) as abandoned
    from (
      select memory_key_id, id from public.turns
      where state = 'begun' and begun_at < now() - interval '15 minutes'
      order by begun_at
      limit 500
    ) as oldest
    group by memory_key_id
    order by memory_key_id
  loop
    swept := swept + private.sweep_vault(vault.memory_key_id, vault.abandoned);
  end loop;
  return swept;
end;
$$;

create function public.sweep_turns()
returns integer
language sql
set search_path = ''
as $$
  select private.sweep_turns();
$$;

comment on function public.sweep_turns is
  'Ends turns whose completion never came: what the user said in them becomes a memory. Returns how many.';

-- Functions: forget

-- Security definer: the journal follows whoever deletes a memory.
create function private.forget_in_journal()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  vault uuid;
begin
  for vault in
    select distinct memory_key_id from forgotten
    where exists (select from public.memory_keys where id = forgotten.memory_key_id)
  loop
    -- As if none had been journalled: should the turn go on, its next block is kept.
    update public.turns
    set block = null, block_memories = '[]', receipt = null, recalled_ids = null
    where memory_key_id = vault
      and recalled_ids && array(select distinct id from forgotten where memory_key_id = vault);
  end loop;
  return null;
end;
$$;

create trigger memories_forget_in_journal
  after delete on public.memories
  referencing old table as forgotten
  for each statement execute function private.forget_in_journal();

grant execute on function private.find_same_turn, private.journal_turn, private.remember_user to vault_worker;

grant execute on function
  private.begin_turn, public.begin_turn,
  private.journal_block, public.journal_block,
  private.sweep_turns, public.sweep_turns
  to service_role;

select private.hand_to_vault_worker(
  'private.begin_turn(uuid, jsonb, text, integer)',
  'private.journal_block(uuid, uuid, text, jsonb, jsonb)',
  'private.sweep_vault(uuid, uuid[])'
);
