begin;
select plan(52);

\ir support/people.sql
\ir support/conversations.sql

select people.arrive('ada');
select people.arrive('bob');
select people.make_key('ada');
select people.make_key('bob');

-- A message is remembered

select people.act_as_service();
select is(
  public.store_memories(
    people.key('ada'),
    '[
      {"content": "I moved to Lisbon.", "role": "user", "name": "Ada", "session_id": "move", "created_at": "2026-05-08T10:00:00Z", "metadata": {"mood": "glad"}},
      {"content": "How do you like it?", "role": "assistant", "session_id": "move", "created_at": "2026-05-08T10:00:05Z"},
      {"content": "The sea, the sea!", "session_id": "beach", "id": "m-17"}
    ]',
    'upload'
  ),
  '{"stored": 3, "duplicates": 0, "tokens": 15}',
  'A list of messages is remembered'
);
select public.store_memories(people.key('bob'), '[{"content": "I moved to Porto.", "id": "m-17"}]', 'ingest');

select people.look_behind();
select results_eq(
  $$ select session_id, position, role, name, content, token_count, source, metadata ->> 'mood', created_at = '2026-05-08T10:00:00Z'
     from public.memories where memory_key_id = people.key('ada') and session_id = 'move' order by position $$,
  $$ values
     ('move', 0, 'user', 'Ada', 'I moved to Lisbon.', 5, 'upload', 'glad', true),
     ('move', 1, 'assistant', null, 'How do you like it?', 5, 'upload', null, false) $$,
  'each at its place, with who said it and when'
);
select results_eq(
  $$ select id, role, session_id from public.memories where memory_key_id = people.key('ada') and session_id = 'beach' $$,
  $$ values ('m-17', 'user', 'beach') $$,
  'An uploader may bring ids of its own'
);
select is(
  (select session_id from public.memories where memory_key_id = people.key('bob')), 'ingest',
  'Messages without a session share one'
);
select results_eq(
  $$ select session_id, memory_count, next_position, lexeme_count > 0 from public.sessions where memory_key_id = people.key('ada') order by session_id $$,
  $$ values ('beach', 1, 1, true), ('move', 2, 2, true) $$,
  'A session counts what it holds'
);
select is(
  (select sum(lexeme_count) from public.sessions where memory_key_id = people.key('ada')),
  (select sum(lexeme_count)::numeric from public.memories where memory_key_id = people.key('ada')),
  'and the words of it'
);

-- Postings

select set_eq(
  $$ select term from public.memory_terms join public.memories using (memory_key_id, session_number, position)
     where content = 'I moved to Lisbon.' $$,
  array['move', 'lisbon', 'ada', '8', 'may', '2026', 'friday'],
  'It is found by its words, who said them and the day, without stop words and endings'
);
select results_eq(
  $$ select tf, memory_terms.length from public.memory_terms join public.memories using (memory_key_id, session_number, position)
     where content = 'The sea, the sea!' and term = 'sea' $$,
  $$ values (2::smallint, 6::smallint) $$,
  'A posting says how often, and how long the memory is'
);

-- Doing it again

select people.act_as_service();
select is(
  public.store_memories(
    people.key('ada'),
    '[
      {"content": "I moved to Lisbon.", "role": "user", "name": "Ada", "session_id": "move", "created_at": "2026-05-08T10:00:00Z"},
      {"content": "I moved to Lisbon.", "role": "user", "name": "Ada", "session_id": "move", "created_at": "2026-05-09T10:00:00Z"},
      {"content": "I moved to Lisbon.", "role": "user", "name": "Ada", "session_id": "move", "created_at": "2026-05-09T10:00:00Z"},
      {"content": "Something new under an old id.", "session_id": "beach", "id": "m-17"},
      {"content": " \n ", "session_id": "beach"}
    ]',
    'upload'
  ),
  '{"stored": 1, "duplicates": 3, "tokens": 5}',
  'What is there already is not stored twice; the same words at another time are another memory'
);
select is(
  public.store_memories(people.key('ada'), '[{"content": "The sea, the sea!", "session_id": "beach"}, {"content": "The sea, the sea!", "session_id": "beach", "id": "m-18"}]', 'upload') -> 'stored',
  '2',
  'Two memories may have equal words'
);
select is(public.store_memories(people.key('ada'), '[]', 'upload'), '{"stored": 0, "duplicates": 0, "tokens": 0}', 'Nothing is remembered of nothing');
select throws_ok($$ select public.store_memories(people.key('ada'), '{"content": "x"}', 'upload') $$, 'PT400', null, 'Memories are a list');
select throws_ok($$ select public.store_memories(people.key('ada'), '[{"content": "x"}]', 'turn') $$, 'PT400', null, 'An upload does not pass for a turn');
select throws_ok($$ select public.store_memories(gen_random_uuid(), '[{"content": "x"}]', 'upload') $$, 'PT404', null, 'Nothing is remembered for a key that is not there');

-- Long messages

