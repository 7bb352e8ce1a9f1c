begin;
select plan(40);

\ir support/people.sql
\ir support/conversations.sql

select people.arrive('ada');
select people.arrive('bob');
select people.make_key('ada');
select people.make_key('bob');

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

select is(
  public.recall_memories(people.key('ada'), 'Anything?'), '{"memories_total": 0, "candidates": []}',
  'An empty vault has nothing to say'
);

select public.store_memories(
  people.key('ada'),
  '[
    {"id": "walk-0", "session_id": "walk", "role": "user", "name": "Ada", "content": "We went hiking in the Dolomites.", "created_at": "2026-05-08T10:00:00Z"},
    {"id": "walk-1", "session_id": "walk", "role": "assistant", "content": "How was it?", "created_at": "2026-05-08T10:00:05Z"},
    {"id": "walk-2", "session_id": "walk", "role": "user", "name": "Ada", "content": "Rain, and a broken boot.", "created_at": "2026-05-08T10:01:00Z"},
    {"id": "walk-3", "session_id": "walk", "role": "assistant", "content": "Poor you!", "created_at": "2026-05-08T10:01:05Z"},
    {"id": "cook-0", "session_id": "cook", "role": "user", "name": "Ada", "content": "Which soup do you recommend?", "created_at": "2026-06-01T18:00:00Z"},
    {"id": "cook-1", "session_id": "cook", "role": "assistant", "content": "Minestrone.", "created_at": "2026-06-01T18:00:05Z"},
    {"id": "cook-2", "session_id": "cook", "role": "user", "name": "Ada", "content": "Lovely, thanks.", "created_at": "2026-06-01T18:00:09Z"}
  ]',
  'upload'
);
select public.store_memories(
  people.key('bob'),
  '[
    {"id": "bob-0", "content": "My secret hiking boots are in the Dolomites.", "session_id": "b"},
    {"id": "bob-1", "content": "Hiking, hiking, hiking.", "session_id": "b"},
    {"id": "bob-2", "content": "Soup, rain and boots.", "session_id": "b"}
  ]',
  'upload'
);

-- What a candidate carries

create function pg_temp.candidate(id text, query text, embedding text default null, key text default 'ada')
returns jsonb
language sql
as $$
  select candidate
  from jsonb_array_elements(
    public.recall_memories(people.key(key), query, embedding, case when embedding is not null then 1 end) -> 'candidates'
  ) as candidate
  where candidate ->> 'id' = candidate.id;
$$;
create function pg_temp.ids(query text, embedding text default null, key text default 'ada', max_candidates integer default 100)
returns setof text
language sql
as $$
  select candidate ->> 'id'
  from jsonb_array_elements(
    public.recall_memories(people.key(key), query, embedding, case when embedding is not null then 1 end, max_candidates) -> 'candidates'
  ) as candidate
  order by (candidate ->> 'bm25_turn')::real desc, (candidate ->> 'bm25_window')::real desc, 1;
$$;

select is(
  pg_temp.candidate('walk-0', 'hikes') - array['session_number', 'bm25_turn', 'bm25_window', 'bm25_session'],
  '{
    "id": "walk-0", "part": 0, "session_id": "walk", "position": 0, "role": "user", "name": "Ada",
    "content": "We went hiking in the Dolomites.", "chars": 32, "token_count": 8,
    "created_at": "2026-05-08T10:00:00+00:00", "turn_id": null, "cos_turn": null, "cos_window": null
  }',
  'A candidate is a memory with its place and all that ranking needs'
);
select ok(
  (pg_temp.candidate('walk-0', 'hikes') ->> 'bm25_turn')::real > 0
    and (pg_temp.candidate('walk-0', 'hikes') ->> 'bm25_window')::real > 0
    and (pg_temp.candidate('walk-0', 'hikes') ->> 'bm25_session')::real > 0,
  'Words count for the memory, its window and its session'
);
select is(public.recall_memories(people.key('ada'), 'hikes') -> 'memories_total', '7', 'The vault says how much it holds');

-- By words

