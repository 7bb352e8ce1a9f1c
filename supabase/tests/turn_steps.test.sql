begin;
select plan(51);

\ir support/people.sql
\ir support/conversations.sql

select people.arrive('ada');
select people.arrive('bob');
select people.make_key('ada');
select people.make_key('bob');

-- A turn is completed

select people.act_as_service();
select public.begin_turn(people.key('ada'), conversations.turn());

select is(
  public.complete_turn(people.key('ada'), conversations.turn(), conversations.step()),
  jsonb_build_object('is_stored', true, 'turn_id', conversations.turn() -> 'turn_id', 'tokens_stored', 7 + 7, 'session_id', 'seed'),
  'A completed turn is stored'
);

select people.look_behind();
select results_eq(
  $$ select position, role, content, source, turn_id, step_key from public.memories order by position $$,
  $$ values
     (0, 'user', 'My dog is called Biscuit.', 'turn', (conversations.turn() ->> 'turn_id')::uuid, null),
     (1, 'assistant', 'What a good name for a dog!', 'turn', (conversations.turn() ->> 'turn_id')::uuid, 'first step') $$,
  'The question becomes a memory, and the answer the one behind it'
);
select results_eq(
  $$ select state, user_text, is_user_stored, completed_at is not null from public.turns $$,
  $$ values ('completed', null::text, true, true) $$,
  'The journal lets go of words that are a memory'
);
select results_eq(
  $$ select step_key, status, finish, is_answer_stored, response_id, usage ->> 'prompt', latency ->> 'total' from public.turn_steps $$,
  $$ values ('first step', 200, 'complete', true, 'response 1', '40', '320') $$,
  'The step says how it ended and what the provider reported'
);
select is(
  (select memory_token_count from public.memory_keys where id = people.key('ada')), 14::bigint,
  'The key counts the tokens it holds'
);

select people.act_as_service();
select is(
  public.complete_turn(people.key('ada'), conversations.turn(), conversations.step()) - 'turn_id',
  '{"is_stored": true, "tokens_stored": 0, "session_id": "seed"}',
  'Completing it again stores nothing and says that it is stored'
);
select is(
  public.complete_turn(
    people.key('ada'), conversations.turn(), conversations.step('{"request_id": "request 2", "answer": "Another answer."}')
  ) -> 'tokens_stored', '0',
  'A second whole answer to the same step is not stored beside the first'
);
select people.look_behind();
select is((select count(*)::integer from public.memories), 2, 'Nothing is there twice');
select is((select count(*)::integer from public.usage_records), 2, 'though each request is counted');

-- A tool loop

select people.act_as_service();
select is(
  public.complete_turn(
    people.key('ada'), conversations.turn('{"continues": true}'),
    conversations.step('{"request_id": "request 3", "step_key": "second step", "answer": "I looked it up."}')
  ) -> 'tokens_stored', '4',
  'Each step''s answer is remembered'
);
select is(
  public.complete_turn(
    people.key('ada'), conversations.turn('{"continues": true}'),
    conversations.step('{"request_id": "request 4", "step_key": "third step", "answer": ""}')
  ) -> 'is_stored', 'true',
  'A step that only called tools says nothing, and the turn is stored'
);
select people.look_behind();
select results_eq(
  $$ select * from conversations.remembered(people.key('ada')) $$,
  $$ values ('user: My dog is called Biscuit.'), ('assistant: What a good name for a dog!'), ('assistant: I looked it up.') $$,
  'The question is remembered once for all steps'
);

-- Not everything is stored

select people.act_as_service();
create function pg_temp.complete(turn jsonb, step jsonb)
returns jsonb
language sql
as $$
  select public.complete_turn(
    people.key('bob'),
    conversations.turn(jsonb_build_object('session_id', 'bob', 'request_id', turn ->> 'turn_key') || turn),
    conversations.step(jsonb_build_object('request_id', turn ->> 'turn_key') || step)
  );
$$;

select is(pg_temp.complete('{"turn_key": "failed"}', '{"status": 500, "answer": null, "finish": "error"}') -> 'is_stored', 'false', 'A failed turn is not stored');
select is(pg_temp.complete('{"turn_key": "refused"}', '{"status": 429, "answer": "Too many requests."}') -> 'is_stored', 'false', 'What a provider says in refusing is no answer');
select is(pg_temp.complete('{"turn_key": "silent", "user_text": " \n"}', '{"answer": "\t "}') -> 'is_stored', 'false', 'Blank words are no memory');
select is(pg_temp.complete('{"turn_key": "unstored", "stores_user": false}', '{"stores_answer": false}') -> 'is_stored', 'false', 'What is not to be stored is not');
select people.look_behind();
select is_empty($$ select * from conversations.remembered(people.key('bob')) $$, 'Of all these nothing is remembered');
select results_eq(
  $$ select turn_key, state, user_text from public.turns where memory_key_id = people.key('bob') order by turn_key collate "C" $$,
  $$ values ('failed', 'failed', null), ('refused', 'failed', null), ('silent', 'completed', null), ('unstored', 'completed', null) $$,
  'A turn that failed says so'
);

