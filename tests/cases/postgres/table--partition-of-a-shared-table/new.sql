CREATE TABLE part (id integer NOT NULL, note text DEFAULT 'x', CONSTRAINT parent_id_check CHECK (id > 0));
CREATE INDEX part_id_idx ON part (id);
ALTER TABLE public.parent ATTACH PARTITION part FOR VALUES IN ('t');
CREATE TABLE second PARTITION OF public.parent FOR VALUES IN ('u');
