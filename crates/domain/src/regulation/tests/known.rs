//! Conditions, deadlines and people that could never come to anything are told to the author.

use super::super::Situation;
use super::*;
use crate::duty::recur;
use crate::lookup::countersign;
use crate::period::Calendar;
use crate::time::{Date, Instant};
use alloc::format;

fn control(kind: &str, lines: &str) -> String {
    format!("[[control]]\nid = \"own\"\nkind = \"{kind}\"\npolicy = true\n{lines}\n")
}

/// The one fault of a further control.
fn fault(kind: &str, lines: &str) -> String {
    let told = faults(extended(&control(kind, lines)));
    assert_eq!(told.len(), 1, "{kind} {lines}: {told:#?}");
    told[0].clone()
}

const QUARTER: &str = "schedule = { every = 3, unit = \"month\" }";

#[test]
fn a_condition_on_what_is_not_known_there_is_refused() {
    for kind in ["inventory", "link-review"] {
        let told = fault(kind, &format!("{QUARTER}\nwhen = {{ unit = \"bureau\" }}"));
        assert!(told.contains("`own` would never apply: nothing is known of `unit` there"), "{told}");
        assert!(told.contains("holds for the whole agency"), "{told}");
    }
    for (kind, lines, fact) in [
        ("idle-ladder", "forced = true\nwhen = { role = \"reader\" }", "role"),
        ("contractor", "confidentiality = true\nwhen = { unit = \"bureau\" }", "unit"),
        (
            "office-duty",
            "who = { role = \"master\" }\nduties = [\"links\"]\nwhen = { cause = \"leave\" }",
            "cause",
        ),
        ("handover", "by_list = true\nwhen = { role = \"reader\" }", "role"),
        (
            "training",
            "hours = 3\nwhen = { any = [{ role = \"reader\" }, { count = { at_least = 2 } }] }",
            "count",
        ),
        (
            "undertaking",
            "text = { zh = \"保密\", en = \"Secret\" }\nwhen = { not = { purpose = \"berth\" } }",
            "purpose",
        ),
        ("screen", "visible_seconds = 60\nwhen = { purpose = \"berth\" }", "purpose"),
    ] {
        let told = fault(kind, lines);
        assert!(told.contains(&format!("nothing is known of `{fact}` there")), "{kind}: {told}");
    }
}

#[test]
fn a_duty_of_each_is_owed_by_those_whom_its_condition_means() {
    let lines = "hours = 3\nschedule = { every = 1, unit = \"year\" }\nwhen = { unit = \"bureau\" }";
    let pack = good(extended(&control("training", lines)));
    let training = pack.recurring().into_iter().find(|own| own.control == "own").unwrap();
    let owes = |role: &str, unit: &str| recur::owes(&pack, &training.value, role, unit);
    assert!(owes("reader", "bureau"));
    assert!(!owes("reader", "branch") && !owes("reader", "") && !owes("master", "bureau"));
}

#[test]
fn a_deadline_is_counted_from_what_is_counted() {
    let from = |from: &str| {
        format!(
            "of = [\"user\"]\nrecipients = [{{ party = \"provider\" }}]\n\
             deadline = {{ length = 5, unit = \"day\", from = \"{from}\" }}"
        )
    };
    good(extended(&control("change-notice", &from("leave"))));
    let told = fault("change-notice", &from("order"));
    assert!(told.contains("`deadline` is not counted from `order` here. Count it from `change`"), "{told}");
    let text = "text = { zh = \"保密\", en = \"Secret\" }";
    let within = "within = { length = 5, unit = \"day\", from = \"account-created\" }";
    let told = fault("undertaking", &format!("{text}\n{within}"));
    assert!(told.contains("from the day on which it is owed"), "{told}");
}

