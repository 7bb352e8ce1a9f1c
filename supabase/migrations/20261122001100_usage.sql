-- Usage: what each request cost, for billing and analytics.
--
-- One record a request, idempotent by request id, with tokens as the provider reported them: what it
-- did not report is null. The rollup by day (UTC) is kept in the same transaction, so its sums are
-- the records' sums. Both outlive their memory key. Words stored without a model call, as by an upload,
-- are in the rollup alone, under the provider `memory`. Owners can see theirs; nobody changes any.

create table public.usage_records (
  id uuid primary key default private.uuid_v7(),
  user_id uuid not null references auth.users (id) on delete cascade,
  memory_key_id uuid references public.memory_keys (id) on delete set null,
  turn_id uuid,
  request_id text not null unique,
  provider text,
  model text,
  status integer,
  finish text,
  memory_status text,
  memories_retrieved integer not null default 0,
  tokens_retrieved integer not null default 0,
  tokens_stored integer not null default 0,
  prompt_tokens bigint,
  cached_tokens bigint,
  cache_write_tokens bigint,
  completion_tokens bigint,
  reasoning_tokens bigint,
  latency jsonb,
  created_at timestamptz not null default now()
);

comment on table public.usage_records is 'One request each: its tokens as the provider reported them, and what memory added and stored.';
comment on column public.usage_records.memory_key_id is 'Null once the key is deleted.';
comment on column public.usage_records.latency is 'Milliseconds by stage.';

create index usage_records_user_id_idx on public.usage_records (user_id, created_at);
create index usage_records_memory_key_id_idx on public.usage_records (memory_key_id, created_at);

create table public.usage_daily (
  id uuid primary key default private.uuid_v7(),
  user_id uuid not null references auth.users (id) on delete cascade,
  memory_key_id uuid references public.memory_keys (id) on delete set null,
  day date not null,
  provider text not null,
  model text not null,
  requests bigint not null default 0,
  failed_requests bigint not null default 0,
  unreported_requests bigint not null default 0,
  memories_retrieved bigint not null default 0,
  tokens_retrieved bigint not null default 0,
  tokens_stored bigint not null default 0,
  prompt_tokens bigint not null default 0,
  cached_tokens bigint not null default 0,
  cache_write_tokens bigint not null default 0,
  completion_tokens bigint not null default 0,
  reasoning_tokens bigint not null default 0,
  unique (memory_key_id, day, provider, model)
);

comment on table public.usage_daily is 'Usage by day (UTC), key and model: the sum of the records, kept with them.';
comment on column public.usage_daily.unreported_requests is 'Requests whose provider reported no tokens.';

create index usage_daily_user_id_idx on public.usage_daily (user_id, day);

-- Access

alter table public.usage_records enable row level security;
alter table public.usage_daily enable row level security;

create policy "Owners can see their usage records"
  on public.usage_records for select to authenticated
  using (user_id = (select auth.uid()));

create policy "Owners can see their daily usage"
  on public.usage_daily for select to authenticated
  using (user_id = (select auth.uid()));

