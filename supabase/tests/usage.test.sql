begin;
select plan(19);

\ir support/people.sql
\ir support/conversations.sql

select people.arrive('ada');
select people.arrive('bob');
select people.make_key('ada');
select people.make_key('bob');

select people.act_as_service();
create function pg_temp.complete(changes jsonb, key text default 'ada')
returns jsonb
language sql
as $$
  select public.complete_turn(
    people.key(key),
    conversations.turn(jsonb_build_object('turn_key', changes ->> 'request_id')),
    conversations.step(changes)
  );
$$;

select pg_temp.complete('{"request_id": "r 1", "answered_at": "2026-03-31T23:59:59Z"}');
select pg_temp.complete('{"request_id": "r 2", "answered_at": "2026-04-01T00:00:00Z"}');
select pg_temp.complete('{"request_id": "r 3", "answered_at": "2026-04-01T12:00:00Z", "usage": null, "status": 500, "finish": "error"}');
select pg_temp.complete('{"request_id": "r 4", "answered_at": "2026-04-01T12:00:00Z"}', 'bob');
select pg_temp.complete('{"request_id": "r 1", "answered_at": "2026-03-31T23:59:59Z"}');

select people.look_behind();

select results_eq(
  $$ select user_id, turn_id is not null, provider, model, status, finish, memory_status, memories_retrieved, tokens_retrieved, tokens_stored,
       prompt_tokens, cached_tokens, cache_write_tokens, completion_tokens, reasoning_tokens, latency ->> 'total', created_at
     from public.usage_records where request_id = 'r 1' $$,
  $$ values (
     people.id('ada'), true, 'openai', 'gpt-5', 200, 'complete', 'hit', 2, 12, 14, 40::bigint, 8::bigint, null::bigint, 6::bigint, null::bigint, '320',
     '2026-03-31T23:59:59Z'::timestamptz
  ) $$,
  'A request is recorded as the provider reported it: what it did not report is null'
);
select is((select count(*)::integer from public.usage_records), 4, 'A request is counted once, however often it is completed');
select results_eq(
  $$ select prompt_tokens, status, finish, tokens_stored from public.usage_records where request_id = 'r 3' $$,
  $$ values (null::bigint, 500, 'error', 0) $$,
  'A failed request is counted too'
);
select results_eq(
  $$ select day, requests, failed_requests, unreported_requests, prompt_tokens, tokens_stored from public.usage_daily
     where user_id = people.id('ada') order by day $$,
  $$ values ('2026-03-31'::date, 1::bigint, 0::bigint, 0::bigint, 40::bigint, 14::bigint), ('2026-04-01', 2, 1, 1, 40, 14) $$,
  'Days end at midnight UTC'
);
select set_eq(
  $$ select
       user_id, sum(requests) as a, sum(prompt_tokens) as b, sum(completion_tokens) as c, sum(cached_tokens) as d,
       sum(tokens_stored) as e, sum(tokens_retrieved) as f, sum(memories_retrieved) as g
     from public.usage_daily group by user_id $$,
  $$ select
       user_id, count(*)::numeric as a, sum(prompt_tokens) as b, sum(completion_tokens) as c, sum(cached_tokens) as d,
       sum(tokens_stored)::numeric as e, sum(tokens_retrieved)::numeric as f, sum(memories_retrieved)::numeric as g
     from public.usage_records group by user_id $$,
  'The days add up to the records'
);

-- The cap

select people.act_as_service();
select is(
  public.open_memory_key(people.hash(people.secret('ada'))) -> 'tokens_stored_this_month', '0',
  'What was stored in another month does not count against the cap'
);
select pg_temp.complete('{"request_id": "r 5"}');
select public.store_memories(people.key('ada'), '[{"content": "Twelve letters."}]', 'upload');
select is(
  public.open_memory_key(people.hash(people.secret('ada'))) -> 'tokens_stored_this_month', '18',
  'What was stored this month does, by turns and by uploads'
);
select public.begin_turn(people.key('ada'), conversations.turn('{"turn_key": "abandoned"}'));
select people.look_behind();
update public.turns set begun_at = now() - interval '1 hour' where turn_key = 'abandoned';
delete from public.memories where memory_key_id = people.key('ada');
select people.act_as_service();
select public.sweep_turns();
select is(
  public.open_memory_key(people.hash(people.secret('ada'))) -> 'tokens_stored_this_month', '25',
  'and by abandoned turns; forgetting does not make room'
);

-- Who sees it

select people.sign_in('ada');
select is((select count(*)::integer from public.usage_records), 4, 'Owners can see their records');
select is((select count(*)::integer from public.usage_daily where user_id <> people.id('ada')), 0, 'and only theirs');
select throws_ok($$ update public.usage_daily set requests = 0 $$, '42501', null, 'Nobody can change what was counted');
select throws_ok($$ delete from public.usage_records $$, '42501', null, 'nor delete it');
select people.sign_in('bob');
select is((select count(*)::integer from public.usage_records), 1, 'The usage of others is invisible');
select people.sign_out();
select throws_ok($$ select * from public.usage_records $$, '42501', null, 'Visitors see no usage');
select throws_ok($$ select * from public.usage_daily $$, '42501', null, 'not even by day');

-- Keys go, usage stays

select people.look_behind();
create temporary table before on commit drop as select sum(requests) as requests from public.usage_daily where user_id = people.id('ada');
delete from public.memory_keys where id = people.key('ada');
select is((select count(*)::integer from public.usage_records where user_id = people.id('ada') and memory_key_id is null), 4, 'A deleted key leaves its records behind');
select is((select sum(requests) from public.usage_daily where user_id = people.id('ada')), (select requests from before), 'and its days');
delete from auth.users where id = people.id('ada');
select is_empty(
  $$ select user_id from public.usage_records where user_id = people.id('ada') union all select user_id from public.usage_daily where user_id = people.id('ada') $$,
  'A deleted account does not'
);
select isnt_empty($$ select 1 from public.usage_records where user_id = people.id('bob') $$, 'Nobody else loses any');

select * from finish();
rollback;
