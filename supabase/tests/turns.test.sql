begin;
select plan(48);

\ir support/people.sql
\ir support/conversations.sql

select people.arrive('ada');
select people.arrive('bob');
select people.make_key('ada');
select people.make_key('bob');

select people.act_as_service();

-- A turn begins

select is(
  public.begin_turn(people.key('ada'), conversations.turn()) - 'now',
  jsonb_build_object(
    'turn_id', conversations.turn() -> 'turn_id', 'is_same', false, 'block', null, 'block_memories', '[]'::jsonb,
    'session_id', 'seed', 'recall', null
  ),
  'A new turn is journalled under its own id, in a session called after how it began'
);

select people.look_behind();
select results_eq(
  $$ select state, user_text, dialect, provider, model, request_id from public.turns $$,
  $$ values ('begun', 'My dog is called Biscuit.', 'chat-completions', 'openai', 'gpt-5', 'request 1') $$,
  'What the user said is safe before the answer is there'
);
select is_empty($$ select * from public.memories $$, 'A turn that has only begun is no memory yet');
select people.act_as_service();

select is(
  public.begin_turn(people.key('ada'), conversations.turn()) -> 'is_same', 'false',
  'The same call again, its answer lost on the way, begins nothing new and is no retry of the client''s'
);

select is(
  public.begin_turn(people.key('ada'), conversations.turn('{"turn_key": "quiet", "stores_user": false}')) ->> 'session_id', 'seed',
  'A turn whose words are not to be stored is journalled'
);
select people.look_behind();
select is(
  (select user_text from public.turns where turn_key = 'quiet'), null,
  'without its words'
);
select people.act_as_service();

-- The same turn or a new one

create function pg_temp.begin_again(changes jsonb)
returns boolean
language sql
as $$
  select (public.begin_turn(
    people.key('ada'),
    conversations.turn(jsonb_build_object('turn_id', gen_random_uuid(), 'request_id', 'request 2') || changes)
  ) ->> 'is_same')::boolean;
$$;

select is(pg_temp.begin_again('{}'), true, 'An equal request while the first is under way is the same turn');
select is(pg_temp.begin_again('{"turn_key": "other"}'), false, 'A request that differs is a new turn');

select people.look_behind();
update public.turns set begun_at = begun_at - interval '119 seconds' where turn_key = 'first';
select people.act_as_service();
select is(pg_temp.begin_again('{}'), true, 'It is the same turn for two minutes');

select people.look_behind();
update public.turns set begun_at = begun_at - interval '2 seconds' where turn_key = 'first';
select people.act_as_service();
select is(pg_temp.begin_again('{"is_retry": true}'), true, 'A client that says it tries again means the same turn, however late');
select is(pg_temp.begin_again('{"continues": true}'), true, 'A tool loop goes on with its turn, however late');
select is(pg_temp.begin_again('{"idempotency_key": "a"}'), false, 'After two minutes an equal request is a new turn');
select is(pg_temp.begin_again('{"idempotency_key": "a"}'), true, 'An equal idempotency key means the same turn');

select people.look_behind();
update public.turns set state = 'completed', completed_at = now() where turn_key = 'first';
select people.act_as_service();
select is(pg_temp.begin_again('{"idempotency_key": "a"}'), true, 'also once the turn is completed');
select is(pg_temp.begin_again('{"idempotency_key": "b"}'), false, 'Another idempotency key means another turn');
select people.look_behind();
update public.turns set state = 'completed', completed_at = now() where turn_key = 'first';
select people.act_as_service();
select is(pg_temp.begin_again('{}'), false, 'A second "yes" after the answer to the first is a second turn');

select is(
  public.begin_turn(people.key('bob'), conversations.turn('{"continues": true}')) -> 'is_same', 'false',
  'An equal request with another key is another turn'
);

-- Sessions

