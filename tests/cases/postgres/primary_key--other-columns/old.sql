CREATE TABLE lines ("order" int NOT NULL, n int NOT NULL, sku text NOT NULL, PRIMARY KEY ("order", n));
