CREATE TABLE head (log BIGINT PRIMARY KEY, hash BYTEA NOT NULL);
INSERT INTO head SELECT log, sha256('') FROM generate_series(1, 3) AS log;
CREATE TABLE chained (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    log BIGINT NOT NULL,
    payload TEXT NOT NULL,
    hash BYTEA NOT NULL
);
CREATE FUNCTION chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before BYTEA;
BEGIN
    SELECT hash INTO before FROM head WHERE log = new.log FOR UPDATE;
    new.hash := sha256(before || convert_to(new.payload, 'UTF8'));
    UPDATE head SET hash = new.hash WHERE log = new.log;
    RETURN new;
END
$$;
CREATE TRIGGER chain BEFORE INSERT ON chained FOR EACH ROW EXECUTE FUNCTION chain();
