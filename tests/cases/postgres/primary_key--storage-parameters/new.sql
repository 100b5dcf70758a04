CREATE TABLE orders (id int PRIMARY KEY WITH (fillfactor = 90));
