//! The way from hand to hand, and what stands against it.

use super::*;

#[test]
fn it_goes_from_hand_to_hand_and_opens_what_was_approved() {
    let holders = [vec!["cho"], vec!["eve", "fay", "gus"], vec!["eve", "fay"], vec!["hal"], vec!["fay"]];
    let mut play = Play::new();
    for (place, (who, command)) in WHOLE.iter().enumerate() {
        assert!(play.held.is_empty(), "nothing is open before the end");
        play.play(who, *command).unwrap();
        if let Some(expected) = holders.get(place) {
            assert_eq!(play.holding(), *expected, "after {who}");
        }
    }
    assert_eq!(play.application.state, State::Done);
    let opened = &play.held[0];
    assert_eq!(opened.items, ["berths", "crews"], "in the order of the form");
    assert_eq!((opened.person.as_str(), opened.unit.as_str()), ("ann", "quay"));
    assert_eq!(opened.until, Some(Date::new(2027, 3, 2).unwrap().start()));
    assert_eq!(opened.id, PermissionId::new("AP-1.1"));
}

#[test]
fn a_change_takes_the_place_of_what_there_was_and_a_cancellation_leaves_nothing() {
    let mut play = Play::new().done(WHOLE);
    for (action, open) in [(Action::Change, 1), (Action::Cancel, 0)] {
        let id = ApplicationId::new(action.word());
        play.application = Application { id, action, ..blank() };
        play.stamps.clear();
        play = play.done(WHOLE);
        let now = at(play.hour);
        assert_eq!(play.held.iter().filter(|held| held.runs(now)).count(), open, "{action:?}");
    }
    let whys: Vec<_> = play.held.iter().map(|held| held.stopped.unwrap().0.word()).collect();
    assert_eq!(whys, ["replaced", "cancelled"]);
}

#[test]
fn what_was_returned_is_stamped_anew_from_the_first_step() {
    let mut play =
        Play::new().done(&[("ann", Command::Submit), ("cho", AGREE), ("eve", AGREE), ("gus", AGREE)]);
    play = play.done(&[("hal", Command::Give(Verdict::Return))]);
    assert_eq!(play.application.state, State::Returned);
    play = play.done(&[("ann", Command::Save), ("ann", Command::Submit)]);
    assert_eq!((play.application.version, play.holding()), (2, vec!["cho".to_string()]));
    assert_eq!(play.stamps.len(), 4, "what was given before stays");
    play = play.done(&WHOLE[1..]);
    assert_eq!(play.application.state, State::Done);
}

#[test]
fn what_was_approved_can_be_sent_back_or_refused_where_it_is_carried_out() {
    for (verdict, state) in [(Verdict::Return, State::Returned), (Verdict::Refuse, State::Refused)] {
        let play = Play::new().done(&WHOLE[..5]).done(&[("fay", Command::Give(verdict))]);
        assert_eq!((play.application.state, play.held.len()), (state, 0));
    }
    let play = Play::new().done(&WHOLE[..5]).done(&[("fay", Command::Give(Verdict::Return))]);
    let play = play.done(WHOLE);
    assert_eq!((play.application.version, play.held.len()), (2, 1), "mended, it goes the whole way again");
}

#[test]
fn rights_are_opened_for_nobody_who_has_left_the_unit_since() {
    let carry_out = Command::Give(Verdict::CarryOut);
    let mut play = Play::new().done(&WHOLE[..5]);
    play.staff.holders.retain(|holder| holder.person.as_str() != "ann");
    let refusal = &play.decide("fay", carry_out).unwrap_err()[0];
    assert_eq!((refusal.reason, refusal.field.as_deref()), (Reason::PostOver, Some("verdict")));
    assert_eq!(refusal.clause.as_ref().map(|clause| clause.as_str()), Some("harbour/1"));
    assert!(play.decide("fay", Command::Give(Verdict::Return)).is_ok(), "there is a way forward");

    let mut on_leave = play.clone();
    let rests = Some((permission::Stop::OnLeave, at(0)));
    let unit = on_leave.application.unit.clone();
    let older = Permission::older(PermissionId::new("old"), "ann".into(), unit, vec![], at(0));
    on_leave.held.push(Permission { stopped: rests, ..older });
    let on_leave = on_leave.done(&[("fay", carry_out)]);
    assert_eq!(on_leave.held[1].stopped.map(|(why, _)| why), Some(permission::Stop::OnLeave));

    play.application.action = Action::Cancel;
    assert!(play.decide("fay", carry_out).is_ok(), "what is given up is given up by whoever has gone, too");
}

