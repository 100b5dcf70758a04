SELECT setval('numbers', -3);
