-- House rules: what must hold for every table and function we will ever add.
--
-- Each test lists the offenders, so a failure names what to fix.
begin;
select plan(32);

-- Tables

select is_empty(
  $$ select oid::regclass from pg_class
     where relnamespace in ('public'::regnamespace, 'private'::regnamespace)
       and relkind in ('r', 'p') and not relrowsecurity $$,
  'Every table has row level security'
);

select is_empty(
  $$ select oid::regclass from pg_class
     where relnamespace in ('public'::regnamespace, 'private'::regnamespace)
       and relkind in ('r', 'p') and not relispartition
       and obj_description(oid, 'pg_class') is null $$,
  'Every table says what it is for'
);

select is_empty(
  $$ select oid::regclass from pg_class
     where relnamespace = 'public'::regnamespace and relispartition $$,
  'No partition is a table of the API'
);

select is_empty(
  $$ select conrelid::regclass, conname from pg_constraint
     where contype = 'f'
       and connamespace in ('public'::regnamespace, 'private'::regnamespace)
       and not exists (
         select from pg_index
         where indrelid = conrelid and (indkey::int2[])[0:cardinality(conkey) - 1] @> conkey
       ) $$,
  'Every foreign key is indexed'
);

select is_empty(
  $$ select indrelid::regclass from pg_index
     join pg_attribute on attrelid = indrelid and attname = 'memory_key_id'
     join pg_class on pg_class.oid = indrelid
     where indisprimary and relnamespace = 'public'::regnamespace
       and attnum = any (indkey::int2[]) and indkey[0] <> attnum $$,
  'Every primary key that holds the memory key begins with it'
);

select is_empty(
  $$ select oid::regclass from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
       and not coalesce(reloptions @> array['security_invoker=true'], false) $$,
  'Every view shows its reader what its reader may see'
);

select is_empty(
  $$ select extname from pg_extension where extnamespace = 'public'::regnamespace $$,
  'No extension lives in the API'
);

-- Functions

select is_empty(
  $$ select oid::regprocedure from pg_proc
     where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
       and not coalesce(proconfig @> array['search_path=""'], false) $$,
  'Every function fixes its search path'
);

select is_empty(
  $$ select oid::regprocedure from pg_proc
     where pronamespace = 'public'::regnamespace and prosecdef $$,
  'No function in the API acts beyond its caller''s rights'
);

select is_empty(
  $$ select oid::regprocedure from pg_proc
     where pronamespace = 'public'::regnamespace and obj_description(oid, 'pg_proc') is null $$,
  'Every function in the API says what it does'
);

select is_empty(
  $$ select oid::regprocedure from pg_proc
     where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
       and exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0) $$,
  'No function is executable by everybody'
);

-- Policies

select is_empty(
  $$ select tablename, policyname from pg_policies
     where schemaname in ('public', 'private') and roles = '{public}' $$,
  'Every policy names the role it is for'
);

select is_empty(
  $$ select tablename, policyname from pg_policies
     where schemaname in ('public', 'private')
       and (coalesce(qual, with_check) is null or qual = 'true' or with_check = 'true') $$,
  'No policy is always true'
);

select is_empty(
  $$ select tablename, policyname from pg_policies
     where schemaname in ('public', 'private') and (cmd = 'ALL' or permissive <> 'PERMISSIVE') $$,
  'Every policy is for one command'
);

select is_empty(
  $$ select tablename, policyname from pg_policies
     where schemaname in ('public', 'private')
       and policyname !~ case roles when '{authenticated}' then '^Owners can ' else '^Vault workers can ' end $$,
  'Every policy is a sentence that begins with who'
);

select is_empty(
  $$ select tablename, policyname from pg_policies
     where schemaname in ('public', 'private')
       and regexp_replace(concat(qual, with_check), '\( *SELECT (auth\.uid|private\.current_memory_key_id)\(\)', '', 'gi')
         ~ '(auth\.uid|current_memory_key_id)\(\)' $$,
  'Every policy asks who is calling once per query, not once per row'
);

select is_empty(
  $$ select tablename, policyname from pg_policies
     where schemaname in ('public', 'private')
       and concat(qual, with_check) ~ '(user_metadata|raw_user_meta_data|current_user|auth\.role)' $$,
  'No policy listens to what users say of themselves'
);

select is_empty(
  $$ select distinct tablename, attname from pg_policies
     join pg_attribute on attrelid = format('%I.%I', schemaname, tablename)::regclass and attnum > 0
     where schemaname in ('public', 'private')
       and concat(qual, with_check) ~ format('\(\(?%s (=|IN|>)', attname)
       and not exists (select from pg_index where indrelid = attrelid and indkey[0] = attnum) $$,
  'Every column a policy compares leads an index'
);

-- Who may do what

select is_empty(
  $$ select pg_class.oid::regclass, privilege from pg_class,
       unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) as privilege
     where relnamespace::regnamespace::text in ('public', 'private', 'vault', 'auth')
       and relkind in ('r', 'p', 'v', 'm')
       and (
         has_table_privilege('anon', pg_class.oid, privilege)
         or (privilege in ('select', 'insert', 'update', 'references')
           and has_any_column_privilege('anon', pg_class.oid, privilege))
       ) $$,
  'Visitors can do nothing with any table'
);

