-- Vectors: what memories mean.
--
-- Two of each memory: of the message, and of the message between its neighbours. A memory says itself
-- which of the two is due, and a vault since when it waits; the worker fetches the texts, has them
-- embedded and hands the vectors back. A stamp tells whether a text has changed in between.
--
-- There is no index over all vaults: in a shared one, a small vault's vectors are hardly ever among the
-- nearest. Each vault is searched exactly, at first by `signature`, the signs of the numbers alone.
-- Vectors are the worker's business; owners are granted nothing here.

create table private.embedding_models (
  number smallint primary key,
  name text not null unique,
  dimensions integer not null
);

comment on table private.embedding_models is
  'The embedding models vectors may come from. Vectors of different models are never compared.';

insert into private.embedding_models (number, name, dimensions) values
  (1, 'text-embedding-3-small', 512),
  (2, 'use-lite-512', 512);

-- Plain storage: a row of 1.2 KB stays whole in its page, where an exact search reads it at once.
create table public.memory_vectors (
  memory_key_id uuid not null,
  model smallint not null,
  kind text collate "C" not null check (kind in ('turn', 'window')),
  session_number bigint not null,
  position integer not null,
  embedding extensions.halfvec(512) storage plain not null,
  signature bit(512) storage plain not null,
  primary key (memory_key_id, model, kind, session_number, position) include (signature)
) partition by hash (memory_key_id);

comment on table public.memory_vectors is
  'What memories mean: a vector of the message and one of the message between its neighbours.';
comment on column public.memory_vectors.signature is
  'The signs of the vector''s numbers: a first, rough measure of likeness in a twentieth of the space.';

select private.partition_by_vault('public.memory_vectors');

-- Access

alter table public.memory_vectors enable row level security;
alter table private.embedding_models enable row level security;