select is((select array_agg(id) from pg_temp.ids('Who hiked?') as id), array['walk-0', 'walk-1'], 'A word is found in every form of it, and brings who stands beside');
select is((select id from pg_temp.ids('soups or stews') as id limit 1), 'cook-0', 'One word of several is enough');
select is(
  (select array_agg(id order by id) from pg_temp.ids('What happened on 8 May?') as id), array['walk-0', 'walk-1', 'walk-2', 'walk-3'],
  'A date finds what was said that day'
);
select ok(
  (select count(*) from pg_temp.ids('Ada') as id) = 7, 'So is a speaker'
);
select is(pg_temp.candidate('cook-1', 'soup') -> 'bm25_turn', '0', 'An answer without the word');
select ok((pg_temp.candidate('cook-1', 'soup') ->> 'bm25_window')::real > 0, 'is found by the question before it');
select ok(
  (pg_temp.candidate('walk-2', 'boot hiking') ->> 'bm25_session')::real > (pg_temp.candidate('walk-2', 'boot soup') ->> 'bm25_session')::real,
  'What else was said in its session speaks for a memory'
);
select ok(
  (pg_temp.candidate('walk-2', 'broken boot') ->> 'bm25_turn')::real > (pg_temp.candidate('walk-2', 'broken soup') ->> 'bm25_turn')::real,
  'Two words of a question speak louder than one'
);
select ok(
  (pg_temp.candidate('walk-0', 'Dolomites') ->> 'bm25_turn')::real between 0.5 and 1.9,
  'How much of the question a memory covers can be compared from one question to the next'
);
select ok(
  (pg_temp.candidate('walk-0', 'Dolomites zeppelin') ->> 'bm25_turn')::real < (pg_temp.candidate('walk-0', 'Dolomites') ->> 'bm25_turn')::real,
  'Words nobody ever used make it less'
);
select is_empty($$ select pg_temp.ids('the of and is it') $$, 'Words that say nothing find nothing');
select is_empty($$ select pg_temp.ids('zeppelin') $$, 'Nor does a word nobody used');
select is_empty($$ select pg_temp.ids('') $$, 'Nor does an empty question');
select ok(
  (select count(*) from pg_temp.ids('Ada', null, 'ada', 1) as id) between 1 and 2,
  'Of each list as many come as were asked for'
);
select lives_ok(
  $$ select public.recall_memories(people.key('ada'), repeat('boot ', 50000) || E'\\ '' -- ; & | ! ( <-> :*') $$,
  'A question may be long and full of signs'
);

select public.store_memories(
  people.key('bob'),
  '[{"id": "bob-tokyo", "session_id": "japan", "content": "私は東京に住んでいます。"}, {"id": "bob-kyoto", "session_id": "trip", "content": "京都の天気はいいです。"}]',
  'upload'
);
select is(
  (select id from pg_temp.ids('どこに住んでいますか？', null, 'bob') as id limit 1), 'bob-tokyo',
  'A language without spaces is found by pairs of its characters'
);
select is(
  (select id from pg_temp.ids('Where is 京都?', null, 'bob') as id limit 1), 'bob-kyoto',
  'also in the middle of another'
);

-- The budget of postings

select people.look_behind();
select results_eq(
  $$ select term collate "default", df, is_chosen from private.choose_terms(people.key('ada'), 'Ada hiking soup zeppelin', 3) order by df, term $$,
  $$ values ('zeppelin', 0, false), ('hike', 1, true), ('soup', 1, true), ('ada', 4, false) $$,
  'Rare words come first, and what goes beyond the budget is left out'
);
select results_eq(
  $$ select term collate "default", is_chosen from private.choose_terms(people.key('ada'), 'Ada zeppelin', 3) order by df $$,
  $$ values ('zeppelin', false), ('ada', true) $$,
  'unless there is nothing else'
);

-- A memory as it is stored

select people.act_as_service();
select public.begin_turn(people.key('ada'), conversations.turn('{"session_id": "walk", "user_text": "The Dolomites again."}'));
select public.complete_turn(people.key('ada'), conversations.turn('{"session_id": "walk", "user_text": "The Dolomites again."}'), conversations.step());
select is(
  (select array_agg(content) from conversations.recalled(
    public.begin_turn(people.key('ada'), conversations.turn('{"turn_key": "asks"}'), 'Dolomites') -> 'recall'
  ) as content),
  array['The Dolomites again.', 'We went hiking in the Dolomites.', 'How was it?', 'Poor you!', 'What a good name for a dog!'],
  'A turn that is stored is found by the next, at once and without any vector'
);
select is(
  (public.begin_turn(people.key('ada'), conversations.turn('{"turn_key": "asks again"}'), null)) -> 'recall', 'null',
  'A turn without a question recalls nothing'
);

