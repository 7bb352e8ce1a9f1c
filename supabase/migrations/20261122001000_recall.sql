-- Recall: the memories of a vault that may answer a question, each with all its signals.
--
-- Three texts stand for a memory: itself, the window of its neighbours, its session. Words are weighed
-- by BM25 against each, from the postings of the question's words alone; likeness is compared with the
-- memory and its window. The four best lists are put together and the worker ranks them. Nothing here
-- depends on vectors being there: a memory is found by its words as soon as it is stored.
--
-- A place is one number here, the session's above thirty-two bits of position, so neighbours are one apart.
--
-- The cost is the number of postings read, so it has a budget. The rarest words come first; a word that
-- stands almost everywhere says little and is left out, unless there is no other.

create function private.choose_terms(memory_key_id uuid, query text, budget integer)
returns table (term text, df integer, is_chosen boolean)
language plpgsql
stable
rows 10
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
    with asked as materialized (
      -- Of a very long message the beginning and the end: that is where questions stand.
      select lexeme, least(budget, 25000 / count(*) over ()) as most
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
      select asked.*, posted.df
      from asked
      cross join lateral (
        select count(*)::integer as df
        from (
          select from public.memory_terms
          where memory_key_id = choose_terms.memory_key_id and memory_terms.term = asked.lexeme
          limit asked.most + 1
        ) as limited
      ) as posted
    ),
    summed as (
      select counted.*, sum(counted.df) over (order by counted.df, lexeme) as postings
      from counted
    )
    select
      lexeme,
      summed.df,
      summed.df > 0 and ((postings <= budget and summed.df <= most) or postings = summed.df)
    from summed;
end;
$$;

comment on function private.choose_terms is
  'The words of a question, how many memories of a vault hold each, and which are worth looking up.';

create function private.nearest_places(
  memory_key_id uuid,
  model integer,
  kind text,
  embedding extensions.halfvec,
  is_large boolean,
  max_count integer
)
returns table (place bigint, likeness real)
language plpgsql
stable
rows 60
set search_path = ''
as $$
#variable_conflict use_column
declare
  asked_signature constant bit(512) := extensions.binary_quantize(embedding);
