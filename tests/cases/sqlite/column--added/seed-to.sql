INSERT INTO customers (id, email, name, city) VALUES (1, 'a', 'b', 'c'), (5, 'd', 'e', 'f');
