INSERT INTO stays VALUES ('[1,1]', '[2024-01-01,2024-02-01)', 'a');
