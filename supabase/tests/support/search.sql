-- Looks for a secret everywhere a database can hold one.

create schema search;

-- Every table of ours, of the vault and of Auth with a row that shows the text.
create function search.tables_showing(secret text)
returns setof text
language plpgsql
as $$
declare
  searched regclass;
  is_there boolean;
begin
  for searched in
    select oid from pg_catalog.pg_class
    where relnamespace::regnamespace::text in ('public', 'private', 'vault', 'auth', 'supabase_migrations')
      and relkind in ('r', 'p')
  loop
    execute format('select exists (select from %s as searched where searched::text like $1)', searched)
      into is_there using '%' || secret || '%';
    if is_there then
      return next searched::text;
    end if;
  end loop;
end;
$$;
