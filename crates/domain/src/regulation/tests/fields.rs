//! On what fields hang: what there is, and in no circle.

use super::*;

const KIND: &str = r#"
[[field]]
id = "kind"
label = { zh = "類別", en = "Kind" }
type = "choice"
options = [
  { code = "new", label = { zh = "新", en = "New" }, action = "create" },
  { code = "end", label = { zh = "終", en = "End" }, action = "cancel" },
]
"#;

fn field(id: &str, when: &str) -> String {
    let options = "options = [{ code = \"yes\", label = { zh = \"是\", en = \"Yes\" } }]";
    format!(
        "\n[[field]]\nid = \"{id}\"\nlabel = {{ zh = \"欄\", en = \"Field\" }}\ntype = \"ticks\"\n{options}\n\
         when = {{ {when} }}\n"
    )
}

/// The slip with more fields.
fn with(more: &str) -> Result<Pack, Vec<PackError>> {
    let form = format!("{FORM}{more}");
    load(&[
        Source { path: "pack.toml", text: PACK },
        Source { path: "forms/slip.toml", text: &form },
        Source { path: "scenarios/stamp-first.toml", text: SCENARIO },
    ])
}

fn told(more: &str) -> String {
    let told = faults(with(more));
    assert_eq!(told.len(), 1, "{more}: {told:#?}");
    told[0].clone()
}

#[test]
fn a_condition_that_can_come_about_is_taken() {
    let both = field("b", "answer = { kind = \"end\", a = [\"yes\"] }");
    let a = field(
        "a",
        "any = [{ action = \"cancel\" }, { role = \"reader\" }, { not = { object = \"account\" } }]",
    );
    good(with(&format!("{KIND}{both}{a}")));
}

#[test]
fn a_condition_that_could_never_come_about_is_told() {
    for (when, fault) in [
        ("answer = { nothing = \"yes\" }", "the field `a` hangs on `nothing`, which cannot be chosen"),
        ("answer = { reason = \"yes\" }", "the field `a` hangs on `reason`, which cannot be chosen"),
        ("answer = { kind = \"old\" }", "the field `a` hangs on `old` of `kind`"),
        ("not = { answer = { kind = [\"new\", \"old\"] } }", "the field `a` hangs on `old` of `kind`"),
        ("answer = { kind = [] }", "the field `a` hangs on no option of `kind`"),
        ("purpose = \"berth\"", "the field `a` hangs on `purpose`, which no form knows"),
    ] {
        let told = told(&format!("{KIND}{}", field("a", when)));
        assert!(told.starts_with("forms/slip.toml:") && told.contains(fault), "{when}: {told}");
    }
    let told = told(&field("a", "action = \"cancel\""));
    assert!(told.contains("the field `a` hangs on an action that nobody chooses"), "{told}");
    let unknown = faults(with(&format!("{KIND}{}", field("a", "action = \"renew\""))));
    assert!(unknown[0].contains("cannot be `renew`"), "{unknown:?}");
}

#[test]
fn a_circle_is_told_once_and_with_its_way() {
    let own = told(&field("a", "answer = { a = \"yes\" }"));
    assert!(own.contains("the field `a` hangs on itself. Let conditions lead"), "{own}");
    let on = |id: &str, other: &str| field(id, &format!("answer = {{ {other} = \"yes\" }}"));
    let two = told(&format!("{}{}", on("a", "b"), on("b", "a")));
    assert!(two.contains("the field `a` hangs on itself through `b`"), "{two}");
    let three = told(&format!("{}{}{}{}", on("x", "a"), on("a", "b"), on("b", "c"), on("c", "a")));
    assert!(three.contains("the field `a` hangs on itself through `b`, `c`"), "{three}");
    // What is applied for is chosen in a field as well.
    let kind = KIND.replace("type = \"choice\"", "type = \"choice\"\nwhen = { answer = { a = \"yes\" } }");
    let act = told(&format!("{kind}{}", field("a", "action = \"cancel\"")));
    assert!(act.contains("the field `kind` hangs on itself through `a`"), "{act}");
}

#[test]
fn many_fields_that_hang_on_each_other_are_gone_through_quickly() {
    let all: Vec<String> = (0..60).map(|n| format!("f{n}")).collect();
    let one = |n: usize| {
        let on: Vec<String> = all[..n].iter().map(|id| format!("{id} = \"yes\"")).collect();
        field(&all[n], &format!("answer = {{ {} }}", on.join(", ")))
    };
    let first = field("f0", "role = \"reader\"");
    let more: String = (1..60).map(one).collect();
    good(with(&format!("{first}{more}")));
}

#[test]
fn nothing_but_a_field_hangs_on_what_is_chosen() {
    let template = "\n[[template]]\nid = \"t\"\nlabel = { zh = \"範\", en = \"T\" }\n\
                    when = { answer = { kind = \"new\" } }\nfill = { kind = \"new\" }\n";
    let template = told(&format!("{KIND}{template}"));
    assert!(template.contains("the template `t` hangs on `answer`, which is not known then"), "{template}");
    for (kind, lines) in
        [("retention", "record = \"lookup-log\"\nat_least_years = 1"), ("screen", "visible_seconds = 60")]
    {
        for when in ["action = \"create\"", "answer = { kind = \"new\" }"] {
            let control = format!(
                "[[control]]\nid = \"own\"\nkind = \"{kind}\"\npolicy = true\n{lines}\nwhen = {{ {when} }}\n"
            );
            let told = faults(extended(&control));
            assert!(told.len() == 1 && told[0].contains("`own` would never apply"), "{told:?}");
        }
    }
}
