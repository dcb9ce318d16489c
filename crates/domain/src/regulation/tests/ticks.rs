//! Ticks that open more than they say, or nothing.

use super::*;

const CHAIN: &str = r#"
[[control]]
id = "pier"
kind = "dataset"
clauses = ["1"]
source = "register"
word = { zh = "船席資料", en = "Berths" }
subject = { kind = "other", type = "code", label = { zh = "船號", en = "Ship" } }
items = [
  { id = "name", label = { zh = "船名", en = "Name" }, shape = "fact" },
  { id = "crew", label = { zh = "船員", en = "Crew" }, shape = "fact" },
]

[[control]]
id = "register"
kind = "source"
clauses = ["1"]
adapter = "http-json"
provider = { zh = "港務局", en = "Bureau" }

[[control]]
id = "bases"
kind = "legal-bases"
clauses = ["1"]
policy = true
bases = [{ code = "law", word = { zh = "法令", en = "Law" } }]

[[control]]
id = "account"
kind = "account-application"
clauses = ["2"]
form = "account"

[[control]]
id = "chain"
kind = "approval-chain"
clauses = ["2"]
object = "account"
form = "account"
steps = [{ who = { role = "master" }, act = "decide" }]
"#;

const ACCOUNT: &str = r#"[form]
id = "account"
label = { zh = "帳號申請單", en = "Account form" }
object = "account-application"
clauses = ["2"]

[[field]]
id = "read"
label = { zh = "讀取", en = "Read" }
type = "ticks"
options = [{ code = "name", label = { zh = "船名", en = "Name" }, opens = ["pier/name"] }]

[[field]]
id = "more"
label = { zh = "其他", en = "More" }
type = "ticks"
options = [{ code = "crew", label = { zh = "船員", en = "Crew" }, opens = ["pier/crew"] }]
"#;

fn told(account: &str, others: &[(&str, &str)], chains: &str) -> Vec<String> {
    let text = format!("{PACK}\n{CHAIN}\n{chains}");
    let mut files = Vec::from([
        Source { path: "pack.toml", text: &text },
        Source { path: "forms/slip.toml", text: FORM },
        Source { path: "forms/account.toml", text: account },
        Source { path: "scenarios/stamp-first.toml", text: SCENARIO },
    ]);
    files.extend(others.iter().map(|(path, text)| Source { path, text }));
    faults(load(&files))
}

#[test]
fn a_code_that_two_fields_share_would_open_both() {
    assert!(told(ACCOUNT, &[], "").is_empty(), "{:#?}", told(ACCOUNT, &[], ""));
    let twice = ACCOUNT.replace("code = \"crew\"", "code = \"name\"");
    assert_eq!(
        told(&twice, &[], ""),
        ["forms/account.toml:13: clause harbour/2: the code `name` stands in `more` and in `read` of \
          `account`: whoever ticks one is given both. Give each option of forms for accounts its own code."]
    );
}

#[test]
fn two_forms_share_a_code_only_where_it_opens_the_same() {
    let chain = "[[control]]\nid = \"guests\"\nkind = \"approval-chain\"\nclauses = [\"2\"]\n\
                 object = \"account\"\nform = \"guest\"\nwhen = { role = \"reader\" }\n\
                 steps = [{ who = { role = \"master\" }, act = \"decide\" }]\n";
    let guest = ACCOUNT.replace("id = \"account\"", "id = \"guest\"");
    assert!(told(ACCOUNT, &[("forms/guest.toml", &guest)], chain).is_empty());
    let other = guest.replace("pier/crew", "pier/name");
    let faults = told(ACCOUNT, &[("forms/guest.toml", &other)], chain);
    assert_eq!(faults.len(), 1, "{faults:#?}");
    assert!(faults[0].starts_with("forms/guest.toml:13: clause harbour/2: the code `crew`"), "{faults:#?}");
}

#[test]
fn what_is_not_ticked_for_an_account_opens_nothing() {
    let chosen = ACCOUNT.replacen("type = \"ticks\"", "type = \"choice\"", 1);
    assert_eq!(
        told(&chosen, &[], ""),
        ["forms/account.toml:7: clause harbour/2: the option `name` of `read` opens nothing: it is \
             chosen and not ticked. Let the type of the field be `ticks`, or leave `opens` and `serves` out."]
    );
    let guest = ACCOUNT.replace("id = \"account\"", "id = \"guest\"");
    let faults = told(ACCOUNT, &[("forms/guest.toml", &guest)], "");
    assert_eq!(faults.len(), 2, "{faults:#?}");
    assert_eq!(
        faults[0],
        "forms/guest.toml:7: clause harbour/2: the option `name` of `read` opens nothing: no account is \
         applied for with this form. Leave `opens` and `serves` out, or name the form in an \
         `approval-chain` with \
         `object = \"account\"`."
    );
}

#[test]
fn a_use_that_the_rule_does_not_know_or_nobody_can_apply_for_is_refused() {
    let served = ACCOUNT.replace("opens = [\"pier/crew\"]", "serves = [\"berth\"]");
    assert!(told(&served, &[], "").is_empty(), "{:#?}", told(&served, &[], ""));
    let faults = told(&served.replace("berth", "birth"), &[], "");
    assert_eq!(faults.len(), 1, "{faults:#?}");
    assert!(faults[0].contains("`birth`"), "{faults:#?}");
    let chosen = served.replace(
        "label = { zh = \"其他\", en = \"More\" }\ntype = \"ticks\"",
        "label = { zh = \"其他\", en = \"More\" }\ntype = \"choice\"",
    );
    let faults = told(&chosen, &[], "");
    assert_eq!(faults.len(), 1, "{faults:#?}");
    assert!(faults[0].contains("`crew` of `more` opens nothing"), "{faults:#?}");
}
