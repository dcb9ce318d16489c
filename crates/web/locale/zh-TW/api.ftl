# 程式介面
api-token-title = 需要權杖
api-token = 權杖不明，或不是由登記的機器使用。
api-token-remedy = 以 Authorization: Bearer 送出本機器的權杖。
api-json-title = 內容不是 JSON
api-json = 送來的內容不是這個操作的 JSON。
api-json-remedy = 對照 /api/v1/openapi.json 的格式。
