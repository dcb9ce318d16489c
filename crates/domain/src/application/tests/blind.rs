//! A blind step: what its people give is seen by nobody else before it is over.

use super::*;

fn blind() -> Play {
    let pack = PACK.replace("act = \"consult\" }", "act = \"consult\", blind = true }");
    let files =
        [Source { path: "pack.toml", text: &pack }, Source { path: "forms/account.toml", text: FORM }];
    let pack = load(&files).unwrap();
    Play { pack: alloc::sync::Arc::new(pack), ..Play::new() }
}

fn veiled(play: &Play, step: usize) -> bool {
    let situation = play.application.situation();
    let chain = chain(&play.pack, &play.application.object, &situation).unwrap();
    let seen = Seen { key: play.application.key(&"harbour".into()), rev: 1 };
    play.facts(seen).route(&play.pack, &chain.value).is_veiled(step)
}

#[test]
fn what_is_given_is_hidden_until_the_step_is_over_and_in_the_log_as_well() {
    let mut play = blind().done(&WHOLE[..2]);
    assert!(veiled(&play, 2) && !veiled(&play, 1));
    let object = play.decide("gus", Command::Give(Verdict::Object)).unwrap();
    let agree = play.decide("gus", AGREE).unwrap();
    let told = |decision: &Decision| {
        let fact = &decision.facts()[0];
        (fact.act(), fact.outcome_word(), fact.details().clone())
    };
    assert_eq!(told(&object), told(&agree), "the entry does not tell one from the other");
    assert_eq!(told(&object).0, "application.given");
    assert!(object.facts()[0].commitments().iter().any(|(name, _)| *name == "verdict"));
    play = play.done(&WHOLE[2..3]);
    assert!(veiled(&play, 2), "one of two has given theirs");
    play = play.done(&WHOLE[3..4]);
    assert!(!veiled(&play, 2));
    play = play.done(&WHOLE[4..]);
    assert_eq!(play.application.state, State::Done);
}

#[test]
fn a_step_that_is_not_blind_tells_everything_at_once() {
    let play = Play::new().done(&WHOLE[..2]);
    assert!(!veiled(&play, 2));
    let object = play.decide("gus", Command::Give(Verdict::Object)).unwrap();
    assert_eq!(object.facts()[0].act(), "application.objected");
}
