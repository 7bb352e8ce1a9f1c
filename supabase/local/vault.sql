-- A stand-in for Supabase Vault: the part of its surface we use, with the same names.
--
-- Secrets are encrypted by pgcrypto under a root key that lives outside the database and reaches it
-- as the setting `app.vault_root_key` of a session (at least 32 characters; who connects sets it).
-- Run it as a superuser after roles.sql, before the migrations; it may run again. A hosted project
-- has the real Vault and never sees the file.

create schema if not exists vault;

create table if not exists vault.secrets (
  id uuid primary key default gen_random_uuid(),
  name text,
  description text not null default '',
  secret text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create unique index if not exists secrets_name_idx on vault.secrets (name) where name is not null;

create or replace function vault.root_key()
returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  root_key constant text := current_setting('app.vault_root_key', true);
begin
  if coalesce(length(root_key), 0) < 32 then
    raise exception 'The vault is locked: app.vault_root_key is not set'
      using errcode = '55000';
  end if;
  return root_key;
end;
$$;

-- The root key is random, so a password's slow hashing would protect nothing: s2k-mode 1.
create or replace function vault.encrypt(secret text)
returns text
language sql
volatile
set search_path = ''
as $$
  select encode(
    extensions.pgp_sym_encrypt(encrypt.secret, vault.root_key(), 'cipher-algo=aes256, s2k-mode=1'),
    'base64'
  );
$$;

create or replace function vault.decrypt(secret text)
returns text
language sql
stable
set search_path = ''
as $$
  select extensions.pgp_sym_decrypt(decode(decrypt.secret, 'base64'), vault.root_key());
$$;

create or replace function vault.create_secret(
  new_secret text,
  new_name text default null,
  new_description text default ''
)
returns uuid
language sql
set search_path = ''
as $$
  insert into vault.secrets (secret, name, description)
  values (vault.encrypt(new_secret), new_name, coalesce(new_description, ''))
  returning id;
$$;

create or replace function vault.update_secret(
  secret_id uuid,
  new_secret text default null,
  new_name text default null,
  new_description text default null
)
returns void
language sql
set search_path = ''
as $$
  update vault.secrets
  set
    secret = case when new_secret is null then secret else vault.encrypt(new_secret) end,
    name = coalesce(new_name, name),
    description = coalesce(new_description, description),
    updated_at = now()
  where id = secret_id;
$$;

create or replace view vault.decrypted_secrets with (security_invoker = true) as
select id, name, description, secret, vault.decrypt(secret) as decrypted_secret, created_at, updated_at
from vault.secrets;

revoke all on schema vault from public;
revoke all on all tables in schema vault from public;
revoke all on all functions in schema vault from public;
