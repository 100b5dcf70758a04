CREATE TABLE "order" ("group" TEXT, [select] BIGINT, `a"b` TEXT, "with space" TEXT, key TEXT, 'single' TEXT, CHECK ("group" <> [select]), UNIQUE ("key", `a"b`));
CREATE INDEX "my index" ON "order" ("with space" DESC, key);
CREATE VIEW "from" AS SELECT "group", "order"."select", [with space] AS "as" FROM "order" WHERE "key" = "never a column" AND "group" IS NOT NULL;
