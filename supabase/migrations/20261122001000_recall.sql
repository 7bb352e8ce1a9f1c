-- Recall: the memories of a vault that may answer a question, each with all its signals.
--
-- Three texts stand for a memory: itself, the window of its neighbours, its session. Words are weighed
-- by BM25 against each, from the postings of the question's words alone; likeness is compared with the
-- memory and its window. The four best lists are put together and the worker ranks them. Nothing here
-- depends on vectors being there: a memory is found by its words as soon as it is stored.
--
-- The cost is the number of postings read, so it has a budget. The rarest words come first; a word that
-- stands almost everywhere says little and is left out, unless there is no other.

create function private.choose_terms(memory_key_id uuid, query text, budget integer)
returns table (term text, df integer)
language sql
stable
set search_path = ''
as $$
  with asked as (
    -- Of a very long message the beginning and the end: that is where questions stand.
    select lexeme as term, count(*) over () as terms
    from unnest(
      private.to_lexemes(
        case when char_length(query) > 8000 then left(query, 4000) || ' ' || right(query, 4000) else query end
      )
    )
    where octet_length(lexeme) <= 128
    order by cardinality(positions) desc
    limit 200
  ),
  counted as (
    select asked.term, posted.df
    from asked
    cross join lateral (
      select count(*)::integer as df
      from (
        select from public.memory_terms
        where memory_key_id = choose_terms.memory_key_id and memory_terms.term = asked.term
        limit least(budget, 40000 / asked.terms) + 1
      ) as limited
    ) as posted
    where posted.df > 0
  ),
  summed as (
    select term, df, sum(df) over (order by df, term) as postings, row_number() over (order by df, term) as place
    from counted
  )
  select term, df from summed where postings <= budget or place = 1;
$$;

comment on function private.choose_terms is
  'The words of a question worth looking up in a vault, with the number of memories that hold them.';

create function private.nearest_places(
  memory_key_id uuid,
  model integer,
  kind text,
  embedding extensions.halfvec,
  is_large boolean,
  max_count integer
)
returns table (session_number bigint, place integer, likeness real)
language plpgsql
stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  asked_signature constant bit(512) := extensions.binary_quantize(embedding);
begin
  if not is_large then
    return query
      select
        memory_vectors.session_number,
        memory_vectors.position,
        (1 - (memory_vectors.embedding operator(extensions.<=>) nearest_places.embedding))::real
      from public.memory_vectors
      where memory_key_id = nearest_places.memory_key_id
        and model = nearest_places.model
        and kind = nearest_places.kind
      order by memory_vectors.embedding operator(extensions.<=>) nearest_places.embedding
      limit max_count;
    return;
  end if;

  -- The signatures stand in the index; of the three hundred nearest the vectors themselves decide.
  return query
    select
      near.session_number,
      near.position,
      (1 - (exact.embedding operator(extensions.<=>) nearest_places.embedding))::real
    from (
      select memory_vectors.session_number, memory_vectors.position
      from public.memory_vectors
      where memory_key_id = nearest_places.memory_key_id
        and model = nearest_places.model
        and kind = nearest_places.kind
      order by memory_vectors.signature operator(extensions.<~>) asked_signature
      limit 300
    ) as near
    cross join lateral (
      select memory_vectors.embedding
      from public.memory_vectors
      where memory_key_id = nearest_places.memory_key_id
        and model = nearest_places.model
        and kind = nearest_places.kind
        and memory_vectors.session_number = near.session_number
        and memory_vectors.position = near.position
      limit 1
    ) as exact
    order by exact.embedding operator(extensions.<=>) nearest_places.embedding
    limit max_count;
end;
$$;

comment on function private.nearest_places is
  'The places of a vault whose vectors are most like a given one, nearest first.';

create function private.recall_memories(
  memory_key_id uuid,
  query text,
  embedding text,
  model integer,
  max_candidates integer
)
returns jsonb
language plpgsql
security definer
set search_path = ''
-- A plan of many small steps: compiling it would cost more than running it.
set jit = off
as $$
#variable_conflict use_column
declare
  postings_budget constant integer := 5000;
  list_length constant integer := least(greatest(coalesce(max_candidates, 60), 1), 200);
  asked constant extensions.halfvec(512) := embedding::extensions.halfvec(512);
  vault record;
  terms text[];
  dfs integer[];
