"""What an operator's own PostgreSQL server needs before the first upgrade."""

ROLES_SQL = """\
-- Run as a superuser, with passwords of your own.
CREATE ROLE orion_owner LOGIN PASSWORD 'change-me-1';
CREATE ROLE orion_app LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD 'change-me-2';
CREATE ROLE orion_platform LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD 'change-me-3';
-- Lets a migration that waits for a lock tell whose statement holds it.
GRANT pg_read_all_stats TO orion_owner;
CREATE DATABASE orion OWNER orion_owner ENCODING 'UTF8';
REVOKE ALL ON DATABASE orion FROM PUBLIC;
GRANT CONNECT ON DATABASE orion TO orion_app, orion_platform;
\\connect orion
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
-- Then set:
--   ORION_DATABASE_OWNER_URL=postgresql+psycopg://orion_owner:change-me-1@HOST/orion
--   ORION_DATABASE_URL=postgresql+psycopg://orion_app:change-me-2@HOST/orion
--   ORION_DATABASE_PLATFORM_URL=postgresql+psycopg://orion_platform:change-me-3@HOST/orion
"""