select people.act_as_service();
select is(
  pg_temp.complete('{"turn_key": "only the answer", "stores_user": false}', '{"answer": "Only this."}') -> 'is_stored', 'true',
  'An answer can be stored without its question'
);
select is(
  pg_temp.complete('{"turn_key": "only the question", "user_text": "Only that."}', '{"stores_answer": false}') -> 'is_stored', 'true',
  'and a question without its answer'
);
select people.look_behind();
select results_eq(
  $$ select * from conversations.remembered(people.key('bob')) $$,
  $$ values ('assistant: Only this.'), ('user: Only that.') $$,
  'as it was asked'
);

-- What came of a step gets better

select people.act_as_service();
select public.begin_turn(people.key('bob'), conversations.turn('{"turn_key": "retried", "session_id": "retried", "user_text": "Tell me."}'));
select pg_temp.complete('{"turn_key": "retried", "session_id": "retried", "user_text": "Tell me."}', '{"status": 503, "finish": "error", "answer": null}');
select public.begin_turn(
  people.key('bob'),
  conversations.turn(jsonb_build_object('turn_key', 'retried', 'session_id', 'retried', 'user_text', 'Tell me.', 'is_retry', true, 'turn_id', gen_random_uuid()))
);
select people.look_behind();
select results_eq(
  $$ select state, user_text from public.turns where turn_key = 'retried' $$, $$ values ('begun', 'Tell me.') $$,
  'A failed turn that is tried again is journalled again'
);
select people.act_as_service();
select is(
  pg_temp.complete('{"turn_key": "retried", "session_id": "retried", "user_text": "Tell me."}', '{"request_id": "r 2", "answer": "Once upon", "finish": "disconnected"}')
    -> 'tokens_stored', '5',
  'It may succeed, if only in part'
);
select pg_temp.complete('{"turn_key": "next", "session_id": "retried", "user_text": "Go on."}', '{"answer": "Yes."}');
select is(
  pg_temp.complete('{"turn_key": "retried", "session_id": "retried", "user_text": "Tell me."}', '{"request_id": "r 3", "answer": "Once upon a time.", "finish": "complete"}')
    -> 'tokens_stored', '2',
  'A whole answer takes the place of the part, and only what is new is counted'
);
select pg_temp.complete('{"turn_key": "retried", "session_id": "retried", "user_text": "Tell me."}', '{"request_id": "r 4", "answer": "Once", "finish": "stopped"}');
select people.look_behind();
select results_eq(
  $$ select role || ': ' || content from public.memories where session_id = 'retried' order by position $$,
  $$ values ('user: Tell me.'), ('assistant: Once upon a time.'), ('user: Go on.'), ('assistant: Yes.') $$,
  'It stands where the part stood, and a later part does not take it away'
);
select results_eq(
  $$ select status, finish, turn_steps.request_id from public.turn_steps
     join public.turns on turns.id = turn_id where turn_key = 'retried' $$,
  $$ values (200, 'complete', 'r 3') $$,
  'The step tells of the best'
);
select people.act_as_service();
select pg_temp.complete('{"turn_key": "long", "session_id": "long", "user_text": "At length."}', '{"answer": "Well", "finish": "truncated"}');
select pg_temp.complete('{"turn_key": "next long", "session_id": "long", "user_text": "And?"}', '{"answer": null}');
select pg_temp.complete('{"turn_key": "long", "session_id": "long", "user_text": "At length."}', jsonb_build_object('request_id', 'r 5', 'answer', repeat('Word ', 900)));
select people.look_behind();
select results_eq(
  $$ select position, part, role, left(content, 4) from public.memories where session_id = 'long' order by position $$,
  $$ values (0, 0::smallint, 'user', 'At l'), (2, 0::smallint, 'user', 'And?'), (3, 0::smallint, 'assistant', 'Word'), (4, 1::smallint, 'assistant', 'Word'), (5, 2::smallint, 'assistant', 'Word') $$,
  'A whole answer too long for the place of its part goes to the end, in one piece'
);

-- The database was away

