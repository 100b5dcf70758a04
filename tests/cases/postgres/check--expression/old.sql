CREATE TABLE orders (status varchar(10), CONSTRAINT known CHECK (status IN ('new', 'paid')));
