-- Gives the migrating role what `postgres` has on a hosted project, where it is no superuser.
--
-- For tests on a real Postgres. Run it as a superuser in the test's database, after the other support
-- files and before the migrations; the database's owner is the migrating role.

do $$
declare
  migrator constant text := (
    select pg_catalog.pg_get_userbyid(datdba) from pg_catalog.pg_database where datname = current_database()
  );
begin
  execute format('alter schema extensions owner to %I', migrator);
  execute format('alter database %I set search_path to public, extensions', current_database());

  execute format('grant anon, authenticated, service_role to %I', migrator);
  execute format('grant usage on schema auth, vault to %I', migrator);
  execute format('grant all on all tables in schema auth to %I', migrator);
  execute format('grant execute on all functions in schema auth, vault to %I', migrator);
  execute format('grant all on all tables in schema vault to %I', migrator);

  -- Roles belong to the whole server: another database may have made this one already.
  if exists (select from pg_catalog.pg_roles where rolname = 'vault_worker') then
    execute format('grant vault_worker to %I with admin option', migrator);
  end if;
end;
$$;
