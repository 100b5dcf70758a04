CREATE TABLE logs (id integer NOT NULL, at date NOT NULL, body text NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE kinds (id integer PRIMARY KEY);
ALTER TABLE logs ADD CONSTRAINT logs_kind FOREIGN KEY (id) REFERENCES kinds (id);
ALTER TABLE logs ADD CONSTRAINT logs_key PRIMARY KEY (id, at);
CREATE INDEX logs_body ON logs (body);
CREATE TABLE "Old logs" (id integer NOT NULL, at date NOT NULL, body text);
ALTER TABLE "Old logs" ADD CONSTRAINT logs_kind FOREIGN KEY (id) REFERENCES kinds (id);
CREATE INDEX "an index" ON "Old logs" (body);
