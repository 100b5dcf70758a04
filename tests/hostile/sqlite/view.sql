CREATE TABLE @name:t@ (@name@ TEXT);
CREATE VIEW @name@ (@name@, @name:d@) AS
    SELECT @name@, @name:al@.@name@ || @text:body@ FROM @name:t@ AS @name:al@ WHERE @name@ <> @text:where@;
CREATE TRIGGER @name@ INSTEAD OF INSERT ON @name@ BEGIN
    INSERT INTO @name:t@ VALUES (@text:trigger@);
END;
