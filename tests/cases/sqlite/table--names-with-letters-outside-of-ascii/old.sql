CREATE TABLE "é" (id INTEGER PRIMARY KEY, "É" TEXT, "é" TEXT, "Éa" "typé");
CREATE TABLE "É" (id INTEGER PRIMARY KEY, "é" TEXT);
CREATE INDEX "ö" ON "É" ("é");
CREATE INDEX "Ö" ON "é" ("É", "é");