create policy "Vault workers can compare vectors of the open vault"
  on public.memory_vectors for select to vault_worker
  using (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can store vectors in the open vault"
  on public.memory_vectors for insert to vault_worker
  with check (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can renew vectors of the open vault"
  on public.memory_vectors for update to vault_worker
  using (memory_key_id = (select private.current_memory_key_id()))
  with check (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can look up embedding models"
  on private.embedding_models for select to vault_worker
  using (number > 0);

grant select, insert, update on public.memory_vectors to vault_worker;
grant select on private.embedding_models to vault_worker;

-- Functions

create function private.embeddable_text(name text, content text)
returns text
language sql
immutable
set search_path = ''
as $$
  select coalesce(nullif(name, '') || ': ', '') || content;
$$;

create function private.pending_vectors(memory_key_id uuid, max_texts integer)
returns jsonb
language plpgsql
security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  perform private.open_vault(memory_key_id);
  if not exists (
    select from public.memory_keys where id = pending_vectors.memory_key_id and embedding = 'hosted'
  ) then
    return '[]'::jsonb;
  end if;

  return (
    select coalesce(
      jsonb_agg(
        jsonb_build_object(
          'session_number', session_number,
          'position', position,
          'kind', kind,
          'stamp', stamp,
          'text', text
        )
      ),
      '[]'
    )
    from (
      select
        due.session_number,
        due.position,
        wanted.kind,
        case wanted.kind when 'turn' then due.turn_stamp else due.window_stamp end as stamp,
        case wanted.kind
          when 'turn' then private.embeddable_text(due.name, due.content)
          else (
            select string_agg(private.embeddable_text(beside.name, beside.content), E'\n' order by beside.position)
            from public.memories as beside
            where beside.memory_key_id = pending_vectors.memory_key_id
              and beside.session_number = due.session_number
              and beside.position between due.position - 1 and due.position + 1
          )
        end as text
      from (
        select * from public.memories
        where memory_key_id = pending_vectors.memory_key_id
          and (is_turn_due or is_window_due)
        order by session_number desc, position desc
        limit max_texts
      ) as due
      cross join (values ('turn'), ('window')) as wanted (kind)
      where (wanted.kind = 'turn' and due.is_turn_due) or (wanted.kind = 'window' and due.is_window_due)
      order by due.session_number desc, due.position desc
      limit max_texts
    ) as pending
  );
end;
$$;

create function public.pending_vectors(memory_key_id uuid, max_texts integer default 64)
returns jsonb
language sql
set search_path = ''
as $$
  select private.pending_vectors(memory_key_id, max_texts);
$$;

comment on function public.pending_vectors is
  'Texts of a vault that wait for a vector, newest first. Vaults found by words only have none.';

create function private.store_vectors(memory_key_id uuid, model integer, vectors jsonb)
returns integer
language plpgsql
security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  stored_count integer;
begin
  if not exists (select from private.embedding_models where number = store_vectors.model) then
    raise exception 'There is no such embedding model' using errcode = 'PT400';
  end if;
  perform private.lock_vault(memory_key_id);

  -- What has changed since its text was handed out is still due, and its vector would be a stale one.
  with given as materialized (
    select distinct on (session_number, position, kind)
      session_number, position, kind, stamp, embedding::extensions.halfvec(512) as embedding
    from jsonb_to_recordset(vectors)
      as vector (session_number bigint, position integer, kind text, stamp integer, embedding text)
    order by session_number, position, kind, stamp desc
  ),
  current as (
    select given.*
    from given
    join public.memories
      on memories.memory_key_id = store_vectors.memory_key_id
      and memories.session_number = given.session_number
      and memories.position = given.position
      and given.stamp = case given.kind when 'turn' then memories.turn_stamp else memories.window_stamp end
  ),
  done as (
    update public.memories
    set
      is_turn_due = memories.is_turn_due and not finished.has_turn,
      is_window_due = memories.is_window_due and not finished.has_window
    from (
      select
        session_number, position,
        bool_or(kind = 'turn') as has_turn,
        bool_or(kind = 'window') as has_window
      from current
      group by session_number, position
    ) as finished
    where memories.memory_key_id = store_vectors.memory_key_id
      and memories.session_number = finished.session_number
      and memories.position = finished.position
  ),
  stored as (
    insert into public.memory_vectors (memory_key_id, model, kind, session_number, position, embedding, signature)
    select
      store_vectors.memory_key_id, store_vectors.model, kind, session_number, position, embedding,
      extensions.binary_quantize(embedding)
    from current
    on conflict (memory_key_id, model, kind, session_number, position) do update
    set embedding = excluded.embedding, signature = excluded.signature
    returning 1
  )
  select count(*) into stored_count from stored;

  -- A vault with more to do goes to the end of the line.
  update public.memory_keys
  set vectors_due_at = case
    when exists (
      select from public.memories
      where memory_key_id = store_vectors.memory_key_id and (is_turn_due or is_window_due)
    ) then clock_timestamp()
  end
  where id = store_vectors.memory_key_id;

  return stored_count;
end;
$$;

create function public.store_vectors(memory_key_id uuid, model integer, vectors jsonb)
returns integer
language sql
set search_path = ''
as $$
  select private.store_vectors(memory_key_id, model, vectors);
$$;

comment on function public.store_vectors is
  'Stores vectors of texts that pending_vectors gave and that have not changed since; returns how many.';

-- Security definer: the sweep asks which vaults wait and learns nothing else of them.
create function private.keys_awaiting_vectors(max_keys integer)
returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(jsonb_agg(id order by vectors_due_at), '[]')
  from (
    select id, vectors_due_at from public.memory_keys
    where vectors_due_at is not null and embedding = 'hosted'
    order by vectors_due_at
    limit keys_awaiting_vectors.max_keys
  ) as waiting;
$$;

create function public.keys_awaiting_vectors(max_keys integer default 20)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select private.keys_awaiting_vectors(max_keys);
$$;

comment on function public.keys_awaiting_vectors is
  'The vaults whose texts have waited longest for their vectors.';

-- Functions: counting

create function private.memory_stats(memory_key_id uuid)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  is_embedded boolean;
begin
  perform private.open_vault(memory_key_id);
  select embedding = 'hosted' into is_embedded
  from public.memory_keys where id = memory_stats.memory_key_id;

  return (
    select jsonb_build_object(
      'memories', count(*),
      'tokens', coalesce(sum(token_count), 0),
      'sessions', count(distinct session_number),
      'waiting_for_vectors', count(*) filter (where is_embedded and (is_turn_due or is_window_due))
    )
    from public.memories
    where memory_key_id = memory_stats.memory_key_id
  );
end;
$$;

create function public.memory_stats(memory_key_id uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select private.memory_stats(memory_key_id);
$$;

comment on function public.memory_stats is
  'What a vault holds, counted, and how much of it still waits for a vector.';

grant execute on function private.embeddable_text to vault_worker;

grant execute on function
  private.pending_vectors, public.pending_vectors,
  private.store_vectors, public.store_vectors,
  private.keys_awaiting_vectors, public.keys_awaiting_vectors,
  private.memory_stats, public.memory_stats
  to service_role;

select private.hand_to_vault_worker(
  'private.pending_vectors(uuid, integer)',
  'private.store_vectors(uuid, integer, jsonb)',
  'private.memory_stats(uuid)'
);
