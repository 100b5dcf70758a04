CREATE TABLE orders (total numeric(10,2) CONSTRAINT positive CHECK (total > 0));
