CREATE TABLE public.parent (id integer NOT NULL, note text DEFAULT 'x', CHECK (id > 0)) PARTITION BY LIST (note);
CREATE INDEX parent_i ON public.parent (id);
