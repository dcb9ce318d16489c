//! The words of the synthetic population: names, places and the terms of the registers.

/// Surnames with the frequent ones first; the tail is common on the Matsu islands.
pub(super) const SURNAMES: [&str; 30] = [
    "陳", "林", "黃", "張", "李", "王", "吳", "劉", "蔡", "楊", "許", "鄭", "謝", "郭", "洪", "曾", "邱",
    "廖", "賴", "周", "曹", "游", "池", "嚴", "歐陽", "司馬", "范姜", "張簡", "邵", "翁",
];

/// Characters of given names.
pub(super) const GIVEN: [&str; 60] = [
    "怡", "君", "雅", "婷", "志", "明", "建", "宏", "淑", "芬", "美", "玲", "家", "豪", "冠", "宇", "承",
    "恩", "品", "妤", "詩", "涵", "宗", "翰", "俊", "傑", "文", "彬", "秀", "英", "麗", "華", "金", "木",
    "水", "生", "春", "嬌", "阿", "福", "依", "妹", "振", "國", "瑞", "祥", "子", "晴", "柏", "睿", "欣",
    "儀", "惠", "珍", "永", "康", "月", "娥", "順", "發",
];

/// One area: county, letter of its numbers, township, villages, roads. Lienchiang has villages only.
pub(super) struct Area {
    pub(super) county: &'static str,
    pub(super) letter: u8,
    pub(super) township: &'static str,
    pub(super) villages: &'static [&'static str],
    pub(super) roads: &'static [&'static str],
    /// How many households live here.
    pub(super) households: u32,
}

const fn islands(township: &'static str, villages: &'static [&'static str], households: u32) -> Area {
    Area { county: "連江縣", letter: b'Z', township, villages, roads: &[], households }
}

/// Where people live.
pub(super) const AREAS: [Area; 12] = [
    islands(
        "南竿鄉",
        &["介壽村", "復興村", "福沃村", "清水村", "仁愛村", "津沙村", "馬祖村", "珠螺村", "四維村"],
        110,
    ),
    islands("北竿鄉", &["塘岐村", "后沃村", "橋仔村", "芹壁村", "坂里村", "白沙村"], 60),
    islands("莒光鄉", &["青帆村", "田沃村", "西坵村", "福正村", "大坪村"], 40),
    islands("東引鄉", &["樂華村", "中柳村"], 40),
    Area {
        county: "臺北市",
        letter: b'A',
        township: "大安區",
        villages: &["龍坡里", "錦安里", "古風里"],
        roads: &["和平東路一段", "師大路", "泰順街"],
        households: 80,
    },
    Area {
        county: "臺北市",
        letter: b'A',
        township: "文山區",
        villages: &["木柵里", "樟林里", "萬興里"],
        roads: &["木柵路三段", "興隆路四段", "萬壽路"],
        households: 70,
    },
    Area {
        county: "臺北市",
        letter: b'A',
        township: "萬華區",
        villages: &["青山里", "糖廍里", "華江里"],
        roads: &["西園路二段", "艋舺大道", "長順街"],
        households: 75,
    },
    Area {
        county: "高雄市",
        letter: b'E',
        township: "鳳山區",
        villages: &["曹公里", "縣口里", "海光里"],
        roads: &["光遠路", "中山東路", "維新路"],
        households: 75,
    },
    Area {
        county: "高雄市",
        letter: b'E',
        township: "前鎮區",
        villages: &["竹內里", "西甲里", "明正里"],
        roads: &["一心一路", "中華五路", "后安路"],
        households: 70,
    },
    Area {
        county: "高雄市",
        letter: b'E',
        township: "旗山區",
        villages: &["太平里", "瑞吉里", "圓富里"],
        roads: &["延平一路", "中山路", "旗南二路"],
        households: 40,
    },
    Area {
        county: "高雄市",
        letter: b'E',
        township: "那瑪夏區",
        villages: &["達卡努瓦里", "瑪雅里"],
        roads: &["秀嶺巷", "平和巷"],
        households: 20,
    },
    Area {
        county: "高雄市",
        letter: b'E',
        township: "苓雅區",
        villages: &["博仁里", "意誠里", "同慶里"],
        roads: &["四維三路", "青年一路", "三多二路"],
        households: 20,
    },
];

/// Educations, from the least to the most.
pub(super) const EDUCATIONS: [&str; 6] =
    ["國小畢業", "國中畢業", "高中（職）畢業", "專科畢業", "大學畢業", "碩士畢業"];

/// Branches of service.
pub(super) const BRANCHES: [&str; 5] = ["陸軍", "海軍", "空軍", "海軍陸戰隊", "憲兵"];

/// Former places, for moves from elsewhere.
pub(super) const ELSEWHERE: [&str; 6] = [
    "基隆市中正區中船里6鄰中船路88號",
    "桃園市八德區大智里12鄰介壽路一段301號",
    "新北市中和區安平里3鄰景平路52號",
    "臺中市南屯區豐樂里9鄰南陽街20號",
    "花蓮縣光復鄉大馬村7鄰佛祖街15號",
    "臺東縣蘭嶼鄉東清村2鄰東清38號",
];

pub(super) const MALE: &str = "男";
pub(super) const FEMALE: &str = "女";
pub(super) const YES: &str = "是";
pub(super) const NO: &str = "否";
pub(super) const MARRIED: &str = "有偶";
pub(super) const SINGLE: &str = "未婚";
pub(super) const WIDOWED: &str = "喪偶";
pub(super) const CURRENT: &str = "現戶";
pub(super) const MOVED_ABROAD: &str = "除戶（遷出國外）";
pub(super) const DEAD: &str = "除戶（死亡）";
pub(super) const PROTECTED: &str = "受保護註記";
pub(super) const HEAD: &str = "戶長";
pub(super) const SPOUSE: &str = "配偶";
pub(super) const FATHER: &str = "父";
pub(super) const MOTHER: &str = "母";
pub(super) const SON: &str = "子";
pub(super) const DAUGHTER: &str = "女";
pub(super) const BROTHER: &str = "兄弟";
pub(super) const SISTER: &str = "姊妹";
pub(super) const LODGER: &str = "寄居";
pub(super) const MOVE_IN: &str = "遷入";
pub(super) const MOVE_WITHIN: &str = "住址變更";
pub(super) const MOVE_OUT: &str = "遷出";
pub(super) const ABROAD: &str = "國外";
pub(super) const NEIGHBOURHOOD: &str = "鄰";
pub(super) const HOUSE: &str = "號";
pub(super) const FLOOR: &str = "樓";
pub(super) const NOT_YET: &str = "尚未徵集";
pub(super) const SERVING: &str = "現役";
pub(super) const DISCHARGED: &str = "已退役";
pub(super) const SUBSTITUTE: &str = "替代役退役";
pub(super) const EXEMPT: &str = "免役";
pub(super) const FIT: &str = "常備役體位";
pub(super) const FIT_SUBSTITUTE: &str = "替代役體位";
pub(super) const UNFIT: &str = "免役體位";
