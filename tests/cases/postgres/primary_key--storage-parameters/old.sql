CREATE TABLE orders (id int PRIMARY KEY WITH (fillfactor = 70, deduplicate_items = off));
