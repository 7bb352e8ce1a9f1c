-- Accounts: what we keep about a person beside what Auth keeps.
--
-- A profile is made by the sign-up itself and goes with the account. Owners see theirs and may change
-- how they are called and what they are told; nobody inserts or deletes one by hand, so there is no
-- policy for it.

create table public.profiles (
  user_id uuid primary key references auth.users (id) on delete cascade,
  display_name text check (char_length(display_name) between 1 and 80),
  notification_preferences jsonb not null
    default '{"usage_alerts": true, "billing": true, "product_news": false}'
    check (jsonb_typeof(notification_preferences) = 'object' and octet_length(notification_preferences::text) <= 4096),
  is_memory_read_only boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

comment on table public.profiles is 'What we keep about a person beside what Auth keeps.';
comment on column public.profiles.is_memory_read_only is
  'Recall goes on and nothing new is remembered, as when a bill stays unpaid.';

-- Access

alter table public.profiles enable row level security;

create policy "Owners can see their profile"
  on public.profiles for select to authenticated
  using (user_id = (select auth.uid()));

create policy "Owners can change their profile"
  on public.profiles for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

grant select on public.profiles to authenticated;
grant update (display_name, notification_preferences) on public.profiles to authenticated;

-- Functions

-- Security definer: a sign-up is done by Auth's role, which has no business in our tables.
create function private.welcome_user()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.profiles (user_id) values (new.id) on conflict do nothing;
  return null;
end;
$$;

create trigger users_welcome
  after insert on auth.users
  for each row execute function private.welcome_user();

create function private.touch_profile()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end;
$$;

create trigger profiles_touch
  before update on public.profiles
  for each row execute function private.touch_profile();

-- Whoever signed up before this migration.
insert into public.profiles (user_id) select id from auth.users on conflict do nothing;
