//! Broken packs: each fault is found once, at its place, with what would be right.

use alloc::format;

use super::*;
use crate::regulation::{ApplicationObject, Situation, StepAct};

/// The one fault of the small pack after one change.
fn fault(from: &str, to: &str) -> String {
    let faults = faults(edited(&[(from, to)]));
    assert_eq!(faults.len(), 1, "{faults:#?}");
    faults[0].clone()
}

/// The one fault that a further part brings.
fn fault_of(more: &str) -> String {
    let faults = faults(extended(more));
    assert_eq!(faults.len(), 1, "{faults:#?}");
    faults[0].clone()
}

#[test]
fn the_small_pack_is_whole() {
    let pack = good(edited(&[]));
    assert_eq!((pack.clauses.len(), pack.controls.len()), (3, 4));
    assert_eq!((pack.forms.len(), pack.scenarios.len()), (1, 1));
}

#[test]
fn syntax_is_judged_first() {
    let fault = fault("schema = 1", "schema = ");
    assert!(fault.starts_with("pack.toml:1: "), "{fault}");
    let without = load(&[Source { path: "forms/a.toml", text: FORM }]);
    assert_eq!(
        faults(without),
        ["pack.toml:1: the pack has no `pack.toml`. Every pack folder holds one; see the handbook."]
    );
}

#[test]
fn the_format_must_be_known() {
    assert_eq!(
        fault("schema = 1", ""),
        "pack.toml:1: the pack does not say its format. Begin `pack.toml` with `schema = 1`."
    );
    assert_eq!(
        fault("schema = 1", "schema = 2"),
        "pack.toml:1: the pack is written in format 2, and this program reads up to 1. \
         Use a newer program, or write the pack in the older format."
    );
    assert_eq!(
        fault("schema = 1", "schema = -1"),
        "pack.toml:1: `schema` of the pack cannot be -1. Write a number from 1 to 1000."
    );
}

#[test]
fn an_unknown_key_is_an_error_with_the_nearest_one() {
    assert_eq!(
        fault("valid_hours = 24", "valid_hour = 24\nvalid_hours = 2"),
        "pack.toml:64: clause harbour/2: control `stamp` (countersign) has no key `valid_hour`. \
         Did you mean `valid_hours`?"
    );
    assert_eq!(
        fault("[[organisation]]", "[[organization]]"),
        "pack.toml:14: the pack has no key `organization`. Did you mean `organisation`?"
    );
}

#[test]
fn an_unknown_kind_is_an_error_with_the_nearest_one() {
    let faults = faults(edited(&[("kind = \"record-sheet\"", "kind = \"record-sheets\"")]));
    assert_eq!(
        faults,
        ["pack.toml:69: clause harbour/2: there is no kind `record-sheets`. Did you mean `record-sheet`?"]
    );
    assert_eq!(
        fault("kind = \"record-sheet\"\n", ""),
        "pack.toml:67: clause harbour/2: a control does not name its kind. \
         Add `kind = \"…\"`; the handbook lists the kinds."
    );
}

#[test]
fn names_must_lead_somewhere() {
    assert_eq!(
        fault("form = \"slip\"", "form = \"slips\""),
        "pack.toml:71: clause harbour/2: there is no form `slips`. Did you mean `slip`?"
    );
    assert_eq!(
        fault("by = { role = \"master\" }", "by = { role = \"captain\" }"),
        "pack.toml:63: clause harbour/2: there is no role `captain`. Use one of the roles: master, reader."
    );
    assert_eq!(
        fault("by = { role = \"master\" }", "by = { office = \"it\" }"),
        "pack.toml:63: clause harbour/2: there is no office `it`. This pack has no offices yet."
    );
    assert_eq!(
        fault("roles = { ann = \"reader\", mo", "roles = { bob = \"reader\", mo"),
        "scenarios/stamp-first.toml:10: clause harbour/2: there is no member of the cast `ann`. \
         Use one of the members of the cast: bob, mo."
    );
    assert_eq!(
        fault("clause = \"2\"", "clause = \"9\""),
        "scenarios/stamp-first.toml:14: clause harbour/2: there is no clause `9`. Use one of the clauses: \
         1, 2, 3."
    );
}

