//! A step that belongs to a body outside: its letter is entered by whoever keeps the correspondence.

use super::*;

/// The last step is the provider's, whose letter the engineers enter.
fn outside() -> Play {
    let own = "{ who = { role = \"engineer\" }, act = \"carry-out\" }";
    let text = PACK.replace(own, "{ who = { party = \"provider\" }, act = \"decide\" }");
    let files =
        [Source { path: "pack.toml", text: &text }, Source { path: "forms/account.toml", text: FORM }];
    Play { pack: alloc::sync::Arc::new(load(&files).unwrap()), ..Play::new() }
}

fn came() -> Came {
    Came { number: "台內戶字第1150001號".into(), on: Some(at(0).date()) }
}

#[test]
fn what_a_body_outside_says_is_entered_with_number_and_day() {
    let mut play = outside().done(&WHOLE[..5]);
    assert_eq!(play.holding(), ["eve", "fay"], "who spoke before enters what another says");
    let fields = |play: &Play| -> Vec<Option<String>> {
        play.decide("eve", AGREE).unwrap_err().into_iter().map(|refusal| refusal.field).collect()
    };
    let both = ["letter-number", "letter-sent"].map(|field| Some(field.to_string()));
    assert_eq!(fields(&play), both);
    play.letter = Came { on: Some(at(0).date().next()), ..came() };
    assert_eq!(fields(&play), both[1..], "a letter of tomorrow has not come");
    play.letter = came();
    assert_eq!(play.reason("hal", AGREE), Reason::NotYourStep);
    assert_eq!(play.reason("ben", AGREE), Reason::NotYourStep);
    play.play("eve", AGREE).unwrap();
    assert_eq!(play.application.state, State::Done);
    assert_eq!(play.stamps.last().unwrap().letter, Some(came()));
    assert!(play.stamps[..4].iter().all(|stamp| stamp.letter.is_none()));
}

#[test]
fn nobody_enters_what_is_said_of_their_own_application() {
    let mut play = outside();
    play.application.people = vec!["ann".into()];
    play.staff.holders.retain(|holder| holder.person.as_str() != "fay");
    let mut alone = play.clone().done(&WHOLE[..5]);
    alone.letter = came();
    alone.play("eve", AGREE).unwrap();
    play.staff.holders.retain(|holder| holder.role != "engineer");
    let refusal = &play.decide("ann", Command::Submit).unwrap_err()[0];
    assert_eq!((refusal.reason, refusal.args["step"].as_str()), (Reason::ChainVacant, "3"));
}
