//! Parts that are each right and senseless together, and slips of the pen, in the words their authors read.

use alloc::format;
use alloc::vec;

use super::*;
use crate::regulation::{load_beside, reload};

/// The small pack with a text of its own in `controls.toml`.
fn beside(controls: &str) -> Vec<String> {
    faults(load(&[
        Source { path: "pack.toml", text: PACK },
        Source { path: "controls.toml", text: controls },
        Source { path: "forms/slip.toml", text: FORM },
        Source { path: "scenarios/stamp-first.toml", text: SCENARIO },
    ]))
}

/// The one fault that a further part brings, without its place.
fn told(more: &str) -> String {
    let all = faults(extended(more));
    assert_eq!(all.len(), 1, "{all:#?}");
    all[0].split_once("clause harbour/2: ").map_or(all[0].clone(), |(_, said)| said.into())
}

fn control(id: &str, kind: &str, rest: &str) -> String {
    format!("[[control]]\nid = \"{id}\"\nkind = \"{kind}\"\nclauses = [\"2\"]\n{rest}\n")
}

const LAST: &str = "The rest of the pack is looked at once every file can be read.";

#[test]
fn one_slip_is_one_line_whatever_else_leans_on_its_file() {
    let without = PACK.split_once("[[clause]]").unwrap();
    let clauses = format!(
        "[[clause]]{}",
        without.1.replace("clauses = [\"1\"]\npurposes", "clauses = [\"1\"\npurposes")
    );
    let all = faults(load(&[
        Source { path: "pack.toml", text: without.0 },
        Source { path: "clauses.toml", text: &clauses },
        Source { path: "forms/slip.toml", text: FORM },
        Source { path: "scenarios/stamp-first.toml", text: SCENARIO },
    ]));
    assert_eq!(all.len(), 1, "{all:#?}");
    assert_eq!(
        all[0],
        format!(
            "clauses.toml:25: the `[` that opens here is not closed. \
             Add the `]` where it ends; all that comes after it is misread. {LAST}"
        )
    );
}

#[test]
fn full_width_signs_are_one_fault_each_with_what_to_type() {
    let rest = "full-width signs stand inside of texts only.";
    let sign = |line: &str| {
        beside(&format!("[[control]]\n{line}\nkind = \"screen\"\npolicy = true\nvisible_seconds = 9\n"))
    };
    assert_eq!(
        sign("id = \u{201c}screen\u{201d}"),
        [format!(
            "controls.toml:2: `\u{201c}` is a full-width sign, which TOML does not read. \
             Type `\"` in its place; \
             {rest} {LAST}"
        )]
    );
    assert_eq!(
        sign("id\u{3000}= \"screen\""),
        [format!(
            "controls.toml:2: a blank that TOML does not read (U+3000) stands here. \
             Type an ordinary blank in its place. {LAST}"
        )]
    );
    assert_eq!(
        sign("id = \"screen\"\nwarn_seconds = \u{ff13}"),
        [format!(
            "controls.toml:3: `\u{ff13}` is a full-width sign, which TOML does not read. \
             Type `3` in its place; \
             {rest} {LAST}"
        )]
    );
}

#[test]
fn files_that_are_no_text_stand_among_those_that_cannot_be_read() {
    let unread = PackError {
        file: "controls.toml".into(),
        line: 1,
        clause: None,
        message: "the file is not UTF-8".into(),
        remedy: "Save it so.".into(),
    };
    let broken = PACK.replace("schema = 1", "schema = ");
    let all = load_beside(&[Source { path: "pack.toml", text: &broken }], vec![unread]).unwrap_err();
    let files: Vec<&str> = all.iter().map(|error| error.file.as_str()).collect();
    assert_eq!(files, ["pack.toml", "controls.toml"]);
    assert!(all[1].remedy.ends_with(LAST));
}

