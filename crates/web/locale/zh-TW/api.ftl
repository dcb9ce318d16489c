# 程式介面
api-token-title = 需要權杖
api-token = 權杖不明，或不是由登記的機器使用。
api-token-remedy = 以 Authorization: Bearer 送出本機器的權杖。
api-json-title = 內容不是 JSON
api-json = 送來的內容不是這個操作的 JSON。
api-json-remedy = 對照 /api/v1/openapi.json 的格式。
api-key-title = 冪等鍵無法辨識
api-key = Idempotency-Key 須為 1 至 200 個可見的 ASCII 字元，且只送一次。
api-key-remedy = 改用其他鍵值再送；沒有任何變更。
