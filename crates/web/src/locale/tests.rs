use super::*;
use domain::Reason;
use domain::regulation::{KINDS, ParamSpec, SHARED, Ty, Value, When, Words};
use std::collections::{BTreeMap, BTreeSet};

type Catalogue = BTreeMap<String, BTreeSet<String>>;

/// Every key with the arguments that its sentence takes.
fn catalogue(sources: &[&str]) -> Catalogue {
    let mut all = Catalogue::new();
    for source in sources {
        let parsed = FluentResource::try_new((*source).to_string());
        assert!(parsed.is_ok(), "{:?}", parsed.err().map(|(_, errors)| errors));
        let mut key = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line.split_once(" =").filter(|_| !line.starts_with([' ', '}'])) {
                key = name.to_string();
                assert!(all.insert(key.clone(), BTreeSet::new()).is_none(), "{key} stands twice");
            }
            let plain = |c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-';
            for name in line.split('$').skip(1).map(|rest| rest.split(plain).next().unwrap()) {
                all.get_mut(&key).unwrap().insert(name.to_string());
            }
        }
    }
    all
}

#[test]
fn the_two_languages_are_twins() {
    let (zh, en) = (catalogue(ZH_SOURCES), catalogue(EN_SOURCES));
    assert_eq!(zh.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    // A count may be silent in a language without plurals, or a unit's word; nothing else may.
    let terms: BTreeSet<String> = speech::TERMS.iter().map(ToString::to_string).collect();
    let own = |names: &BTreeSet<String>| {
        names.iter().filter(|name| !terms.contains(*name) && *name != "weekday").cloned().collect::<Vec<_>>()
    };
    for (key, names) in &zh {
        assert_eq!(own(names), own(&en[key]), "{key}");
    }
}

#[test]
fn every_refusal_has_a_sentence_and_a_remedy() {
    for lang in [Lang::Zh, Lang::En] {
        let say = Speech::plain(lang);
        for reason in Reason::ALL {
            for key in [format!("refusal-{}", reason.key()), format!("refusal-{}-remedy", reason.key())] {
                assert!(say.has(&key), "{key}");
                // Without any argument it must still be a sentence.
                let text = say.say(&key);
                let bare = say.fill(&key, &[("helper", "X")]);
                assert!(!bare.contains("{$"), "{key}: {bare}");
                assert!(!text.is_empty());
            }
        }
    }
}

#[test]
fn refusals_are_short_enough_to_be_read() {
    let say = Speech::plain(Lang::Zh);
    for reason in Reason::ALL {
        let sentence = say.say(&format!("refusal-{}", reason.key()));
        let remedy = say.fill(&format!("refusal-{}-remedy", reason.key()), &[("helper", "")]);
        assert!(sentence.chars().count() <= 25, "{sentence}");
        assert!(sentence.chars().count() + remedy.chars().count() <= 60, "{sentence}{remedy}");
    }
}

/// Every parameter with those of the tables in it, and every word of a closed list, by their keys.
fn told(params: &[ParamSpec], keys: &mut BTreeSet<String>) {
    for param in params {
        keys.insert(format!("param-{}", param.name.replace('_', "-")));
        let mut ty = &param.ty;
        while let Ty::List(inner) | Ty::OneOrMany(inner) | Ty::Map(inner) = ty {
            ty = inner;
        }
        match ty {
            Ty::Table(inner) => told(inner, keys),
            Ty::OneOf(words) => keys.extend(words.iter().map(|word| format!("word-{word}"))),
            _ => {}
        }
    }
}

#[test]
fn every_kind_of_control_and_every_parameter_and_word_of_it_has_words() {
    let mut keys = BTreeSet::new();
    for kind in KINDS {
        keys.insert(format!("kind-{}", kind.name));
        told(kind.params, &mut keys);
    }
    SHARED.iter().for_each(|keys_of| told(keys_of, &mut keys));
    for lang in [Lang::Zh, Lang::En] {
        let say = Speech::plain(lang);
        let missing: Vec<&String> = keys.iter().filter(|key| !say.has(key)).collect();
        assert!(missing.is_empty(), "{lang:?}: {missing:?}");
    }
}

/// Keys that stand in templates and code, as literals handed to the methods that say them.
fn used() -> BTreeSet<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut keys = BTreeSet::new();
    let mut folders = vec![root.join("templates"), root.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for call in [
                ".t(\"",
                ".n(\"",
                ".with(\"",
                ".say(\"",
                ".fill(\"",
                ".count(\"",
                ".count_fill(\"",
                ".tally(\"",
            ] {
                for after in text.split(call).skip(1) {
                    let key = after.split('"').next().unwrap();
                    if key.contains('-') && !key.contains(['{', ' ']) {
                        keys.insert(key.to_string());
                    }
                }
            }
        }
    }
    keys
}

