//! What a head delegates: to whom, for what, until when; and what it does and does not do on the way.

use super::*;
use crate::directory::delegation::{self, Delegation};

/// What the master gives to somebody for account applications, from the first day on.
pub(super) fn given(to: &str) -> Delegation {
    Delegation {
        id: "de-1".into(),
        by: "hal".into(),
        to: to.into(),
        objects: vec!["account".into()],
        from: at(0).date(),
        until: at(0).date().plus_days(30).unwrap(),
        revoked: None,
    }
}

fn recorded(name: &str, delegation: Delegation, words: &str) -> Outcome<Decision> {
    let (pack, reference) = (pack(), reference());
    let rule = Rule { pack: &pack, reference: &reference };
    let actor = actor(&pack, name);
    let seen = Seen { key: delegation::key(&actor.log(), &delegation.by), rev: 0 };
    let words = Personal::new(words);
    let when = (&EventId::new("ev"), at(0));
    delegation::delegate(rule, &actor, (delegation, words), &staff().holders, seen, when)
}

#[test]
fn a_delegate_acts_in_their_own_name_beside_a_head_who_is_there() {
    let mut play = Play::new().done(&WHOLE[..4]);
    assert_eq!(play.reason("dee", AGREE), Reason::NotYourStep);
    play.staff.delegations = vec![given("dee")];
    assert_eq!(play.holding(), ["dee", "hal"]);
    let (own, play) = (play.clone().done(&[("hal", AGREE)]), play.done(&[("dee", AGREE)]));
    assert_eq!(own.stamps[3].right, Right::Own);
    assert_eq!(play.stamps[3].right, Right::Delegate("hal".into()));
    assert_eq!(play.application.state, State::Approved);
}

#[test]
fn what_was_delegated_is_not_handed_on_and_conflicts_are_those_of_everybody() {
    let before = Play::new().done(&WHOLE[..4]);
    // Neither a delegate of the delegate nor the delegate's deputy acts.
    let mut play = before.clone();
    play.staff.delegations = vec![given("dee"), Delegation { by: "dee".into(), ..given("ben") }];
    play.staff.absences = vec![Absence { person: "dee".into(), deputy: "ben".into() }];
    assert_eq!(play.reason("ben", AGREE), Reason::NotYourStep);
    for (delegate, reason) in
        [("ann", Reason::OwnApplication), ("cho", Reason::StampedBefore), ("fay", Reason::NeededLater)]
    {
        let mut play = before.clone();
        play.staff.delegations = vec![given(delegate)];
        assert_eq!(play.reason(delegate, AGREE), reason, "{delegate}");
        assert_eq!(play.holding(), ["hal"]);
    }
    // What is for the head is not for the head's delegate to decide; nor does one who left act, nor a
    // delegate for something else.
    let mut play = before.clone();
    play.staff.delegations = vec![given("dee")];
    play.application.people.push("hal".into());
    assert_eq!(play.reason("dee", AGREE), Reason::NotYourStep);
    let mut play = before.clone();
    play.staff.delegations = vec![given("dee")];
    play.staff.holders.retain(|holder| holder.person.as_str() != "dee");
    assert_eq!(play.holding(), ["hal"]);
    let mut play = before;
    play.staff.delegations = vec![Delegation { objects: vec!["unlock".into()], ..given("dee") }];
    assert_eq!(play.reason("dee", AGREE), Reason::NotYourStep);
}

#[test]
fn a_chain_that_only_a_delegation_would_save_says_so_when_it_is_sent() {
    let mut play = Play::new();
    // The master has to give an opinion as well, and one person counts once.
    play.staff.holders.iter_mut().filter(|holder| holder.person.as_str() == "gus").for_each(|holder| {
        holder.person = "hal".into();
    });
    let refusal = &play.decide("ann", Command::Submit).unwrap_err()[0];
    assert_eq!((refusal.reason, refusal.args["step"].as_str()), (Reason::ChainVacant, "4"));
    assert_eq!(refusal.args["problem"], "delegation");
    play.staff.delegations = vec![given("dee")];
    assert!(play.decide("ann", Command::Submit).is_ok());
    // Where there is no head, nobody can delegate either.
    play.staff.holders.retain(|holder| holder.role != "master");
    let refusal = &play.decide("ann", Command::Submit).unwrap_err()[0];
    assert!(!refusal.args.contains_key("problem"), "{refusal:?}");
}

#[test]
fn only_a_head_delegates_what_the_rule_lets_a_delegate_do_for_a_time_and_in_words() {
    assert_eq!(delegation::objects(&pack(), "master"), ["account"]);
    assert!(delegation::objects(&pack(), "chief").is_empty());
    assert!(recorded("hal", given("dee"), "港務字第1號").is_ok());
    let own = Delegation { by: "cho".into(), ..given("dee") };
    assert_eq!(recorded("cho", own, "x").unwrap_err()[0].reason, Reason::NoCapacity);
    let yesterday = at(0).date().plus_days(-1).unwrap();
    let wrong = [
        ("to", Reason::FieldMalformed, given("hal"), "x"),
        ("to", Reason::FieldMalformed, given("nobody"), "x"),
        ("objects", Reason::FieldMalformed, Delegation { objects: vec!["copy".into()], ..given("dee") }, "x"),
        ("end", Reason::FieldMalformed, Delegation { until: yesterday, ..given("dee") }, "x"),
        ("words", Reason::FieldMissing, given("dee"), " "),
    ];
    for (field, reason, delegation, words) in wrong {
        let refusal = &recorded("hal", delegation, words).unwrap_err()[0];
        assert_eq!((refusal.field.as_deref(), refusal.reason), (Some(field), reason));
    }
    let ninety = "字".repeat(201);
    assert_eq!(recorded("hal", given("dee"), &ninety).unwrap_err()[0].reason, Reason::FieldTooLong);
}

#[test]
fn it_is_taken_back_once_by_whoever_could_give_it() {
    let (pack, reference) = (pack(), reference());
    let rule = Rule { pack: &pack, reference: &reference };
    let revoke = |name: &str, delegation: &Delegation, hour: i64| {
        let actor = actor(&pack, name);
        let seen = Seen { key: delegation::key(&actor.log(), &delegation.by), rev: 1 };
        delegation::revoke(rule, &actor, delegation, seen, (&EventId::new("ev"), at(hour)))
            .map_err(|refusals| refusals[0].reason)
            .map(|decision| decision.facts()[0].act())
    };
    assert_eq!(revoke("hal", &given("dee"), 1), Ok("directory.delegation-revoked"));
    assert_eq!(revoke("dee", &given("dee"), 1), Err(Reason::NoCapacity));
    let gone = Delegation { revoked: Some(at(1)), ..given("dee") };
    assert_eq!(revoke("hal", &gone, 2), Err(Reason::WrongState));
    assert_eq!(revoke("hal", &given("dee"), 24 * 40), Err(Reason::WrongState));
}
