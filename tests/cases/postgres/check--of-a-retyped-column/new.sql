CREATE TABLE orders (status text, note text, CONSTRAINT known CHECK (status IN ('new', 'paid')), CONSTRAINT said CHECK (status <> note));