select is(
  public.begin_turn(people.key('ada'), conversations.turn('{"turn_key": "named", "session_id": "kitchen"}')) ->> 'session_id', 'kitchen',
  'A client may name its session'
);
select people.look_behind();
update public.sessions set last_at = now() - interval '3 hours 59 minutes' where session_id = 'seed';
select people.act_as_service();
select is(
  public.begin_turn(people.key('ada'), conversations.turn('{"turn_key": "later"}')) ->> 'session_id', 'seed',
  'A conversation that began alike goes on within four hours'
);
select people.look_behind();
update public.sessions set last_at = now() - interval '4 hours 1 minute' where session_id = 'seed';
select people.act_as_service();
select is(
  public.begin_turn(people.key('ada'), conversations.turn('{"turn_key": "next day"}')) ->> 'session_id', 'seed.2',
  'Four hours of silence end it, and the next is counted'
);
select is(
  public.begin_turn(people.key('ada'), conversations.turn('{"turn_key": "after that"}')) ->> 'session_id', 'seed.2',
  'The next turn belongs to the newest one'
);

-- The block

select lives_ok(
  $$ select public.journal_block(
       people.key('ada'), (conversations.turn() ->> 'turn_id')::uuid, 'You know: Biscuit.',
       '[{"id": "m-1", "part": 0}]', '{"left": [{"id": "m-2", "reason": "budget"}]}'
     ) $$,
  'The block a turn is given is journalled'
);
select lives_ok(
  $$ select public.journal_block(people.key('ada'), (conversations.turn() ->> 'turn_id')::uuid, 'Something else.', '[]', '{}') $$,
  'Journalling another is no error'
);
select is(
  public.begin_turn(people.key('ada'), conversations.turn(jsonb_build_object('is_retry', true, 'turn_id', gen_random_uuid(), 'turn_key', 'quiet')))
    -> 'block', 'null',
  'A turn without a block says so'
);
select people.look_behind();
select results_eq(
  $$ select block, block_memories, receipt, recalled_ids from public.turns where memory_key_id = people.key('ada') and id = (conversations.turn() ->> 'turn_id')::uuid $$,
  $$ values ('You know: Biscuit.', '[{"id": "m-1", "part": 0}]'::jsonb, '{"left": [{"id": "m-2", "reason": "budget"}]}'::jsonb, array['m-1', 'm-2']) $$,
  'The first block stays, with what it held and what it left out'
);
update public.turns set begun_at = now() + interval '1 minute' where memory_key_id = people.key('ada') and id = (conversations.turn() ->> 'turn_id')::uuid;
select people.act_as_service();
select is(
  public.begin_turn(people.key('ada'), conversations.turn(jsonb_build_object('continues', true, 'turn_id', gen_random_uuid()))) ->> 'block',
  'You know: Biscuit.',
  'A tool loop gets the block of its turn back, unchanged'
);
select lives_ok(
  $$ select public.journal_block(people.key('ada'), gen_random_uuid(), 'Lost.') $$,
  'A block for a turn that never began is left alone'
);

-- Forgetting clears the journal
select public.store_memories(people.key('ada'), '[{"id": "m-2", "content": "Left out."}, {"id": "m-3", "content": "Unused."}]', 'upload');
select people.look_behind();
delete from public.memories where id = 'm-3';
select is(
  (select block from public.turns where memory_key_id = people.key('ada') and id = (conversations.turn() ->> 'turn_id')::uuid), 'You know: Biscuit.',
  'Forgetting a memory leaves the blocks it was not in'
);
delete from public.memories where id = 'm-2';
select results_eq(
  $$ select block, block_memories, receipt from public.turns where memory_key_id = people.key('ada') and id = (conversations.turn() ->> 'turn_id')::uuid $$,
  $$ values (null::text, '[]'::jsonb, null::jsonb) $$,
  'A forgotten memory leaves the block and the receipt that named it'
);
select people.act_as_service();
select public.journal_block(people.key('ada'), (conversations.turn() ->> 'turn_id')::uuid, 'You know nothing.');
select people.look_behind();
select is(
  (select block from public.turns where memory_key_id = people.key('ada') and id = (conversations.turn() ->> 'turn_id')::uuid),
  'You know nothing.',
  'The turn may then be given another'
);

