//! A permission that ends, and the application that renews it.

use super::*;
use crate::grant::permission::Stop;
use crate::grant::term::window;
use crate::period::Calendar;
use crate::regulation::Deadline;

fn midnight(text: &str) -> Instant {
    Date::parse_iso(text).unwrap().start()
}

/// Somebody whose permission was opened and is about to end, and who applies again.
fn warned(ticks: &[&str]) -> Play {
    let mut play = Play::new().done(WHOLE);
    play.held[0].warned = Some(at(play.hour));
    again(&mut play, "AP-2", ticks);
    play
}

fn again(play: &mut Play, id: &str, ticks: &[&str]) {
    play.application = Application { id: ApplicationId::new(id), action: Action::Change, ..blank() };
    let ticks = Entry { values: ticks.iter().map(|tick| (*tick).into()).collect(), ..Entry::default() };
    play.answers.insert("permissions".into(), ticks);
    play.stamps.clear();
}

#[test]
fn a_renewal_takes_over_at_the_very_end_of_what_it_renews() {
    let play = warned(&["berths", "crews"]).done(WHOLE);
    let [former, next] = &play.held[..] else { panic!("{:?}", play.held) };
    assert_eq!((former.stopped, next.follows.as_ref()), (None, Some(&former.id)));
    assert_eq!((former.until, next.from), (Some(next.from), midnight("2027-03-02")));
    assert_eq!(next.until, Some(midnight("2028-03-02")), "the whole term, from then on");
    for moment in [at(0).plus_hours(9), next.from.plus_seconds(-1), next.from, next.from.plus_seconds(1)] {
        let runs = play.held.iter().filter(|one| one.runs(moment)).count();
        assert_eq!(runs, 1, "no gap and no overlap at {moment:?}");
    }
}

#[test]
fn whoever_asks_for_something_else_gets_that_at_once() {
    let play = warned(&["berths"]).done(WHOLE);
    let [former, next] = &play.held[..] else { panic!("{:?}", play.held) };
    assert_eq!(former.stopped.map(|(why, _)| why), Some(Stop::Replaced));
    assert_eq!(next.follows.as_ref(), Some(&former.id));
    assert!(next.from < former.until.unwrap());
}

/// Somebody whose permission has most of its term before it, and who asks for a change half a year later.
fn changed(ticks: &[&str]) -> Play {
    let mut play = Play::new().done(WHOLE);
    play.hour += 24 * 180;
    again(&mut play, "AP-2", ticks);
    play
}

#[test]
fn a_change_lengthens_nothing_that_it_keeps() {
    for (before, after) in [(&["berths"][..], &["berths", "crews"][..]), (&["berths", "crews"], &["crews"])] {
        let mut play = changed(after);
        play.held[0].items = before.iter().map(|code| (*code).into()).collect();
        let end = play.held[0].until;
        let play = play.done(WHOLE);
        assert_eq!(why(&play), [Some(Stop::Replaced), None]);
        assert_eq!(play.held[1].until, end, "{after:?} run to the end of {before:?}");
    }
    let mut play = changed(&["crews"]);
    play.held[0].items = vec!["berths".into()];
    let play = play.done(WHOLE);
    assert!(play.held[1].until > play.held[0].until, "what keeps nothing has a term of its own");
    let mut play = changed(&["berths"]);
    play.held[0].until = None;
    assert!(play.done(WHOLE).held[1].until.is_some(), "what had no end has one by the rule");
}

#[test]
fn each_tick_is_added_kept_or_taken_away_for_each_of_those_it_is_for() {
    use crate::grant::change::{self, Becomes};
    let mut play = changed(&["crews"]);
    let ann = PersonId::new("ann");
    let told = |play: &Play, person: &PersonId| {
        let all = change::of(&play.application, person, &play.held, at(play.hour));
        all.into_iter().map(|(code, becomes)| format!("{code} {}", becomes.word())).collect::<Vec<_>>()
    };
    play.held[0].items = vec!["berths".into()];
    play.application.items = vec!["crews".into()];
    assert_eq!(told(&play, &ann), ["berths taken", "crews added"]);
    assert_eq!(told(&play, &PersonId::new("bob")), ["crews added"], "who holds nothing is given all");
    play.application.items.push("berths".into());
    assert_eq!(told(&play, &ann), ["berths kept", "crews added"]);
    play.application.action = Action::Cancel;
    assert_eq!(told(&play, &ann), ["berths taken"], "a cancellation takes all, whatever is ticked");
    play.application.action = Action::Change;
    play.answers.insert("permissions".into(), Entry::text("crews"));
    let play = play.done(WHOLE);
    assert_eq!(play.application.state, State::Done);
    assert_eq!(told(&play, &ann), ["berths taken", "crews added"], "as it was when it was carried out");
    let elsewhere = Application { unit: UnitId::new("elsewhere"), ..play.application.clone() };
    let all = change::of(&elsewhere, &ann, &play.held, at(play.hour));
    assert_eq!(all.values().collect::<Vec<_>>(), [&Becomes::Added], "what is held in another unit is apart");
}

#[test]
fn what_waits_to_take_over_goes_with_what_it_renews() {
    let mut play = warned(&["berths", "crews"]).done(WHOLE);
    again(&mut play, "AP-3", &["berths", "crews"]);
    play = play.done(WHOLE);
    let open = |play: &Play| play.held.iter().filter(|one| one.is_open(at(play.hour))).count();
    assert_eq!((play.held.len(), open(&play)), (3, 2), "a second renewal takes the place of the first");
    again(&mut play, "AP-4", &["berths", "crews"]);
    play.application.action = Action::Cancel;
    play = play.done(WHOLE);
    assert_eq!(open(&play), 0, "who gives it up gives up what waits, too");
}

