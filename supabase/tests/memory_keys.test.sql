begin;
select plan(46);

\ir support/people.sql
\ir support/search.sql

select people.arrive('ada');
select people.arrive('bob');

-- How a key is made

select is(
  to_hex(private.crc32('123456789')), 'cbf43926',
  'The checksum is the CRC-32 everybody knows'
);

select is(private.crc32(''), 0::bigint, 'The checksum of nothing is zero');

select results_eq(
  $$ values (private.base62(0, 3)), (private.base62(61, 2)), (private.base62(62 * 62 + 1, 6)) $$,
  $$ values ('000'), ('0z'), ('000101') $$,
  'Numbers are written in digits, capitals and small letters, and filled up with zeros'
);

select people.make_key('ada');
select people.make_key('bob');

select matches(
  people.secret('ada'), '^mk_[0-9A-Za-z]{49}$',
  'A key is handed to its owner in full, when it is made'
);

select is(
  right(people.secret('ada'), 6),
  private.base62(private.crc32(convert_to(left(people.secret('ada'), 46), 'utf8')), 6),
  'A key ends with the checksum of what stands before'
);

select isnt(people.secret('ada'), people.secret('bob'), 'No two keys are alike');

-- Ada
select people.sign_in('ada');

select results_eq(
  $$ select name, prefix, last_four, mode, is_active, may_mint, memory_token_count, on_disconnect, embedding
     from public.memory_keys $$,
  $$ values (
     'ada''s key', left(people.secret('ada'), 8), right(people.secret('ada'), 4),
     'on', true, true, 0::bigint, 'drain', 'hosted'
  ) $$,
  'Owners see their keys, by name and by how they begin and end'
);

select results_eq(
  $$ select prefix, last_four, kind, revoked_at from public.memory_key_secrets $$,
  $$ values (left(people.secret('ada'), 8), right(people.secret('ada'), 4), 'standard', null::timestamptz) $$,
  'Owners see which secrets a key has'
);

select throws_ok(
  $$ select hash from public.memory_key_secrets $$, '42501', null,
  'Owners cannot read the hash of their own key'
);

select throws_ok(
  $$ insert into public.memory_keys (user_id, name, prefix, last_four)
     values (people.id('ada'), 'Forged', 'mk_forge', 'last') $$, '42501', null,
  'Nobody can write a key of their own making'
);

select throws_ok(
  $$ insert into public.memory_key_secrets (memory_key_id, hash, prefix, last_four)
     values (people.key('bob'), sha256('mk_mine'), 'mk_mine', 'mine') $$, '42501', null,
  'Nobody can add a secret to somebody''s key'
);

select throws_ok($$ update public.memory_keys set user_id = people.id('bob') $$, '42501', null, 'Keys cannot be given away');
select throws_ok($$ update public.memory_keys set may_mint = true $$, '42501', null, 'Owners cannot give a key the right to mint');
select throws_ok($$ update public.memory_keys set memory_token_count = 0 $$, '42501', null, 'Owners cannot change what was counted');
select throws_ok($$ update public.memory_keys set mode = 'everything' $$, '23514', null, 'A mode is one of four');

select lives_ok(
  $$ update public.memory_keys
     set name = 'Laptop', mode = 'read', token_cap = 1000, retention_days = 30, on_disconnect = 'stop',
       embedding = 'words', expires_at = now() + interval '1 day' $$,
  'Owners can change the settings of their keys'
);

select throws_ok(
  $$ select public.create_memory_key('  ') $$, 'PT400', null, 'A key has a name'
);
select throws_ok(
  $$ select public.create_memory_key('Key', 'sometimes') $$, 'PT400', null, 'A new key''s mode is one of four'
);
select throws_ok(
  $$ select public.create_memory_key('Key', 'on', null, -1) $$, 'PT400', null, 'A cap is not negative'
);
select is(
  public.create_memory_key('Phone', 'write', now() + interval '1 hour', 500) - array['id', 'key', 'created_at', 'prefix', 'last_four'],
  '{"name": "Phone"}',
  'What making a key returns is the key, how to recognise it, and nothing else'
);

-- Bob
select people.sign_in('bob');

select is_empty(
  $$ select id from public.memory_keys where user_id <> people.id('bob')
     union all
     select memory_key_id from public.memory_key_secrets where memory_key_id <> people.key('bob') $$,
  'Keys are invisible to everyone but their owner'
);

select is_empty(
  $$ update public.memory_keys set is_active = false where id = people.key('ada') returning id $$,
  'Nobody can disable somebody else''s key'
);

select is_empty(
  $$ delete from public.memory_keys where id = people.key('ada') returning id $$,
  'Nobody can delete somebody else''s key'
);

select throws_ok(
  $$ select public.open_memory_key(people.hash(people.secret('ada'))) $$, '42501', null,
  'Owners cannot ask what a key opens'
);

