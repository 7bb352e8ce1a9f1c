begin;
select plan(28);

\ir support/people.sql
\ir support/conversations.sql

select people.arrive('ada');
select people.arrive('bob');
select people.make_key('ada');
select people.make_key('bob');

-- Another key of Ada's own.
select people.sign_in('ada');
select set_config('people.key_child', public.create_memory_key('Child') ->> 'id', true);
select people.act_as_service();

-- Whose it is

select lives_ok(
  $$ select public.record_response(people.key('ada'), 'resp_1', 'openai', session_id => 'work') $$,
  'A response is noted for the key that made it'
);

select is(
  public.find_response(people.key('ada'), 'resp_1'),
  '{"provider": "openai", "session_id": "work", "turn_ids": [], "memory_ids": []}',
  'The key that made it finds it, with its session'
);

select is(public.find_response(people.key('child'), 'resp_1'), null, 'Another key of the same account does not find it');
select is(public.find_response(people.key('bob'), 'resp_1'), null, 'Nor does a key of another account');
select is(public.find_response(people.key('ada'), 'resp_2'), null, 'What nobody made is not found');
select is(public.find_response(people.key('ada'), ''), null, 'nor is nothing');
select is(public.find_response(gen_random_uuid(), 'resp_1'), null, 'A key that does not exist finds nothing');

select lives_ok(
  $$ select public.record_response(people.key('ada'), 'resp_1', 'openrouter', session_id => 'other') $$,
  'A note may arrive twice'
);
select is(
  public.find_response(people.key('ada'), 'resp_1') ->> 'provider', 'openai',
  'The first note stays'
);

select lives_ok(
  $$ select public.record_response(people.key('bob'), 'resp_1', 'openai') $$,
  'Two accounts may have responses of one name'
);
select is(
  public.find_response(people.key('bob'), 'resp_1') ->> 'session_id', null,
  'and each finds its own'
);

select throws_ok(
  $$ select public.record_response(gen_random_uuid(), 'resp_9', 'openai') $$, 'PT404', null,
  'A key that is gone makes no responses'
);
select throws_ok(
  $$ select public.record_response(people.key('ada'), repeat('x', 257), 'openai') $$, '23514', null,
  'An id has an end'
);

-- What its chain was told

create function pg_temp.told(turn_key text, memories text)
returns void
language sql
as $$
  select public.begin_turn(people.key('ada'), conversations.turn(jsonb_build_object('turn_key', turn_key)));
  select public.journal_block(
    people.key('ada'), (conversations.turn(jsonb_build_object('turn_key', turn_key)) ->> 'turn_id')::uuid,
    'block', memories::jsonb
  );
$$;

create function pg_temp.turn_id(turn_key text)
returns uuid
language sql
as $$ select (conversations.turn(jsonb_build_object('turn_key', turn_key)) ->> 'turn_id')::uuid $$;

create function pg_temp.given(response_id text)
returns jsonb
language sql
as $$ select public.find_response(people.key('ada'), response_id) -> 'memory_ids' $$;

select pg_temp.told('one', '[{"id": "dog", "part": 0}, {"id": "dog", "part": 1}, {"id": "tea", "part": 0}]');
select pg_temp.told('three', '[{"id": "cat", "part": 0}]');
select pg_temp.told('elsewhere', '[{"id": "secret", "part": 0}]');
select public.record_response(people.key('ada'), 'chain_1', 'openai', pg_temp.turn_id('one'), 'work');
select public.record_response(people.key('ada'), 'chain_2', 'openai', null, 'work', 'chain_1');
select public.record_response(people.key('ada'), 'chain_3', 'openai', pg_temp.turn_id('three'), 'work', 'chain_2');
select public.record_response(people.key('ada'), 'apart', 'openai', pg_temp.turn_id('elsewhere'), 'work');

select is(pg_temp.given('chain_1'), '["dog", "tea"]', 'A response was given the memories of its turn''s block');
select is(pg_temp.given('chain_2'), '["dog", "tea"]', 'One without a turn was given what it goes on with had');
select is(pg_temp.given('chain_3'), '["cat", "dog", "tea"]', 'A chain was given what all its turns were');

select ok(
  (
    select turn_ids @> jsonb_build_array(pg_temp.turn_id('one'), pg_temp.turn_id('three'))
      and jsonb_array_length(turn_ids) = 2
    from (select public.find_response(people.key('ada'), 'chain_3') -> 'turn_ids' as turn_ids) as found
  ),
  'and consists of those turns'
);

select public.record_response(people.key('ada'), 'snake', 'openai', pg_temp.turn_id('one'), null, 'tail');
select public.record_response(people.key('ada'), 'tail', 'openai', null, null, 'snake');
select is(pg_temp.given('tail'), '["dog", "tea"]', 'A chain that bites its tail has an end');

select public.record_response(people.key('ada'), 'lost', 'openai', null, null, 'never heard of');
select is(pg_temp.given('lost'), '[]', 'What a chain begins with may be unknown');

-- When the database was away

select public.complete_turn(
  people.key('ada'),
  conversations.turn('{"turn_key": "one", "dialect": "responses"}'),
  conversations.step('{"response_id": "chatty", "request_id": "request 2"}')
);
select is(
  public.find_response(people.key('ada'), 'chatty'), null,
  'An answer in another dialect is kept by nobody'
);

select public.begin_turn(people.key('ada'), conversations.turn('{"turn_key": "late", "dialect": "responses"}'));
select public.complete_turn(
  people.key('ada'),
  conversations.turn('{"turn_key": "late", "dialect": "responses"}'),
  conversations.step('{"response_id": "late", "request_id": "request 3"}')
);
select is(
  public.find_response(people.key('ada'), 'late'),
  jsonb_build_object(
    'provider', 'openai', 'session_id', 'seed',
    'turn_ids', jsonb_build_array(pg_temp.turn_id('late')), 'memory_ids', '[]'::jsonb
  ),
  'A response that could not be noted is known from its completed turn'
);
select is(public.find_response(people.key('child'), 'late'), null, 'and only to the key that made it');

-- Who may see it

select throws_ok($$ select id from public.responses $$, '42501', null, 'The worker''s key reads no table');

select people.sign_in('ada');
select results_eq(
  $$ select provider from public.responses where id = 'resp_1' $$, $$ values ('openai') $$,
  'Owners see the responses of their vaults'
);
select throws_ok(
  $$ insert into public.responses (memory_key_id, id, provider) values (people.key('ada'), 'resp_8', 'openai') $$,
  '42501', null, 'Owners cannot claim a response'
);
select throws_ok(
  $$ select public.find_response(people.key('ada'), 'resp_1') $$, '42501', null,
  'nor ask as the worker does'
);

select people.sign_out();
select throws_ok($$ select id from public.responses $$, '42501', null, 'Visitors see none');

select people.look_behind();
delete from public.memory_keys where id = people.key('ada');
select is_empty(
  $$ select id from public.responses where memory_key_id = people.key('ada') $$,
  'A deleted key leaves no responses behind'
);

select * from finish();
rollback;
