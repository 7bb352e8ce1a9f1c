-- Says what a client and a provider say, in the form the worker hands to the database. Whatever a test
-- is not about has a plain value.

create schema conversations;
grant usage on schema conversations to anon, authenticated, service_role;

create function conversations.turn(changes jsonb default '{}')
returns jsonb
language sql
immutable
as $$
  select jsonb_build_object(
    'turn_id', md5('turn ' || coalesce(changes ->> 'turn_key', 'first'))::uuid,
    'turn_key', 'first',
    'step_key', 'first step',
    'request_id', 'request 1',
    'session_id', null,
    'session_seed', 'seed',
    'dialect', 'chat-completions',
    'provider', 'openai',
    'model', 'gpt-5',
    'user_text', 'My dog is called Biscuit.',
    'user_name', null,
    'user_text_cut', false,
    'stores_user', true,
    'continues', false,
    'is_retry', false,
    'idempotency_key', null
  ) || changes;
$$;

create function conversations.step(changes jsonb default '{}')
returns jsonb
language sql
stable
as $$
  select jsonb_build_object(
    'request_id', 'request 1',
    'step_key', 'first step',
    'status', 200,
    'finish', 'complete',
    'answer', 'What a good name for a dog!',
    'answer_cut', false,
    'stores_answer', true,
    'response_id', 'response 1',
    'usage', jsonb_build_object('prompt', 40, 'cached', 8, 'cache_write', null, 'completion', 6, 'reasoning', null),
    'tokens_retrieved', 12,
    'memories_retrieved', 2,
    'memory_status', 'hit',
    'latency', jsonb_build_object('total', 320),
    'answered_at', now()
  ) || changes;
$$;

-- What a vault remembers, in order, as lines of `role: content`.
create function conversations.remembered(memory_key_id uuid)
returns setof text
language sql
stable
as $$
  select role || ': ' || content
  from public.memories
  where memories.memory_key_id = remembered.memory_key_id
  order by session_number, position;
$$;

-- The contents a recall gives back, best by its words first.
create function conversations.recalled(recall jsonb)
returns setof text
language sql
immutable
as $$
  select candidate ->> 'content'
  from jsonb_array_elements(recall -> 'candidates') as candidate
  order by (candidate ->> 'bm25_turn')::real desc, candidate ->> 'content';
$$;

grant execute on all functions in schema conversations to anon, authenticated, service_role;
