//! What a form asks, by what is chosen in it.

use super::super::hinge::{self, Hinge};
use super::*;
use crate::grant::permission::Stop;
use crate::regulation::{Chosen, Form, Situation};
use proptest::prelude::*;

/// Four fields with options: what is applied for, one that hangs on it, one that hangs on that one, and one
/// that is asked as long as that one is not.
const FIELDS: &str = r#"[[field]]
id = "kind"
label = { zh = "類別", en = "Kind" }
type = "choice"
required = true
options = [
  { code = "add", label = { zh = "新增", en = "New" }, action = "create" },
  { code = "alter", label = { zh = "異動", en = "Change" }, action = "change" },
  { code = "end", label = { zh = "註銷", en = "End" }, action = "cancel" },
]

[[field]]
id = "why"
label = { zh = "原因", en = "Why" }
type = "choice"
required = true
options = [
  { code = "moved", label = { zh = "調職", en = "Moved" } },
  { code = "other", label = { zh = "其他", en = "Other" } },
]
when = { action = ["change", "cancel"] }

[[field]]
id = "which"
label = { zh = "何種", en = "Which" }
type = "text"
required = true
when = { answer = { why = "other" } }

[[field]]
id = "mind"
label = { zh = "提醒", en = "Mind" }
type = "text"
when = { not = { answer = { why = ["other", "moved"], kind = ["alter", "end"] } } }

"#;

