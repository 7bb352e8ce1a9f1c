begin;
select plan(17);

\ir support/people.sql

select people.arrive('ada');
select people.arrive('bob');
select people.make_key('ada');
select people.make_key('bob');

-- Ada
select people.sign_in('ada');

select results_eq(
  $$ select actor_id, action, subject_id, details ->> 'name' from public.audit_log $$,
  $$ values (people.id('ada'), 'memory_key.created', people.key('ada'), 'ada''s key') $$,
  'Making a key is written down, with who did it'
);

update public.memory_keys set name = 'Laptop', mode = 'read';
select is(
  (select details from public.audit_log where action = 'memory_key.changed'),
  '{"name": ["ada''s key", "Laptop"], "mode": ["on", "read"]}',
  'A change is written down with what was and what is'
);

update public.memory_keys set name = 'Laptop';
select is(
  (select count(*)::integer from public.audit_log where action = 'memory_key.changed'), 1,
  'What changes nothing is no news'
);

-- Our services
select people.act_as_service();
select public.store_provider_key(people.id('ada'), 'openai', 'sk-ada-first-1111');
select public.store_provider_key(people.id('ada'), 'openai', 'sk-ada-second-2222');
select public.open_memory_key(people.hash(people.secret('ada'))) is not null;
select public.mint_memory_key(people.key('ada'), 'Customer', 'customer-1') is not null;

select people.sign_in('ada');
select results_eq(
  $$ select actor_id, action, details ->> 'last_four' from public.audit_log where action like 'provider_key.created' $$,
  $$ values (null::uuid, 'provider_key.created', '1111') $$,
  'What a service does has no actor'
);
select is(
  (select details -> 'last_four' from public.audit_log where action = 'provider_key.changed'), '["1111", "2222"]',
  'A new secret for a provider key is written down by its last four characters'
);
select is(
  (select details ->> 'minted_by' from public.audit_log where details ->> 'external_id' = 'customer-1'), people.key('ada')::text,
  'A minted key names the key that made it'
);
select is(
  (select count(*)::integer from public.audit_log where details ? 'last_used_at'), 0,
  'Using a key is no news'
);
select is_empty(
  $$ select details from public.audit_log
     where details::text like '%sk-ada%' or details::text like '%' || people.secret('ada') || '%' or details ?| array['secret_id', 'hash'] $$,
  'The log holds no secret'
);

select people.look_behind();
insert into public.memory_key_secrets (memory_key_id, hash, prefix, last_four, created_at)
values (people.key('ada'), sha256('mk_second'), 'mk_secon', 'cond', now());
update public.memory_keys set created_at = created_at - interval '1 day' where id = people.key('ada');
insert into public.memory_key_secrets (memory_key_id, hash, prefix, last_four, kind)
values (people.key('ada'), sha256('mk_third'), 'mk_third', 'hird', 'playground');
update public.memory_key_secrets set revoked_at = now() where prefix = 'mk_third';
select people.sign_in('ada');
select bag_eq(
  $$ select action, details ->> 'kind' from public.audit_log where action like 'memory_key.secret%' $$,
  $$ values ('memory_key.secret_added', 'playground'), ('memory_key.secret_revoked', 'playground') $$,
  'A second secret for a key is written down, and its end'
);

delete from public.provider_keys;
delete from public.memory_keys where id = people.key('ada');
select set_eq(
  $$ select action, subject_id is not null from public.audit_log where action like '%.deleted' $$,
  $$ values ('provider_key.deleted', true), ('memory_key.deleted', true) $$,
  'Deleting a key is written down and outlives it'
);

select throws_ok($$ delete from public.audit_log $$, '42501', null, 'Nobody can delete an entry');
select throws_ok($$ update public.audit_log set action = 'nothing' $$, '42501', null, 'nor change one');
select throws_ok(
  $$ insert into public.audit_log (user_id, action, subject_id) values (people.id('ada'), 'forged', people.id('ada')) $$, '42501', null,
  'nor write one'
);

-- Bob
select people.sign_in('bob');
select results_eq(
  $$ select action from public.audit_log $$, $$ values ('memory_key.created') $$,
  'The log of others is invisible'
);

-- A stranger
select people.sign_out();
select throws_ok($$ select * from public.audit_log $$, '42501', null, 'Visitors see no log');

-- An account goes
select people.look_behind();
select lives_ok($$ delete from auth.users where id = people.id('ada') $$, 'An account can be deleted with keys and all');
select is_empty($$ select id from public.audit_log where user_id = people.id('ada') $$, 'and takes its log along');

select * from finish();
rollback;