select is(
  public.store_memories(
    people.key('bob'),
    jsonb_build_array(
      jsonb_build_object('id', 'long', 'session_id', 'long', 'content', repeat('All work and no play. ', 300)),
      jsonb_build_object('id', 'after', 'session_id', 'long', 'content', 'Then a short one.')
    ),
    'upload'
  ) -> 'stored', '2',
  'A long message counts as one'
);
select people.look_behind();
select results_eq(
  $$ select id, part, position from public.memories where session_id = 'long' order by position $$,
  $$ values ('long', 0::smallint, 0), ('long', 1::smallint, 1), ('long', 2::smallint, 2), ('long', 3::smallint, 3), ('after', 0::smallint, 4) $$,
  'It is cut into parts that follow one another'
);
select is(
  (select string_agg(content, '' order by part) from public.memories where id = 'long'), repeat('All work and no play. ', 300),
  'The parts put together are the message again'
);
select is_empty(
  $$ select content from public.memories where char_length(content) > 2000 $$,
  'No part is longer than two thousand characters'
);
select is_empty(
  $$ select content from public.memories where id = 'long' and content !~ '^ ?All work' $$,
  'A part begins where a sentence does'
);
select results_eq(
  $$ select char_length(piece) from private.split_text(repeat('a', 4500)) $$, $$ values (2000), (2000), (500) $$,
  'What has no border is cut all the same'
);
select results_eq(
  $$ select right(piece, 2) from private.split_text(repeat('b', 1500) || E'.\n\n' || repeat('c ', 700)) $$, $$ values (E'\n\n'), ('c ') $$,
  'A paragraph is a better border than a word'
);
select results_eq($$ select part, piece from private.split_text('') $$, $$ values (0::smallint, '') $$, 'Nothing is one empty piece');

-- Forgetting

select people.look_behind();
create function pg_temp.counts(memory_key_id uuid)
returns table (terms bigint, words bigint, tokens bigint, counted_words numeric, counted_tokens bigint, counted_memories bigint, memories bigint)
language sql
as $$
  select
    (select sum(tf) from public.memory_terms where memory_terms.memory_key_id = counts.memory_key_id),
    (select sum(lexeme_count) from public.memories where memories.memory_key_id = counts.memory_key_id),
    (select sum(token_count) from public.memories where memories.memory_key_id = counts.memory_key_id),
    (select sum(lexeme_count) from public.sessions where sessions.memory_key_id = counts.memory_key_id),
    (select memory_token_count from public.memory_keys where id = counts.memory_key_id),
    (select sum(memory_count) from public.sessions where sessions.memory_key_id = counts.memory_key_id),
    (select count(*) from public.memories where memories.memory_key_id = counts.memory_key_id);
$$;
create function pg_temp.counts_agree(memory_key_id uuid, sentence text)
returns text
language sql
as $$
  select is(
    (select (terms = words and words = counted_words and tokens = counted_tokens and counted_memories = memories) from pg_temp.counts(memory_key_id)),
    true, sentence
  );
$$;

select pg_temp.counts_agree(people.key('ada'), 'Postings, sessions and the key count what is there');
select pg_temp.counts_agree(people.key('bob'), 'also of messages in parts');

insert into public.memory_vectors (memory_key_id, model, kind, session_number, position, embedding, signature)
select memory_key_id, model, kind, session_number, position, array_fill(0.1::real, array[512])::extensions.halfvec(512), repeat('1', 512)::bit(512)
from public.memories, unnest(array[1, 2]) as model, unnest(array['turn', 'window']) as kind;
update public.memories set is_turn_due = false, is_window_due = false;

delete from public.memories where memory_key_id = people.key('ada') and session_id = 'move' and position = 1;
select results_eq(
  $$ select position, is_turn_due, is_window_due from public.memories where memory_key_id = people.key('ada') and session_id = 'move' order by position $$,
  $$ values (0, false, true), (2, false, true) $$,
  'When a memory is forgotten its neighbours are understood anew'
);
delete from public.memories where memory_key_id = people.key('bob') and id = 'long';
select pg_temp.counts_agree(people.key('ada'), 'Its words, its counts');
select pg_temp.counts_agree(people.key('bob'), 'for every part');
select is_empty(
  $$ select memory_key_id, session_number, position from public.memory_terms
     union select memory_key_id, session_number, position from public.memory_vectors
     except select memory_key_id, session_number, position from public.memories $$,
  'and its vectors are gone'
);
select is(
  (select next_position from public.sessions where memory_key_id = people.key('ada') and session_id = 'move'), 3,
  'Its place stays empty'
);
select isnt_empty(
  $$ select 1 from public.memories where memory_key_id = people.key('bob') and id = 'm-17' $$,
  'Nobody else forgets anything'
);

-- One vault never sees another

select people.look_behind();
create function private.recall_naively(memory_key_id uuid)
returns setof public.memories
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.open_vault(memory_key_id);
  return query select * from public.memories;
end;
$$;
create function private.count_naively(memory_key_id uuid)
returns table (memories bigint, terms bigint, vectors bigint, sessions bigint, keys bigint)
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.open_vault(memory_key_id);
  return query select
    (select count(*) from public.memories), (select count(*) from public.memory_terms),
    (select count(*) from public.memory_vectors), (select count(*) from public.sessions),
    (select count(*) from public.memory_keys);
