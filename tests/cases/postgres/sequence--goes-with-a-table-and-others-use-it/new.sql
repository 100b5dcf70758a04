CREATE TABLE gone_id_seq (id int);
CREATE TABLE stays (id int, n int);

CREATE TABLE by_part (id int, n int);
CREATE TABLE of_a_part (id int);

CREATE TABLE parent (n int);
CREATE TABLE heir (more int) INHERITS (parent);
CREATE TABLE by_heir (id int, n int);

CREATE TABLE anew (n int, of_anew int UNIQUE) PARTITION BY RANGE (of_anew);
CREATE TABLE anew_rest PARTITION OF anew DEFAULT;
CREATE TABLE of_anew (id int);
CREATE TABLE by_anew (id int, other int, n int);
CREATE TABLE of_anew_1 (id int);

CREATE TABLE by_far (id int, n int);
CREATE TABLE of_far (id int);
