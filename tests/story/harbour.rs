//! The invented fifth regulation: the same program with other words, roles, places and timings.

use super::stage::played;
use super::world::{HARBOUR, World, refused_once, shown};
use desk::lookup::{AskForm, CorrectForm, Verdict};
use desk::{Ending, Session};
use domain::actor::Place;
use domain::case::{Case, Party};
use domain::id::CaseId;
use domain::lookup::{Stamp, State};
use domain::{Personal, Reason};
use sluice::pack::shipped;
use std::collections::BTreeSet;
use std::fmt::Debug;

const VESSEL: &str = "FOG-0007";

/// A reader with an opened voyage file.
pub(super) fn ready(world: &World) -> (Session, AskForm) {
    let session = world.session("reader");
    let case = Case {
        id: CaseId::new("voyage"),
        number: "V-1".into(),
        business: "berthing".into(),
        officer: session.actor.person.clone(),
        unit: session.actor.unit.clone(),
        received: world.desk.now().date(),
        closed: None,
    };
    let vessel = Party { name: Personal::new("霧丸"), subject: Personal::new(VESSEL), role: "船".into() };
    world.desk.enter_case(&session, case, vec![vessel]).unwrap();
    world.consent("master", Some("V-1"));
    let form = world.form(&session, "V-1");
    (session, form)
}

/// A record code is good for the unit's own use; the clause is the harbour's.
fn clause(text: &str) -> Option<String> {
    Some(format!("harbour/{text}"))
}

#[test]
fn the_first_version_reads_first_and_is_initialled_by_the_registrar() {
    played(|stage| {
        let world = stage.harbour("1100301");
        let (session, form) = ready(&world);
        let view = world.desk.ask(&session, &form).unwrap();
        assert_eq!((view.ending, view.visible_seconds), (Some(Ending::Found), 45));
        assert!(!shown(&view).is_empty());
        assert!(view.items.iter().any(|item| item.verdict.is_some()), "a verdict has no rows");
        let verdict = Verdict::Match { note: "相符".into() };
        let watch = world.desk.judge(&world.session("watch"), &view.code, &verdict);
        assert_eq!(refused_once(watch), (Reason::NoCapacity, clause("5.2")));
        world.judge_and_stamp("registrar", &view.code);
        let row = world.row("harbour", &view.code).lookup;
        assert_eq!((row.state, row.stamp), (State::Answered, Stamp::Stamped));
        let (reason, _) = refused_once(world.desk.review(&session, &view.code));
        assert_eq!(reason, Reason::AnswerGone, "the orders allow no second look");
    });
}

#[test]
fn the_second_version_is_initialled_first_and_lapses_after_eight_hours() {
    played(|stage| {
        let world = stage.harbour("1130901");
        let (session, form) = ready(&world);
        let view = world.desk.ask(&session, &form).unwrap();
        assert_eq!((view.ending, world.asked()), (None, 0));
        let early = refused_once(world.desk.run(&session, &view.code, ""));
        assert_eq!(early, (Reason::NotYetApproved, clause("5.2")));
        world.judge_and_stamp("watch", &view.code);
        let answer = world.desk.run(&session, &view.code, "").unwrap();
        assert_eq!(
            (answer.ending, answer.visible_seconds, answer.warn_seconds),
            (Some(Ending::Found), 90, 15)
        );
        let again = AskForm { form_key: "again".into(), ..form };
        let second = world.desk.ask(&session, &again).unwrap().code;
        world.judge_and_stamp("watch", &second);
        world.hand.pass_seconds(8 * 3600);
        let late = refused_once(world.desk.run(&session, &second, ""));
        assert_eq!(late, (Reason::ApprovalLapsed, clause("5.2")));
    });
}

#[test]
fn its_own_place_grounds_and_permissions_are_kept() {
    played(|stage| {
        for version in ["1100301", "1130901"] {
            let world = stage.harbour(version);
            let (session, form) = ready(&world);
            let outside = world.session_at("reader", Place::Zone("office".into()));
            assert_eq!(refused_once(world.desk.ask(&outside, &form)), (Reason::OffSite, clause("4.1")));
            let vague = AskForm { purpose_text: "例行".into(), ..form.clone() };
            assert_eq!(refused_once(world.desk.ask(&session, &vague)), (Reason::ReasonVague, clause("5.1")));
            let long = AskForm { purpose_text: "長".repeat(201), ..form.clone() };
            assert_eq!(refused_once(world.desk.ask(&session, &long)), (Reason::FieldTooLong, clause("5.1")));
            let other = AskForm { purpose: "case-management".into(), ..form.clone() };
            let refusal = refused_once(world.desk.ask(&session, &other));
            assert_eq!(refusal, (Reason::PurposeNotPermitted, clause("3")));
            let order = AskForm { basis: "written-order".into(), basis_text: "某令".into(), ..form };
            let refusal = refused_once(world.desk.ask(&session, &order));
            assert_eq!(refusal, (Reason::BasisNeedsHead, clause("2.3")));
        }
    });
}

