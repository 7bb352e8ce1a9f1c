-- Memories: what a vault remembers, one message of a conversation per row.
--
-- A long message is cut into parts, rows of the same id at consecutive positions of their session.
-- `memory_terms` are the postings words are found by: every stemmed word with its place, its frequency
-- and the memory's length, all that BM25 needs without touching a memory.
--
-- These tables are partitioned by vault and their keys begin with it, so that the rows of one vault
-- lie close together and a search never touches another's.
--
-- Owners can read; the worker's role writes and forgets. What belongs to a memory elsewhere, postings,
-- vectors, counts, goes with it by a trigger, so a `delete` is all that forgetting takes.

create table public.memories (
  memory_key_id uuid not null references public.memory_keys (id) on delete cascade,
  id text not null check (char_length(id) between 1 and 128),
  part smallint not null default 0,
  turn_id uuid,
  step_key text,
  session_id text not null,
  session_number bigint not null,
  position integer not null,
  role text not null check (char_length(role) between 1 and 40),
  name text,
  content text not null check (content <> ''),
  token_count integer not null,
  lexemes tsvector not null,
  lexeme_count integer not null,
  source text not null check (source in ('turn', 'upload', 'ingest')),
  metadata jsonb,
  content_hash bytea,
  created_at timestamptz not null,
  stored_at timestamptz not null default now(),
  turn_stamp integer not null default 1,
  window_stamp integer not null default 1,
  is_turn_due boolean not null default true,
  is_window_due boolean not null default true,
  primary key (memory_key_id, id, part),
  unique (memory_key_id, session_number, position)
) partition by hash (memory_key_id);

comment on table public.memories is 'What a vault remembers: one message, or one part of a long one, per row.';
comment on column public.memories.position is 'The place in the session, counting up in order of arrival.';
comment on column public.memories.created_at is 'When it was said; stored_at is when we wrote it down.';
comment on column public.memories.lexemes is 'The words its postings were made of, so that forgetting finds every one.';
comment on column public.memories.content_hash is
  'Recognises an uploaded memory without an id that is uploaded again. On the first part only.';
comment on column public.memories.window_stamp is
  'Counts the versions of the memory and its neighbours, so that a vector of an earlier one is not taken for the present.';

create index memories_created_at_idx on public.memories (memory_key_id, created_at);
create index memories_turn_id_idx on public.memories (memory_key_id, turn_id) where turn_id is not null;
create unique index memories_content_hash_idx on public.memories (memory_key_id, content_hash)
  where content_hash is not null;
create index memories_due_idx on public.memories (memory_key_id, session_number, position)
  where is_turn_due or is_window_due;

create table public.memory_terms (
  memory_key_id uuid not null,
  term text collate "C" not null,
  session_number bigint not null,
  position integer not null,
  tf smallint not null,
  length smallint not null,
  primary key (memory_key_id, term, session_number, position) include (tf, length)
) partition by hash (memory_key_id);

comment on table public.memory_terms is
  'Postings: which memory holds which stemmed word, how often, and how long that memory is.';

select private.partition_by_vault('public.memories');
select private.partition_by_vault('public.memory_terms');

-- Access

alter table public.memories enable row level security;
alter table public.memory_terms enable row level security;

create policy "Owners can read the memories of their vaults"
  on public.memories for select to authenticated
  using (memory_key_id = any (array(select id from public.memory_keys where user_id = (select auth.uid()))));

