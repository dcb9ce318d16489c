//! Words of Taiwan's administration, and those that are not used here.

/// A word that is not used, and the one that is.
pub const BANNED: &[(&str, &str)] = &[
    ("登錄", "登入"),
    ("用戶", "使用者"),
    ("賬號", "帳號"),
    ("賬戶", "帳號"),
    ("帳戶", "帳號"),
    ("數據", "資料"),
    ("信息", "資訊"),
    ("設置", "設定"),
    ("默認", "預設"),
    ("缺省", "預設"),
    ("搜索", "搜尋"),
    ("打印", "列印"),
    ("文件夾", "檔案夾"),
    ("字段", "欄位"),
    ("界面", "畫面"),
    ("屏幕", "畫面"),
    ("脫機", "離線"),
    ("服務器", "伺服器"),
    ("程序員", "程式"),
    ("網絡", "網路"),
    ("互聯網", "網際網路"),
    ("軟件", "軟體"),
    ("硬件", "硬體"),
    ("質量", "品質"),
    ("審批", "核章"),
    ("經辦", "承辦人"),
    ("處理人", "承辦人"),
    ("鏈接", "連結"),
    ("身份證", "身分證"),
    ("台北市", "臺北市"),
    ("台中市", "臺中市"),
    ("台南市", "臺南市"),
    ("台東縣", "臺東縣"),
    ("台灣", "臺灣"),
];

/// Banned words in a text, each with the word that is used.
pub fn banned(text: &str) -> Vec<String> {
    let found = BANNED.iter().filter(|(bad, _)| text.contains(bad));
    found.map(|(bad, good)| format!("「{bad}」 is not used here: write 「{good}」")).collect()
}

#[test]
fn banned_words_are_found() {
    assert_eq!(banned("請使用者登入以查詢戶役政資料"), Vec::<String>::new());
    let found = banned("請用戶登錄");
    assert_eq!(found.len(), 2);
    assert!(found[0].contains("「登入」") && found[1].contains("「使用者」"));
}

#[test]
fn no_good_word_is_banned() {
    for (_, good) in BANNED {
        assert_eq!(banned(good), Vec::<String>::new(), "{good}");
    }
}
