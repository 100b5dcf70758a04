CREATE VIRTUAL TABLE @name@ USING fts5(@name:a@, @name:b@, tokenize = 'porter ascii');