create policy "Vault workers can see the usage records of the open vault"
  on public.usage_records for select to vault_worker
  using (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can record the usage of the open vault"
  on public.usage_records for insert to vault_worker
  with check (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can see the daily usage of the open vault"
  on public.usage_daily for select to vault_worker
  using (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can begin a day of the open vault"
  on public.usage_daily for insert to vault_worker
  with check (memory_key_id = (select private.current_memory_key_id()));

create policy "Vault workers can add to a day of the open vault"
  on public.usage_daily for update to vault_worker
  using (memory_key_id = (select private.current_memory_key_id()))
  with check (memory_key_id = (select private.current_memory_key_id()));

grant select on public.usage_records, public.usage_daily to authenticated;
grant select, insert on public.usage_records to vault_worker;
grant select, insert, update on public.usage_daily to vault_worker;

-- Functions

create function private.record_usage(
  memory_key_id uuid,
  turn_id uuid,
  turn jsonb,
  step jsonb,
  tokens_stored bigint
)
returns void
language sql
set search_path = ''
as $$
  with recorded as (
    insert into public.usage_records (
      user_id, memory_key_id, turn_id, request_id, provider, model, status, finish, memory_status,
      memories_retrieved, tokens_retrieved, tokens_stored, prompt_tokens, cached_tokens,
      cache_write_tokens, completion_tokens, reasoning_tokens, latency, created_at
    )
    select
      memory_keys.user_id,
      record_usage.memory_key_id,
      record_usage.turn_id,
      step ->> 'request_id',
      turn ->> 'provider',
      turn ->> 'model',
      (step ->> 'status')::integer,
      step ->> 'finish',
      step ->> 'memory_status',
      coalesce((step ->> 'memories_retrieved')::integer, 0),
      coalesce((step ->> 'tokens_retrieved')::integer, 0),
      record_usage.tokens_stored,
      (step #>> '{usage,prompt}')::bigint,
      (step #>> '{usage,cached}')::bigint,
      (step #>> '{usage,cache_write}')::bigint,
      (step #>> '{usage,completion}')::bigint,
      (step #>> '{usage,reasoning}')::bigint,
      nullif(step -> 'latency', 'null'),
      coalesce((step ->> 'answered_at')::timestamptz, now())
    from public.memory_keys
    where memory_keys.id = record_usage.memory_key_id
    on conflict (request_id) do nothing
    returning *
  )
  insert into public.usage_daily (
    user_id, memory_key_id, day, provider, model, requests, failed_requests, unreported_requests,
    memories_retrieved, tokens_retrieved, tokens_stored, prompt_tokens, cached_tokens,
    cache_write_tokens, completion_tokens, reasoning_tokens
  )
  select
    user_id, memory_key_id, (created_at at time zone 'UTC')::date, coalesce(provider, ''), coalesce(model, ''),
    1,
    (status not between 200 and 299 or finish = 'error')::integer,
    (coalesce(prompt_tokens, completion_tokens) is null)::integer,
    memories_retrieved, tokens_retrieved, tokens_stored,
    coalesce(prompt_tokens, 0), coalesce(cached_tokens, 0), coalesce(cache_write_tokens, 0),
    coalesce(completion_tokens, 0), coalesce(reasoning_tokens, 0)
  from recorded
  on conflict (memory_key_id, day, provider, model) do update set
    requests = usage_daily.requests + excluded.requests,
    failed_requests = usage_daily.failed_requests + excluded.failed_requests,
    unreported_requests = usage_daily.unreported_requests + excluded.unreported_requests,
    memories_retrieved = usage_daily.memories_retrieved + excluded.memories_retrieved,
    tokens_retrieved = usage_daily.tokens_retrieved + excluded.tokens_retrieved,
    tokens_stored = usage_daily.tokens_stored + excluded.tokens_stored,
    prompt_tokens = usage_daily.prompt_tokens + excluded.prompt_tokens,
    cached_tokens = usage_daily.cached_tokens + excluded.cached_tokens,
    cache_write_tokens = usage_daily.cache_write_tokens + excluded.cache_write_tokens,
    completion_tokens = usage_daily.completion_tokens + excluded.completion_tokens,
    reasoning_tokens = usage_daily.reasoning_tokens + excluded.reasoning_tokens;
$$;

comment on function private.record_usage is 'Counts a request, once, with the rollup of its day.';

create function private.count_stored_tokens(memory_key_id uuid, source text, tokens_stored bigint)
returns void
language sql
set search_path = ''
as $$
  insert into public.usage_daily (user_id, memory_key_id, day, provider, model, tokens_stored)
  select
    memory_keys.user_id, memory_keys.id, (now() at time zone 'UTC')::date, 'memory', source,
    count_stored_tokens.tokens_stored
  from public.memory_keys
  where memory_keys.id = count_stored_tokens.memory_key_id
    and count_stored_tokens.tokens_stored > 0
  on conflict (memory_key_id, day, provider, model) do update set
    tokens_stored = usage_daily.tokens_stored + excluded.tokens_stored;
$$;

comment on function private.count_stored_tokens is 'Counts words remembered without a model call.';

create function private.tokens_stored_this_month(memory_key_id uuid)
returns bigint
language sql
stable
set search_path = ''
as $$
  select coalesce(sum(tokens_stored), 0)::bigint
  from public.usage_daily
  where usage_daily.memory_key_id = tokens_stored_this_month.memory_key_id
    and day >= date_trunc('month', now() at time zone 'UTC')::date;
$$;

comment on function private.tokens_stored_this_month is 'What counts against a key''s cap, by calendar month (UTC).';

grant execute on function private.record_usage, private.count_stored_tokens to vault_worker;
