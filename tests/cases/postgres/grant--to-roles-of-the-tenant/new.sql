CREATE TABLE people (id integer PRIMARY KEY, name varchar(40));
CREATE TABLE "{app}" (id integer, "{owner}" text);
GRANT SELECT ON "{app}" TO "{app}";
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
DO $$ BEGIN EXECUTE format($q$GRANT SELECT, UPDATE ON people TO %I; GRANT SELECT ("{owner}") ON "{app}" TO %1$I;
 CREATE POLICY p ON people FOR SELECT TO %1$I USING (id > 0);
 ALTER DEFAULT PRIVILEGES FOR ROLE %2$I IN SCHEMA %3$I GRANT SELECT ON TABLES TO %1$I$q$, current_schema() || '_app', 'a' || current_schema(), current_schema()); END $$;
