# The API
api-token-title = A token is needed
api-token = The token is unknown, or used from another machine.
api-token-remedy = Send this machine's token as Authorization: Bearer.
api-json-title = Not JSON
api-json = What was sent is not the JSON of this operation.
api-json-remedy = Compare it with /api/v1/openapi.json.
api-key-title = The idempotency key cannot be read
api-key = Idempotency-Key has to be 1 to 200 visible ASCII characters, sent once.
api-key-remedy = Send it again with another key; nothing was changed.
