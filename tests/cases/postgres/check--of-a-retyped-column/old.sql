CREATE TABLE orders (status varchar(10), note text, CONSTRAINT known CHECK (status IN ('new', 'paid')), CONSTRAINT said CHECK (status <> note));
