CREATE TABLE one (a integer);
CREATE TABLE two (a integer);
