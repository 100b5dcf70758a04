INSERT INTO "typed %" VALUES (1, 2, 'a');
