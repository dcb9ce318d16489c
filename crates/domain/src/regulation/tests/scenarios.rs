//! Steps of applications, duties and changes of post: what they may say, and the words for what they may not.

use super::*;
use crate::application::{Answers, Entry, form, invented, situation};
use crate::duty::Kind;
use crate::regulation::schema::SIGNED;
use crate::regulation::{Act, Situation};
use crate::time::Date;

const CHAIN: &str = r#"
[[control]]
id = "accounts"
kind = "approval-chain"
clauses = ["2"]
object = "account"
form = "apply"
steps = [{ who = { role = "reader" }, act = "propose" }, { who = { role = "master" }, act = "decide" }]
"#;

const APPLY: &str = r#"[form]
id = "apply"
label = { zh = "申請表", en = "Application" }
object = "account-application"
clauses = ["2"]

[[field]]
id = "applied-on"
label = { zh = "日期", en = "Date" }
type = "date"
required = true
filled_by = "system"

[[field]]
id = "kind"
label = { zh = "類別", en = "Kind" }
type = "choice"
required = true
options = [
  { code = "gone", label = { zh = "註銷", en = "End" }, action = "cancel" },
  { code = "new", label = { zh = "新增", en = "New" }, action = "create" },
]

[[field]]
id = "quay"
label = { zh = "碼頭", en = "Quay" }
type = "choice"
required = true
when = { action = ["create"] }
options = [{ code = "other", label = { zh = "其他", en = "Other" }, text = true }]

[[field]]
id = "phone"
label = { zh = "電話", en = "Telephone" }
type = "phone"
required = true

[[field]]
id = "rights"
label = { zh = "權限", en = "Rights" }
type = "ticks"
required = true
when = { action = ["create"] }
options = [{ code = "berths", label = { zh = "船席", en = "Berths" } }]
"#;

/// The small pack with a chain, its form and a scenario of one step by the reader.
fn with_step(step: &str) -> Result<Pack, Vec<PackError>> {
    let rule = format!("{PACK}{CHAIN}");
    let head = SCENARIO.split("[[step]]").next().unwrap();
    let scenario = format!("{head}[[step]]\nactor = \"ann\"\n{step}\n");
    load(&[
        Source { path: "pack.toml", text: &rule },
        Source { path: "forms/slip.toml", text: FORM },
        Source { path: "forms/apply.toml", text: APPLY },
        Source { path: "scenarios/stamp-first.toml", text: &scenario },
    ])
}

/// What is wrong with a step.
fn told(step: &str) -> Vec<String> {
    let all = faults(with_step(step));
    let own = |fault: &String| fault.split_once(": clause harbour/2: ").map(|(_, told)| told.to_string());
    all.iter().map(|fault| own(fault).unwrap_or_else(|| fault.clone())).collect()
}

#[test]
fn what_a_form_does_not_have_is_not_written_in_it() {
    for (step, fault) in [
        ("items = [\"berth\"]", "the form `apply` has no tick `berth`. Did you mean `berths`?"),
        (
            "items = []\naction = \"change\"",
            "nothing in the form `apply` means `change`. Leave `action` out, or give an option of the form \
             this `action`.",
        ),
        (
            "items = []\nfields = { fone = \"1\" }",
            "nobody writes in a field `fone` of the form `apply`. Did you mean `phone`?",
        ),
        (
            "items = []\nfields = { applied-on = \"2026-01-01\" }",
            "nobody writes in a field `applied-on` of the form `apply`. Use one of the fields: kind, quay, \
             phone.",
        ),
        (
            "items = []\nfields = { kind = \"news\" }",
            "the field `kind` has no option `news`. Did you mean `new`?",
        ),
        (
            "",
            "the step does not say enough. Add `items`, what is ticked in the form; `items = []` where \
             nothing is.",
        ),
        (
            "object = \"link\"",
            "nobody can apply for `link` here. It wants an `approval-chain` with this `object` and a `form`.",
        ),
        ("items = []\nstate = \"runing\"", "no application has the state `runing`. Did you mean `running`?"),
    ] {
        assert_eq!(told(&format!("do = \"apply\"\n{step}")), [fault], "{step}");
    }
    good(with_step("do = \"apply\"\naction = \"cancel\""));
    good(with_step("do = \"apply\"\nitems = [\"berths\"]\nfor = [\"mo\"]\nstate = \"running\""));
}

