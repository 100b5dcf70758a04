INSERT INTO spans VALUES ('1', '2');
