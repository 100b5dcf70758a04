INSERT INTO base (name) VALUES ('a'); INSERT INTO heir (name, more, id) VALUES ('b', 1, 1);