begin
  perform private.open_vault(memory_key_id);

  select
    coalesce(sum(memory_count), 0)::real as memories,
    coalesce(sum(lexeme_count), 0)::real as lexemes,
    count(*) filter (where memory_count > 0)::real as sessions
  into vault
  from public.sessions
  where memory_key_id = recall_memories.memory_key_id;

  if vault.memories = 0 then
    return jsonb_build_object('memories_total', 0, 'candidates', '[]'::jsonb);
  end if;

  select array_agg(chosen.term), array_agg(chosen.df) into terms, dfs
  from private.choose_terms(memory_key_id, query, postings_budget) as chosen;

  return (
    with postings as materialized (
      select
        chosen.number as term,
        posted.session_number,
        posted.position,
        posted.tf::real as tf,
        posted.length::real as length,
        ln(1 + (vault.memories - chosen.df + 0.5) / (chosen.df + 0.5))::real as idf
      from unnest(terms, dfs) with ordinality as chosen (term, df, number)
      cross join lateral (
        select * from public.memory_terms
        where memory_key_id = recall_memories.memory_key_id
          and memory_terms.term = chosen.term
        order by session_number desc, position desc
        limit postings_budget
      ) as posted
    ),
    -- Each posting counts for the windows of its neighbours too.
    spread as (
      select
        term, session_number, position + step as place,
        min(idf) as idf,
        sum(tf) filter (where step = 0) as turn_tf,
        sum(length) filter (where step = 0) as turn_length,
        sum(tf) as window_tf,
        sum(length) + (3 - count(*)) * vault.lexemes / vault.memories as window_length
      from postings cross join (values (-1), (0), (1)) as steps (step)
      group by term, session_number, position + step
    ),
    windowed as (
      select *, least(count(*) over (partition by term), vault.memories) as window_df
      from spread
      where place >= 0
    ),
    signals as (
      select
        session_number, place,
        sum(idf * 2.2 * turn_tf / (turn_tf + 1.2 * (0.25 + 0.75 * turn_length * vault.memories / vault.lexemes)))
          as bm25_turn,
        sum(
          ln(1 + (vault.memories - window_df + 0.5) / (window_df + 0.5)) * 2.2 * window_tf
            / (window_tf + 1.2 * (0.25 + 0.75 * window_length * vault.memories / vault.lexemes / 3))
        ) as bm25_window,
        null::real as cos_turn,
        null::real as cos_window
      from windowed
      group by session_number, place
    ),
    likenesses as (
      select session_number, place, likeness as cos_turn, null::real as cos_window
      from private.nearest_places(memory_key_id, model, 'turn', asked, vault.memories > 1000, list_length)
      where asked is not null
      union all
      select session_number, place, null, likeness
      from private.nearest_places(memory_key_id, model, 'window', asked, vault.memories > 1000, list_length)
      where asked is not null
    ),
    places as materialized (
      select
        session_number, place,
        coalesce(max(bm25_turn), 0) as bm25_turn,
        coalesce(max(bm25_window), 0) as bm25_window,
        max(cos_turn) as cos_turn,
        max(cos_window) as cos_window
      from (
        select * from signals
        union all
        select session_number, place, null, null, cos_turn, cos_window from likenesses
      ) as signalled
      group by session_number, place
    ),
    candidates as (
      (select * from places where bm25_turn > 0 order by bm25_turn desc limit list_length)
      union
      (select * from places where bm25_window > 0 order by bm25_window desc limit list_length)
      union
      (select * from places where cos_turn is not null or cos_window is not null)
    ),
    session_signals as (
      select
        tallied.session_number,
        sum(
          ln(1 + (vault.sessions - tallied.df + 0.5) / (tallied.df + 0.5)) * 2.2 * tallied.tf
            / (tallied.tf + 1.2 * (0.25 + 0.75 * sessions.lexeme_count * vault.sessions / vault.lexemes))
        ) as bm25_session
      from (
        select session_number, sum(tf) as tf, count(*) over (partition by term) as df
        from postings
        group by term, session_number
      ) as tallied
      join public.sessions
        on sessions.memory_key_id = recall_memories.memory_key_id
        and sessions.number = tallied.session_number
      group by tallied.session_number
    )
    select jsonb_build_object(
      'memories_total', vault.memories,
      'candidates', coalesce(
        jsonb_agg(
          jsonb_build_object(
            'id', memory.id,
            'part', memory.part,
            'session_id', memory.session_id,
            'session_number', memory.session_number,
            'position', memory.position,
            'role', memory.role,
            'name', memory.name,
            'content', left(memory.content, 8000),
            'chars', char_length(memory.content),
            'token_count', memory.token_count,
            'created_at', memory.created_at,
            'turn_id', memory.turn_id,
            'bm25_turn', candidates.bm25_turn::real,
            'bm25_window', candidates.bm25_window::real,
            'bm25_session', coalesce(session_signals.bm25_session, 0)::real,
            'cos_turn', coalesce(candidates.cos_turn, turn_vector.likeness),
            'cos_window', coalesce(candidates.cos_window, window_vector.likeness)
          )
        ),
        '[]'
      )
    )
    from candidates
    cross join lateral (
      select * from public.memories
      where memories.memory_key_id = recall_memories.memory_key_id
        and memories.session_number = candidates.session_number
        and memories.position = candidates.place
      limit 1
    ) as memory
    left join session_signals on session_signals.session_number = candidates.session_number
    left join lateral (
      select (1 - (memory_vectors.embedding operator(extensions.<=>) asked))::real as likeness
      from public.memory_vectors
      where asked is not null
        and candidates.cos_turn is null
        and memory_vectors.memory_key_id = recall_memories.memory_key_id
        and memory_vectors.model = recall_memories.model
        and memory_vectors.kind = 'turn'
        and memory_vectors.session_number = candidates.session_number
        and memory_vectors.position = candidates.place
      limit 1
    ) as turn_vector on true
    left join lateral (
      select (1 - (memory_vectors.embedding operator(extensions.<=>) asked))::real as likeness
      from public.memory_vectors
      where asked is not null
        and candidates.cos_window is null
        and memory_vectors.memory_key_id = recall_memories.memory_key_id
        and memory_vectors.model = recall_memories.model
        and memory_vectors.kind = 'window'
        and memory_vectors.session_number = candidates.session_number
        and memory_vectors.position = candidates.place
      limit 1
    ) as window_vector on true
  );
end;
$$;

create function public.recall_memories(
  memory_key_id uuid,
  query text,
  embedding text default null,
  model integer default null,
  max_candidates integer default 60
)
returns jsonb
language sql
set search_path = ''
as $$
  select private.recall_memories(memory_key_id, query, embedding, model, max_candidates);
$$;

comment on function public.recall_memories is
  'The memories of a vault that may answer a question, by words and, given a vector, by likeness: candidates with all signals, for the worker to rank.';

grant execute on function private.choose_terms, private.nearest_places to vault_worker;
grant execute on function private.recall_memories, public.recall_memories to service_role;

select private.hand_to_vault_worker('private.recall_memories(uuid, text, text, integer, integer)');
