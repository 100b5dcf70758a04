CREATE TEXT SEARCH DICTIONARY "my dict" (TEMPLATE = snowball, stopwords = 'english', language = 'english');