#[test]
fn nobody_stamps_what_is_for_them_and_nobody_counts_twice() {
    let mut play = Play::new();
    // The chief of the unit is among those it is for: the chain cannot be finished.
    play.application.people.push("cho".into());
    let refusal = &play.decide("ann", Command::Submit).unwrap_err()[0];
    assert_eq!((refusal.reason, refusal.args["step"].as_str()), (Reason::ChainVacant, "2"));
    assert_eq!(refusal.args["role"], "chief");

    let play = Play::new().done(&WHOLE[..4]);
    assert_eq!(play.reason("eve", AGREE), Reason::StampedBefore);
    assert_eq!(play.reason("ann", AGREE), Reason::OwnApplication);
    assert_eq!(play.reason("dee", AGREE), Reason::NotYourStep, "the head of another unit");
}

#[test]
fn a_chain_that_needs_more_people_than_there_are_is_seen_at_once() {
    let mut play = Play::new();
    play.staff.holders.retain(|holder| holder.person.as_str() != "fay");
    // The one engineer would have to give the opinion and carry out: one person counts once.
    let refusal = &play.decide("ann", Command::Submit).unwrap_err()[0];
    assert_eq!((refusal.reason, refusal.args["step"].as_str()), (Reason::ChainVacant, "5"));
    play.staff.holders.retain(|holder| holder.role != "master");
    let refusal = &play.decide("ann", Command::Submit).unwrap_err()[0];
    assert_eq!((refusal.args["step"].as_str(), refusal.args["role"].as_str()), ("4", "who:head-or-delegate"));
}

#[test]
fn the_head_of_the_body_that_applies_stamps_and_no_other_head_does() {
    let mut play = Play::new().done(&WHOLE[..4]);
    assert_eq!(play.holding(), ["hal"]);
    let above = play.staff.units.last().unwrap().clone();
    let ida = Holder { person: "ida".into(), assignment: "ida".into(), unit: above, role: "master".into() };
    play.staff.holders.push(ida);
    assert_eq!(play.holding(), ["ida"], "a head in the line of the unit goes before the agency's");
    assert_eq!(play.reason("hal", AGREE), Reason::NotYourStep);
    play.staff.holders.last_mut().unwrap().unit = "elsewhere".into();
    assert_eq!(play.holding(), ["hal", "ida"]);
}

#[test]
fn a_deputy_acts_only_while_somebody_is_away_and_never_for_themselves() {
    let away = |deputy: &str| Absence { person: "cho".into(), deputy: deputy.into() };
    let mut play = Play::new().done(&WHOLE[..1]);
    assert_eq!(play.reason("ben", AGREE), Reason::NotYourStep);
    play.staff.absences = vec![away("ben")];
    assert_eq!(play.holding(), ["ben", "cho"]);
    play = play.done(&[("ben", AGREE)]);
    assert_eq!(play.stamps[0].right, Right::Deputy("cho".into()));

    let mut play = Play::new().done(&WHOLE[..1]);
    play.staff.absences = vec![away("ann")];
    assert_eq!(play.reason("ann", AGREE), Reason::OwnApplication);
}

#[test]
fn whoever_is_needed_later_leaves_the_step_to_others() {
    let mut play = Play::new().done(&WHOLE[..4]);
    // Only one engineer is left to carry out, and she also stands in for the master.
    play.staff.absences = vec![Absence { person: "hal".into(), deputy: "fay".into() }];
    assert_eq!(play.reason("fay", AGREE), Reason::NeededLater);
    assert_eq!(play.holding(), ["hal"]);
}

#[test]
fn every_fault_of_a_form_stands_at_its_field() {
    let mut play = Play::new();
    let other = Entry { values: vec!["other".into()], ..Entry::default() };
    play.answers = [
        ("reason".to_string(), Entry::text("事".repeat(21))),
        ("mail".to_string(), Entry::text("ann at harbour")),
        ("where".to_string(), other),
        ("colour".to_string(), Entry::text("blue")),
    ]
    .into();
    let faults = play.decide("ann", Command::Submit).unwrap_err();
    let told: Vec<_> = faults.iter().map(|f| (f.field.as_deref().unwrap(), f.reason.key())).collect();
    let expected = [
        ("reason", "field-too-long"),
        ("mail", "field-malformed"),
        ("where", "field-missing"),
        ("permissions", "field-missing"),
        ("colour", "field-malformed"),
    ];
    assert_eq!(told, expected);
    assert!(play.decide("ann", Command::Save).is_ok(), "a draft keeps what was typed, right or wrong");
}
