begin;
select plan(21);

\ir support/people.sql
\ir support/conversations.sql

select people.arrive('ada');
select people.arrive('bob');
select people.make_key('ada');
select people.make_key('bob');

-- A vector that points one way: 1 at a place, 0 elsewhere.
create function people.vector(place integer)
returns text
language sql
immutable
as $$
  select array_agg(case when number = place then 1 else 0 end order by number)::real[]::extensions.halfvec(512)::text
  from generate_series(1, 512) as number;
$$;
grant execute on function people.vector to service_role;

select people.act_as_service();
select is(public.pending_vectors(people.key('ada')), '[]', 'An empty vault waits for nothing');
select is(public.keys_awaiting_vectors(), '[]', 'and does not stand in line');

select public.store_memories(
  people.key('ada'),
  '[{"content": "One.", "name": "Ada", "session_id": "s"}, {"content": "Two.", "session_id": "s"}, {"content": "Three.", "session_id": "s"}]',
  'upload'
);
select is(public.keys_awaiting_vectors(), jsonb_build_array(people.key('ada')), 'A vault with new memories stands in line');

create temporary table pending on commit drop as
  select * from jsonb_to_recordset(public.pending_vectors(people.key('ada')))
    as pending (session_number bigint, position integer, kind text, stamp integer, text text);

select results_eq(
  $$ select position, kind, text from pending order by position, kind $$,
  $$ values
     (0, 'turn', 'Ada: One.'), (0, 'window', E'Ada: One.\nTwo.'),
     (1, 'turn', 'Two.'), (1, 'window', E'Ada: One.\nTwo.\nThree.'),
     (2, 'turn', 'Three.'), (2, 'window', E'Two.\nThree.') $$,
  'Each memory waits twice: as it was said, and between its neighbours'
);
select is(jsonb_array_length(public.pending_vectors(people.key('ada'), 2)), 2, 'No more texts are given than asked for');

create function pg_temp.given(condition text, place integer default 1)
returns jsonb
language plpgsql
as $$
declare
  vectors jsonb;
begin
  execute format(
    $query$ select coalesce(jsonb_agg(to_jsonb(pending) - 'text' || jsonb_build_object('embedding', people.vector($1))), '[]') from pending where %s $query$,
    condition
  ) into vectors using place;
  return vectors;
end;
$$;

select is(public.store_vectors(people.key('ada'), 1, pg_temp.given('position < 2')), 4, 'Vectors are stored');
select is(jsonb_array_length(public.pending_vectors(people.key('ada'))), 2, 'and their texts no longer wait');
select is(public.keys_awaiting_vectors(), jsonb_build_array(people.key('ada')), 'The vault stands in line until the last is there');
select is(public.store_vectors(people.key('ada'), 1, pg_temp.given('position = 2')), 2, 'When it is');
select is(public.keys_awaiting_vectors(), '[]', 'it leaves');

-- A neighbour arrives

select public.store_memories(people.key('ada'), '[{"content": "Four.", "session_id": "s"}]', 'upload');
select set_eq(
  $$ select (pending ->> 'position')::integer as place, pending ->> 'kind' as kind, pending ->> 'text' as said from jsonb_array_elements(public.pending_vectors(people.key('ada'))) as pending $$,
  $$ values (3, 'turn', 'Four.'), (3, 'window', E'Three.\nFour.'), (2, 'window', E'Two.\nThree.\nFour.') $$,
  'A new neighbour makes a window wait again, and only that one'
);
select is(
  public.store_vectors(people.key('ada'), 1, pg_temp.given('position = 2', 7)), 1,
  'A vector of how a window was before is not stored'
);
select is(
  (select count(*)::integer from jsonb_array_elements(public.pending_vectors(people.key('ada'))) as pending where pending ->> 'position' = '2'), 1,
  'and the window goes on waiting'
);

-- Words only

select public.store_memories(people.key('bob'), '[{"content": "Keep it here."}]', 'upload');
select people.sign_in('bob');
update public.memory_keys set embedding = 'words';
select people.act_as_service();
select is(public.pending_vectors(people.key('bob')), '[]', 'A vault found by words alone gives no text away');
select ok(not public.keys_awaiting_vectors() @> to_jsonb(people.key('bob')), 'and does not stand in line');

-- What is refused

select throws_ok($$ select public.store_vectors(people.key('ada'), 99, '[]') $$, 'PT400', null, 'Vectors of an unknown model are refused');
select throws_ok(
  $$ select public.store_vectors(people.key('ada'), 1, '[{"session_number": 1, "position": 0, "kind": "turn", "stamp": 1, "embedding": "[1,2,3]"}]') $$,
  '22000', null, 'and vectors of another length'
);
select is(
  public.store_vectors(people.key('bob'), 1, pg_temp.given('true')), 0,
  'Vectors for memories of another vault are not stored'
);

-- Who may

select people.sign_in('ada');
select throws_ok($$ select * from public.memory_vectors $$, '42501', null, 'Vectors are the worker''s business');
select throws_ok($$ select public.pending_vectors(people.key('ada')) $$, '42501', null, 'Owners cannot fetch texts to embed');
select people.sign_out();
select throws_ok($$ select public.keys_awaiting_vectors() $$, '42501', null, 'Visitors do not learn who waits');

select * from finish();
rollback;
