//! An amended version is asked about the past before it is put into force.

use crate::story::harbour::ready;
use crate::story::stage::played;
use crate::story::world::{World, refused_once};
use desk::lookup::AskForm;
use desk::regulation::Checked;
use desk::regulation::replay::{Replayed, Turn};
use domain::Reason;
use std::path::Path;

/// The harbour's second version with some passages changed, under a version of its own.
pub(crate) fn amended(edits: &[(&str, &str)]) -> Checked {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("packs/harbour/1130901");
    let mut files = sluice::pack::read(&folder).map_err(|problem| problem.to_string()).unwrap();
    for (from, to) in [("version = \"1130901\"", "version = \"1150901\"")].iter().chain(edits) {
        assert!(files.iter().any(|(_, text)| text.contains(from)), "nothing to change: {from}");
        for (_, text) in &mut files {
            *text = text.replace(from, to);
        }
    }
    desk::regulation::check(files).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn replay(world: &World, edits: &[(&str, &str)]) -> Replayed {
    let (mut told, edited) = (Vec::new(), amended(edits));
    let replayed = world.desk.replay(&edited, None, &mut |done, all| told.push((done, all))).unwrap();
    assert!(told.last().is_some_and(|(done, all)| done == all), "{told:?}");
    replayed
}

/// Three lookups, the last for another use, and one that is refused.
pub(super) fn past(world: &World) -> Vec<String> {
    let (session, form) = ready(world);
    let ask = |key: &str, purpose: &str, words: &str| {
        let form = AskForm {
            form_key: key.into(),
            purpose: purpose.into(),
            purpose_text: words.into(),
            ..form.clone()
        };
        world.desk.ask(&session, &form)
    };
    let mut codes = vec![ask("one", "berth", "核對泊位").unwrap().code];
    world.judge_and_stamp("watch", &codes[0]);
    world.desk.run(&session, &codes[0], "").unwrap();
    codes.push(ask("two", "berth", "霧").unwrap().code);
    codes.push(ask("three", "salvage", "打撈沉船").unwrap().code);
    let vague = refused_once(ask("four", "berth", "例行"));
    assert_eq!(vague.0, Reason::ReasonVague);
    codes
}

#[test]
fn the_version_they_were_decided_under_decides_them_alike() {
    played(|stage| {
        let world = stage.harbour("1130901");
        past(&world);
        let replayed = replay(&world, &[]);
        assert_eq!(replayed.agencies, ["harbour"]);
        assert_eq!((replayed.decided, replayed.affected.len(), replayed.unreadable), (3, 0, 0));
        assert!(replayed.untold.is_empty());
        let refused: Vec<_> = replayed.refused.into_iter().collect();
        assert_eq!(refused, [("reason-vague".to_string(), 1)]);
        assert_eq!(world.count("harbour", "regulation.replayed"), 1);
    });
}

#[test]
fn a_stricter_version_names_the_records_it_would_have_refused_and_nobody() {
    played(|stage| {
        let world = stage.harbour("1130901");
        let codes = past(&world);
        let salvage =
            "  { code = \"salvage\", word = { zh = \"打撈善後\", en = \"Salvage\" }, clause = \"3\" },\n";
        let stricter = [(salvage, ""), ("\"例行\"]\nmax_length", "\"例行\"]\nmin_length = 2\nmax_length")];
        let replayed = replay(&world, &stricter);
        assert_eq!((replayed.decided, replayed.affected.len()), (3, 2));
        let found: Vec<_> = replayed.affected.iter().map(|one| (one.code.as_str(), one.turn)).collect();
        assert_eq!(found, [(codes[2].as_str(), Turn::Refused), (codes[1].as_str(), Turn::Refused)]);
        let reasons: Vec<_> = replayed.reasons().into_iter().collect();
        assert_eq!(
            reasons,
            [
                (("purpose-not-permitted", Some("harbour/3".into())), 1),
                (("reason-vague", Some("harbour/5.1".into())), 1)
            ]
        );
        let units: Vec<_> = replayed.units().into_iter().collect();
        assert_eq!(units, [(("harbour".into(), "first-watch".into()), 2)]);
        let all = format!("{replayed:?}");
        for secret in ["FOG-0007", "霧", "閱一", "reader", "V-1"] {
            assert!(!all.contains(secret), "{secret} in {all}");
        }
    });
}

#[test]
fn a_version_that_stamps_later_or_first_is_told_apart_from_one_that_refuses() {
    played(|stage| {
        let world = stage.harbour("1130901");
        past(&world);
        let later = replay(
            &world,
            &[
                (
                    "timing = \"before\"\nby = { role = \"watch-officer\" }\nvalid_hours = 8",
                    "timing = \"after\"\nby = { role = \"watch-officer\" }",
                ),
                ("policy = [\"valid_hours\"]\n", ""),
            ],
        );
        let turns: Vec<_> = later.turns().into_iter().collect();
        assert_eq!(turns, [(Turn::AtOnce, 3)]);
        let world = stage.harbour("1100301");
        let (session, form) = ready(&world);
        world.desk.ask(&session, &form).unwrap();
        let turns: Vec<_> = replay(&world, &[]).turns().into_iter().collect();
        assert_eq!(turns, [(Turn::StampFirst, 1)]);
    });
}

#[test]
fn a_stamp_that_would_have_lapsed_is_told_of_the_run_and_once_of_each_record() {
    played(|stage| {
        let world = stage.harbour("1130901");
        let (session, form) = ready(&world);
        let mut codes = Vec::new();
        for (key, hours) in [("early", 1), ("late", 5)] {
            let form = AskForm { form_key: key.into(), ..form.clone() };
            let code = world.desk.ask(&session, &form).unwrap().code;
            world.judge_and_stamp("watch", &code);
            world.hand.pass_seconds(hours * 3_600);
            world.desk.run(&session, &code, "").unwrap();
            codes.push(code);
        }
        let replayed = replay(&world, &[("valid_hours = 8", "valid_hours = 4")]);
        assert_eq!(replayed.decided, 2);
        let found: Vec<_> = replayed.affected.iter().map(|one| (one.code.as_str(), one.turn)).collect();
        assert_eq!(found, [(codes[1].as_str(), Turn::RunRefused)]);
        let lapsed = ("approval-lapsed", Some("harbour/5.2".to_string()));
        assert_eq!(replayed.reasons().into_iter().collect::<Vec<_>>(), [(lapsed, 1)]);
        let both = [
            ("valid_hours = 8", "valid_hours = 4"),
            ("{ code = \"berth\"", "{ code = \"other\""),
            ("purpose = \"berth\"", "purpose = \"other\""),
        ];
        let turns: Vec<_> = replay(&world, &both).turns().into_iter().collect();
        assert_eq!(turns, [(Turn::Refused, 2)], "what is not permitted is never run");
    });
}

#[test]
fn what_the_earlier_version_did_not_ask_about_is_not_guessed() {
    played(|stage| {
        let world = stage.harbour("1130901");
        past(&world);
        let by_unit = [("scope = \"case\"", "scope = \"unit-standing\"")];
        let replayed = replay(&world, &by_unit);
        assert_eq!((replayed.decided, replayed.untold.get("consent")), (0, Some(&3)));
    });
}

#[test]
fn only_what_came_since_is_decided_again_and_only_of_agencies_under_the_pack() {
    played(|stage| {
        let world = stage.harbour("1130901");
        past(&world);
        world.hand.pass_seconds(86_400);
        let (since, edited) = (world.desk.now().date().start(), amended(&[]));
        let replayed = world.desk.replay(&edited, Some(since), &mut |_, _| {}).unwrap();
        assert_eq!((replayed.decided, replayed.span), (0, None));
        let world = stage.world();
        let replayed = world.desk.replay(&edited, None, &mut |_, _| {}).unwrap();
        assert!(replayed.agencies.is_empty());
    });
}