end;
$$;
create function private.meddle_naively(memory_key_id uuid)
returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  touched integer;
begin
  perform private.open_vault(memory_key_id);
  update public.memories set window_stamp = window_stamp + 100;
  get diagnostics touched = row_count;
  return touched;
end;
$$;
create function private.trespass(memory_key_id uuid, other uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.open_vault(memory_key_id);
  insert into public.memory_terms values (other, 'planted', 1, 0, 1, 1);
end;
$$;
grant execute on function
  private.recall_naively, private.count_naively, private.meddle_naively, private.trespass to service_role;
select private.hand_to_vault_worker(
  'private.recall_naively(uuid)', 'private.count_naively(uuid)', 'private.meddle_naively(uuid)', 'private.trespass(uuid, uuid)'
);

create temporary table expected on commit drop as
  select key, (select count(*) from public.memories where memory_key_id = key) as memories,
    (select count(*) from public.memory_terms where memory_key_id = key) as terms,
    (select count(*) from public.memory_vectors where memory_key_id = key) as vectors,
    (select count(*) from public.sessions where memory_key_id = key) as sessions
  from unnest(array[people.key('ada'), people.key('bob')]) as key;
grant select on expected to service_role;

select people.act_as_service();
select results_eq(
  $$ select distinct memory_key_id from private.recall_naively(people.key('ada')) $$,
  $$ values (people.key('ada')) $$,
  'A query without any condition reads one vault: Ada''s'
);
select results_eq(
  $$ select distinct memory_key_id from private.recall_naively(people.key('bob')) $$,
  $$ values (people.key('bob')) $$,
  'and Bob''s in its turn'
);
select results_eq(
  $$ select counted.* from expected, private.count_naively(key) as counted $$,
  $$ select memories, terms, vectors, sessions, 1::bigint from expected $$,
  'So it is with every table of a vault'
);
select is_empty($$ select * from private.recall_naively(null) $$, 'No vault opened is nothing seen');
select is_empty($$ select * from private.recall_naively(gen_random_uuid()) $$, 'A vault that is not there is empty');
select is(
  private.meddle_naively(people.key('ada')), (select memories::integer from expected where key = people.key('ada')),
  'A change without any condition touches one vault'
);
select throws_ok(
  $$ select private.trespass(people.key('ada'), people.key('bob')) $$, '42501', null,
  'Nothing can be planted in another vault'
);
select lives_ok(
  $$ select set_config('memoryrouter.memory_key_id', people.key('ada')::text, true) $$,
  'Naming a vault by oneself is allowed'
);
select throws_ok($$ select * from public.memories $$, '42501', null, 'and opens nothing: the worker''s key reads no table');

-- Owners and strangers

select people.sign_in('ada');
select isnt_empty($$ select id, content, session_id from public.memories $$, 'Owners can read what their vaults remember');
select is_empty($$ select id from public.memories where memory_key_id = people.key('bob') $$, 'and nothing of anybody else''s');
select throws_ok($$ delete from public.memories $$, '42501', null, 'Forgetting is the worker''s to do');
select throws_ok($$ update public.memories set content = 'Never said.' $$, '42501', null, 'Nobody can put words into a memory');
select throws_ok($$ select * from public.memory_terms $$, '42501', null, 'Postings are the worker''s business');
select throws_ok(
  $$ select public.store_memories(people.key('ada'), '[{"content": "x"}]', 'upload') $$, '42501', null,
  'Owners store through the worker, which counts'
);
select people.sign_in('bob');
select is_empty($$ select id from public.memories where content like '%Lisbon%' $$, 'The memories of others are invisible');
select is_empty($$ select session_id from public.sessions where memory_key_id = people.key('ada') $$, 'and so are their sessions');
select people.sign_out();
select throws_ok($$ select id from public.memories $$, '42501', null, 'Visitors read nothing');
select throws_ok($$ select session_id from public.sessions $$, '42501', null, 'Visitors see no sessions');

-- A vault is deleted

select people.sign_in('ada');
delete from public.memory_keys where id = people.key('ada');
select people.look_behind();
select is_empty(
  $$ select memory_key_id from public.memories where memory_key_id = people.key('ada')
     union select memory_key_id from public.memory_terms where memory_key_id = people.key('ada')
     union select memory_key_id from public.memory_vectors where memory_key_id = people.key('ada')
     union select memory_key_id from public.sessions where memory_key_id = people.key('ada') $$,
  'A deleted key takes everything remembered along'
);
select pg_temp.counts_agree(people.key('bob'), 'and nothing else');
delete from auth.users where id = people.id('bob');
select is_empty(
  $$ select memory_key_id from public.memory_terms where memory_key_id = people.key('bob')
     union select memory_key_id from public.memory_vectors where memory_key_id = people.key('bob') $$,
  'So does a deleted account'
);

select * from finish();
rollback;