#[test]
fn the_header_is_mended_first_then_the_clauses_then_the_rest() {
    let text = PACK.replace("gist = \"只能為港務目的調閱。\"\n", "");
    let all = faults(load(&[
        Source { path: "pack.toml", text: &text },
        Source { path: "a.toml", text: "[[controls]]\n" },
        Source { path: "clauses.toml", text: "[[klause]]\n" },
        Source { path: "forms/slip.toml", text: FORM },
        Source { path: "scenarios/stamp-first.toml", text: SCENARIO },
    ]));
    let files: Vec<&str> = all.iter().map(|line| line.split(':').next().unwrap_or_default()).collect();
    assert_eq!(files, ["pack.toml", "clauses.toml", "a.toml"]);
    assert_eq!(all[2], "a.toml:1: a file beside `pack.toml` has no key `controls`. Did you mean `control`?");
    assert_eq!(
        beside("[control]\nid = \"screen\"\n"),
        ["controls.toml:1: `control` of a file beside `pack.toml` must be a list, not a table. \
          Begin each entry with two brackets: `[[…]]`."]
    );
}

#[test]
fn years_of_the_republic_are_told_what_they_are_in_the_common_era() {
    let dated = |date: &str| {
        faults(edited(&[(
            "[[organisation]]",
            &format!(
                "[[plan]]\nid = \"p\"\nword = \"計\"\n\
        word_en = \"P\"\nfrom = {date}\n\n[[organisation]]"
            ),
        )]))
    };
    let first = |date: &str| dated(date).into_iter().next().unwrap_or_default();
    assert_eq!(
        first("102-05-03"),
        format!(
            "pack.toml:18: `102-05-03` is a date of the Republic. \
             Add 1911 to the year: write `2013-05-03`. {LAST}"
        )
    );
    assert_eq!(
        first("0102-05-03"),
        "pack.toml:18: `from` of `plan` of the pack cannot be 0102-05-03. \
         For a year of the Republic add 1911: write `2013-05-03`."
    );
    assert_eq!(
        first("\"102-05-03\""),
        "pack.toml:18: `from` of `plan` of the pack must be a day, not a text. Write it bare: `2013-05-03`."
    );
    assert!(first("1850-05-03").ends_with("cannot be 1850-05-03. Write a year from 1912 on."));
    assert!(dated("2013-05-03").is_empty());
}

#[test]
fn what_a_later_program_finds_senseless_stays_in_force() {
    let more = control(
        "chores",
        "housekeeping",
        "word = { zh = \"清查\", en = \"Chores\" }\n\
        schedule = { every = 1, unit = \"week\", on = { month = 3 } }",
    );
    assert_eq!(
        told(&more),
        "`schedule` of control `chores` (housekeeping) names a `month` that its periods do not have. \
         In weeks write `on = { weekday = … }`."
    );
    let text = format!("{PACK}\n{more}");
    good(reload(&[
        Source { path: "pack.toml", text: &text },
        Source { path: "forms/slip.toml", text: FORM },
        Source { path: "scenarios/stamp-first.toml", text: SCENARIO },
    ]));
    good(extended(&more.replace("month = 3", "weekday = 5")));
}

#[test]
fn chains_say_each_thing_once() {
    let chain = |steps: &str| {
        told(&control("chain", "approval-chain", &format!("object = \"case-use\"\nsteps = [{steps}]")))
    };
    let propose = "{ who = { role = \"reader\" }, act = \"propose\" }";
    let decide = "{ who = { head = true }, act = \"decide\" }";
    assert_eq!(
        chain(&format!("{propose}, {propose}, {decide}")),
        "the chain would be put forward twice. \
         Let one step `propose`, and whoever looks at it next `check` or be asked (`consult`)."
    );
    assert_eq!(
        chain("{ side_by_side = [{ role = \"master\" }, { role = \"master\" }], act = \"decide\" }"),
        "a step asks the same twice side by side: `master`. \
         Name each once: one person counts once in a chain."
    );
    assert_eq!(
        chain("{ who = { role = \"master\" } }"),
        "a step of the chain does not say what it does. \
         Add `act`, one of: propose, consult, check, decide, carry-out."
    );
}