/// Somebody whose permission was suspended for disuse under a ladder with this line, and who applies again.
fn unused(restore: &str, ticks: &[&str], until: Option<Instant>) -> Play {
    let ladder = format!(
        "{PACK}\n[[control]]\nid = \"unused\"\nkind = \"idle-ladder\"\npolicy = true\nforced = true\n\
         suspend_after = {{ length = 3, unit = \"month\", from = \"last-use\" }}\n{restore}\n"
    );
    let mut play = Play { pack: pack_of(&ladder).into(), ..Play::new() }.done(WHOLE);
    play.held[0].stopped = Some((Stop::Idle, at(play.hour)));
    play.held[0].until = until.or(play.held[0].until);
    again(&mut play, "AP-2", ticks);
    play.application.action = Action::Create;
    play.done(WHOLE)
}

#[test]
fn what_was_suspended_for_disuse_comes_back_as_it_was_where_the_rule_has_the_same_form_do_it() {
    let (both, same) = (["berths", "crews"], "restore = \"same-form\"");
    let play = unused(same, &both, None);
    assert_eq!((why(&play), play.held[0].follows.as_ref()), (vec![None], None), "the very same permission");
    assert_eq!(play.held[0].until, Some(midnight("2027-03-02")), "its term is what it was");
    for (restore, ticks) in
        [(same, &both[..1]), ("restore = \"new-application\"", &both[..]), ("", &both[..])]
    {
        let play = unused(restore, ticks, None);
        assert_eq!(why(&play), [Some(Stop::Idle), None], "{restore} {ticks:?}: a new one");
        assert_eq!(play.held[1].items.len(), ticks.len());
    }
    let over = unused(same, &both, Some(at(1)));
    assert_eq!(why(&over), [Some(Stop::Idle), None], "what would have ended meanwhile does not come back");
}

/// Somebody whose permission rests for a reason, and who applies again.
fn resting(why: Stop, action: Action, ticks: &[&str]) -> Play {
    let mut play = Play::new().done(WHOLE);
    play.held[0].stopped = Some((why, at(play.hour)));
    again(&mut play, "AP-2", ticks);
    play.application.action = action;
    play.done(WHOLE)
}

fn why(play: &Play) -> Vec<Option<Stop>> {
    play.held.iter().map(|one| one.stopped.map(|(why, _)| why)).collect()
}

#[test]
fn what_rests_is_ended_or_replaced_for_good() {
    for rests in [Stop::OnLeave, Stop::Lapsed] {
        let play = resting(rests, Action::Cancel, &["berths", "crews"]);
        assert_eq!(why(&play), [Some(Stop::Cancelled)], "a cancellation is not undone by the way back");
        let play = resting(rests, Action::Change, &["berths"]);
        assert_eq!(why(&play), [Some(Stop::Replaced), Some(rests)], "what takes its place rests like it");
        assert_eq!(play.held[1].follows.as_ref(), Some(&play.held[0].id));
        assert!(!play.held[1].is_open(at(play.hour)) && play.held[1].stands(at(play.hour)));
    }
    let play = resting(Stop::Left, Action::Change, &["berths"]);
    assert_eq!(why(&play), [Some(Stop::Left), None], "what was over for good has no part in it");
}

#[test]
fn a_renewal_of_what_rests_rests_as_well() {
    let mut play = warned(&["berths", "crews"]);
    play.held[0].stopped = Some((Stop::OnLeave, at(play.hour)));
    let play = play.done(WHOLE);
    assert_eq!(why(&play), [Some(Stop::OnLeave); 2]);
    assert_eq!(play.held[0].until, Some(play.held[1].from), "it takes over at the end of what it renews");
}

#[test]
fn what_ended_by_itself_is_followed_by_the_next_one() {
    let mut play = Play::new().done(WHOLE);
    let end = play.held[0].until.unwrap();
    play.held[0].stopped = Some((Stop::Expired, end));
    play.hour += 24 * 400;
    again(&mut play, "AP-2", &["berths", "crews"]);
    play = play.done(WHOLE);
    assert_eq!(play.held[1].follows.as_ref(), Some(&play.held[0].id));
    assert!(play.held[1].from > end, "late is late: nothing is opened for days that are over");
}

#[test]
fn it_can_be_renewed_from_the_day_that_the_rule_names_or_else_from_ours() {
    let (calendar, end) = (Calendar::official(), midnight("2027-03-02"));
    let rule = pack();
    let silent = chain(&rule, "account", &blank().situation()).unwrap().value;
    let ours = window(Some(&silent), end, &calendar);
    assert_eq!((ours.opens.to_string().as_str(), ours.ruled), ("2027-02-02", false));
    let before = Deadline {
        length: 3,
        unit: crate::regulation::Unit::Month,
        from: None,
        offset: crate::regulation::Offset::Before,
        counting: crate::regulation::Counting::Ordinary,
        anchor: None,
    };
    let named = ApprovalChain { renew_before: Some(before), ..silent };
    let ruled = window(Some(&named), end, &calendar);
    assert_eq!((ruled.opens.to_string().as_str(), ruled.ruled), ("2026-12-02", true));
}