/// The small pack, whose ticks are asked of whoever does not end everything.
fn pack() -> Pack {
    let own = format!("{FIELDS}[[field]]\nid = \"mail\"");
    let form = FORM.replacen("[[field]]\nid = \"mail\"", &own, 1).replacen(
        "type = \"ticks\"",
        "type = \"ticks\"\nwhen = { action = [\"create\", \"change\"] }",
        1,
    );
    let files =
        [Source { path: "pack.toml", text: PACK }, Source { path: "forms/account.toml", text: &form }];
    load(&files).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn play(kind: &str) -> Play {
    let mut play = Play { pack: pack().into(), ..Play::new() };
    play.answers.insert("kind".into(), Entry::text(kind));
    play
}

fn asked(form: &Form, answers: &Answers) -> Vec<String> {
    let application = blank();
    let asked = form::asked(form, answers, &application.situation());
    let of_these = |id: &&str| matches!(*id, "why" | "which" | "mind" | "permissions");
    asked.into_iter().map(|field| field.id.as_str()).filter(of_these).map(String::from).collect()
}

fn chosen(choices: &[(&str, &str)]) -> Answers {
    choices.iter().map(|(field, code)| ((*field).into(), Entry::text(*code))).collect()
}

#[test]
fn a_field_is_asked_by_what_is_applied_for_and_by_what_is_chosen() {
    let pack = pack();
    let form = pack.form("account").unwrap();
    for (choices, expected) in [
        (&[][..], &["mind", "permissions"][..]),
        (&[("kind", "add")], &["mind", "permissions"]),
        (&[("kind", "alter")], &["why", "mind", "permissions"]),
        (&[("kind", "end"), ("why", "moved")], &["why"]),
        (&[("kind", "end"), ("why", "other")], &["why", "which"]),
        // What is left of a choice that is not asked any more says nothing.
        (&[("kind", "add"), ("why", "other")], &["mind", "permissions"]),
    ] {
        assert_eq!(asked(form, &chosen(choices)), expected, "{choices:?}");
    }
}

#[test]
fn what_is_not_asked_is_neither_missing_nor_part_of_what_is_put_forward() {
    let mut play = play("end");
    play.application.action = Action::Cancel;
    play.answers.insert("why".into(), Entry::text("moved"));
    play.answers.insert("which".into(), Entry::text("left over"));
    let play = play.done(&[("ann", Command::Submit)]);
    assert!(play.application.items.is_empty(), "the ticks are not asked: {:?}", play.application.items);
    let names: Vec<&str> = play.answers.keys().map(String::as_str).collect();
    assert_eq!(names, ["kind", "reason", "why"]);
}

#[test]
fn what_is_asked_on_a_condition_is_missing_like_anything_else() {
    let mut play = play("alter");
    play.application.action = Action::Change;
    let field = |play: &Play| {
        let no = play.decide("ann", Command::Submit).unwrap_err();
        assert_eq!(no.len(), 1, "{no:?}");
        (no[0].reason, no[0].field.clone().unwrap())
    };
    assert_eq!(field(&play), (Reason::FieldMissing, "why".into()));
    assert!(play.decide("ann", Command::Save).is_ok(), "nothing that was typed is lost");
    play.answers.insert("why".into(), Entry::text("other"));
    assert_eq!(field(&play), (Reason::FieldMissing, "which".into()));
    play.answers.insert("which".into(), Entry::text("x"));
    play.answers.remove("permissions");
    assert_eq!(field(&play), (Reason::FieldMissing, "permissions".into()));
}

/// Somebody who holds both ticks and applies for an end.
fn ending(pack: Pack, ticks: &[&str]) -> Play {
    let mut play = Play { pack: pack.into(), ..Play::new() };
    play.answers.insert("kind".into(), Entry::text("add"));
    let mut play = play.done(WHOLE);
    play.application = Application { id: ApplicationId::new("AP-2"), action: Action::Cancel, ..blank() };
    play.stamps.clear();
    play.answers.extend([("kind".into(), Entry::text("end")), ("why".into(), Entry::text("moved"))]);
    let values = ticks.iter().map(|tick| (*tick).into()).collect();
    play.answers.insert("permissions".into(), Entry { values, ..Entry::default() });
    play
}

/// The form with ticks that are asked whatever is applied for.
fn always(required: bool) -> Pack {
    let form = FORM.replacen("[[field]]\nid = \"mail\"", &format!("{FIELDS}[[field]]\nid = \"mail\""), 1);
    let form = if required { form } else { form.replacen("\"ticks\"\nrequired = true", "\"ticks\"", 1) };
    let files =
        [Source { path: "pack.toml", text: PACK }, Source { path: "forms/account.toml", text: &form }];
    load(&files).unwrap_or_else(|errors| panic!("{errors:?}"))
}

#[test]
fn an_end_ends_everything_where_no_ticks_are_asked_and_else_what_is_ticked() {
    let play = ending(pack(), &["crews"]).done(WHOLE);
    assert_eq!(play.held[0].stopped.map(|(why, _)| why), Some(Stop::Cancelled));
    assert_eq!(play.held.len(), 1, "whatever is still ticked in what is not asked");

    let before = ending(always(true), &["crews"]);
    let end = before.held[0].until;
    let play = before.done(WHOLE);
    let [former, left] = &play.held[..] else { panic!("{:?}", play.held) };
    assert_eq!(former.stopped.map(|(why, _)| why), Some(Stop::Replaced));
    assert_eq!((left.items.as_slice(), left.until), (&["berths".to_string()][..], end), "no day longer");
    let play = ending(always(true), &["crews", "berths"]).done(WHOLE);
    assert_eq!((play.held.len(), play.held[0].stopped.map(|(why, _)| why)), (1, Some(Stop::Cancelled)));
}

#[test]
fn an_end_that_is_asked_what_ends_names_something() {
    for required in [true, false] {
        let no = ending(always(required), &[]).decide("ann", Command::Submit).unwrap_err();
        assert_eq!((no.len(), no[0].reason), (1, Reason::FieldMissing), "{no:?}");
        assert_eq!(no[0].field.as_deref(), Some("permissions"));
    }
    let mut play = ending(always(true), &["crews"]);
    play.held[0].items = vec!["berths".into()];
    let play = play.done(WHOLE);
    assert_eq!((play.held.len(), play.held[0].stopped), (1, None), "what nobody has is ended for nobody");
}

/// Whether a hinge holds, judged as the script of the pages does.
fn turns(hinge: &Hinge, answers: &Answers, shown: &[String]) -> bool {
    let each = |parts: &[Hinge]| parts.iter().map(|part| turns(part, answers, shown)).collect::<Vec<_>>();
    match hinge {
        Hinge::Holds(holds) => *holds,
        Hinge::All(parts) => each(parts).into_iter().all(|held| held),
        Hinge::Any(parts) => each(parts).into_iter().any(|held| held),
        Hinge::Not(part) => !turns(part, answers, shown),
        Hinge::Chosen(field, codes) => {
            let said = answers.get(field).filter(|_| shown.contains(field));
            said.is_some_and(|entry| entry.values.iter().any(|code| codes.contains(code)))
        }
    }
}

/// What a page shows: as often as there are fields, each by what the others show.
fn shown(form: &Form, answers: &Answers) -> Vec<String> {
    let application = blank();
    let mut shown: Vec<String> = form.fields.iter().map(|field| field.id.clone()).collect();
    for _ in &form.fields {
        for field in &form.fields {
            let hinge = hinge::of(form, field, &application.situation());
            let visible = hinge.is_none_or(|hinge| turns(&hinge, answers, &shown));
            shown.retain(|id| *id != field.id);
            shown.extend(visible.then(|| field.id.clone()));
        }
    }
    shown.sort();
    shown
}

proptest! {
    /// Whatever is chosen: a page shows what is asked; what is asked is judged by what is put forward alone,
    /// and putting forward what was put forward changes nothing.
    #[test]
    fn pages_and_submissions_agree_on_what_is_asked(
        kind in proptest::option::of("add|alter|end|none"),
        why in proptest::option::of("moved|other|none"),
        ticked in proptest::option::of("berths|crews"),
    ) {
        let pack = pack();
        let form = pack.form("account").unwrap();
        let all = [("kind", kind), ("why", why), ("permissions", ticked)];
        let answers: Answers =
            all.into_iter().filter_map(|(field, code)| Some((field.into(), Entry::text(code?)))).collect();
        let application = blank();
        let situation = application.situation();
        let mut asked: Vec<String> =
            form::asked(form, &answers, &situation).into_iter().map(|field| field.id.clone()).collect();
        asked.sort();
        prop_assert_eq!(&asked, &shown(form, &answers));
        let settled = form::settled(form, &answers, &situation);
        prop_assert_eq!(&settled, &form::settled(form, &settled, &situation));
        prop_assert!(settled.keys().all(|name| asked.contains(name)));
        let codes = settled.iter().map(|(name, entry)| (name.clone(), entry.values.clone()));
        let chosen: Chosen = codes.collect();
        let action = form::action(form, &settled).word();
        let known = Situation { chosen: Some(&chosen), action: Some(action), ..situation };
        for field in &form.fields {
            let holds = field.when.as_ref().is_none_or(|when| when.holds(&known) == Some(true));
            prop_assert_eq!(holds, asked.contains(&field.id), "{}", &field.id);
        }
    }
}
