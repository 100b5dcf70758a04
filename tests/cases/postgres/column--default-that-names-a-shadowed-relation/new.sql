CREATE TABLE t (id integer, r regclass);
CREATE TABLE pg_class (id integer);
CREATE SEQUENCE pg_type;
DO $$ BEGIN EXECUTE format('ALTER TABLE t ALTER r SET DEFAULT %L::regclass, ALTER id SET DEFAULT nextval(%L::regclass)', quote_ident(current_schema) || '.pg_class', quote_ident(current_schema) || '.pg_type'); END $$;