#[test]
fn times_fit_into_one_another() {
    let ladder = "suspend_after = { length = 30, unit = \"day\", from = \"last-use\" }\n\
        warn_before = { length = 2, unit = \"month\" }";
    assert_eq!(
        told(&control("idle", "idle-ladder", ladder)),
        "people would be warned before the time of `suspend_after` begins. \
         Let `warn_before` be shorter than `suspend_after`."
    );
    let password = |days: &str| {
        control(
            "password",
            "password",
            &format!("min_age_days = {days}\nrotation = {{ months = 1, force = \"duty\" }}"),
        )
    };
    assert_eq!(
        told(&password("90")),
        "a password would have to be changed after 1 months and could not be for 90 days. \
         Let `min_age_days` be shorter than the `rotation`."
    );
    good(extended(&password("1")));
    assert_eq!(
        told(&control("keep", "retention", "record = \"lookup-log\"")),
        "the retention does not say how long. Add one of: at_least_years, at_least_months, at_most_years, \
         permanent, with_case_file, until_approval."
    );
}

#[test]
fn what_is_named_is_there_and_is_for_that() {
    assert_eq!(
        told(&control("tiers", "admin-tiers", "tiers = [{ role = \"master\" }, { role = \"master\" }]")),
        "the role `master` stands in two tiers. Let each role have one tier."
    );
    assert_eq!(
        told(&control("lock", "lockout", "tries = 5\nunlock = \"application\"")),
        "nobody could apply for opening a locked account. \
         Add an `approval-chain` with `object = \"unlock\"` and a `form`, or let it open by `time`."
    );
    let object = faults(edited(&[("object = \"record-sheet\"", "object = \"report\"")]));
    assert_eq!(object.len(), 1, "{object:#?}");
    assert!(
        object[0].ends_with(
            "the form `slip` is for `report`. Write `object = \"record-sheet\"` in the form, or name another \
             form here."
        ),
        "{object:#?}"
    );
    let chain = control(
        "chain",
        "approval-chain",
        "object = \"case-use\"\nform = \"slip\"\nsteps = [{ who = { role = \"master\" }, act = \"decide\" }]",
    );
    let text = format!("{PACK}\n{chain}");
    let form = FORM.replace("type = \"text\"", "type = \"text\"\nfilled_by = \"system\"");
    let all = faults(load(&[
        Source { path: "pack.toml", text: &text },
        Source { path: "forms/slip.toml", text: &form },
        Source { path: "scenarios/stamp-first.toml", text: SCENARIO },
    ]));
    assert_eq!(
        all,
        ["forms/slip.toml:7: the field `reason` is required and would stay empty: the system \
          fills no field of the type `text` on an application. \
          Let people fill it, or let its type be one of: date, person, unit, account."]
    );
}

#[test]
fn states_and_policies_are_names_that_there_are() {
    let state = faults(edited(&[("expect = \"refused\"", "expect = \"refused\"\nstate = \"requestet\"")]));
    assert_eq!(
        state,
        ["scenarios/stamp-first.toml:9: clause harbour/2: no lookup has the state `requestet`. \
          Did you mean `requested`?"]
    );
    let policy = faults(edited(&[("policy = [\"valid_hours\"]", "policy = [\"by.role\"]")]));
    assert_eq!(policy.len(), 1, "{policy:#?}");
    assert!(
        policy[0].ends_with(
            "control `stamp` calls `by.role` policy but does not set it. \
             `policy` takes whole parameters only: write `by`."
        ),
        "{policy:#?}"
    );
}

#[test]
fn a_law_that_is_cited_does_nothing() {
    let law = "[[pack.cited_law]]\ncited_as = \"商港法\"\ncurrent_name = \"商港法\"\nclause = \"1\"\n";
    let role = "[[role]]\nid = \"master\"";
    let with_law = format!("{law}\n{role}");
    let edits = [(role, with_law.as_str()), ("clauses = [\"1\"]\npurposes", "policy = true\npurposes")];
    let told = faults(edited(&edits));
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].contains("harbour/1: this clause is only stated to people, nothing does it"), "{told:?}");
    let stated =
        ("harbour business only.\"\nmet = \"enforced\"", "harbour business only.\"\nmet = \"stated\"");
    assert!(edited(&[edits[0], edits[1], stated]).is_ok(), "but it states");
}

#[test]
fn what_is_kept_apart_is_no_single_role() {
    let told = told(&control("apart", "separation", "pairs = [{ first = \"stamp\", second = \"decide\" }]"));
    assert!(told.contains("role `master` has `stamp` and `decide`, so nobody could hold it"), "{told}");
}