#[test]
fn a_key_that_means_nothing_with_a_step_is_a_fault() {
    for (step, fault) in [
        (
            "do = \"approve\"\nwho = \"mo\"",
            "`who` means nothing with `approve`. It belongs to `leave`, `transfer`.",
        ),
        (
            "do = \"verify\"\nresult = \"x\"",
            "`result` means nothing with `verify`. It belongs to `approve`, `refuse`, `send-back`.",
        ),
        ("do = \"sign\"\nfor = [\"mo\"]", "`for` means nothing with `sign`. It belongs to `apply`."),
        ("do = \"leave\"", "the step does not say enough. Add `who`, the one whose post changes."),
        (
            "do = \"transfer\"\nwho = \"mo\"\ncause = \"duty-change\"",
            "the step does not say enough. Add `role`, what they do from then on.",
        ),
        (
            "do = \"transfer\"\nwho = \"mo\"\ncause = \"retire\"",
            "`retire` is no cause of `transfer`. Write `do = \"leave\"`.",
        ),
        (
            "do = \"leave\"\nwho = \"mo\"\ncause = \"transfer\"",
            "`transfer` is no cause of `leave`. Write `do = \"transfer\"`.",
        ),
        ("do = \"wait\"\nhours = 1\nitems = [\"x\"]", "there is no item `x`. This pack has no items yet."),
    ] {
        assert_eq!(told(step), [fault], "{step}");
    }
    for (step, fault) in [
        ("do = \"leave\"\nwho = \"tom\"", "there is no member of the cast `tom`."),
        ("do = \"leave\"\nwho = \"mo\"\ncause = \"stay\"", "`stay`"),
        ("do = \"sign\"\nduty = \"inventory\"", "`inventory`"),
        ("do = \"aprove\"", "Did you mean `approve`?"),
        ("do = \"approve\"\nresults = \"x\"", "Did you mean `result`?"),
    ] {
        let all = told(step);
        assert!(all.len() == 1 && all[0].contains(fault), "{step}: {all:?}");
    }
}

#[test]
fn only_what_is_said_to_be_done_is_signed() {
    for word in SIGNED {
        assert!(Kind::from_word(word).is_some_and(|kind| !kind.has_page()), "{word}");
    }
}

#[test]
fn what_a_step_leaves_open_is_filled_in_and_what_it_says_stands() {
    let pack = good(with_step("do = \"apply\"\nitems = [\"berths\"]\nfields = { phone = \"07-1234567\" }"));
    let (form, step) = (pack.form("apply").unwrap(), &pack.scenarios[0].steps[0]);
    assert_eq!((step.act, step.object()), (Act::Apply, "account"));
    let situation: Situation<'_> = situation("account", "reader", "");
    let filled = |said: Answers| invented::filled(form, said, &situation, Date::MONDAY);
    let answers = filled(step.answers(form));
    assert_eq!(form::faults(form, &answers, &situation), []);
    let value = |name: &str| answers.get(name).map_or("", Entry::value);
    assert_eq!((value("phone"), value("kind"), value("rights")), ("07-1234567", "new", "berths"));
    assert_eq!(value("applied-on"), "", "which is the system's to fill in");
    assert!(!answers["quay"].words["other"].is_empty(), "its line wants words");
    let ended = filled([("kind".to_string(), Entry::text("gone"))].into());
    assert!(!ended.contains_key("quay"), "which is not asked then: {ended:?}");
}

#[test]
fn every_type_of_field_has_something_that_fits() {
    let types = ["text", "long-text", "date", "datetime", "number", "person", "unit", "account", "signature"];
    let more = ["national-id", "phone", "email", "url", "postcode", "business-number", "table"];
    for kind in types.into_iter().chain(more) {
        let columns = match kind {
            "table" => "columns = [{ id = \"a\", label = { zh = \"一\", en = \"a\" }, type = \"date\" }]",
            _ => "max_length = 20",
        };
        let text = format!(
            "{FORM}\n[[field]]\nid = \"own\"\nlabel = {{ zh = \"一\", en = \"own\" }}\ntype = \"{kind}\"\n\
             required = true\n{columns}\n"
        );
        let pack = good(load(&[
            Source { path: "pack.toml", text: PACK },
            Source { path: "forms/slip.toml", text: &text },
            Source { path: "scenarios/stamp-first.toml", text: SCENARIO },
        ]));
        let form = pack.form("slip").unwrap();
        let filled = invented::filled(form, Answers::new(), &Situation::default(), Date::MONDAY);
        assert_eq!(form::faults(form, &filled, &Situation::default()), [], "{kind}");
        assert!(!filled["own"].is_empty(), "{kind}");
    }
}
