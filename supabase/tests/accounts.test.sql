begin;
select plan(11);

\ir support/people.sql

select people.arrive('ada');
select people.arrive('bob');

-- Ada
select people.sign_in('ada');

select results_eq(
  $$ select user_id, display_name, is_memory_read_only from public.profiles $$,
  $$ values (people.id('ada'), null::text, false) $$,
  'A profile is there as soon as somebody has signed up, and only its owner sees it'
);

select is(
  (select notification_preferences ->> 'product_news' from public.profiles), 'false',
  'Nobody gets news they did not ask for'
);

select lives_ok(
  $$ update public.profiles set display_name = 'Ada', notification_preferences = '{"billing": false}' $$,
  'Owners can change how they are called and what they are told'
);

select throws_ok(
  $$ update public.profiles set notification_preferences = '[]' $$, '23514', null,
  'Preferences are an object'
);

select throws_ok(
  $$ update public.profiles set is_memory_read_only = false $$, '42501', null,
  'Owners cannot lift a limit on themselves'
);

select throws_ok(
  $$ update public.profiles set user_id = people.id('bob') $$, '42501', null,
  'Owners cannot give their profile to somebody else'
);

select throws_ok(
  $$ delete from public.profiles $$, '42501', null,
  'A profile goes with its account and not before'
);

-- Bob
select people.sign_in('bob');

select is_empty(
  $$ update public.profiles set display_name = 'Eve' where user_id = people.id('ada') returning user_id $$,
  'Profiles of others cannot be changed'
);

select is(
  (select count(*)::integer from public.profiles), 1,
  'Profiles of others are invisible'
);

-- A stranger
select people.sign_out();

select throws_ok(
  $$ select * from public.profiles $$, '42501', null,
  'Visitors see no profile'
);

-- Behind the scenes
select people.look_behind();
delete from auth.users where id = people.id('ada');

select results_eq(
  $$ select user_id, display_name from public.profiles where user_id in (people.id('ada'), people.id('bob')) $$,
  $$ values (people.id('bob'), null::text) $$,
  'A deleted account takes its profile along and no other'
);

select * from finish();
rollback;
