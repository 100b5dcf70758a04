CREATE TEXT SEARCH DICTIONARY "my dict" (TEMPLATE = snowball, language = 'english', stopwords = 'english');
