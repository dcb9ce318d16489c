//! The results that a form prints for a decision: what each asks for, and what comes of it.

use super::*;
use crate::grant::permission::Stop;
use proptest::prelude::*;

const DECIDES: &str = "{ who = { head_or_delegate = true }, act = \"decide\" }";
const OUTCOMES: &str = r#"{ who = { head_or_delegate = true }, act = "decide", outcomes = [
    { code = "grant", word = { zh = "准予", en = "Granted" }, does = "agree", effective_date = true,
      leave_out = true },
    { code = "trial", word = { zh = "試用", en = "On trial" }, does = "agree", remark = true },
    { code = "refuse", word = { zh = "不同意", en = "Refused" }, does = "refuse" },
    { code = "other", word = { zh = "其他", en = "Other" }, does = "return" },
  ] }"#;

fn printed(outcomes: &str) -> Result<Pack, Vec<String>> {
    in_place(&[(DECIDES, outcomes)])
}

/// The pack with other steps in the place of some.
fn in_place(steps: &[(&str, &str)]) -> Result<Pack, Vec<String>> {
    let text = steps.iter().fold(PACK.to_string(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    let files =
        [Source { path: "pack.toml", text: &text }, Source { path: "forms/account.toml", text: FORM }];
    load(&files).map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

/// An application that waits for its decision.
fn waiting() -> Play {
    let pack = printed(OUTCOMES).unwrap_or_else(|errors| panic!("{errors:?}"));
    Play { pack: pack.into(), ..Play::new() }.done(&WHOLE[..4])
}

fn sets(play: &Play, sets: Sets) -> Play {
    Play { sets, ..play.clone() }
}

fn granted(effective: Option<Date>, left_out: &[&'static str]) -> Sets {
    Sets { outcome: Some("grant"), effective, left_out: left_out.to_vec(), silent: false }
}

fn day(days: i64) -> Date {
    at(0).date().plus_days(days).unwrap()
}

/// Decided as this, and carried out.
fn carried_out(play: &Play, with: Sets) -> Play {
    let decided = sets(play, with).done(&[("hal", AGREE)]);
    sets(&decided, Sets::default()).done(&WHOLE[5..])
}

#[test]
fn a_result_gives_what_the_rule_says_it_does() {
    let play = waiting();
    for (outcome, verdict, state) in [
        ("grant", Verdict::Agree, State::Approved),
        ("trial", Verdict::Agree, State::Approved),
        ("refuse", Verdict::Refuse, State::Refused),
        ("other", Verdict::Return, State::Returned),
    ] {
        let play = sets(&play, Sets { outcome: Some(outcome), ..Sets::default() });
        let play = play.done(&[("hal", Command::Give(verdict))]);
        assert_eq!(play.application.state, state, "{outcome}");
        assert_eq!(play.stamps.last().unwrap().ruling.outcome.as_deref(), Some(outcome));
    }
    // The only one that does it need not be named; of two it must be said which.
    let play = play.done(&[]);
    assert!(play.decide("hal", Command::Give(Verdict::Refuse)).is_ok());
    assert_eq!(play.reason("hal", AGREE), Reason::FieldMissing);
    for (outcome, verdict) in
        [("refuse", Verdict::Agree), ("unknown", Verdict::Agree), ("grant", Verdict::Return)]
    {
        let play = sets(&play, Sets { outcome: Some(outcome), ..Sets::default() });
        let no = play.decide("hal", Command::Give(verdict)).unwrap_err();
        assert_eq!(
            (no[0].reason, no[0].field.as_deref()),
            (Reason::FieldMalformed, Some("verdict")),
            "{outcome}"
        );
    }
    let plain = Play::new().done(&WHOLE[..4]);
    assert_eq!(
        sets(&plain, granted(None, &[])).reason("hal", AGREE),
        Reason::FieldMalformed,
        "none is printed"
    );
}

#[test]
fn words_are_wanted_where_the_result_is_not_all_that_was_asked_for() {
    let play = waiting();
    for (outcome, verdict, left_out, wanted) in [
        ("grant", Verdict::Agree, vec![], false),
        ("grant", Verdict::Agree, vec!["crews"], true),
        ("trial", Verdict::Agree, vec![], true),
        ("refuse", Verdict::Refuse, vec![], true),
        ("other", Verdict::Return, vec![], true),
    ] {
        let with = Sets { outcome: Some(outcome), left_out, silent: true, ..Sets::default() };
        let no = sets(&play, with).decide("hal", Command::Give(verdict)).err();
        let expected = wanted.then_some((Reason::NoteMissing, Some("note".to_string())));
        assert_eq!(no.map(|no| (no[0].reason, no[0].field.clone())), expected, "{outcome}");
    }
}

#[test]
fn a_first_day_lies_from_today_to_the_end_of_the_term() {
    let play = waiting();
    let last = at(0).date().plus_months(12).unwrap();
    for (effective, free) in
        [(day(-1), false), (day(0), true), (day(40), true), (last, true), (last.plus_days(1).unwrap(), false)]
    {
        let decided = sets(&play, granted(Some(effective), &[])).decide("hal", AGREE);
        let no = decided.err().map(|no| (no[0].reason, no[0].field.clone()));
        let refused = (Reason::EffectiveOutside, Some("effective".to_string()));
        assert_eq!(no, (!free).then_some(refused), "{effective}");
    }
    let with = Sets { outcome: Some("trial"), ..granted(Some(day(2)), &[]) };
    assert_eq!(sets(&play, with).reason("hal", AGREE), Reason::NotWithOutcome);
}

#[test]
fn what_is_opened_begins_on_its_first_day_and_has_its_whole_term_from_then() {
    let play = carried_out(&waiting(), granted(Some(day(40)), &[]));
    let opened = &play.held[0];
    assert_eq!((opened.from, opened.until), (day(40).start(), day(40).plus_months(12).map(Date::start)));
    assert!(!opened.runs(at(play.hour)) && opened.runs(day(40).start()));
    // Where it is carried out later than that, it begins then.
    let mut late = sets(&waiting(), granted(Some(day(1)), &[])).done(&[("hal", AGREE)]);
    late.hour += 24 * 5;
    let now = at(late.hour);
    assert_eq!(sets(&late, Sets::default()).done(&WHOLE[5..]).held[0].from, now);
}

#[test]
fn exactly_what_was_approved_is_opened() {
    let play = waiting();
    let decision = sets(&play, granted(None, &["crews"])).decide("hal", AGREE).unwrap();
    let told = decision.facts()[0].details().clone();
    assert_eq!(told["left_out"], decision::Detail::from(vec!["crews".to_string()]));
    let play = carried_out(&play, granted(None, &["crews"]));
    assert_eq!(play.held[0].items, ["berths"]);
    assert_eq!(play.application.items, ["berths", "crews"], "what was asked for stays on record");
    let play = waiting();
    for (left_out, reason) in [
        (&["berths", "crews"][..], Reason::NothingApproved),
        (&["cranes"], Reason::FieldMalformed),
        (&["berths", "cranes"], Reason::FieldMalformed),
    ] {
        let no = sets(&play, granted(None, left_out)).decide("hal", AGREE).unwrap_err();
        assert_eq!((no[0].reason, no[0].field.as_deref()), (reason, Some("left-out")), "{left_out:?}");
    }
    let with = Sets { outcome: Some("trial"), ..granted(None, &["crews"]) };
    assert_eq!(sets(&play, with).reason("hal", AGREE), Reason::NotWithOutcome);
}

#[test]
fn two_who_decide_cannot_leave_out_everything_between_them() {
    const CHECKS: &str = "{ who = { role = \"chief\" }, act = \"check\" }";
    let decides = OUTCOMES.replacen("{ head_or_delegate = true }", "{ role = \"chief\" }", 1);
    let pack = in_place(&[(CHECKS, &decides), (DECIDES, OUTCOMES)]);
    let play = Play { pack: pack.unwrap_or_else(|errors| panic!("{errors:?}")).into(), ..Play::new() };
    let play = sets(&play.done(&WHOLE[..1]), granted(None, &["crews"])).done(&[("cho", AGREE)]);
    let play = sets(&play, Sets::default()).done(&WHOLE[2..4]);
    for (left_out, reason) in
        [(&["berths"][..], Reason::NothingApproved), (&["crews"], Reason::FieldMalformed)]
    {
        let no = sets(&play, granted(None, left_out)).decide("hal", AGREE).unwrap_err();
        assert_eq!((no[0].reason, no[0].field.as_deref()), (reason, Some("left-out")), "{left_out:?}");
    }
    assert_eq!(carried_out(&play, granted(None, &[])).held[0].items, ["berths"]);
}

#[test]
fn what_is_sent_back_and_put_forward_again_is_decided_anew() {
    let play = sets(&waiting(), granted(Some(day(40)), &["crews"])).done(&[("hal", AGREE)]);
    let play = sets(&play, Sets::default()).done(&[("fay", Command::Give(Verdict::Return))]);
    let play = play.done(&WHOLE[..4]);
    let play = carried_out(&play, granted(None, &[]));
    assert_eq!(play.held[0].items, ["berths", "crews"]);
    assert!(play.held[0].runs(at(play.hour)));
}

/// Somebody who holds something and applies for a change, or an end.
fn holding(action: Action, ticks: &[&str]) -> Play {
    let mut play = carried_out(&waiting(), granted(None, &[]));
    play.application = Application { id: ApplicationId::new("AP-2"), action, ..blank() };
    let values = ticks.iter().map(|tick| (*tick).into()).collect();
    play.answers.insert("permissions".into(), Entry { values, ..Entry::default() });
    play.stamps.clear();
    play.done(&WHOLE[..4])
}

#[test]
fn what_a_change_takes_the_place_of_runs_until_its_first_day() {
    let play = holding(Action::Change, &["berths"]);
    let end = play.held[0].until;
    let play = carried_out(&play, granted(Some(day(30)), &[]));
    let [former, next] = &play.held[..] else { panic!("{:?}", play.held) };
    assert_eq!((former.until, former.stopped), (Some(day(30).start()), None));
    assert_eq!((next.from, next.until, next.follows.as_ref()), (day(30).start(), end, Some(&former.id)));
    for (moment, runs) in [(at(play.hour), 1), (day(30).start().plus_seconds(-1), 1), (day(30).start(), 1)] {
        assert_eq!(play.held.iter().filter(|one| one.runs(moment)).count(), runs, "no gap and no overlap");
    }
    let play = holding(Action::Cancel, &["berths", "crews"]);
    let play = carried_out(&play, granted(Some(day(30)), &[]));
    let [ended] = &play.held[..] else { panic!("{:?}", play.held) };
    assert_eq!((ended.until, ended.stopped), (Some(day(30).start()), None));
    assert!(ended.warned.is_some(), "nobody is told to ask anew for what they gave up");
}

#[test]
fn what_is_left_out_of_an_end_stays() {
    let play = carried_out(&holding(Action::Cancel, &["berths", "crews"]), granted(None, &["crews"]));
    let [former, left] = &play.held[..] else { panic!("{:?}", play.held) };
    assert_eq!(former.stopped.map(|(why, _)| why), Some(Stop::Replaced));
    assert_eq!((left.items.as_slice(), left.until), (&["crews".to_string()][..], former.until));
}

#[test]
fn a_result_that_the_step_cannot_give_is_a_fault_of_the_pack() {
    let word = "word = { zh = \"果\", en = \"Result\" }";
    let step = |more: &str| format!("{{ who = {{ head_or_delegate = true }}, act = \"decide\"{more} }}");
    let one = |does: &str, more: &str| format!("{{ code = \"{does}\", {word}, does = \"{does}\"{more} }}");
    for (outcomes, told) in [
        (format!("[{}]", one("object", "")), "does what the step cannot"),
        (format!("[{}]", one("refuse", "")), "no result of the step lets it go on"),
        (format!("[{0}, {0}]", one("agree", "")), "`agree` is there twice in `outcomes`"),
        (
            format!("[{}, {}]", one("agree", ""), one("refuse", ", leave_out = true")),
            "`leave_out` means nothing",
        ),
        (
            format!("[{}, {}]", one("agree", ""), one("return", ", effective_date = true")),
            "`effective_date` means nothing",
        ),
    ] {
        let errors = printed(&step(&format!(", outcomes = {outcomes}"))).unwrap_err();
        assert!(errors.iter().any(|error| error.contains(told)), "{outcomes}: {errors:?}");
    }
    let carry = format!(
        "{}, {{ who = {{ role = \"engineer\" }}, act = \"carry-out\", outcomes = [{}] }}",
        step(""),
        one("agree", "")
    );
    let errors = printed(&carry).unwrap_err();
    assert!(errors.iter().any(|error| error.contains("does what the step cannot")), "{errors:?}");
    assert!(
        printed(&step(&format!(", blind = true, outcomes = [{}]", one("agree", ", leave_out = true"))))
            .is_err()
    );
}

proptest! {
    /// Whatever is held, asked for, left out and put off: nobody is given what was not both asked for and
    /// approved, what an end leaves apart; at no moment do two permissions of one person run; and nothing
    /// begins before its first day.
    #[test]
    fn nobody_is_given_more_than_was_approved(
        action in 0..3_usize,
        asked in 1..4_u8,
        left_out in 0..4_u8,
        days in proptest::option::of(0..300_i64),
    ) {
        let codes = ["berths", "crews"];
        let of = |bits: u8| {
            let set = codes.into_iter().enumerate().filter(move |(at, _)| bits >> at & 1 == 1);
            set.map(|(_, code)| code)
        };
        let action = [Action::Create, Action::Change, Action::Cancel][action];
        let asked: Vec<&str> = of(asked).collect();
        let left_out: Vec<&'static str> = of(left_out).filter(|code| asked.contains(code)).collect();
        prop_assume!(left_out.len() < asked.len());
        let effective = days.map(day);
        let play = carried_out(&holding(action, &asked), granted(effective, &left_out));
        let approved: Vec<&str> = asked.iter().copied().filter(|code| !left_out.contains(code)).collect();
        let stays = |code: &str| match action {
            Action::Cancel => !approved.contains(&code),
            _ => approved.contains(&code),
        };
        let first = effective.map_or(at(play.hour), |day| day.start().max(at(play.hour)));
        let running = |moment: Instant| {
            let runs = play.held.iter().filter(move |one| one.runs(moment));
            runs.map(|one| one.items.clone()).collect::<Vec<_>>()
        };
        for moment in [first, first.plus_hours(24)] {
            let now = running(moment);
            prop_assert!(now.len() <= 1, "{now:?}");
            let own: Vec<&str> = codes.into_iter().filter(|code| stays(code)).collect();
            prop_assert_eq!(now.concat(), own);
        }
        if first > at(play.hour) {
            let before = running(first.plus_seconds(-1));
            prop_assert_eq!(before, vec![vec!["berths".to_string(), "crews".to_string()]]);
        }
    }
}