#[test]
fn a_request_under_the_old_version_finishes_under_it() {
    played(|stage| {
        let world = stage.harbour("1100301");
        let (session, form) = ready(&world);
        let code = world.desk.ask(&session, &form).unwrap().code;
        world.activate_harbour("1130901");
        let now = world.session("reader");
        assert!(now.rule.name.ends_with("1130901"), "{}", now.rule.name);
        world.judge_and_stamp("registrar", &code);
        let next = world.desk.ask(&now, &AskForm { form_key: "next".into(), ..form }).unwrap();
        assert_eq!(next.ending, None);
        let digests: BTreeSet<String> =
            [&code, &next.code].map(|code| world.row("harbour", code).lookup.digest).into_iter().collect();
        assert_eq!(digests.len(), 2);
    });
}

/// The words of the four rules: terms, roles, forms, sources and titles, except those that the
/// harbour's own orders use as well.
pub(super) fn foreign_words() -> BTreeSet<String> {
    let own: String = ["1100301", "1130901"]
        .iter()
        .flat_map(|version| {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
            sluice::pack::read(&folder.join("packs/harbour").join(version)).ok().unwrap()
        })
        .map(|(_, text)| text)
        .collect();
    let mut words = BTreeSet::new();
    for files in shipped::all().into_values() {
        let pack = desk::regulation::check(files).ok().unwrap().pack;
        words.extend(pack.terms.values().map(|term| term.zh.to_string()));
        words.extend(pack.roles.iter().map(|role| role.word.zh.to_string()));
        words.extend(pack.forms.iter().map(|form| form.label.zh.to_string()));
        words.insert(pack.header.title.zh.to_string());
        words.insert(pack.header.short_title.zh.to_string());
    }
    words.extend(["戶役政", "核章", "紀錄表", "承辦人", "國民身分證", "戶籍"].map(String::from));
    words.retain(|word| word.chars().count() > 1 && !own.contains(word.as_str()));
    words
}

#[test]
fn no_word_of_the_four_rules_is_shown_to_the_harbour() {
    played(|stage| {
        let words = foreign_words();
        assert!(words.len() > 30, "{words:?}");
        for version in ["1100301", "1130901"] {
            let world = stage.harbour(version);
            let check = |place: &str, view: &dyn Debug| {
                let text = format!("{view:?}");
                for word in &words {
                    assert!(!text.contains(word.as_str()), "{version}: {word} in {place}: {text}");
                }
            };
            let (session, form) = ready(&world);
            check("the form", &world.desk.draft(&session, Some("V-1")).unwrap());
            check(
                "a refusal",
                &world.desk.ask(&session, &AskForm { case: "V-1".into(), ..AskForm::default() }),
            );
            let view = world.desk.ask(&session, &form).unwrap();
            check("the result", &view);
            let by = if version == "1100301" { "registrar" } else { "watch" };
            let returned = Verdict::Return { reason_code: "reason".into(), note: "補".into() };
            world.desk.judge(&world.session(by), &view.code, &returned).unwrap();
            for (login, ..) in HARBOUR {
                let session = world.session(login);
                check("to-do", &world.desk.todo(&session));
                check("the settings", &world.desk.settings(&session));
                check("the board", &world.desk.board(&session));
                check("the records", &world.desk.records(&session, &Default::default()));
                check("a record", &world.desk.record(&session, &view.code));
                check("the queue", &world.desk.queue(&session, Some(&view.code)));
            }
            let mended = CorrectForm { reason: "已補".into(), ..CorrectForm::default() };
            world.desk.correct(&session, &view.code, &mended).unwrap();
            check("the entries", &world.entries("harbour"));
            check("a proof", &world.desk.verify(&session, &view.code).unwrap());
        }
    });
}
