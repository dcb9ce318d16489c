\set log random(1, :logs)
INSERT INTO chained (log, payload) VALUES (:log, :payload);
