CREATE TABLE kept (id int);
CREATE TABLE "Order Lines" (
    id bigint GENERATED ALWAYS AS IDENTITY,
    "quoted ""name""" text COLLATE "C" DEFAULT 'it''s' NOT NULL,
    amount numeric(10,2) DEFAULT 0.00,
    doubled numeric GENERATED ALWAYS AS (amount * 2) STORED
);
COMMENT ON TABLE "Order Lines" IS 'one of an order';
COMMENT ON COLUMN "Order Lines".amount IS 'in "euros"; it''s net';
CREATE TABLE empty ();
