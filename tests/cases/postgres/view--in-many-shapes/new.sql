CREATE TABLE people (id integer PRIMARY KEY, name varchar(40), born date);

CREATE VIEW nothing AS SELECT;
CREATE RECURSIVE VIEW up_to_ten (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM up_to_ten WHERE n < 10;
CREATE VIEW "Select" ("a b", "c""d") AS SELECT id, row_number() OVER w FROM people WINDOW w AS (PARTITION BY born ORDER BY id);
CREATE VIEW grouped AS SELECT born, count(*) FILTER (WHERE name LIKE 'A%') AS n FROM people GROUP BY GROUPING SETS ((born), ());
CREATE VIEW joined AS SELECT p.*, q.name AS other FROM people p LEFT JOIN people q USING (id) CROSS JOIN LATERAL (SELECT p.id + 1) AS s (next);
CREATE VIEW cased AS SELECT CASE WHEN name = 'a' THEN 'b' ELSE 'c' END COLLATE "C" AS x, ARRAY['a', 'b']::varchar(3)[] AS y, born IN ('2001-01-01', '2002-01-01') AS z FROM people;
CREATE VIEW latest AS SELECT DISTINCT ON (name) id, name FROM people ORDER BY name, born DESC NULLS LAST LIMIT 10 OFFSET 1;
CREATE VIEW written AS WITH old AS MATERIALIZED (SELECT id FROM people WHERE born < now() - interval '18 years') SELECT id FROM old WHERE EXISTS (SELECT FROM people WHERE people.id = old.id);
