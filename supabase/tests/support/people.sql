-- Lets a test speak as somebody: `people.arrive('ada')`, then `people.sign_in('ada')`. The worker and
-- the Edge Functions are somebody too: `people.act_as_service()`.

create schema people;
grant usage on schema people to anon, authenticated, service_role;

create function people.id(name text)
returns uuid
language sql
immutable
as $$
  select md5(name)::uuid;
$$;

create function people.arrive(name text)
returns void
language sql
as $$
  insert into auth.users (id, email) values (people.id(name), name || '@example.com');
$$;

create function people.become(role text, claims json)
returns void
language plpgsql
as $$
begin
  perform set_config('request.jwt.claims', claims::text, true);
  perform set_config('request.jwt.claim.sub', coalesce(claims ->> 'sub', ''), true);
  perform set_config('request.jwt.claim.role', coalesce(claims ->> 'role', ''), true);
  perform set_config('role', role, true);
end;
$$;

create function people.sign_in(name text)
returns void
language sql
as $$
  select people.become('authenticated', json_build_object('sub', people.id(name), 'role', 'authenticated'));
$$;

create function people.sign_out()
returns void
language sql
as $$
  select people.become('anon', json_build_object('role', 'anon'));
$$;

create function people.act_as_service()
returns void
language sql
as $$
  select people.become('service_role', json_build_object('role', 'service_role'));
$$;

-- Back to who runs the tests, who may look at everything.
create function people.look_behind()
returns void
language plpgsql
as $$
begin
  perform people.become('none', '{}');
end;
$$;

-- Makes a memory key for somebody and keeps it for the test: its id as `people.key('ada')`, its secret
-- as `people.secret('ada')`.
create function people.make_key(name text)
returns uuid
language plpgsql
as $$
declare
  made jsonb;
begin
  perform people.sign_in(name);
  made := public.create_memory_key(name || '''s key');
  perform set_config('people.key_' || name, made ->> 'id', true);
  perform set_config('people.secret_' || name, made ->> 'key', true);
  perform people.look_behind();
  return (made ->> 'id')::uuid;
end;
$$;

create function people.key(name text)
returns uuid
language sql
stable
as $$
  select current_setting('people.key_' || name)::uuid;
$$;

create function people.secret(name text)
returns text
language sql
stable
as $$
  select current_setting('people.secret_' || name);
$$;

create function people.hash(secret text)
returns text
language sql
immutable
as $$
  select encode(sha256(convert_to(secret, 'utf8')), 'hex');
$$;

grant execute on all functions in schema people to anon, authenticated, service_role;
