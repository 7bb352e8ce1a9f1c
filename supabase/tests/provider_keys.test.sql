begin;
select plan(24);

\ir support/people.sql
\ir support/search.sql

select people.arrive('ada');
select people.arrive('bob');
select people.make_key('ada');
select people.make_key('bob');

-- The Edge Function
select people.act_as_service();

select is(
  public.store_provider_key(people.id('ada'), 'openai', 'sk-ada-first-1111', 'Work', 'valid')
    - array['id', 'created_at', 'last_checked_at'],
  '{"provider": "openai", "nickname": "Work", "last_four": "1111", "is_active": true, "last_check_result": "valid"}',
  'A stored key is described without its secret'
);

select lives_ok(
  $$ select public.store_provider_key(people.id('bob'), 'openai', 'sk-bob-only-9999') $$,
  'Each account has its own key at a provider'
);

select throws_ok(
  $$ select public.store_provider_key(people.id('ada'), 'OpenAI!', 'sk-ada-first-1111') $$, '23514', null,
  'A provider is called by its id'
);

select throws_ok(
  $$ select public.store_provider_key(people.id('ada'), 'anthropic', 'short') $$, 'PT400', null,
  'What is too short to be a key is not stored'
);

-- Ada
select people.sign_in('ada');

select results_eq(
  $$ select provider, nickname, last_four, is_active, last_check_result from public.provider_keys $$,
  $$ values ('openai', 'Work', '1111', true, 'valid') $$,
  'Owners see their provider keys by the last four characters'
);

select throws_ok(
  $$ select secret_id from public.provider_keys $$, '42501', null,
  'Owners cannot see where the secret lies'
);

select lives_ok(
  $$ update public.provider_keys set nickname = 'Team' $$,
  'Owners can rename a provider key'
);

select throws_ok($$ update public.provider_keys set secret_id = gen_random_uuid() $$, '42501', null, 'Owners cannot point a key at another secret');
select throws_ok($$ update public.provider_keys set user_id = people.id('bob') $$, '42501', null, 'Owners cannot give a provider key away');
select throws_ok(
  $$ insert into public.provider_keys (user_id, provider, last_four, secret_id)
     values (people.id('ada'), 'anthropic', '0000', gen_random_uuid()) $$, '42501', null,
  'Owners cannot write a provider key themselves'
);
select throws_ok(
  $$ select public.reveal_provider_key(people.id('ada'), id) from public.provider_keys $$, '42501', null,
  'Not even owners can read a stored secret back'
);
select throws_ok($$ select * from vault.decrypted_secrets $$, '42501', null, 'Owners cannot look into the vault');

-- Bob
select people.sign_in('bob');

select results_eq(
  $$ select last_four from public.provider_keys $$, $$ values ('9999') $$,
  'Provider keys are invisible to everyone but their owner'
);
select is_empty(
  $$ delete from public.provider_keys where user_id = people.id('ada') returning id $$,
  'Nobody can delete somebody else''s provider key'
);

-- A stranger
select people.sign_out();
select throws_ok($$ select id from public.provider_keys $$, '42501', null, 'Visitors see no provider keys');

-- The worker and the Edge Function
select people.look_behind();
create temporary table known on commit drop as
  select id, user_id, secret_id from public.provider_keys;
grant select on known to service_role;
select people.act_as_service();

select is(
  (select public.reveal_provider_key(people.id('ada'), id) from known where user_id = people.id('ada')),
  'sk-ada-first-1111',
  'A secret comes out of the vault as it went in'
);

select is(
  (select public.reveal_provider_key(people.id('bob'), id) from known where user_id = people.id('ada')), null,
  'A secret is revealed for its own account alone'
);

select is(
  (select public.record_provider_key_check(people.id('ada'), id, 'no_credit') ->> 'last_check_result' from known where user_id = people.id('ada')),
  'no_credit',
  'What a provider says to a key is noted'
);

select is(
  public.open_memory_key(people.hash(people.secret('ada'))) -> 'provider_keys',
  (select jsonb_build_array(jsonb_build_object('id', id, 'provider', 'openai', 'secret', 'sk-ada-first-1111'))
   from known where user_id = people.id('ada')),
  'A memory key brings its account''s provider keys, and nobody else''s'
);

select is(
  public.store_provider_key(people.id('ada'), 'openai', 'sk-ada-second-2222') ->> 'nickname', 'Team',
  'A new secret takes the place of the old one under the same name'
);

select people.look_behind();
select is_empty(
  $$ select id from vault.secrets where id in (select secret_id from known where user_id = people.id('ada')) $$,
  'The vault forgets a secret that was replaced'
);

update public.provider_keys set is_active = false where user_id = people.id('ada');
select people.act_as_service();
select is(
  public.open_memory_key(people.hash(people.secret('ada'))) -> 'provider_keys', '[]',
  'A disabled provider key is not handed out'
);

select people.look_behind();
select is_empty(
  $$ select search.tables_showing(secret) from unnest(array['sk-ada-first-1111', 'sk-ada-second-2222', 'sk-bob-only-9999']) as secret $$,
  'No table shows a provider key'
);

delete from public.provider_keys where user_id = people.id('bob');
delete from auth.users where id = people.id('ada');
select is_empty(
  $$ select id from vault.secrets where description like '%' || people.id('ada') || '%' or description like '%' || people.id('bob') || '%' $$,
  'A deleted key and a deleted account take their secrets out of the vault'
);

select * from finish();
rollback;
