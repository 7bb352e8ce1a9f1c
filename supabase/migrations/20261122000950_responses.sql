-- Responses: the answers a provider keeps, and the vault each was given in.
--
-- A provider hands a kept answer out to whoever knows its id, in the whole account. The keys of an
-- account share that account, so here stands which key made which answer; what is not found here is
-- not asked for. An answer that goes on with an earlier one names it, so that what the whole chain said
-- and was told of memory can be found: the provider still has it.
--
-- Noted while the answer is still under way, whatever becomes of its turn, and in every mode: a turn may
-- not be known here yet, or never be. Owners can see theirs; the worker's role alone notes them.

create table public.responses (
  memory_key_id uuid not null references public.memory_keys (id) on delete cascade,
  id text not null check (char_length(id) between 1 and 256),
  provider text not null,
  previous_id text,
  turn_id uuid,
  session_id text check (char_length(session_id) between 1 and 320),
  created_at timestamptz not null default now(),
  primary key (memory_key_id, id)
);

comment on table public.responses is 'Answers that a provider keeps under an id, and the memory key that may ask for them.';
comment on column public.responses.previous_id is 'The answer it goes on with.';
comment on column public.responses.turn_id is 'The turn it answers; null with memory off.';

-- Completing a turn notes the id too, and does so later when the database was away.
create index turn_steps_response_id_idx on public.turn_steps (memory_key_id, response_id)
  where response_id is not null;

-- Access

alter table public.responses enable row level security;

create policy "Owners can see the responses of their vaults"
  on public.responses for select to authenticated
  using (memory_key_id in (select id from public.memory_keys where user_id = (select auth.uid())));

create policy "Vault workers can see the responses of the open vault"
  on public.responses for select to vault_worker
  using (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can note responses in the open vault"
  on public.responses for insert to vault_worker
  with check (memory_key_id = (select private.current_memory_key_id()));

grant select on public.responses to authenticated;
grant select, insert on public.responses to vault_worker;

-- Functions

create function private.record_response(
  memory_key_id uuid,
  response_id text,
  provider text,
  turn_id uuid,
  session_id text,
  previous_id text
)
returns void
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform private.open_vault(memory_key_id);
  perform from public.memory_keys where id = record_response.memory_key_id for key share;
  if not found then
    raise exception 'There is no such memory key' using errcode = 'PT404';
  end if;

  insert into public.responses (memory_key_id, id, provider, turn_id, session_id, previous_id)
  values (
    record_response.memory_key_id, record_response.response_id, record_response.provider,
    record_response.turn_id, record_response.session_id, record_response.previous_id
  )
  on conflict do nothing;
end;
$$;

create function public.record_response(
  memory_key_id uuid,
  response_id text,
  provider text,
  turn_id uuid default null,
  session_id text default null,
  previous_id text default null
)
returns void
language sql
set search_path = ''
as $$
  select private.record_response(memory_key_id, response_id, provider, turn_id, session_id, previous_id);
$$;

comment on function public.record_response is
  'Notes that a key made an answer which its provider keeps. The first note stays. PT404 when the key is gone.';

create function private.find_response(memory_key_id uuid, response_id text)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  found_response record;
begin
  perform private.open_vault(memory_key_id);

  select known.* into found_response
  from (
    select provider, session_id, id, previous_id, turn_id
    from public.responses
    where memory_key_id = find_response.memory_key_id and id = find_response.response_id
    union all
    select turns.provider, turns.session_id, turn_steps.response_id, null, turns.id
    from public.turn_steps
    join public.turns on turns.memory_key_id = turn_steps.memory_key_id and turns.id = turn_steps.turn_id
    where turn_steps.memory_key_id = find_response.memory_key_id
      and turn_steps.response_id = find_response.response_id
      and turns.dialect = 'responses'
  ) as known
  limit 1;
  if found_response.id is null then
    return null;
  end if;

  return (
    with recursive chain as (
      select found_response.id, found_response.previous_id, found_response.turn_id
      union
      select earlier.id, earlier.previous_id, earlier.turn_id
      from chain
      join public.responses as earlier
        on earlier.memory_key_id = find_response.memory_key_id and earlier.id = chain.previous_id
    ),
    -- A model has long forgotten what lies farther back.
    recent as (
      select distinct turn_id from (select turn_id from chain limit 1000) as nearest where turn_id is not null
    )
    select jsonb_build_object(
      'provider', found_response.provider,
      'session_id', found_response.session_id,
      'turn_ids', (select coalesce(jsonb_agg(turn_id), '[]') from recent),
      'memory_ids', (
        select coalesce(jsonb_agg(distinct memory -> 'id'), '[]')
        from recent
        join public.turns on turns.memory_key_id = find_response.memory_key_id and turns.id = recent.turn_id
        cross join lateral jsonb_array_elements(turns.block_memories) as memory
      )
    )
  );
end;
$$;

create function public.find_response(memory_key_id uuid, response_id text)
returns jsonb
language sql
set search_path = ''
as $$
  select private.find_response(memory_key_id, response_id);
$$;

comment on function public.find_response is
  'An answer that a key made and its provider keeps, with the turns it and all it goes on with consist of and the memories they were given. Null when this key made none of that id.';

grant execute on function
  private.record_response, public.record_response,
  private.find_response, public.find_response
  to service_role;

select private.hand_to_vault_worker(
  'private.record_response(uuid, text, text, uuid, text, text)',
  'private.find_response(uuid, text)'
);