-- Abandoned turns

select people.act_as_service();
select public.begin_turn(people.key('bob'), conversations.turn('{"turn_key": "abandoned", "session_id": "s", "user_text": "Are you there?"}'));
select public.begin_turn(people.key('bob'), conversations.turn('{"turn_key": "unspoken", "session_id": "s", "stores_user": false}'));
select public.begin_turn(people.key('bob'), conversations.turn('{"turn_key": "blank", "session_id": "s", "user_text": "  \n "}'));
select people.look_behind();
update public.turns set begun_at = now() - interval '14 minutes' where memory_key_id = people.key('bob');
update public.turns set begun_at = now() - interval '14 minutes' where memory_key_id = people.key('ada');
select people.act_as_service();
select is(public.sweep_turns(), 0, 'A turn has a quarter of an hour to be completed');
select people.look_behind();
update public.turns set begun_at = now() - interval '16 minutes' where memory_key_id = people.key('bob') and session_id = 's';
select people.act_as_service();
select is(public.sweep_turns(), 3, 'Then it is swept up');
select is(public.sweep_turns(), 0, 'once');
select people.look_behind();
select results_eq(
  $$ select turn_key, state, user_text, is_user_stored from public.turns
     where memory_key_id = people.key('bob') and session_id = 's' order by turn_key collate "C" $$,
  $$ values ('abandoned', 'incomplete', null, true), ('blank', 'incomplete', '  ' || E'\n ', false), ('unspoken', 'incomplete', null, false) $$,
  'An abandoned turn is incomplete'
);
select results_eq(
  $$ select * from conversations.remembered(people.key('bob')) $$,
  $$ values ('user: Are you there?') $$,
  'What the user said in it becomes a memory, unless it was not to be stored or is blank'
);
select people.act_as_service();
select is(
  public.complete_turn(
    people.key('bob'), conversations.turn('{"turn_key": "abandoned", "session_id": "s", "user_text": "Are you there?"}'),
    conversations.step('{"request_id": "late", "answer": "I am."}')
  ) -> 'is_stored', 'true',
  'An answer may come after all'
);
select people.look_behind();
select results_eq(
  $$ select * from conversations.remembered(people.key('bob')) $$,
  $$ values ('user: Are you there?'), ('assistant: I am.') $$,
  'and stands behind the question, which is not stored again'
);
select is((select state from public.turns where turn_key = 'abandoned'), 'completed', 'The turn is completed then');

-- Who sees it

select throws_ok(
  $$ select public.begin_turn(gen_random_uuid(), conversations.turn()) $$, 'PT404', null,
  'No turn begins without a key'
);

select people.sign_in('ada');
select isnt_empty($$ select id from public.turns where turn_key = 'first' $$, 'Owners can see their journal');
select is_empty($$ select id from public.turns where memory_key_id = people.key('bob') $$, 'and nobody else''s');
select throws_ok($$ update public.turns set user_text = 'No.' $$, '42501', null, 'Owners cannot rewrite their journal');
select throws_ok($$ delete from public.turns $$, '42501', null, 'nor tear pages out');
select throws_ok(
  $$ select public.begin_turn(people.key('ada'), conversations.turn()) $$, '42501', null,
  'Owners cannot begin turns by hand'
);
select people.sign_in('bob');
select is_empty($$ select id from public.turns where memory_key_id = people.key('ada') $$, 'The journal of others is invisible');
select people.sign_out();
select throws_ok($$ select id from public.turns $$, '42501', null, 'Visitors see no journal');
select throws_ok($$ select public.sweep_turns() $$, '42501', null, 'Visitors cannot sweep');
select throws_ok(
  $$ select public.journal_block(people.key('ada'), gen_random_uuid()) $$, '42501', null,
  'Visitors cannot write blocks'
);

select * from finish();
rollback;