-- By likeness

select is_empty($$ select pg_temp.ids('', people.vector(1)) $$, 'Without vectors there is no likeness');
create function pg_temp.embed(key text, id text, kind text, place integer, model integer default 1)
returns integer
language sql
as $$
  select public.store_vectors(
    people.key(key), model,
    (select jsonb_agg(pending || jsonb_build_object('embedding', people.vector(place)))
     from jsonb_array_elements(public.pending_vectors(people.key(key), 1000)) as pending
     where pending ->> 'kind' = embed.kind and pending ->> 'text' like embed.id)
  );
$$;
select is(
  pg_temp.embed('ada', 'Ada: Rain%', 'turn', 1) + pg_temp.embed('ada', 'Minestrone.', 'turn', 2)
    + pg_temp.embed('ada', 'Ada: Which soup%', 'window', 3) + pg_temp.embed('ada', 'Poor you!', 'turn', 1, 2),
  5, 'Some memories have vectors by now'
);
select is(pg_temp.candidate('walk-2', '', people.vector(1)) -> 'cos_turn', '1', 'A memory is found by likeness, without a common word');
select is(pg_temp.candidate('walk-2', '', people.vector(1)) -> 'bm25_turn', '0', 'Its words count nothing then');
select is(pg_temp.candidate('cook-1', '', people.vector(3)) -> 'cos_window', '1', 'so is its window');
select is(
  pg_temp.candidate('walk-0', 'Dolomites', people.vector(1)) -> 'cos_turn', 'null',
  'A memory without a vector is found by its words all the same'
);
select ok(
  (pg_temp.candidate('walk-2', 'boot', people.vector(1)) ->> 'bm25_turn')::real > 0
    and (pg_temp.candidate('walk-2', 'boot', people.vector(1)) ->> 'cos_turn')::real = 1,
  'Who is on both lists carries both signals'
);
select is(pg_temp.candidate('walk-3', '', people.vector(1)), null, 'Vectors of another model are not compared');
select people.look_behind();
select results_eq(
  $$ select likeness from private.nearest_places(people.key('ada'), 1, 'turn', people.vector(1)::extensions.halfvec(512), true, 10) $$,
  $$ select likeness from private.nearest_places(people.key('ada'), 1, 'turn', people.vector(1)::extensions.halfvec(512), false, 10) $$,
  'A large vault is looked through by signatures first, with the same end'
);
select people.act_as_service();

-- One vault never sees another

select pg_temp.embed('bob', 'My secret%', 'turn', 5);
select is_empty(
  $$ select pg_temp.ids('secret', people.vector(5)) as id except select id from pg_temp.ids('', people.vector(1)) as id $$,
  'Another vault''s memory is not recalled, though it is the nearest by word and by likeness'
);
select is(pg_temp.candidate('bob-0', 'secret', people.vector(5), 'bob') -> 'cos_turn', '1', 'Its own vault finds it');
select is(
  pg_temp.candidate('walk-0', 'Dolomites') -> 'bm25_turn',
  (select pg_temp.candidate('walk-0', 'Dolomites') -> 'bm25_turn'
   from (select public.store_memories(people.key('bob'), '[{"content": "Dolomites, Dolomites, Dolomites."}]', 'upload')) as more),
  'What another vault holds does not change how rare a word is in ours'
);

-- Who may

select people.sign_in('ada');
select throws_ok($$ select public.recall_memories(people.key('ada'), 'boot') $$, '42501', null, 'Owners recall through the worker');
select people.sign_out();
select throws_ok($$ select public.recall_memories(people.key('ada'), 'boot') $$, '42501', null, 'Visitors recall nothing');
select throws_ok($$ select private.recall_memories(people.key('ada'), 'boot', null, null, 10) $$, '42501', null, 'not even past the API');

select * from finish();
rollback;
