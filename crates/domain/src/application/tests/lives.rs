//! Everything that anybody may do in any state; and what holds in random lives.

use super::*;

#[test]
fn it_is_for_people_of_the_unit_only() {
    for stranger in ["nobody", "dee"] {
        let mut play = Play::new();
        play.application.people = vec!["ann".into(), stranger.into()];
        let refusal = &play.decide("ann", Command::Submit).unwrap_err()[0];
        assert_eq!((refusal.reason, refusal.field.as_deref()), (Reason::FieldMalformed, Some("people")));
    }
}

/// Everything that anybody may do in any state, as a table: a change of rights is a change of this text.
#[test]
fn the_table_of_states_people_and_commands() {
    let delegated = |mut play: Play| {
        play.staff.delegations = vec![delegation::given("ben")];
        play
    };
    let states: [(&str, Play); 11] = [
        ("draft", Play::new()),
        ("step 2", Play::new().done(&WHOLE[..1])),
        ("step 2, asked", Play::new().done(&[WHOLE[0], ("cho", Command::Ask("dee"))])),
        ("step 3", Play::new().done(&WHOLE[..2])),
        ("step 3, claimed", Play::new().done(&WHOLE[..2]).done(&[("eve", Command::Claim)])),
        ("step 4", Play::new().done(&WHOLE[..4])),
        ("step 4, delegated", delegated(Play::new().done(&WHOLE[..4]))),
        ("approved", Play::new().done(&WHOLE[..5])),
        ("done", Play::new().done(WHOLE)),
        ("returned", Play::new().done(&[WHOLE[0], ("cho", Command::Give(Verdict::Return))])),
        ("refused", Play::new().done(&[WHOLE[0], ("cho", Command::Give(Verdict::Refuse))])),
    ];
    let mut table = String::new();
    for (name, play) in &states {
        for who in ["ann", "ben", "cho", "dee", "gus", "eve", "fay", "hal"] {
            let may: Vec<String> = COMMANDS
                .iter()
                .filter(|command| play.decide(who, **command).is_ok())
                .map(|command| match command {
                    Command::Give(verdict) => verdict.word().to_string(),
                    Command::Ask(_) => "ask".into(),
                    Command::Reply(_) => "reply".into(),
                    other => format!("{other:?}").to_lowercase(),
                })
                .collect();
            if !may.is_empty() {
                table.push_str(&format!("{name}: {who}: {}\n", may.join(" ")));
            }
        }
    }
    assert_eq!(table, TABLE);
}

const TABLE: &str = "\
draft: ann: save submit cancel
step 2: ann: withdraw
step 2: cho: claim ask agree return refuse
step 2, asked: ann: withdraw
step 2, asked: cho: claim agree return refuse
step 2, asked: dee: reply
step 3: gus: claim ask agree object
step 3: eve: claim ask agree object
step 3: fay: claim ask agree object
step 3, claimed: gus: claim ask agree object
step 3, claimed: eve: release ask agree object
step 3, claimed: hal: release
step 4: hal: claim ask agree return refuse
step 4, delegated: ben: claim ask agree return refuse
step 4, delegated: hal: claim ask agree return refuse
approved: fay: claim ask return refuse carry-out
returned: ann: save submit cancel
";

/// A number that follows from the one before; the same life each time.
fn next(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).unwrap_or_default()
}

#[test]
fn in_random_lives_nothing_opens_unapproved_and_nobody_is_stuck() {
    let mut ends = BTreeMap::new();
    for life in 0..400_u64 {
        let mut seed = life;
        let mut play = Play::new();
        for _ in 0..60 {
            let who = PEOPLE[next(&mut seed) % PEOPLE.len()].0;
            let command = match COMMANDS[next(&mut seed) % COMMANDS.len()] {
                Command::Ask(_) => Command::Ask(PEOPLE[next(&mut seed) % PEOPLE.len()].0),
                other => other,
            };
            if next(&mut seed).is_multiple_of(9) {
                let deputy = PEOPLE[next(&mut seed) % PEOPLE.len()].0;
                play.staff.absences = vec![Absence { person: "hal".into(), deputy: deputy.into() }];
            }
            if next(&mut seed).is_multiple_of(9) {
                let delegate = PEOPLE[next(&mut seed) % PEOPLE.len()].0;
                play.staff.delegations = vec![delegation::given(delegate)];
            }
            if next(&mut seed).is_multiple_of(15) {
                let there = play.staff.holders.len() == PEOPLE.len();
                play.staff = Staff { holders: staff().holders, ..play.staff };
                play.staff.holders.retain(|holder| !there || holder.person.as_str() != "ann");
            }
            match play.play(who, command) {
                Ok(()) => {}
                Err(refusals) => assert!(!refusals.is_empty(), "a refusal says why"),
            }
            checked(&play);
        }
        *ends.entry(play.application.state.word()).or_insert(0) += 1;
    }
    assert!(ends.len() >= 5, "the lives end in many ways: {ends:?}");
}

fn checked(play: &Play) {
    let version = play.application.version;
    let own: Vec<&Stamp> = play.stamps.iter().filter(|stamp| stamp.version == version).collect();
    let mut people: Vec<&PersonId> = own.iter().map(|stamp| &stamp.by).collect();
    people.sort();
    people.dedup();
    assert_eq!(people.len(), own.len(), "one person counts once");
    assert!(own.iter().all(|stamp| !play.application.concerns(&stamp.by)));
    let other = |stamp: &&Stamp| stamp.right.whose().is_some_and(|own| play.application.concerns(own));
    assert!(!own.iter().any(other), "nor in the right of somebody whom it concerns");
    assert!(play.questions.iter().all(|one| !play.application.concerns(&one.to)), "nor are they asked");
    if !play.held.is_empty() {
        let decided = own.iter().any(|stamp| stamp.step == 3 && stamp.verdict == Verdict::Agree);
        let carried = own.iter().any(|stamp| stamp.verdict == Verdict::CarryOut);
        assert!(decided && carried, "nothing is open that was not approved and carried out");
        assert!(play.held.iter().all(|held| held.items == play.application.items));
    }
    match play.application.state {
        State::Running | State::Approved => assert!(!play.holding().is_empty(), "somebody has it"),
        _ => assert!(play.holding().is_empty()),
    }
    if play.application.state == State::Approved {
        let holding = play.holding();
        let back = |who: &String| play.decide(who, Command::Give(Verdict::Return)).is_ok();
        assert!(holding.iter().any(back), "what cannot be carried out has a way back");
    }
}

#[test]
fn every_word_is_read_back() {
    for state in State::ALL {
        assert_eq!(State::from_word(state.word()), Some(state));
    }
    for verdict in Verdict::ALL {
        assert_eq!(Verdict::from_word(verdict.word()), Some(verdict));
    }
    for stop in permission::Stop::ALL {
        assert_eq!(permission::Stop::from_word(stop.word()), Some(stop));
    }
    assert_eq!(Action::from_word("create"), Some(Action::Create));
}
