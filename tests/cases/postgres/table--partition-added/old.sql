CREATE TABLE logs (id integer NOT NULL, at date NOT NULL, body text, CONSTRAINT short CHECK (length(body) < 99))
    PARTITION BY RANGE (at);
CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
ALTER TABLE logs ADD CONSTRAINT logs_key PRIMARY KEY (id, at);
CREATE INDEX logs_body ON logs (body);
CREATE TABLE seen (id integer, at date, FOREIGN KEY (id, at) REFERENCES logs);