#[test]
fn every_key_that_is_used_exists() {
    let known = catalogue(ZH_SOURCES);
    let missing: Vec<String> = used().into_iter().filter(|key| !known.contains_key(key)).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn words_that_are_not_used_here_stay_out() {
    // Terms of other places, and phrases that blame or hide (glossary of the design).
    let banned = [
        "用戶",
        "數據",
        "信息",
        "設置",
        "默認",
        "經辦",
        "審批",
        "系統錯誤",
        "無效",
        "禁止",
        "請洽",
        "您",
        "！",
    ];
    for source in ZH_SOURCES {
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            for word in banned {
                assert!(!line.contains(word), "{word}: {line}");
            }
        }
    }
}

#[test]
fn the_words_of_the_rule_reach_the_sentences() {
    let pack = std::sync::Arc::new(crate::tests::world::pack());
    let zh = Speech::of(Lang::Zh, &pack);
    let term = |key: &str| pack.term(key).unwrap().clone();
    assert_eq!(zh.say("nav-countersign"), *term("countersign").zh);
    let en = Speech::of(Lang::En, &pack);
    assert!(en.say("nav-countersign").starts_with(|c: char| c.is_uppercase()));
}

#[test]
fn a_missing_argument_falls_back_to_the_plain_twin() {
    let say = Speech::plain(Lang::En);
    assert_eq!(say.say("refusal-case-exists"), "This number is already registered.");
    assert_eq!(say.fill("refusal-case-exists", &[("number", "7")]), "7 is already registered.");
    assert_eq!(say.say("nosuchkey"), "nosuchkey");
    assert_eq!(say.code("state", "state-answered"), "Answered");
    assert_eq!(say.code("state", "strange"), "strange");
}

#[test]
fn numbers_and_plurals_are_written_as_people_write_them() {
    let (zh, en) = (Speech::plain(Lang::Zh), Speech::plain(Lang::En));
    assert_eq!(zh.count("records-total", 1_204), "共 1,204 筆");
    assert_eq!(en.count("records-total", 1), "1 record");
    assert_eq!(en.count("records-total", 1_204), "1,204 records");
    assert_eq!(
        [0.0, 999.0, 1_000.0, 1_234_567.0, -4_321.0].map(grouped),
        ["0", "999", "1,000", "1,234,567", "-4,321"]
    );
    let words = [Words { zh: "甲".into(), en: "a".into() }, Words { zh: "乙".into(), en: "b".into() }];
    assert_eq!((zh.words(&words), en.words(&words)), ("甲、乙".into(), "a, b".into()));
}

#[test]
fn the_reader_is_answered_in_the_first_language_we_have() {
    for (header, lang) in [
        (None, Lang::Zh),
        (Some(""), Lang::Zh),
        (Some("zh-TW,zh;q=0.9,en;q=0.8"), Lang::Zh),
        (Some("en-GB,en;q=0.9"), Lang::En),
        (Some("fr,de"), Lang::Zh),
        (Some("fr;q=1.0, en;q=0.5, zh;q=0.4"), Lang::En),
        (Some("en;q=0, zh"), Lang::Zh),
        (Some(";;q=x,,"), Lang::Zh),
    ] {
        assert_eq!(Lang::accepted(header), lang, "{header:?}");
    }
}

#[test]
fn what_a_rule_sets_is_read_in_the_readers_language() {
    let pack = std::sync::Arc::new(crate::tests::world::pack());
    let (zh, en) = (Speech::of(Lang::Zh, &pack), Speech::of(Lang::En, &pack));
    for (control, name, official, english) in [
        (
            "stamp",
            "deadline",
            "查詢後 1 個工作日內（首日不計、末日順延）",
            "within 1 working day after lookup",
        ),
        ("spot-check", "schedule", "每 1 年一次、依曆期", "every 1 year, by the calendar"),
        ("copy-chain", "object", "複製", "copy"),
        ("copy", "by", "單位主管", "unit head"),
        ("office", "zone", "office", "office"),
        ("office", "off_site", "可使用並留存地點", "allowed and recorded"),
        ("training", "evidence", "是", "yes"),
        ("about", "at", "法規頁面", "about"),
    ] {
        let value = pack.control(control).unwrap().params.get(name).unwrap();
        assert_eq!(zh.value(name, value), official, "{control} {name}");
        assert!(en.value(name, value).starts_with(english), "{control} {name}: {}", en.value(name, value));
    }
    let steps = pack.control("unlock-chain").unwrap().params.get("steps").unwrap();
    assert!(zh.value("steps", steps).ends_with("；動作 執行 · 誰 管理者"), "{}", zh.value("steps", steps));
    let is = |name, value: &str| When::Is(name, vec![value.into()]);
    let when = When::All(vec![is("role", "user"), When::Not(Box::new(is("cause", "leave")))]);
    assert_eq!(zh.condition(&when), "（角色為使用者）且（非（異動原因為離職））");
    assert_eq!(en.condition(&when), "(role is user) and (not (cause is leave))");
    assert_eq!(zh.condition(&When::Count(Some(3), None)), "至少 3 筆");
    let none = Value::List(vec![]);
    assert_eq!((zh.whole("of", &none), en.whole("of", &none)), ("無".into(), "none".into()));
}
