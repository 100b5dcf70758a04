CREATE TABLE child (own integer, more integer) INHERITS (public.parent);
CREATE TABLE second () INHERITS (public.parent);
