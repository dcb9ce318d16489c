//! The countersign queue: who may stamp what, and what falls out of a batch.

use super::stage::played;
use super::truth::decide_again;
use super::world::{World, refused, refused_once};
use desk::lookup::{AskForm, Verdict};
use desk::{QueueView, Session};
use domain::actor::Place;
use domain::directory::{Assignment, Change};
use domain::id::{AssignmentId, LogId, PersonId, UnitId};
use domain::lookup::Stamp;
use domain::time::Date;
use domain::{Personal, Reason};

const STAMP: &str = "lienchiang/5.1";

fn stamp_clause() -> Option<String> {
    Some(STAMP.into())
}

/// Asks `count` times; the case explains every one.
fn several(world: &World, session: &Session, form: &AskForm, count: usize) -> Vec<String> {
    let ask = |place: usize| {
        world.hand.pass_seconds(5);
        let form = AskForm { form_key: format!("key-{place}"), ..form.clone() };
        world.desk.ask(session, &form).unwrap().code
    };
    (0..count).map(ask).collect()
}

/// Gives a person a second assignment and a session under it.
fn also(world: &World, login: &str, unit: &str, role: &str) -> Session {
    let id = AssignmentId::new(format!("{login}-{unit}-{role}"));
    let assignment = Assignment {
        id: id.clone(),
        person: PersonId::new(login),
        unit: UnitId::new(unit),
        role: role.into(),
        from: Date::new(2024, 1, 1).unwrap(),
        until: None,
    };
    world.desk.enrol(&LogId::new("lienchiang"), vec![Change::Assignment(assignment)]).unwrap();
    let token = format!("token {id}");
    world.desk.bind_token(&token, super::world::ADDRESS, id);
    world.desk.token_session(&token, super::world::ADDRESS, Place::Zone("office".into())).unwrap()
}

fn proof(world: &World, login: &str) -> String {
    world.hand.pass_seconds(31);
    world.desk.demo_code(login).unwrap()
}

fn all_of(queue: &QueueView) -> usize {
    queue.matched.len() + queue.drawn.len() + queue.flagged.len() + queue.judged.len()
}

#[test]
fn nobody_stamps_their_own_another_units_or_without_the_role() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        let code = several(&world, &session, &form, 1).remove(0);
        let own = also(&world, "chen", "lc-disease", "supervisor");
        let queue = world.desk.queue(&own, None).unwrap();
        assert_eq!((queue.own, all_of(&queue)), (1, 0), "one's own rows are counted, not offered");
        let codes = [code.clone()];
        let stamped = world.desk.stamp(&own, &codes, &proof(&world, "chen"), "");
        assert_eq!(refused_once(stamped), (Reason::OwnRecord, stamp_clause()));
        let verdict = Verdict::Match { note: "相符".into() };
        assert_eq!(refused_once(world.desk.judge(&own, &code, &verdict)).0, Reason::OwnRecord);
        assert_eq!(
            refused_once(world.stamp("chiu-nangan", &[&code], "")),
            (Reason::NotYourUnit, stamp_clause())
        );
        for login in ["liu", "pan-lc", "wang-lc"] {
            assert_eq!(refused_once(world.stamp(login, &[&code], "")), (Reason::NoCapacity, stamp_clause()));
        }
        assert_eq!(refused_once(world.stamp("chang", &[&code], "")).0, Reason::RecordUnknown);
        assert_eq!(world.row("lienchiang", &code).lookup.stamp, Stamp::Awaiting);
        assert_eq!(world.count("lienchiang", "lookup.stamped"), 0);
    });
}

#[test]
fn the_proof_is_asked_again_and_something_has_to_be_chosen() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        let code = several(&world, &session, &form, 1).remove(0);
        let head = world.session("tsao");
        let wrong = world.desk.stamp(&head, std::slice::from_ref(&code), "000000", "");
        assert_eq!(refused_once(wrong).0, Reason::ProofAgain);
        assert_eq!(refused_once(world.stamp("tsao", &[], "")).0, Reason::NothingSelected);
        let once = proof(&world, "tsao");
        world.desk.judge(&head, &code, &Verdict::Match { note: String::new() }).unwrap();
        world.desk.stamp(&head, std::slice::from_ref(&code), &once, "").unwrap();
        let again = world.desk.stamp(&head, &[code], &once, "");
        assert_eq!(refused_once(again).0, Reason::ProofAgain, "a code is good once");
    });
}

