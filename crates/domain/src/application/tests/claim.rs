//! Taking a step on, letting it go, and taking it over.

use super::*;

const CLAIM: Command = Command::Claim;
const RELEASE: Command = Command::Release;

/// At the opinion: the computing office, which has no head of its own, and the integrity officer.
fn asked() -> Play {
    Play::new().done(&WHOLE[..2])
}

#[test]
fn one_of_several_takes_it_on_and_the_others_learn_who_has_it() {
    let mut play = asked().done(&[("eve", CLAIM)]);
    assert_eq!(play.holding(), ["eve", "gus"], "the other part is free");
    let refusal = &play.decide("fay", AGREE).unwrap_err()[0];
    assert_eq!((refusal.reason, refusal.args.contains_key("since")), (Reason::Claimed, true));
    assert_eq!(refusal.help, crate::Help::Person("eve".into()));
    assert_eq!(play.reason("fay", CLAIM), Reason::Claimed);
    assert_eq!(play.reason("fay", RELEASE), Reason::Claimed);
    assert_eq!(play.reason("eve", CLAIM), Reason::WrongState, "it is hers already");
    assert_eq!(play.reason("ann", CLAIM), Reason::OwnApplication);
    assert_eq!(play.reason("cho", CLAIM), Reason::StampedBefore);
    assert_eq!(play.reason("hal", AGREE), Reason::NotYourStep);
    let released = play.clone().done(&[("eve", RELEASE), ("fay", AGREE)]);
    assert_eq!(released.stamps.len(), 2);
    play = play.done(&[("eve", AGREE), ("gus", AGREE)]);
    assert_eq!(play.holding(), ["hal"], "what was taken on is over when it moves on");
    assert_eq!(play.reason("hal", RELEASE), Reason::WrongState);
}

#[test]
fn a_claim_rests_while_its_holder_is_away_and_ends_when_they_leave() {
    let claimed = asked().done(&[("eve", CLAIM)]);
    let mut play = claimed.clone();
    play.staff.absences = vec![Absence { person: "eve".into(), deputy: "ben".into() }];
    assert_eq!(play.holding(), ["ben", "eve", "fay", "gus"]);
    play = play.done(&[("fay", CLAIM)]);
    play.staff.absences.clear();
    assert_eq!(play.reason("eve", AGREE), Reason::Claimed, "another took it on meanwhile");

    let mut play = claimed;
    play.staff.holders.retain(|holder| holder.person.as_str() != "eve");
    assert_eq!(play.holding(), ["fay", "gus"]);
    assert!(play.decide("fay", AGREE).is_ok());
}

#[test]
fn whoever_presides_takes_it_over_or_lifts_it() {
    let claimed = asked().done(&[("eve", CLAIM)]);
    // The computing office has no head, so the head of the agency lifts it; the chief of another unit cannot.
    assert_eq!(claimed.reason("dee", RELEASE), Reason::Claimed);
    let play = claimed.clone().done(&[("hal", RELEASE)]);
    assert_eq!(play.holding(), ["eve", "fay", "gus"]);
    // Where the unit has a head, it is theirs alone; being of the office, they take it over.
    let mut play = claimed;
    let chief = Holder {
        person: "dee".into(),
        assignment: "dee-chief".into(),
        unit: "office".into(),
        role: "chief".into(),
    };
    play.staff.holders.push(chief);
    play.staff.holders.push(Holder {
        person: "dee".into(),
        assignment: "dee-engineer".into(),
        unit: "dock".into(),
        role: "engineer".into(),
    });
    assert_eq!(play.reason("hal", RELEASE), Reason::Claimed);
    let (reference, pack) = (reference(), play.pack.clone());
    let rule = Rule { pack: &pack, reference: &reference };
    let dee = Actor { unit: "office".into(), ..actor(&pack, "dee") };
    let seen = Seen { key: play.application.key(&dee.log()), rev: 1 };
    let taken = claiming::take(rule, &dee, &play.facts(seen), &EventId::new("ev"), at(9)).unwrap();
    assert_eq!(taken.facts()[0].act(), "application.taken-over");
}