select people.act_as_service();
select is(
  pg_temp.complete('{"turn_key": "never begun", "session_id": null, "session_seed": "other", "begun_at": "2026-03-01T09:00:00Z", "user_text": "Hello?"}', '{"answered_at": "2026-03-01T09:00:05Z"}')
    -> 'session_id', '"other"',
  'A turn whose beginning never came is stored when its end does'
);
select people.look_behind();
select results_eq(
  $$ select role, created_at from public.memories where session_id = 'other' order by position $$,
  $$ values ('user', '2026-03-01T09:00:00Z'::timestamptz), ('assistant', '2026-03-01T09:00:05Z'::timestamptz) $$,
  'at the times it was said'
);
select people.act_as_service();
select is(
  pg_temp.complete(
    jsonb_build_object('turn_key', 'never begun', 'session_id', null, 'session_seed', 'other', 'turn_id', gen_random_uuid(), 'continues', true, 'user_text', 'Hello?'),
    '{"request_id": "r 6", "step_key": "second step", "answer": "Still here."}'
  ) -> 'turn_id',
  conversations.turn('{"turn_key": "never begun"}') -> 'turn_id',
  'The rest of a tool loop finds its turn all the same'
);
select is(
  pg_temp.complete(
    jsonb_build_object('turn_key', 'never begun', 'session_id', null, 'session_seed', 'other', 'turn_id', gen_random_uuid(), 'user_text', 'Hello?'),
    '{"request_id": "r 6", "step_key": "second step", "answer": "Still here."}'
  ) -> 'tokens_stored', '0',
  'A queue may deliver it twice, even under another id'
);
select people.look_behind();
select is((select count(*)::integer from public.memories where session_id = 'other'), 3, 'It is there once');

-- In pieces

select people.act_as_service();

create function pg_temp.piece(number integer, pieces integer default 3)
returns jsonb
language sql
as $$
  select public.receive_turn_piece(
    people.key('ada'), (conversations.turn('{"turn_key": "pieces"}') ->> 'turn_id')::uuid, 'first step', number, pieces,
    (regexp_match(
      jsonb_build_object(
        'turn', conversations.turn('{"turn_key": "pieces", "session_id": "pieces", "user_text": "In pieces."}'),
        'step', conversations.step('{"request_id": "pieces", "answer": "Put together."}') || '{"answered_at": "2026-03-01T09:00:05Z"}'
      )::text,
      '^(.{100})(.{100})(.*)$'
    ))[number + 1]
  );
$$;

select is(pg_temp.piece(2), '{"is_stored": false, "received": 1}', 'Pieces may come in any order');
select is(pg_temp.piece(2), '{"is_stored": false, "received": 1}', 'and twice');
select is(pg_temp.piece(0) -> 'is_stored', 'false', 'Some are not all');
select is(pg_temp.piece(1) -> 'is_stored', 'true', 'The last to come completes the turn');
select people.look_behind();
select results_eq(
  $$ select role || ': ' || content from public.memories where session_id = 'pieces' order by position $$,
  $$ values ('user: In pieces.'), ('assistant: Put together.') $$,
  'Put together they are the turn'
);
select is_empty($$ select * from public.turn_pieces $$, 'No piece is left lying about');
select people.act_as_service();
select is(pg_temp.piece(0) -> 'is_stored', 'true', 'A piece that comes once more is answered');
select people.look_behind();
select is_empty($$ select * from public.turn_pieces $$, 'and not kept');
select is((select count(*)::integer from public.memories where session_id = 'pieces'), 2, 'Nothing of it is there twice');

-- Forgotten stays forgotten

delete from public.memories where session_id = 'pieces';
select people.act_as_service();
select pg_temp.piece(number) from generate_series(0, 2) as number;
select public.complete_turn(
  people.key('ada'),
  conversations.turn('{"turn_key": "pieces", "session_id": "pieces", "user_text": "In pieces."}'),
  conversations.step('{"request_id": "pieces", "answer": "Put together."}')
);
select people.look_behind();
select is_empty($$ select * from public.memories where session_id = 'pieces' $$, 'What was forgotten does not come back through the queue');

-- The key is gone

delete from public.memory_keys where id = people.key('bob');
select people.act_as_service();
select throws_ok(
  $$ select pg_temp.complete('{"turn_key": "too late"}', '{}') $$, 'PT404', null,
  'A turn for a key that was deleted is refused'
);
select throws_ok(
  $$ select public.receive_turn_piece(people.key('bob'), gen_random_uuid(), 'step', 0, 2, '{') $$, 'PT404', null,
  'and so is a piece of one'
);
select people.look_behind();
select is_empty(
  $$ select memory_key_id from public.turns where memory_key_id = people.key('bob')
     union all select memory_key_id from public.turn_steps where memory_key_id = people.key('bob') $$,
  'A deleted key takes its journal along'
);

-- Who sees it

select people.sign_in('ada');
select isnt_empty($$ select step_key from public.turn_steps $$, 'Owners can see the steps of their turns');
select throws_ok($$ select * from public.turn_pieces $$, '42501', null, 'Pieces are the queue''s affair');
select throws_ok(
  $$ select public.complete_turn(people.key('ada'), conversations.turn(), conversations.step()) $$, '42501', null,
  'Owners cannot complete turns by hand'
);
select people.sign_in('bob');
select is_empty($$ select step_key from public.turn_steps $$, 'The steps of others are invisible');
select people.sign_out();
select throws_ok($$ select * from public.turn_steps $$, '42501', null, 'Visitors see no steps');
select throws_ok(
  $$ select public.complete_turn(people.key('ada'), conversations.turn(), conversations.step()) $$, '42501', null,
  'Visitors cannot complete turns'
);

select * from finish();
rollback;
