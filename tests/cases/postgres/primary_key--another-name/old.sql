CREATE TABLE orders (id int CONSTRAINT orders_pkey PRIMARY KEY);