#[test]
fn what_is_there_twice_is_an_error() {
    assert_eq!(
        fault("id = \"slip\"\nkind", "id = \"stamp\"\nkind"),
        "pack.toml:67: clause harbour/2: the control `stamp` is there twice. \
         Give each its own id; a rule is never said twice."
    );
    assert_eq!(
        fault_of(
            "[[clause]]\nid = \"1\"\ncite = \"一\"\ngist = \"重\"\ngist_en = \"again\"\nmet = \"enforced\"\n"
        ),
        "pack.toml:81: the clause `1` is there twice. Give each its own id; a rule is never said twice."
    );
    assert_eq!(
        fault(
            "required = true\n",
            "required = true\n\n[[field]]\nid = \"reason\"\nlabel = { zh = \"事\", en = \"R\" }\ntype = \
             \"text\"\n"
        ),
        "forms/slip.toml:13: clause harbour/2: the field `reason` is there twice. Give each its own id."
    );
    let twice = "purposes = [{ code = \"berth\", word = { zh = \"船\", en = \"B\" } }, { code = \"berth\"";
    assert_eq!(
        fault("purposes = [{ code = \"berth\"", twice),
        "pack.toml:56: clause harbour/1: the permitted use `berth` is there twice. \
         Give each its own id; a rule is never said twice."
    );
}

#[test]
fn every_clause_is_met_and_every_control_comes_from_one() {
    assert_eq!(
        fault_of(
            "[[clause]]\nid = \"4\"\ncite = \"四\"\ngist = \"無\"\ngist_en = \"None\"\nmet = \"recorded\"\n"
        ),
        "pack.toml:81: clause harbour/4: nothing in the pack meets this clause. \
         Add a control with this clause in its `clauses`, or a `notice` where it is only stated."
    );
    let faults = faults(edited(&[("clauses = [\"1\"]\n", "")]));
    assert_eq!(faults.len(), 2, "{faults:#?}");
    assert_eq!(
        faults[0],
        "pack.toml:31: clause harbour/1: nothing in the pack meets this clause. \
         Add a control with this clause in its `clauses`, or a `notice` where it is only stated.",
    );
}

#[test]
fn a_control_without_clause_is_policy_or_an_error() {
    let more = "[[control]]\nid = \"screen\"\nkind = \"screen\"\nvisible_seconds = 90\n";
    assert_eq!(
        fault_of(more),
        "pack.toml:81: control `screen` comes from no clause. \
         Add `clauses = [\"…\"]`; where it is a choice and not the law, `policy = true`."
    );
    good(extended(&format!("{more}policy = true\n")));
    assert_eq!(
        fault("policy = [\"valid_hours\"]", "policy = [\"uses\"]"),
        "pack.toml:58: clause harbour/2: control `stamp` calls `uses` policy but does not set it. \
         Set the parameter, or take it out of `policy`."
    );
}

#[test]
fn stating_and_doing_are_kept_apart() {
    assert_eq!(
        fault("clauses = [\"3\"]\ntext", "clauses = [\"1\"]\ntext").matches("harbour/3").count(),
        1,
        "the clause that lost its notice is named"
    );
    assert_eq!(
        fault("met = \"stated\"", "met = \"enforced\""),
        "pack.toml:45: clause harbour/3: this clause is only stated to people, nothing does it. \
         Add a control that does it, or say `met = \"stated\"`."
    );
    assert_eq!(
        fault(
            "gist_en = \"Data are read for harbour business only.\"\nmet = \"enforced\"",
            "gist_en = \"x\"\nmet = \"stated\""
        ),
        "pack.toml:31: clause harbour/1: this clause is to be stated, but nothing states it. \
         Add a `notice` that names it, or say `recorded` or `enforced`."
    );
}