begin
  if not is_large then
    return query
      select
        (session_number << 32) + position,
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
      (near.session_number << 32) + near.position,
      (1 - (exact.embedding operator(extensions.<=>) nearest_places.embedding))::real
    from (
      select session_number, position
      from public.memory_vectors
      where memory_key_id = nearest_places.memory_key_id
        and model = nearest_places.model
        and kind = nearest_places.kind
      order by signature operator(extensions.<~>) asked_signature
      limit 300
    ) as near
    cross join lateral (
      select memory_vectors.embedding
      from public.memory_vectors
      where memory_key_id = nearest_places.memory_key_id
        and model = nearest_places.model
        and kind = nearest_places.kind
        and session_number = near.session_number
        and position = near.position
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
set plan_cache_mode = force_generic_plan
-- Many small steps: compiling them would take longer than taking them.
set jit = off
as $$
#variable_conflict use_column
declare
  postings_budget constant integer := 5000;
  list_length constant integer := least(greatest(coalesce(max_candidates, 100), 1), 200);
  asked constant extensions.halfvec(512) := embedding::extensions.halfvec(512);
  memory_count real;
  session_count real;
  turn_length real;
  session_length real;
  terms text[];
  dfs integer[];
  question_weight real;
begin
  perform private.open_vault(memory_key_id);

  select
    coalesce(sum(sessions.memory_count), 0),
    count(*) filter (where sessions.memory_count > 0),
    greatest(sum(lexeme_count), 1)
  into memory_count, session_count, session_length
  from public.sessions
  where memory_key_id = recall_memories.memory_key_id;

  if memory_count = 0 then
    return jsonb_build_object('memories_total', 0, 'candidates', '[]'::jsonb);
  end if;
  turn_length := session_length / memory_count;
  session_length := session_length / session_count;

  -- A word nobody used weighs as much as one used once: in a small vault it would outweigh all others.
  select
    array_agg(term) filter (where is_chosen),
    array_agg(df) filter (where is_chosen),
    sum(ln(1 + (memory_count - greatest(df, 1) + 0.5) / (greatest(df, 1) + 0.5)))
  into terms, dfs, question_weight
  from private.choose_terms(memory_key_id, query, postings_budget);

  return (
    with postings as materialized (
      select
        chosen.number as term,
        (posted.session_number << 32) + posted.position as place,
        posted.session_number,
        posted.tf::real as tf,
        posted.length::real as length,
        ln(1 + (memory_count - chosen.df + 0.5) / (chosen.df + 0.5))::real as idf
      from unnest(terms, dfs) with ordinality as chosen (term, df, number)
      cross join lateral (
        select * from public.memory_terms
        where memory_key_id = recall_memories.memory_key_id
          and memory_terms.term = chosen.term
        order by session_number desc, position desc
        limit postings_budget
      ) as posted
    ),
    likenesses as materialized (
      select place, likeness as cos_turn, null::real as cos_window
      from private.nearest_places(memory_key_id, model, 'turn', asked, memory_count > 1000, list_length)
      where asked is not null
      union all
      select place, null, likeness
      from private.nearest_places(memory_key_id, model, 'window', asked, memory_count > 1000, list_length)
      where asked is not null
    ),
    -- The best by their own words, and whoever stands beside them: the best windows are among these.
    focus as materialized (
      select place + step as place
      from (
        select place from postings
        group by place
        order by sum(idf * tf / (tf + 0.9)) desc
        limit 10 * list_length
      ) as best
      cross join (values (-1), (0), (1)) as steps (step)
      union
      select place from likenesses
    ),
    -- Each posting counts for its memory and for the windows of its neighbours.
    spread as (
      select
        place + step as place,
        min(idf) as idf,
        sum(tf) filter (where step = 0) as turn_tf,
        sum(length) filter (where step = 0) / turn_length as turn_stretch,
        sum(tf) as window_tf,
        -- Of a window we know the lengths of the memories that were hit; the others are taken as average.
        (sum(length) / turn_length + 3 - count(*)) / 3 as window_stretch
      from postings cross join (values (-1), (0), (1)) as steps (step)
      where place + step in (select place from focus)
      group by term, place + step
    ),
    -- In shares of the question's weight, so that they can be compared from one question to the next.
    places as materialized (
      select
        place,
        coalesce(sum(idf * 1.9 * turn_tf / (turn_tf + 0.9 * (0.6 + 0.4 * turn_stretch))) / question_weight, 0)
          as bm25_turn,
        coalesce(sum(idf * 1.9 * window_tf / (window_tf + 0.9 * (0.6 + 0.4 * window_stretch))) / question_weight, 0)
          as bm25_window,
        max(cos_turn) as cos_turn,
        max(cos_window) as cos_window
      from (
        select *, null::real as cos_turn, null::real as cos_window from spread
        union all
        select place, null, null, null, null, null, cos_turn, cos_window from likenesses
      ) as signalled
      group by place
    ),
    candidates as (
      (select * from places where bm25_turn > 0 order by bm25_turn desc limit list_length)
      union
      (select * from places where bm25_window > 0 order by bm25_window desc limit list_length)
      union
      (select * from places where cos_turn is not null or cos_window is not null)
    ),
    session_signals as materialized (
      select
        session_number,
        sum(
          ln(1 + (session_count - df + 0.5) / (df + 0.5)) * 2.2 * tf
            / (tf + 1.2 * (0.25 + 0.75 * session.lexeme_count / session_length))
        ) as bm25_session
      from (
        select session_number, sum(tf) as tf, count(*) over (partition by term) as df
        from postings
        group by term, session_number
      ) as tallied
      cross join lateral (
        select lexeme_count from public.sessions
        where memory_key_id = recall_memories.memory_key_id and number = session_number
        limit 1
      ) as session
      group by session_number
    )
    select jsonb_build_object(
      'memories_total', memory_count::bigint,
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
      where memory_key_id = recall_memories.memory_key_id
        and session_number = candidates.place >> 32
        and position = candidates.place & 4294967295
      limit 1
    ) as memory
    left join session_signals on session_signals.session_number = memory.session_number
    left join lateral (
      select (1 - (memory_vectors.embedding operator(extensions.<=>) asked))::real as likeness
      from public.memory_vectors
      where asked is not null
        and candidates.cos_turn is null
        and memory_key_id = recall_memories.memory_key_id
        and model = recall_memories.model
        and kind = 'turn'
        and session_number = memory.session_number
        and position = memory.position
      limit 1
    ) as turn_vector on true
    left join lateral (
      select (1 - (memory_vectors.embedding operator(extensions.<=>) asked))::real as likeness
      from public.memory_vectors
      where asked is not null
        and candidates.cos_window is null
        and memory_key_id = recall_memories.memory_key_id
        and model = recall_memories.model
        and kind = 'window'
        and session_number = memory.session_number
        and position = memory.position
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
  max_candidates integer default 100
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
