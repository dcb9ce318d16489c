INSERT INTO entry (payload) VALUES (?1)
