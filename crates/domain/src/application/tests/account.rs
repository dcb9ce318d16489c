//! What the rule says of applications for accounts, beside their chain.

use super::*;
use crate::application::account::Beside;
use crate::directory::import::Current;
use crate::directory::{Assignment, Unit};
use crate::grant::import;
use crate::grant::permission::Stop;
use crate::regulation::{ClauseId, StepAct};

const CHOICE: &str = r#"[[field]]
id = "kind"
label = { zh = "類別", en = "Kind" }
type = "choice"
options = [
  { code = "add", label = { zh = "新增", en = "New" }, action = "create" },
  { code = "alter", label = { zh = "異動", en = "Change" }, action = "change" },
  { code = "end", label = { zh = "註銷", en = "End" }, action = "cancel" },
]

"#;

/// The small pack with a second clause, under which its control for accounts says more; and a form whose
/// author chooses what is applied for.
fn ruled(more: &str, chain: &[(&str, &str)]) -> Result<Pack, Vec<String>> {
    let clause = "[[clause]]\nid = \"2\"\ncite = \"二\"\ngist = \"期間\"\ngist_en = \"Term\"\n\
                  met = \"enforced\"\n\n[[control]]\nid = \"application\"";
    let own = format!("clauses = [\"2\"]\nform = \"account\"\n{more}");
    let text = PACK.replacen("[[control]]\nid = \"application\"", clause, 1);
    let text = text.replacen("clauses = [\"1\"]\nform = \"account\"", &own, 1);
    let text = chain.iter().fold(text, |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    let form = FORM.replacen("[[field]]\nid = \"mail\"", &format!("{CHOICE}[[field]]\nid = \"mail\""), 1);
    let files =
        [Source { path: "pack.toml", text: &text }, Source { path: "forms/account.toml", text: &form }];
    load(&files).map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

fn play(more: &str) -> Play {
    Play { pack: ruled(more, &[]).unwrap().into(), ..Play::new() }
}

fn refusal(play: &Play, who: &str, command: Command) -> Refusal {
    let mut refusals = play.decide(who, command).unwrap_err();
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    refusals.remove(0)
}

fn clause(local: &str) -> Option<ClauseId> {
    Some(ClauseId::new("harbour", local))
}

#[test]
fn the_shorter_of_two_terms_holds_and_says_where_it_stands() {
    for (own, months, under) in [("valid_months = 6", 6, "2"), ("valid_months = 24", 12, "1"), ("", 12, "1")]
    {
        let play = play(own);
        let chain = chain(&play.pack, "account", &play.application.situation()).unwrap();
        let term = chain.value.term.unwrap();
        assert_eq!((term.months, term.clauses.first().cloned()), (months, clause(under)), "{own}");
        let opened = play.done(WHOLE).held.remove(0);
        let day = at(0).date().plus_months(i64::from(months)).unwrap();
        assert_eq!(opened.until, Some(day.start()), "{own}");
    }
}

#[test]
fn only_what_the_rule_lets_is_applied_for_with_the_form() {
    let mut play = play("actions = [\"create\", \"cancel\"]");
    for (action, free) in [(Action::Create, true), (Action::Change, false), (Action::Cancel, true)] {
        play.application.action = action;
        assert!(play.decide("ann", Command::Save).is_ok(), "nothing that was typed is lost");
        match free {
            true => assert!(play.decide("ann", Command::Submit).is_ok(), "{action:?}"),
            false => {
                let no = refusal(&play, "ann", Command::Submit);
                assert_eq!((no.reason, no.clause), (Reason::ActionNotOffered, clause("2")));
                assert_eq!(no.field.as_deref(), Some("kind"));
            }
        }
    }
}

#[test]
fn whoever_has_an_account_is_shown_the_way_and_gets_no_second_one() {
    for (actions, problem) in [
        ("", None),
        ("\nactions = [\"create\", \"change\"]", None),
        ("\nactions = [\"create\", \"cancel\"]", Some("cancel")),
        ("\nactions = [\"create\"]", Some("closed")),
    ] {
        let mut play = play(&format!("duplicate_check = true{actions}"));
        play.beside.held = play.clone().done(WHOLE).held;
        let no = refusal(&play, "ann", Command::Submit);
        assert_eq!((no.reason, no.clause.clone()), (Reason::AccountHeld, clause("2")), "{actions}");
        assert_eq!(no.args.get("problem").map(String::as_str), problem, "{actions}");
        play.application.action = Action::Change;
        assert_eq!(
            play.decide("ann", Command::Submit).is_ok(),
            actions.is_empty() || actions.contains("change")
        );
        play.application.action = Action::Create;
        play.beside.held[0].unit = "dock".into();
        assert!(play.decide("ann", Command::Submit).is_ok(), "an account of another unit is another one");
        play.beside.held[0].unit = "quay".into();
        play.beside.held[0].stopped = Some((Stop::Cancelled, at(0)));
        assert!(play.decide("ann", Command::Submit).is_ok(), "what is over counts no more");
    }
    let mut free = play("");
    free.beside.held = free.clone().done(WHOLE).held;
    assert!(free.decide("ann", Command::Submit).is_ok(), "a rule without a check compares nothing");
}

#[test]
fn two_who_ask_for_the_same_go_one_after_the_other() {
    let mut play = play("duplicate_check = true");
    let other = play.clone().done(&[("ann", Command::Submit)]).application;
    let row = permission::key(&actor(&play.pack, "ann").log(), &PersonId::new("ann"));
    assert!(play.decide("ann", Command::Submit).unwrap().touched().contains(&row));
    let states = [
        (State::Running, false),
        (State::Approved, false),
        (State::Returned, true),
        (State::Draft, true),
        (State::Done, true),
        (State::Refused, true),
        (State::Cancelled, true),
    ];
    for (state, free) in states {
        let other = Application { id: ApplicationId::new("AP-0"), state, ..other.clone() };
        play.beside = Beside { others: vec![other], ..Beside::default() };
        assert_eq!(play.decide("ann", Command::Submit).is_ok(), free, "{state:?}");
    }
    play.beside.others = vec![Application { id: ApplicationId::new("AP-0"), ..other.clone() }];
    assert_eq!(refusal(&play, "ann", Command::Submit).reason, Reason::AppliedAlready);
    play.beside.others[0].people = vec!["ben".into()];
    assert!(play.decide("ann", Command::Submit).is_ok());
    play.beside.others = vec![other];
    assert!(play.decide("ann", Command::Submit).is_ok(), "an application does not stand in its own way");
}

#[test]
fn whoever_the_control_names_carries_out_what_a_chain_leaves_open() {
    let last = "  { who = { role = \"engineer\" }, act = \"carry-out\" },\n";
    let by = "carried_out_by = { role = \"engineer\" }";
    let pack = ruled(by, &[(last, "")]).unwrap();
    let steps = chain(&pack, "account", &blank().situation()).unwrap().value.steps;
    assert_eq!(steps.last().map(|step| step.act), Some(StepAct::CarryOut));
    let all = WHOLE.len() - 1;
    let play = Play { pack: pack.into(), ..Play::new() }.done(&WHOLE[..all]);
    assert_eq!((play.application.state, play.holding()), (State::Approved, vec!["fay".to_string()]));
    assert!(play.held.is_empty(), "approved is not opened");
    let no = refusal(&play, "dee", Command::Give(Verdict::CarryOut));
    assert_eq!((no.reason, no.clause), (Reason::NotYourStep, clause("1")));
    assert_eq!(play.done(&WHOLE[all..]).held.len(), 1);

    let twice = ruled("carried_out_by = { role = \"chief\" }", &[]).unwrap_err();
    assert!(twice.len() == 1 && twice[0].contains("is carried out by somebody else"), "{twice:?}");
    assert!(ruled(by, &[]).is_ok(), "the same said twice is the same");
}

#[test]
fn what_nobody_could_choose_and_what_is_another_kind_are_faults_of_the_pack() {
    let form = CHOICE.replace(", action = \"cancel\"", "");
    let more = "actions = [\"create\", \"cancel\"]";
    assert!(ruled(more, &[]).is_ok());
    let text = PACK.replacen("form = \"account\"", &format!("form = \"account\"\n{more}"), 1);
    let form = FORM.replacen("[[field]]\nid = \"mail\"", &format!("{form}[[field]]\nid = \"mail\""), 1);
    let files =
        [Source { path: "pack.toml", text: &text }, Source { path: "forms/account.toml", text: &form }];
    let errors: Vec<String> = load(&files).unwrap_err().iter().map(ToString::to_string).collect();
    assert!(errors.len() == 1 && errors[0].contains("nobody could apply for `cancel`"), "{errors:?}");
    let errors = ruled("actions = [\"restore\"]", &[]).unwrap_err();
    assert!(errors[0].contains("restore"), "{errors:?}");
}

#[test]
fn what_was_never_applied_for_is_not_taken_over_where_the_rule_says_so() {
    let unit = Unit {
        id: "quay".into(),
        agency: AgencyId::new("harbour"),
        name: "碼頭".into(),
        name_en: "Quay".into(),
        organisation: "bureau".into(),
        above: None,
    };
    let post = Assignment {
        id: "ann-reader".into(),
        person: "ann".into(),
        unit: "quay".into(),
        role: "reader".into(),
        from: at(0).date(),
        until: None,
    };
    let current = Current { units: vec![unit], posts: vec![post], ..Current::default() };
    let row = |number: &str| import::Row {
        line: 2,
        person: "ann".into(),
        unit: "quay".into(),
        items: "berths".into(),
        until: "2026-09-01".into(),
        application: number.into(),
        ..import::Row::default()
    };
    for (more, number, free) in [
        ("within_application = true", "", false),
        ("within_application = true", "港字第1號", true),
        ("within_application = false", "", true),
        ("", "", true),
    ] {
        let pack = ruled(more, &[]).unwrap();
        let plan = import::plan(&pack, &[row(number)], &current, at(0), &mut || PermissionId::new("pe-1"));
        let faults: Vec<_> = plan.faults.iter().map(|(_, no)| (no.reason, no.field.as_deref())).collect();
        let expected = if free { vec![] } else { vec![(Reason::FieldMissing, Some("application"))] };
        assert_eq!(faults, expected, "{more} {number}");
    }
}