select is_empty(
  $$ select oid::regclass from pg_class
     where relnamespace::regnamespace::text in ('public', 'private', 'vault') and relkind = 'S'
       and (has_sequence_privilege('anon', oid, 'usage') or has_sequence_privilege('anon', oid, 'select')
         or has_sequence_privilege('authenticated', oid, 'usage') or has_sequence_privilege('authenticated', oid, 'select')) $$,
  'Neither visitors nor owners can use a sequence'
);

select is_empty(
  $$ select oid::regprocedure from pg_proc
     where pronamespace::regnamespace::text in ('public', 'private', 'vault')
       and has_function_privilege('anon', oid, 'execute') $$,
  'Visitors can call no function'
);

select is_empty(
  $$ select role, nspname from unnest(array['anon', 'authenticated']) as role, pg_namespace
     where nspname in ('vault', 'private', 'cron', 'pgmq')
       and not (role = 'authenticated' and nspname = 'private')
       and has_schema_privilege(role, pg_namespace.oid, 'usage') $$,
  'Neither visitors nor owners get near the vault or the machinery'
);

select results_eq(
  $$ select oid::regprocedure::text from pg_proc
     where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
       and has_function_privilege('authenticated', oid, 'execute')
     order by 1 $$,
  $$ values
     ('create_memory_key(text,text,timestamp with time zone,bigint)'),
     ('private.create_memory_key(text,text,timestamp with time zone,bigint)') $$,
  'Owners can call these functions and no others'
);

select results_eq(
  $$ select relname::text collate "default", attname::text collate "default" from pg_class
     join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')
       and has_column_privilege('authenticated', pg_class.oid, attnum, 'update')
     order by 1, 2 $$,
  $$ values
     ('memory_keys', 'embedding'), ('memory_keys', 'expires_at'), ('memory_keys', 'is_active'),
     ('memory_keys', 'mode'), ('memory_keys', 'name'), ('memory_keys', 'on_disconnect'),
     ('memory_keys', 'retention_days'), ('memory_keys', 'token_cap'),
     ('profiles', 'display_name'), ('profiles', 'notification_preferences'),
     ('provider_keys', 'is_active'), ('provider_keys', 'nickname') $$,
  'Owners can change these columns and no others'
);

select is_empty(
  $$ select oid::regclass from pg_class
     where relnamespace in ('public'::regnamespace, 'private'::regnamespace) and relkind in ('r', 'p', 'v')
       and (has_any_column_privilege('authenticated', oid, 'insert') or has_table_privilege('authenticated', oid, 'truncate')) $$,
  'Owners can insert rows nowhere: functions do'
);

select is_empty(
  $$ select pg_class.oid::regclass, attname from pg_class
     join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
     where relnamespace = 'public'::regnamespace
       and attname in ('hash', 'secret_id', 'content_hash', 'number', 'session_number')
       and has_column_privilege('authenticated', pg_class.oid, attnum, 'select') $$,
  'Owners cannot read hashes, nor where secrets lie, nor numbers that count all vaults'
);

select is_empty(
  $$ select oid::regclass from pg_class
     where relnamespace in ('public'::regnamespace, 'private'::regnamespace) and relkind in ('r', 'p', 'v')
       and (
         has_table_privilege('service_role', oid, 'select, insert, update, delete, truncate')
         or has_any_column_privilege('service_role', oid, 'select, insert, update')
       ) $$,
  'The worker''s key opens functions, and no table'
);

-- The vault worker

select results_eq(
  $$ select rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb from pg_roles where rolname = 'vault_worker' $$,
  $$ values (false, false, false, false, false) $$,
  'The vault worker is bound by row level security and cannot sign in'
);

select is_empty(
  $$ select relname from pg_class where relowner = 'vault_worker'::regrole
     union all
     select proname from pg_proc
     where proowner = 'vault_worker'::regrole and (pronamespace <> 'private'::regnamespace or not prosecdef)
     union all
     select nspname from pg_namespace where has_schema_privilege('vault_worker', oid, 'create') and nspname !~ '^pg_temp' $$,
  'The vault worker owns a few private functions and can create nothing'
);

select is_empty(
  $$ select pg_class.oid::regclass, privilege from pg_class,
       unnest(array['select', 'insert', 'update', 'delete']) as privilege
     where relnamespace in ('public'::regnamespace, 'private'::regnamespace) and relkind in ('r', 'p', 'v')
       and has_table_privilege('vault_worker', pg_class.oid, privilege)
       and not exists (
         select from pg_policies
         where format('%I.%I', schemaname, tablename)::regclass = pg_class.oid
           and roles = '{vault_worker}' and lower(cmd) = privilege
       ) $$,
  'Whatever the vault worker is granted, a policy binds to one vault'
);

select results_eq(
  $$ select proname::text collate "default" from pg_proc
     where pronamespace = 'private'::regnamespace and prosecdef
       and proowner <> 'vault_worker'::regrole
       and has_function_privilege('service_role', oid, 'execute')
     order by 1 $$,
  $$ values
     ('keys_awaiting_vectors'), ('mint_memory_key'), ('open_memory_key'), ('record_provider_key_check'),
     ('reveal_provider_key'), ('store_provider_key'), ('sweep_turns') $$,
  'These functions of the worker act across vaults and no others'
);

select is_empty(
  $$ select public_function.oid::regprocedure from pg_proc as public_function
     where pronamespace = 'public'::regnamespace
       and has_function_privilege('service_role', oid, 'execute')
       and (has_function_privilege('authenticated', oid, 'execute') or has_function_privilege('anon', oid, 'execute')) $$,
  'What the worker may call, neither owners nor visitors may'
);

select * from finish();
rollback;