create policy "Vault workers can recall from the open vault"
  on public.memories for select to vault_worker
  using (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can remember in the open vault"
  on public.memories for insert to vault_worker
  with check (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can mark memories of the open vault"
  on public.memories for update to vault_worker
  using (memory_key_id = (select private.current_memory_key_id()))
  with check (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can forget memories of the open vault"
  on public.memories for delete to vault_worker
  using (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can look up terms in the open vault"
  on public.memory_terms for select to vault_worker
  using (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can note terms in the open vault"
  on public.memory_terms for insert to vault_worker
  with check (memory_key_id = (select private.current_memory_key_id()));

grant select (
  memory_key_id, id, part, turn_id, session_id, position, role, name, content, token_count, source,
  metadata, created_at, stored_at, is_turn_due, is_window_due
) on public.memories to authenticated;
grant select, insert, update, delete on public.memories to vault_worker;
grant select, insert on public.memory_terms to vault_worker;

-- Functions

create function private.to_lexemes(content text)
returns tsvector
language plpgsql
immutable
set search_path = ''
as $$
declare
  -- Kana, Han and Hangul: a sentence there would be one long word. Its pairs of characters are words enough.
  unspaced constant text := '[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]';
  readable text := content;
begin
  if content ~ unspaced then
    readable := regexp_replace(content, unspaced, ' ', 'g') || ' ' || (
      select string_agg(substr(run[1], place, 2), ' ')
      from regexp_matches(content, unspaced || '+', 'g') as run
      cross join lateral generate_series(1, greatest(char_length(run[1]) - 1, 1)) as place
    );
  end if;
  return to_tsvector('pg_catalog.english', readable);
end;
$$;

comment on function private.to_lexemes is
  'The stemmed words of a text without stop words: the one place that decides what a word is, for memories and questions alike.';

create function private.searchable_text(name text, created_at timestamptz, content text)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  -- The date is part of what words can find: "in May", "on a Monday".
  return concat_ws(' ', name, to_char(created_at at time zone 'UTC', 'FMDD FMMonth YYYY FMDay'), content);
end;
$$;

comment on function private.searchable_text is 'What a memory is found by when it is looked for by words.';

create function private.split_text(content text)
returns table (part smallint, piece text)
language plpgsql
immutable
rows 1
set search_path = ''
as $$
declare
  longest constant integer := 2000;
  shortest constant integer := 1000;
  rest text := split_text.content;
  head text;
  border text;
  cut integer;
begin
  part := 0;
  while char_length(rest) > longest loop
    head := left(rest, longest);
    cut := longest;
    -- The last border of the best kind in the second half: a paragraph, a line, a sentence, a word.
    foreach border in array array[E'\n\n', E'\n', '. ', '! ', '? ', '。', ' '] loop
      if strpos(reverse(substr(head, shortest)), reverse(border)) > 0 then
        cut := longest - strpos(reverse(head), reverse(border)) + 1;
        exit;
      end if;
    end loop;
    piece := left(rest, cut);
    return next;
    rest := substr(rest, cut + 1);
    part := part + 1;
  end loop;
  piece := rest;
  return next;
end;
$$;

comment on function private.split_text is
  'Cuts a long text at its natural borders. The pieces put together are the text again.';

create function private.remember(
  memory_key_id uuid,
  items jsonb,
  source text,
  turn_id uuid default null,
  step_key text default null,
  first_position integer default null
)
returns bigint
language plpgsql
set search_path = ''
set plan_cache_mode = force_generic_plan
set jit = off
as $$
#variable_conflict use_column
declare
  stored_tokens bigint := 0;
  added record;
begin
  insert into public.sessions (memory_key_id, session_id, opened_at, last_at)
  select remember.memory_key_id, item ->> 'session_id', min(moment), max(moment)
  from (
    select item, coalesce((item ->> 'created_at')::timestamptz, now()) as moment
    from jsonb_array_elements(remember.items) as item
  ) as dated
  group by item ->> 'session_id'
  order by item ->> 'session_id'
  on conflict (memory_key_id, session_id) do nothing;

  for added in
    with pieces as materialized (
      select
        coalesce(item ->> 'id', private.uuid_v7()::text) as id,
        split.part,
        session.session_id,
        session.number as session_number,
        coalesce(remember.first_position, session.next_position)
          + (row_number() over (partition by session.number order by place, split.part))::integer - 1
          as position,
        coalesce(item ->> 'role', 'user') as role,
        nullif(item ->> 'name', '') as name,
        split.piece as content,
        ceil(char_length(split.piece) / 4.0)::integer as token_count,
        nullif(item -> 'metadata', 'null') as metadata,
        case when split.part = 0 then decode(item ->> 'content_hash', 'hex') end as content_hash,
        coalesce((item ->> 'created_at')::timestamptz, now()) as created_at
      from jsonb_array_elements(remember.items) with ordinality as given (item, place)
      cross join lateral (
        select * from public.sessions
        where sessions.memory_key_id = remember.memory_key_id
          and sessions.session_id = item ->> 'session_id'
        limit 1
      ) as session
      cross join lateral private.split_text(item ->> 'content') as split
    ),
    read as materialized (
      select pieces.*, lexemes, coalesce(words.lexeme_count, 0) as lexeme_count
      from pieces
      cross join lateral private.to_lexemes(
        private.searchable_text(pieces.name, pieces.created_at, pieces.content)
      ) as lexemes
      cross join lateral (
        select sum(cardinality(positions))::integer as lexeme_count from unnest(lexemes)
      ) as words
    ),
    stored as (
      insert into public.memories (
        memory_key_id, id, part, turn_id, step_key, session_id, session_number, position, role, name,
        content, token_count, lexemes, lexeme_count, source, metadata, content_hash, created_at
      )
      select
        remember.memory_key_id, id, part, remember.turn_id, remember.step_key, session_id, session_number,
        position, role, name, content, token_count, strip(lexemes), lexeme_count, remember.source,
        metadata, content_hash, created_at
      from read
    ),
    noted as (
      insert into public.memory_terms (memory_key_id, term, session_number, position, tf, length)
      select
        remember.memory_key_id, word.lexeme, read.session_number, read.position,
        cardinality(word.positions), read.lexeme_count
      from read
      cross join lateral unnest(read.lexemes) as word
      where octet_length(word.lexeme) <= 128
    )
    select
      session_id,
      session_number,
      count(*) as memory_count,
      sum(lexeme_count) as lexeme_count,
      sum(token_count) as token_count,
      min(position) as first_position,
      max(position) as last_position,
      max(created_at) as last_at
    from read
    group by session_id, session_number
  loop
    stored_tokens := stored_tokens + added.token_count;

    update public.sessions
    set
      memory_count = memory_count + added.memory_count,
      lexeme_count = lexeme_count + added.lexeme_count,
      next_position = greatest(next_position, added.last_position + 1),
      last_at = greatest(last_at, added.last_at)
    where memory_key_id = remember.memory_key_id and session_id = added.session_id;

    -- Those beside have a new neighbour.
    update public.memories
    set window_stamp = window_stamp + 1, is_window_due = true
    where memory_key_id = remember.memory_key_id
      and session_number = added.session_number
      and position in (added.first_position - 1, added.last_position + 1);
  end loop;

  update public.memory_keys
  set
    memory_token_count = memory_token_count + stored_tokens,
    vectors_due_at = coalesce(vectors_due_at, now())
  where id = remember.memory_key_id and stored_tokens > 0;

  return stored_tokens;
end;
$$;

comment on function private.remember is
  'Writes messages to their sessions, in order, with their postings and counts, and returns the tokens. The vault is locked before.';

-- Security definer: postings, vectors and counts follow whoever deletes a memory, be it the worker, a
-- key's deletion or an account's.
create function private.forget_traces()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  vault uuid;
begin
  for vault in select distinct memory_key_id from forgotten loop
    -- A key that is gone takes all of its postings and vectors along at once.
    if not exists (select from public.memory_keys where id = vault) then
      delete from public.memory_terms where memory_key_id = vault;
      delete from public.memory_vectors where memory_key_id = vault;
      continue;
    end if;

    delete from public.memory_terms
    using forgotten, unnest(forgotten.lexemes) as word
    where memory_terms.memory_key_id = vault
      and forgotten.memory_key_id = vault
      and memory_terms.term = word.lexeme
      and memory_terms.session_number = forgotten.session_number
      and memory_terms.position = forgotten.position;

    delete from public.memory_vectors
    using forgotten, private.embedding_models, (values ('turn'), ('window')) as kinds (kind)
    where memory_vectors.memory_key_id = vault
      and forgotten.memory_key_id = vault
      and memory_vectors.model = embedding_models.number
      and memory_vectors.kind = kinds.kind
      and memory_vectors.session_number = forgotten.session_number
      and memory_vectors.position = forgotten.position;

    update public.sessions
    set
      memory_count = sessions.memory_count - lost.memory_count,
      lexeme_count = sessions.lexeme_count - lost.lexeme_count
    from (
      select session_number, count(*) as memory_count, sum(lexeme_count) as lexeme_count
      from forgotten
      where memory_key_id = vault
      group by session_number
    ) as lost
    where sessions.memory_key_id = vault
      and sessions.number = lost.session_number;

    update public.memories
    set window_stamp = memories.window_stamp + 1, is_window_due = true
    from (
      select distinct session_number, position + step as position
      from forgotten cross join (values (-1), (1)) as steps (step)
      where memory_key_id = vault
    ) as beside
    where memories.memory_key_id = vault
      and memories.session_number = beside.session_number
      and memories.position = beside.position;

    update public.memory_keys
    set
      memory_token_count = memory_token_count - (
        select sum(token_count) from forgotten where memory_key_id = vault
      ),
      vectors_due_at = coalesce(vectors_due_at, now())
    where id = vault;
  end loop;
  return null;
end;
$$;

create trigger memories_forget_traces
  after delete on public.memories
  referencing old table as forgotten
  for each statement execute function private.forget_traces();

create function private.store_memories(memory_key_id uuid, memories jsonb, source text)
returns jsonb
language plpgsql
security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  given_count integer;
  fresh jsonb;
  stored_tokens bigint;
begin
  if source not in ('upload', 'ingest') then
    raise exception 'Memories come from an upload or are ingested' using errcode = 'PT400';
  end if;
  if jsonb_typeof(memories) is distinct from 'array' then
    raise exception 'Memories are a list' using errcode = 'PT400';
  end if;
  perform private.lock_vault(memory_key_id);

  with given as materialized (
    select
      place,
      item || jsonb_build_object(
        'session_id', coalesce(nullif(item ->> 'session_id', ''), store_memories.source),
        'role', coalesce(item ->> 'role', 'user'),
        'content', left(item ->> 'content', 262144)
      ) as item
    from jsonb_array_elements(memories) with ordinality as listed (item, place)
    where btrim(coalesce(item ->> 'content', ''), E' \t\r\n') <> ''
  ),
  identified as (
    select
      place,
      item,
      -- Without an id of the uploader's, a memory is known by its words, place and time.
      case when item ->> 'id' is null then
        sha256(
          convert_to(
            jsonb_build_array(
              item -> 'session_id', item -> 'role', item -> 'name', item -> 'content', item -> 'created_at'
            )::text,
            'utf8'
          )
        )
      end as hash
    from given
  ),
  distinct_items as (
    select distinct on (item ->> 'id', hash)
      place, item || jsonb_build_object('content_hash', encode(hash, 'hex')) as item, hash
    from identified
    order by item ->> 'id', hash, place
  ),
  fresh_items as (
    select place, item from distinct_items
    where not exists (
      select from public.memories as known
      where known.memory_key_id = store_memories.memory_key_id and known.id = item ->> 'id'
    )
    and not exists (
      select from public.memories as known
      where known.memory_key_id = store_memories.memory_key_id and known.content_hash = hash
    )
  )
  select (select count(*) from given), coalesce(jsonb_agg(item order by place), '[]')
  into given_count, fresh
  from fresh_items;

  stored_tokens := private.remember(memory_key_id, fresh, source);
  perform private.count_stored_tokens(memory_key_id, source, stored_tokens);

  return jsonb_build_object(
    'stored', jsonb_array_length(fresh),
    'duplicates', given_count - jsonb_array_length(fresh),
    'tokens', stored_tokens
  );
end;
$$;

create function public.store_memories(memory_key_id uuid, memories jsonb, source text)
returns jsonb
language sql
set search_path = ''
as $$
  select private.store_memories(memory_key_id, memories, source);
$$;

comment on function public.store_memories is
  'Remembers a list of messages in order. What is there already, by its id or else by its words, place and time, is counted as a duplicate.';

grant execute on function
  private.to_lexemes, private.searchable_text, private.split_text, private.remember
  to vault_worker;

grant execute on function private.store_memories, public.store_memories to service_role;

select private.hand_to_vault_worker('private.store_memories(uuid, jsonb, text)');
