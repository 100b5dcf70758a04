CREATE TABLE public.parent (id integer, note text DEFAULT 'x' NOT NULL, CHECK (id > 0));
