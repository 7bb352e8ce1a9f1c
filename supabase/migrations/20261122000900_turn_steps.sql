-- Turn steps: how the model requests of a turn ended, and what is remembered of them.
--
-- One turn may take several requests: a tool loop goes on, a client tries again. Each that asks
-- something new is a step. Completing is idempotent by step, and what came of a step only gets better:
-- a failed one may succeed, a partial answer give way to the whole. It may come late or twice, through
-- a queue, in pieces, or for a turn whose beginning never reached the database.
--
-- Owners can see their steps; the worker's role alone writes them. Pieces are the queue's affair.

create table public.turn_steps (
  memory_key_id uuid not null,
  turn_id uuid not null,
  step_key text not null,
  request_id text not null,
  status integer not null,
  finish text not null
    check (finish in ('complete', 'truncated', 'stalled', 'disconnected', 'stopped', 'error')),
  is_answer_stored boolean not null default false,
  is_answer_cut boolean not null default false,
  response_id text,
  usage jsonb,
  latency jsonb,
  answered_at timestamptz not null,
  primary key (memory_key_id, turn_id, step_key),
  foreign key (memory_key_id, turn_id) references public.turns (memory_key_id, id) on delete cascade
);

comment on table public.turn_steps is 'The model requests of a turn: how each ended, and what the provider reported.';
comment on column public.turn_steps.usage is 'Tokens as the provider reported them; null when it reported none.';

create table public.turn_pieces (
  memory_key_id uuid not null references public.memory_keys (id) on delete cascade,
  turn_id uuid not null,
  step_key text not null,
  piece integer not null check (piece >= 0),
  pieces integer not null check (pieces between 1 and 1000),
  payload text not null,
  received_at timestamptz not null default now(),
  primary key (memory_key_id, turn_id, step_key, piece)
);

comment on table public.turn_pieces is
  'Parts of a completed turn that came through the queue and wait for the others.';

-- Access

alter table public.turn_steps enable row level security;
alter table public.turn_pieces enable row level security;

create policy "Owners can see the steps of their turns"
  on public.turn_steps for select to authenticated
  using (memory_key_id = any (array(select id from public.memory_keys where user_id = (select auth.uid()))));

