//! Asking colleagues: who asks whom, what an opinion is, and what it is not.

use super::*;

const REPLY: Command = Command::Reply(true);

/// With the chief of the unit.
fn before_the_chief() -> Play {
    Play::new().done(&WHOLE[..1])
}

#[test]
fn an_opinion_is_no_stamp_and_bars_nobody_from_a_later_step() {
    let mut play = before_the_chief().done(&[("cho", Command::Ask("hal")), ("cho", Command::Ask("dee"))]);
    assert_eq!(play.holding(), ["cho"], "an open question holds nothing up");
    play = play.done(&[("hal", REPLY), ("dee", Command::Reply(false))]);
    let replies: Vec<_> = play.questions.iter().map(|own| own.reply.unwrap().given).collect();
    assert_eq!(replies, [true, false]);
    assert!(play.stamps.is_empty() && play.application.step == 1);
    play = play.done(&WHOLE[1..]);
    assert_eq!(play.application.state, State::Done, "who gave an opinion decided later");
}

#[test]
fn only_whoever_has_it_asks_and_only_those_whom_it_does_not_concern() {
    let play = before_the_chief();
    assert_eq!(play.reason("eve", Command::Ask("dee")), Reason::NotYourStep);
    assert_eq!(play.reason("ann", Command::Ask("dee")), Reason::OwnApplication);
    for (whom, reason) in
        [("ann", Reason::AskedConcerned), ("cho", Reason::FieldMalformed), ("zoe", Reason::FieldMalformed)]
    {
        let refusal = &play.decide("cho", Command::Ask(whom)).unwrap_err()[0];
        assert_eq!((refusal.reason, refusal.field.as_deref()), (reason, Some("colleagues")), "{whom}");
    }
    let play = play.done(&[("cho", Command::Ask("dee"))]);
    assert_eq!(play.reason("cho", Command::Ask("dee")), Reason::AskedAlready);
    assert_eq!(play.reason("ben", REPLY), Reason::RecordUnknown);
    let answered = play.clone().done(&[("dee", REPLY)]);
    assert_eq!(answered.reason("dee", REPLY), Reason::WrongState);
    assert!(answered.decide("cho", Command::Ask("dee")).is_ok(), "once more, after the answer");
    // After it has moved on an answer is of no more use.
    assert_eq!(play.done(&[("cho", AGREE)]).reason("dee", REPLY), Reason::WrongState);
}

#[test]
fn what_is_asked_and_said_has_words_and_a_measure() {
    let play = before_the_chief();
    let (reference, pack) = (reference(), play.pack.clone());
    let rule = Rule { pack: &pack, reference: &reference };
    let cho = actor(&pack, "cho");
    let facts = play.facts(Seen { key: play.application.key(&cho.log()), rev: 1 });
    let ask = |people: &[&str], words: &str| {
        let people: Vec<PersonId> = people.iter().map(|one| PersonId::new(*one)).collect();
        let (asks, when) = (Personal::new(words), (&EventId::new("ev"), at(1)));
        let asked = consulting::ask(rule, &cho, (&facts, &[]), (&people, &asks), &"qu".into(), when);
        asked.map_err(|all| all.iter().map(|one| one.field.clone().unwrap()).collect::<Vec<_>>())
    };
    assert_eq!(ask(&["dee", "eve"], "可否").unwrap().changes().len(), 2, "several at once");
    assert_eq!(ask(&[], " ").unwrap_err(), ["colleagues", "question"]);
    assert_eq!(ask(&["dee"], &"字".repeat(501)).unwrap_err(), ["question"]);
    let question = consulting::Question {
        id: "qu.1".into(),
        version: 1,
        step: 1,
        by: "cho".into(),
        to: "dee".into(),
        at: at(1),
        reply: None,
    };
    let dee = actor(&pack, "dee");
    let reply = |given: bool, words: &str| {
        let said = Personal::new(words);
        consulting::reply(rule, &dee, (&facts, &question), (given, &said), &EventId::new("ev"), at(2))
            .map_err(|all| all[0].reason)
            .map(|decision| decision.facts()[0].act())
    };
    assert_eq!(reply(true, " "), Err(Reason::FieldMissing));
    assert_eq!(reply(false, ""), Ok("application.opinion-declined"));
    assert_eq!(reply(true, "有必要"), Ok("application.opinion-given"));
}