#[test]
fn flagged_and_drawn_rows_are_opened_before_they_are_stamped() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        let matched = several(&world, &session, &form, 4);
        let outsider = AskForm {
            party: None,
            subject: Some(Personal::new(super::world::people()[9].0.as_str())),
            not_party_reason: "疑似同住的接觸者".into(),
            form_key: "outsider".into(),
            ..form.clone()
        };
        let flagged = world.desk.ask(&session, &outsider).unwrap().code;
        let head = world.session("tsao");
        let queue = world.desk.queue(&head, None).unwrap();
        assert_eq!(queue.flagged.len(), 1);
        assert_eq!(queue.drawn.len(), 1, "one in fifteen matched rows is drawn, and at least one");
        assert_eq!(queue.matched.len(), 3);
        assert!(queue.due.is_some());
        let mut all: Vec<&str> = matched.iter().map(String::as_str).collect();
        all.push(&flagged);
        let reasons = refused(world.stamp("tsao", &all, ""));
        assert_eq!(reasons.len(), 2);
        assert!(reasons.iter().all(|r| *r == (Reason::NotOpened, stamp_clause())), "{reasons:?}");
        let bare = Verdict::Match { note: String::new() };
        let refusal = refused_once(world.desk.judge(&head, &flagged, &bare));
        assert_eq!(refusal, (Reason::NoteMissing, stamp_clause()), "a flagged row wants words");
        world.desk.judge(&head, &queue.drawn[0].code, &bare).unwrap();
        world.desk.judge(&head, &flagged, &Verdict::Match { note: "已核對".into() }).unwrap();
        let batch = world.stamp("tsao", &all, "batch").unwrap();
        assert_eq!((batch.stamped, batch.dropped.len()), (5, 0));
        assert!(all.iter().all(|code| world.row("lienchiang", code).lookup.stamp == Stamp::Stamped));
        assert_eq!(all_of(&world.desk.queue(&head, None).unwrap()), 0);
        decide_again(&world, "lienchiang");
        // Which row is drawn hangs on hashes over random keys.
        queue.drawn[0].code.clone()
    });
}

#[test]
fn rows_that_changed_fall_out_of_the_batch_and_are_named() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        let codes = several(&world, &session, &form, 4);
        let head = world.session("tsao");
        let drawn = world.desk.queue(&head, None).unwrap().drawn[0].code.clone();
        let rest: Vec<&str> = codes.iter().map(String::as_str).filter(|c| *c != drawn).collect();
        let returned = Verdict::Return { reason_code: "items".into(), note: "項目過多".into() };
        world.desk.judge(&head, rest[0], &returned).unwrap();
        // The row that was drawn waits on, so that no other one is drawn in its place.
        let batch = world.stamp("tsao", &rest, "").unwrap();
        assert_eq!(batch.dropped, [rest[0].to_string()]);
        assert_eq!(batch.stamped, 2);
        assert_eq!(world.row("lienchiang", rest[0]).lookup.stamp, Stamp::Returned);
        let (reason, _) = refused_once(world.stamp("tsao", &[rest[0]], ""));
        assert_eq!(reason, Reason::WrongState);
        let (reason, _) = refused_once(world.stamp("tsao", &["none"], ""));
        assert_eq!(reason, Reason::RecordUnknown);
        drawn
    });
}

#[test]
fn a_batch_pressed_twice_is_stamped_once() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        let code = several(&world, &session, &form, 1).remove(0);
        let head = world.session("tsao");
        world.desk.judge(&head, &code, &Verdict::Match { note: String::new() }).unwrap();
        let (codes, proof) = ([code], proof(&world, "tsao"));
        let first = world.desk.stamp(&head, &codes, &proof, "pressed").unwrap();
        let second = world.desk.stamp(&head, &codes, &proof, "pressed").unwrap();
        assert_eq!(first, second);
        assert_eq!(world.count("lienchiang", "lookup.stamped"), 1);
        let other = world.desk.stamp(&head, &["other".to_string()], &proof, "pressed");
        assert_eq!(refused_once(other).0, Reason::KeyReused);
    });
}

#[test]
fn an_anomaly_is_marked_with_words_and_leaves_the_queue() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        let code = several(&world, &session, &form, 1).remove(0);
        let head = world.session("tsao");
        let bare = world.desk.judge(&head, &code, &Verdict::Anomaly { note: " ".into() });
        assert_eq!(refused_once(bare).0, Reason::NoteMissing);
        world.desk.judge(&head, &code, &Verdict::Anomaly { note: "與本案無關".into() }).unwrap();
        assert_eq!(world.row("lienchiang", &code).lookup.stamp, Stamp::Anomaly);
        assert_eq!(all_of(&world.desk.queue(&head, None).unwrap()), 0);
    });
}

#[test]
fn when_more_rows_wait_than_a_batch_holds_the_late_ones_have_to_wait() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        let codes = several(&world, &session, &form, 501);
        let last = codes.last().unwrap();
        let (reason, _) = refused_once(world.stamp("tsao", &[last], ""));
        assert_eq!(reason, Reason::Changed);
    });
}