create policy "Vault workers can see the steps of the open vault"
  on public.turn_steps for select to vault_worker
  using (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can note steps in the open vault"
  on public.turn_steps for insert to vault_worker
  with check (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can improve steps of the open vault"
  on public.turn_steps for update to vault_worker
  using (memory_key_id = (select private.current_memory_key_id()))
  with check (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can see the pieces for the open vault"
  on public.turn_pieces for select to vault_worker
  using (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can stage pieces for the open vault"
  on public.turn_pieces for insert to vault_worker
  with check (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can remove the pieces for the open vault"
  on public.turn_pieces for delete to vault_worker
  using (memory_key_id = (select private.current_memory_key_id()));

grant select on public.turn_steps to authenticated;
grant select, insert, update on public.turn_steps to vault_worker;
grant select, insert, delete on public.turn_pieces to vault_worker;

-- Functions

create function private.remember_answer(turn public.turns, step jsonb)
returns bigint
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
  answer constant text := left(step ->> 'answer', 262144);
  parts constant integer := (select count(*) from private.split_text(answer));
  earlier record;
begin
  if btrim(coalesce(answer, ''), E' \t\r\n') = ''
    or not coalesce((step ->> 'stores_answer')::boolean, true)
  then
    return 0;
  end if;

  -- A better answer takes the place of an earlier one when it fits there.
  select min(position) as first_position, count(*) as parts, max(position) + 1 as after,
    sum(token_count) as token_count
  into earlier
  from public.memories
  where memory_key_id = turn.memory_key_id and turn_id = turn.id and step_key = step ->> 'step_key';

  delete from public.memories
  where memory_key_id = turn.memory_key_id and turn_id = turn.id and step_key = step ->> 'step_key';

  return private.remember(
    turn.memory_key_id,
    jsonb_build_array(jsonb_build_object(
      'session_id', turn.session_id,
      'role', 'assistant',
      'content', answer,
      'created_at', step ->> 'answered_at',
      'metadata', nullif(
        jsonb_strip_nulls(jsonb_build_object(
          'is_cut', nullif((step ->> 'answer_cut')::boolean, false),
          'finish', nullif(step ->> 'finish', 'complete')
        )),
        '{}'
      )
    )),
    'turn',
    turn_id => turn.id,
    step_key => step ->> 'step_key',
    first_position => case
      when earlier.parts >= parts then earlier.first_position
      when earlier.after = (
        select next_position from public.sessions
        where memory_key_id = turn.memory_key_id and session_id = turn.session_id
      ) then earlier.first_position
    end
  ) - coalesce(earlier.token_count, 0);
end;
$$;

create function private.note_step(memory_key_id uuid, turn_id uuid, step jsonb, is_success boolean)
returns void
language sql
set search_path = ''
as $$
  insert into public.turn_steps (
    memory_key_id, turn_id, step_key, request_id, status, finish, is_answer_stored, is_answer_cut,
    response_id, usage, latency, answered_at
  )
  values (
    memory_key_id,
    turn_id,
    step ->> 'step_key',
    step ->> 'request_id',
    (step ->> 'status')::integer,
    step ->> 'finish',
    exists (
      select from public.memories
      where memories.memory_key_id = note_step.memory_key_id
        and memories.turn_id = note_step.turn_id
        and memories.step_key = note_step.step ->> 'step_key'
    ),
    coalesce((step ->> 'answer_cut')::boolean, false),
    step ->> 'response_id',
    nullif(step -> 'usage', 'null'),
    nullif(step -> 'latency', 'null'),
    coalesce((step ->> 'answered_at')::timestamptz, now())
  )
  -- What came of a step only ever gets better: failed, then partial, then complete.
  on conflict (memory_key_id, turn_id, step_key) do update set
    request_id = excluded.request_id,
    status = excluded.status,
    finish = excluded.finish,
    is_answer_stored = turn_steps.is_answer_stored or excluded.is_answer_stored,
    is_answer_cut = excluded.is_answer_cut,
    response_id = excluded.response_id,
    usage = excluded.usage,
    latency = excluded.latency,
    answered_at = excluded.answered_at
  where is_success
    and (turn_steps.status not between 200 and 299 or (turn_steps.finish <> 'complete' and excluded.finish = 'complete'));
$$;

create function private.complete_turn(memory_key_id uuid, turn jsonb, step jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  begun_at constant timestamptz := least(coalesce((turn ->> 'begun_at')::timestamptz, now()), now());
  is_success constant boolean := (step ->> 'status')::integer between 200 and 299;
  journalled public.turns;
  session public.sessions;
  earlier public.turn_steps;
  stored_tokens bigint := 0;
begin
  perform private.lock_vault(memory_key_id);

  -- The turn by its own id, by what this request was counted for, or by what it goes on with.
  select * into journalled from public.turns
  where memory_key_id = complete_turn.memory_key_id
    and id in (
      (turn ->> 'turn_id')::uuid,
      (
        select usage_records.turn_id from public.usage_records
        where usage_records.memory_key_id = complete_turn.memory_key_id
          and usage_records.request_id = step ->> 'request_id'
      )
    )
  limit 1;
  if journalled.id is null then
    journalled := private.find_same_turn(memory_key_id, turn, begun_at);
  end if;
  if journalled.id is null then
    session := private.place_session(memory_key_id, turn ->> 'session_id', turn ->> 'session_seed', begun_at);
    journalled := private.journal_turn(memory_key_id, turn, session.session_id, begun_at);
  end if;

  select * into earlier from public.turn_steps
  where memory_key_id = complete_turn.memory_key_id
    and turn_id = journalled.id
    and step_key = step ->> 'step_key';

  if is_success then
    stored_tokens := private.remember_user(journalled, turn ->> 'user_text');
    if not coalesce(earlier.is_answer_stored and earlier.finish = 'complete', false)
      and not coalesce(earlier.is_answer_stored and step ->> 'finish' <> 'complete', false)
    then
      stored_tokens := stored_tokens + private.remember_answer(journalled, step);
    end if;
  end if;

  perform private.note_step(memory_key_id, journalled.id, step, is_success);
  update public.turns
  set
    state = case when is_success then 'completed' when state = 'begun' then 'failed' else state end,
    completed_at = case when is_success then coalesce(completed_at, now()) else completed_at end,
    user_text = null
  where memory_key_id = complete_turn.memory_key_id and id = journalled.id;

  perform private.record_usage(memory_key_id, journalled.id, turn, step, stored_tokens);

  return (
    select jsonb_build_object(
      'is_stored', is_success and (turns.is_user_stored or coalesce(turn_steps.is_answer_stored, false)),
      'turn_id', turns.id,
      'tokens_stored', stored_tokens,
      'session_id', turns.session_id
    )
    from public.turns
    left join public.turn_steps
      on turn_steps.memory_key_id = turns.memory_key_id
      and turn_steps.turn_id = turns.id
      and turn_steps.step_key = step ->> 'step_key'
    where turns.memory_key_id = complete_turn.memory_key_id and turns.id = journalled.id
  );
end;
$$;

create function public.complete_turn(memory_key_id uuid, turn jsonb, step jsonb)
returns jsonb
language sql
set search_path = ''
as $$
  select private.complete_turn(memory_key_id, turn, step);
$$;

comment on function public.complete_turn is
  'Writes down how a step of a turn ended: its words become memories, once, and its tokens are counted, once. PT404 when the key is gone.';

create function private.receive_turn_piece(
  memory_key_id uuid,
  turn_id uuid,
  step_key text,
  piece integer,
  pieces integer,
  payload text
)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  whole text;
  received integer;
  parts jsonb;
begin
  perform private.lock_vault(memory_key_id);

  -- The queue may deliver a piece again when all is done.
  if exists (
    select from public.turn_steps
    where memory_key_id = receive_turn_piece.memory_key_id
      and turn_id = receive_turn_piece.turn_id
      and step_key = receive_turn_piece.step_key
      and finish = 'complete'
      and status between 200 and 299
  ) then
    return jsonb_build_object('is_stored', true, 'received', 0);
  end if;

  insert into public.turn_pieces (memory_key_id, turn_id, step_key, piece, pieces, payload)
  values (
    receive_turn_piece.memory_key_id, receive_turn_piece.turn_id, receive_turn_piece.step_key,
    receive_turn_piece.piece, receive_turn_piece.pieces, receive_turn_piece.payload
  )
  on conflict do nothing;

  select string_agg(payload, '' order by piece), count(*) into whole, received
  from public.turn_pieces
  where memory_key_id = receive_turn_piece.memory_key_id
    and turn_id = receive_turn_piece.turn_id
    and step_key = receive_turn_piece.step_key
    and pieces = receive_turn_piece.pieces;

  if received < receive_turn_piece.pieces then
    return jsonb_build_object('is_stored', false, 'received', received);
  end if;

  delete from public.turn_pieces
  where memory_key_id = receive_turn_piece.memory_key_id
    and turn_id = receive_turn_piece.turn_id
    and step_key = receive_turn_piece.step_key;

  parts := whole::jsonb;
  return private.complete_turn(memory_key_id, parts -> 'turn', parts -> 'step')
    || jsonb_build_object('received', received);
end;
$$;

create function public.receive_turn_piece(
  memory_key_id uuid,
  turn_id uuid,
  step_key text,
  piece integer,
  pieces integer,
  payload text
)
returns jsonb
language sql
set search_path = ''
as $$
  select private.receive_turn_piece(memory_key_id, turn_id, step_key, piece, pieces, payload);
$$;

comment on function public.receive_turn_piece is
  'Keeps one piece of a completed turn that was too long for a queue message; the last to arrive completes the turn.';

grant execute on function private.remember_answer, private.note_step to vault_worker;

grant execute on function
  private.complete_turn, public.complete_turn,
  private.receive_turn_piece, public.receive_turn_piece
  to service_role;

select private.hand_to_vault_worker(
  'private.complete_turn(uuid, jsonb, jsonb)',
  'private.receive_turn_piece(uuid, uuid, text, integer, integer, text)'
);
