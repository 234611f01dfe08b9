-- Once, on the first primary, as postgres: psql -v ON_ERROR_STOP=1 -f roles.sql
-- Then each gets its password: \password shikaku, and so on.

-- What the servers of shikaku are: the owner of their database, and nothing else.
CREATE ROLE shikaku LOGIN;
CREATE DATABASE shikaku OWNER shikaku ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0;
REVOKE ALL ON DATABASE shikaku FROM PUBLIC;
GRANT CONNECT ON DATABASE shikaku TO shikaku;

\connect shikaku

-- Who says how the replica stands, and which database is the primary; he reads no table.
CREATE ROLE keeper LOGIN IN ROLE pg_monitor, pg_checkpoint;
GRANT CONNECT ON DATABASE shikaku TO keeper;
GRANT ALTER SYSTEM ON PARAMETER synchronous_standby_names TO keeper;
GRANT EXECUTE ON FUNCTION pg_reload_conf() TO keeper;
GRANT EXECUTE ON FUNCTION pg_promote(boolean, integer) TO keeper;

-- The replica: everything, by copying; and what pg_rewind asks.
CREATE ROLE replicator LOGIN REPLICATION;
GRANT CONNECT ON DATABASE shikaku TO replicator;
GRANT EXECUTE ON FUNCTION pg_ls_dir(text, boolean, boolean) TO replicator;
GRANT EXECUTE ON FUNCTION pg_stat_file(text, boolean) TO replicator;
GRANT EXECUTE ON FUNCTION pg_read_binary_file(text) TO replicator;
GRANT EXECUTE ON FUNCTION pg_read_binary_file(text, bigint, bigint, boolean) TO replicator;