#[test]
fn impossible_values_are_refused() {
    let screen = "[[control]]\nid = \"screen\"\nkind = \"screen\"\npolicy = true\nvisible_seconds = 20\n\
        warn_seconds = 30\n";
    assert_eq!(
        fault_of(screen),
        "pack.toml:86: `warn_seconds` is 30, which is not below `visible_seconds`, 20. \
         Let `warn_seconds` be less than `visible_seconds`."
    );
    let keep = |times: &str| {
        format!(
            "[[control]]\nid = \"keep\"\nkind = \"retention\"\nclauses = [\"2\"]\nrecord = \
             \"lookup-log\"\n{times}\n"
        )
    };
    assert_eq!(
        fault_of(&keep("at_least_years = -3")),
        "pack.toml:86: clause harbour/2: `at_least_years` of control `keep` (retention) cannot be -3. \
         Write a number from 1 to 150."
    );
    assert_eq!(
        fault_of(&keep("at_least_years = 5\nat_most_years = 3")),
        "pack.toml:86: clause harbour/2: `at_least_years` is 5, more than `at_most_years`, 3. \
         Let `at_least_years` be at most `at_most_years`."
    );
    assert_eq!(
        fault_of(&keep("permanent = true\nat_most_years = 3")),
        "pack.toml:87: clause harbour/2: what is permanent is not kept at most for a time. \
         Leave `at_most_years` out, or `permanent`."
    );
    good(extended(&keep("with_case_file = true")));
}

#[test]
fn a_share_stays_within_a_hundred() {
    let audit = |share: &str| {
        format!(
            "[[control]]\nid = \"audit\"\nkind = \"programme\"\nclauses = [\"2\"]\nword = {{ zh = \"查\", \
             en = \"A\" }}\n\
             schedule = {{ every = 3, unit = \"month\" }}\nscope = [\"records\"]\nsample = [{{ of = \
             \"records\"{share} }}]\n"
        )
    };
    for bad in [", share = 101", ", share = 0", ", share = -5", ", share = 1.234"] {
        assert_eq!(
            fault_of(&audit(bad)).split(": ").last(),
            Some(
                "`share` of `sample` of control `audit` (programme) is not a possible share. \
                 Write a percentage above 0 and at most 100, with at most two decimals."
            ),
            "{bad}"
        );
    }
    good(extended(&audit(", share = 0.5")));
    assert_eq!(
        fault_of(&audit("")),
        "pack.toml:88: clause harbour/2: the sample does not say how much. Set `share`, `count` or `minimum`."
    );
}

#[test]
fn a_chain_has_an_end_and_known_people() {
    let chain = |steps: &str| {
        format!(
            "[[control]]\nid = \"chain\"\nkind = \"approval-chain\"\nclauses = [\"2\"]\nobject = \
             \"case-use\"\nsteps = [{steps}]\n"
        )
    };
    assert_eq!(
        fault_of(&chain("")),
        "pack.toml:86: clause harbour/2: a chain without steps has no end. \
         Name at least one. The chain in order, with an end: the last step must decide or carry out."
    );
    assert_eq!(
        fault_of(&chain("{ who = { role = \"master\" }, act = \"consult\" }")),
        "pack.toml:86: clause harbour/2: the chain has no end: its last step decides nothing. \
         Let the last step `decide` or `carry-out`."
    );
    assert_eq!(
        fault_of(&chain("{ who = { role = \"captain\" }, act = \"decide\" }")),
        "pack.toml:86: clause harbour/2: there is no role `captain`. Use one of the roles: master, reader."
    );
    assert_eq!(
        fault_of(&chain("{ label = { zh = \"核\", en = \"D\" } }")),
        "pack.toml:86: clause harbour/2: a step of the chain does not say who acts. \
         Give each step either `who` or `side_by_side`."
    );
    assert_eq!(
        fault_of(&chain(
            "{ side_by_side = [{ head = true }, { role = \"master\" }], act = \"decide\", quorum = 3 }"
        )),
        "pack.toml:86: clause harbour/2: the quorum is larger than those who are asked. At most 2."
    );
}

#[test]
fn a_stamp_needs_somebody_who_may_stamp() {
    assert_eq!(
        fault("by = { role = \"master\" }", "by = { role = \"reader\" }"),
        "pack.toml:63: clause harbour/2: role `reader` stamps here but has not the capacity `stamp`. \
         Add `stamp` to its `capacities`."
    );
    assert_eq!(
        fault("timing = \"before\"\nby", "timing = \"after\"\nby"),
        "pack.toml:64: clause harbour/2: `valid_hours` means nothing where the stamp comes after. \
         It belongs to `timing = \"before\"`."
    );
    good(edited(&[("valid_hours = 24\npolicy = [\"valid_hours\"]\n", "")]));
    assert_eq!(
        fault("by = { role = \"master\" }", "by = { role = \"master\", head = true }"),
        "pack.toml:63: clause harbour/2: `by` of control `stamp` (countersign) does not say who. \
         Write exactly one of `role`, `office`, `organisation`, `head`, `head_or_delegate`, `relation`, \
         `party`, \
         `any`; flags are `true`, `any` has two or more."
    );
}

