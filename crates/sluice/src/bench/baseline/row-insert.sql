INSERT INTO entry (payload) VALUES (:payload);