-- A stranger
select people.sign_out();

select throws_ok($$ select public.create_memory_key('Anonymous') $$, '42501', null, 'Visitors cannot make keys');
select throws_ok($$ select id from public.memory_keys $$, '42501', null, 'Visitors see no keys');

-- The worker
select people.act_as_service();

select is(
  public.open_memory_key(people.hash(people.secret('ada')))
    - array['read_at', 'expires_at', 'provider_keys'],
  jsonb_build_object(
    'memory_key_id', people.key('ada'), 'user_id', people.id('ada'), 'mode', 'read', 'may_mint', true,
    'on_disconnect', 'stop', 'embedding', 'words', 'token_cap', 1000, 'tokens_stored_this_month', 0,
    'is_memory_read_only', false
  ),
  'A key opens its vault, with its settings'
);

select ok(
  (public.open_memory_key(people.hash(people.secret('ada'))) ->> 'read_at')::timestamptz
    between now() and clock_timestamp(),
  'What a key opens carries the time it was read'
);

select is(public.open_memory_key(people.hash('mk_unknown')), null, 'An unknown key opens nothing');
select is(public.open_memory_key('not a hash'), null, 'What is no hash opens nothing');
select is(public.open_memory_key(null), null, 'No key opens nothing');

select people.look_behind();

select ok(
  (select last_used_at > now() - interval '1 minute' from public.memory_keys where id = people.key('ada')),
  'A key remembers when it was last used'
);
update public.memory_keys set last_used_at = now() - interval '30 seconds' where id = people.key('ada');
select public.open_memory_key(people.hash(people.secret('ada'))) is not null;
select is(
  (select last_used_at from public.memory_keys where id = people.key('ada')), now() - interval '30 seconds',
  'The date is written at most once a minute'
);

-- Every reason answers alike.
create function pg_temp.opens_nothing(reason text)
returns text
language plpgsql
as $$
declare
  opened jsonb;
begin
  perform people.act_as_service();
  opened := public.open_memory_key(people.hash(people.secret('ada')));
  perform people.look_behind();
  return is(opened, null, reason);
end;
$$;

update public.memory_keys set is_active = false where id = people.key('ada');
select pg_temp.opens_nothing('A disabled key opens nothing');
update public.memory_keys set is_active = true, expires_at = clock_timestamp() where id = people.key('ada');
select pg_temp.opens_nothing('An expired key opens nothing');
update public.memory_keys set expires_at = null where id = people.key('ada');
update public.memory_key_secrets set revoked_at = now() where memory_key_id = people.key('ada');
select pg_temp.opens_nothing('A revoked secret opens nothing');
update public.memory_key_secrets set revoked_at = null, expires_at = clock_timestamp() where memory_key_id = people.key('ada');
select pg_temp.opens_nothing('An expired secret opens nothing');
update public.memory_key_secrets set expires_at = null where memory_key_id = people.key('ada');
update auth.users set banned_until = now() + interval '1 hour' where id = people.id('ada');
select pg_temp.opens_nothing('A banned owner''s key opens nothing');
update auth.users set banned_until = null where id = people.id('ada');

update public.profiles set is_memory_read_only = true where user_id = people.id('ada');
select is(
  public.open_memory_key(people.hash(people.secret('ada'))) -> 'is_memory_read_only', 'true',
  'A key says when nothing new may be remembered'
);

-- Minting
select people.act_as_service();

select is(
  public.mint_memory_key(people.key('ada'), 'Customer', 'customer-1', 'write') - array['id', 'key', 'created_at'],
  '{"name": "Customer"}',
  'A key that may mint makes a key for its account'
);

select throws_ok(
  $$ select public.mint_memory_key(people.key('ada'), 'Again', 'customer-1') $$, 'PT409', null,
  'An account has one key for each of its own users'
);

select lives_ok(
  $$ select public.mint_memory_key(people.key('bob'), 'Customer', 'customer-1') $$,
  'Another account may call its user the same'
);

select people.look_behind();

select results_eq(
  $$ select user_id, may_mint, mode, minted_by, embedding, on_disconnect, retention_days
     from public.memory_keys where external_id = 'customer-1' and user_id = people.id('ada') $$,
  $$ values (people.id('ada'), false, 'write', people.key('ada'), 'words', 'stop', 30) $$,
  'A minted key may not mint, and treats texts as the key that made it'
);

select throws_ok(
  $$ select public.mint_memory_key(id, 'Grandchild') from public.memory_keys where external_id = 'customer-1' $$, 'PT403', null,
  'Minted keys never mint'
);

select is_empty(
  $$ select search.tables_showing(people.secret('ada')) $$,
  'No table shows a key'
);

delete from auth.users where id = people.id('ada');
select pg_temp.opens_nothing('A deleted owner''s key opens nothing');

select * from finish();
rollback;
