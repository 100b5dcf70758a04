CREATE TABLE orders (total numeric(10,2));