#[test]
fn a_rule_cannot_end_before_it_begins() {
    assert_eq!(
        fault("effective_from = 2024-01-01", "effective_from = 2024-01-01\neffective_to = 2023-12-31"),
        "pack.toml:3: the rule ends on 2023-12-31, before it begins on 2024-01-01. \
         Let `effective_to` be the last day in force, or leave it out."
    );
    assert_eq!(
        fault("effective_from = 2024-01-01", "effective_from = \"2024-01-01\""),
        "pack.toml:12: `effective_from` of `pack` of the pack must be a day, not a text. Write it bare: \
         `2017-01-19`."
    );
}

#[test]
fn forms_and_scenarios_are_judged_too() {
    assert_eq!(
        fault("type = \"text\"\n", "type = \"ticks\"\n"),
        "forms/slip.toml:7: clause harbour/2: the field `reason` has no options. \
         Add `options = [{ code = …, label = … }]`."
    );
    assert_eq!(
        fault("subject = \"A\"\n", ""),
        "scenarios/stamp-first.toml:9: clause harbour/2: the step does not say enough. \
         Add `subject`, the name of whom they look up."
    );
    let template =
        "[[template]]\nid = \"t\"\nlabel = { zh = \"一\", en = \"t\" }\nfill = { reason = \"x\" }\n";
    let form = format!("{FORM}\n{template}");
    let told = faults(load(&[
        Source { path: "pack.toml", text: PACK },
        Source { path: "forms/slip.toml", text: &form },
    ]));
    assert!(told[0].contains("the template `t` fills `reason`, which cannot be chosen"), "{told:?}");
    let stray = load(&[
        Source { path: "pack.toml", text: PACK },
        Source { path: "forms/slip.toml", text: FORM },
        Source { path: "notes.txt", text: "x" },
    ]);
    assert_eq!(
        faults(stray),
        ["notes.txt:1: this file does not belong in a pack. \
          A pack holds `*.toml`, `forms/*.toml`, `letters/*`, `scenarios/*.toml`, nothing else."]
    );
}

#[test]
fn two_rules_that_compete_are_an_error() {
    let second = "[[control]]\nid = \"again\"\nkind = \"record-sheet\"\nclauses = [\"2\"]\nform = \
        \"slip\"\ntiming = \"after\"\n";
    assert_eq!(
        fault_of(second),
        "pack.toml:81: clause harbour/2: control `again` would never apply: `slip` applies always. \
         Join the two, or say with `when` to what each applies."
    );
    good(extended(&format!("{second}when = {{ role = \"reader\" }}\n")));
    assert_eq!(
        fault_of(&format!("{second}when = {{}}\n")).split(": ").last(),
        Some("`when` of control `again` (record-sheet) names no condition. Name one, or leave `when` out.")
    );
}

#[test]
fn all_faults_come_together_in_the_order_of_reading() {
    let faults = faults(edited(&[
        ("version = \"1\"\n", ""),
        ("capacities = [\"ask\"]", "capacities = [\"asks\"]"),
        ("form = \"slip\"", "form = \"x\""),
        ("type = \"text\"", "type = \"texts\""),
    ]));
    let places: Vec<&str> = faults.iter().filter_map(|fault| fault.split(": ").next()).collect();
    assert_eq!(places, ["pack.toml:3", "pack.toml:22", "pack.toml:70", "forms/slip.toml:10"]);
}

#[test]
fn hostile_texts_do_not_break_the_reader() {
    let deep = format!(
        "[[control]]\nid = \"deep\"\nkind = \"screen\"\npolicy = true\nwhen = {}{}\n",
        "{ not = ".repeat(60),
        "}".repeat(60)
    );
    assert!(!faults(extended(&deep)).is_empty());
    let long = format!("gist = \"{}\"", "字".repeat(2_001));
    let fault = fault("gist = \"資料不得外洩。\"", &long);
    assert!(fault.contains("longer than 2,000 characters"), "{fault}");
    for text in [
        "\u{feff}",
        "=",
        "[[control]]",
        "schema = 1\ncontrol = 5",
        "schema = 1\npack = 1\nclause = [1]",
        "schema = 99999999999999999999",
    ] {
        assert!(!faults(load(&[Source { path: "pack.toml", text }])).is_empty(), "{text}");
    }
}