#[test]
fn whoever_has_to_do_something_is_somebody_of_the_agency() {
    for (kind, lines) in [
        ("inventory", format!("{QUARTER}\nby = {{ organisation = \"bureau\" }}")),
        ("contractor", "of = [{ party = \"vendor\" }]\nconfidentiality = true".into()),
        ("training", "hours = 3\nwhom = [{ party = \"vendor\" }]".into()),
    ] {
        let told = fault(kind, &lines);
        assert!(told.contains("nobody of the agency could be meant by"), "{told}");
    }
    let chain = |form: &str| {
        let steps = "steps = [{ who = { organisation = \"bureau\" }, act = \"decide\" }]";
        control("approval-chain", &format!("object = \"case-use\"\n{form}{steps}"))
    };
    good(extended(&chain("")));
    let told = faults(extended(&chain("form = \"slip\"\n")));
    assert!(told[0].contains("a step that nobody could ever take: `organisation:bureau`"), "{told:#?}");
    let formless = fault(
        "approval-chain",
        "object = \"unlock\"\nsteps = [{ who = { role = \"master\" }, act = \"decide\" }]",
    );
    assert!(formless.contains("nobody could apply for `unlock`"), "{formless}");
}

#[test]
fn what_is_stamped_together_is_late_after_its_period() {
    let stamp = |deadline: &str| {
        let lines = format!(
            "timing = \"batch\"\nby = {{ role = \"master\" }}\nwhen = {{ role = \"reader\" }}\n\
             batch = {{ every = 1, unit = \"month\" }}\n{deadline}"
        );
        let pack = good(extended(&control("countersign", &lines)));
        let reader = Situation { role: Some("reader"), ..Situation::default() };
        pack.countersign(&reader).unwrap().value
    };
    let asked = Instant::at(Date::parse_iso("2026-03-10").unwrap(), 9, 0);
    let last = |deadline: &str| {
        let due = countersign::due(&stamp(deadline), asked, &Calendar::official()).unwrap();
        Instant::from_micros(due.micros() - 1).date().to_string()
    };
    assert_eq!(last(""), "2026-03-31", "the end of the month in which it was asked");
    assert_eq!(last("deadline = { length = 5, unit = \"day\", from = \"period-end\" }"), "2026-04-07");
    assert_eq!(last("deadline = { length = 5, unit = \"day\", from = \"lookup\" }"), "2026-03-16");
    let alone = "timing = \"after\"\nby = { role = \"master\" }\nwhen = { role = \"reader\" }\n\
                 deadline = { length = 5, unit = \"day\", from = \"period-end\" }";
    assert!(fault("countersign", alone).contains("the end of a period that there is not"));
}

#[test]
fn a_basis_is_chosen_within_its_days_only() {
    let lines = "bases = [{ code = \"a\", word = { zh = \"甲\", en = \"A\" }, valid_from = 2026-01-01, \
                 valid_to = 2026-06-30 }]";
    let basis = good(extended(&control("legal-bases", lines))).legal_basis("a").unwrap().value;
    let on = |day: &str| basis.may_be_chosen(Date::parse_iso(day).unwrap().civil());
    assert_eq!(["2025-12-31", "2026-01-01", "2026-06-30", "2026-07-01"].map(on), [false, true, true, false]);
}

#[test]
fn nothing_stands_in_for_a_factor_that_is_not_asked_for() {
    good(extended(&control("factors", "factors = [\"password\", \"totp\"]")));
    for (list, said) in [
        ("[\"certificate-card\", \"password\"]", "does not ask for `certificate-card`"),
        ("[\"password\"]", "a password is asked for, and then a code"),
        ("[\"totp\", \"password\"]", "a password is asked for, and then a code"),
    ] {
        let told = fault("factors", &format!("factors = {list}"));
        assert!(told.contains(said), "{told}");
    }
}

#[test]
fn an_undertaking_says_what_is_signed() {
    let bare = fault("undertaking", "whom = [{ role = \"reader\" }]");
    assert!(bare.contains("says nothing that could be signed"), "{bare}");
    let empty = fault("undertaking", "form = \"slip\"");
    assert!(empty.contains("says nothing that could be signed"), "its form has no fixed sentence: {empty}");
    let first = "text = { zh = \"保密\", en = \"Secret\" }\nbefore_lookup = true\n\
                 renew = { every = 1, unit = \"year\" }";
    good(extended(&control("undertaking", first)));
    let mild = fault("undertaking", &format!("{first}\nconsequence = \"remind\""));
    assert!(mild.contains("milder than `before_lookup`"), "{mild}");
    good(extended(&control("undertaking", "form = \"slip\"\ntext = { zh = \"保密\", en = \"Secret\" }")));
}
