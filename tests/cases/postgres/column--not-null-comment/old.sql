CREATE TABLE t (a int NOT NULL, b int NOT NULL, "c'" int, d int NOT NULL, e int NOT NULL, f smallint NOT NULL);
COMMENT ON CONSTRAINT t_a_not_null ON t IS 'it''s "a"';
COMMENT ON CONSTRAINT t_d_not_null ON t IS 'goes';
COMMENT ON CONSTRAINT t_e_not_null ON t IS 'kept, %';
COMMENT ON CONSTRAINT t_f_not_null ON t IS 'kept';
CREATE TABLE p (id int NOT NULL, n int NOT NULL) PARTITION BY LIST (id);
CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (1);
COMMENT ON CONSTRAINT p_n_not_null ON p_1 IS 'of the part';
