CREATE TABLE x ();
CREATE TABLE "ééééééééééééééééééééééééééééééé" ("üüüüüüüüüüüüüüüüüüüüüüüüü" int GENERATED ALWAYS AS IDENTITY, "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" int GENERATED ALWAYS AS IDENTITY);
