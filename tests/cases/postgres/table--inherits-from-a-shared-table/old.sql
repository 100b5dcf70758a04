CREATE TABLE child (own integer) INHERITS (public.parent);