#[test]
fn a_consequence_follows_a_day() {
    let late = |kind: &str, more: &str| {
        let control = format!("[[control]]\nid = \"late\"\nkind = \"{kind}\"\nclauses = [\"2\"]\n");
        format!("{control}consequence = \"suspend\"\n{more}\n")
    };
    let word = "text = { zh = \"保證\", en = \"I will\" }";
    for (kind, more, days) in
        [("undertaking", word, "within` or `renew"), ("training", "hours = 3", "schedule")]
    {
        let fault = fault_of(&late(kind, more));
        assert!(fault.contains("a consequence without a deadline can never follow"), "{fault}");
        assert!(fault.contains(&format!("Add `{days}`, or leave the consequence out.")), "{fault}");
    }
    good(extended(&late("undertaking", &format!("{word}\nwithin = {{ length = 14, unit = \"day\" }}"))));
    good(extended(&late("training", "schedule = { every = 1, unit = \"year\" }")));
}

#[test]
fn a_password_whose_change_is_only_advised_bars_nobody() {
    let password = |rotation: &str| {
        format!(
            "[[control]]\nid = \"pass\"\nkind = \"password\"\npolicy = true\nrotation = {{ {rotation} }}\n"
        )
    };
    let advised = fault_of(&password("months = 3, force = \"advice\", consequence = \"suspend\""));
    assert!(advised.contains("only advised cannot bar"), "{advised}");
    let endless = fault_of(&password("force = \"duty\", consequence = \"block-new-lookups\""));
    assert!(endless.contains("without a period"), "{endless}");
    for good in [
        "months = 3, force = \"duty\", consequence = \"suspend\"",
        "months = 3, force = \"advice\", consequence = \"remind\"",
    ] {
        super::good(extended(&password(good)));
    }
}

#[test]
fn whoever_opens_an_account_after_an_application_is_said_once_and_only_where_there_is_one() {
    let lockout = |unlock: &str| {
        format!(
            "[[control]]\nid = \"lock\"\nkind = \"lockout\"\npolicy = true\ntries = 3\n{unlock}\n\
             unlock_by = {{ role = \"master\" }}\n"
        )
    };
    let timed = fault_of(&lockout("unlock = \"time\"\nminutes = 5"));
    assert!(timed.contains("nobody opens what time opens"), "{timed}");
    let chain = |last: &str| {
        format!(
            "{}\n[[control]]\nid = \"opening\"\nkind = \"approval-chain\"\npolicy = true\n\
             object = \"unlock\"\nform = \"slip\"\n\
             steps = [{{ who = {{ role = \"master\" }}, act = \"decide\" }}{last}]\n",
            lockout("unlock = \"application\"")
        )
    };
    let twice = fault_of(&chain(", { who = { role = \"reader\" }, act = \"carry-out\" }"));
    assert!(twice.contains("the chain `opening` is carried out by somebody else"), "{twice}");
    good(extended(&chain(", { who = { role = \"master\" }, act = \"carry-out\" }")));
    let open = good(extended(&chain("")));
    let chain = open.approval_chain(ApplicationObject::Unlock, &Situation::default()).unwrap();
    assert_eq!(chain.value.steps.last().map(|step| step.act), Some(StepAct::CarryOut));
}

#[test]
fn a_list_of_handing_over_is_signed_by_people_of_the_agency() {
    let list = |who: &str| {
        format!(
            "[[control]]\nid = \"list\"\nkind = \"handover\"\npolicy = true\nby_list = true\n\
             signers = [{who}]\n"
        )
    };
    let outside = fault_of(&list("{ role = \"master\" }, { party = \"provider\" }"));
    assert!(outside.contains("nobody of the agency could sign the list"), "{outside}");
    good(extended(&list("{ role = \"master\" }, { head = true }, { relation = \"head-of-unit\" }")));
}
