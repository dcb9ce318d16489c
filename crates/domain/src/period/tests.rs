//! Worked examples of periods, and properties that hold for all of them.

use alloc::string::ToString;

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

fn due(deadline: Deadline, start: &str) -> Due {
    deadline.due_from(day(start), &Calendar::official()).unwrap()
}

const fn ordinary(length: u32, unit: Unit) -> Deadline {
    Deadline::new(length, unit, Counting::Ordinary)
}

#[test]
fn months_end_the_day_before_the_corresponding_day() {
    for (length, start, end) in [
        (3, "2025-01-15", "2025-04-15"),
        (3, "2025-04-30", "2025-07-31"),
        (3, "2025-01-31", "2025-04-30"),
        (1, "2025-05-30", "2025-06-30"),
        (1, "2024-01-30", "2024-02-29"),
        (12, "2023-02-28", "2024-02-29"),
    ] {
        let due = due(ordinary(length, Unit::Month), start);
        assert_eq!((due.date, due.moved, due.half_day), (day(end), false, false), "{length} from {start}");
        assert_eq!(due.moment, day(end).end());
    }
}

#[test]
fn years_are_twelve_months() {
    assert_eq!(due(ordinary(1, Unit::Year), "2024-02-28").date, day("2025-03-03"));
    assert_eq!(due(ordinary(2, Unit::Year), "2025-03-09").date, day("2027-03-09"));
    let whole = Deadline::new(1, Unit::Year, Counting::Calendar);
    assert_eq!(due(whole, "2024-12-31").date, day("2025-12-31"));
    assert_eq!(due(whole, "2024-02-28").date, day("2025-02-28"));
}

#[test]
fn a_saturday_moves_to_monday_noon() {
    let due = due(ordinary(5, Unit::Day), "2025-06-02");
    assert_eq!(due.date, day("2025-06-09"));
    assert_eq!(due.moment, Instant::at(day("2025-06-09"), 12, 0));
    assert!(due.moved && due.half_day);
    assert!(!due.is_late(Instant::from_micros(due.moment.micros() - 1)) && due.is_late(due.moment));
}

#[test]
fn a_sunday_holiday_moves_past_its_substitute_day() {
    let due = due(ordinary(10, Unit::Day), "2025-09-18");
    assert_eq!((due.date, due.moved, due.half_day), (day("2025-09-30"), true, false));
    assert_eq!(due.calendar_version.as_deref(), Some("114.2"));
}

#[test]
fn before_the_table_was_issued_again_the_same_period_ended_earlier() {
    let known = Calendar::official().as_of(day("2025-06-12"));
    let due = ordinary(10, Unit::Day).due_from(day("2025-09-18"), &known).unwrap();
    assert_eq!((due.date, due.calendar_version.as_deref()), (day("2025-09-29"), Some("114.1")));
}

#[test]
fn a_working_saturday_is_no_rest_day() {
    let due = due(ordinary(5, Unit::Day), "2025-02-03");
    assert_eq!((due.date, due.moved, due.half_day), (day("2025-02-08"), false, false));
}

#[test]
fn a_friday_holiday_moves_over_the_weekend_for_the_whole_day() {
    let due = due(ordinary(4, Unit::Day), "2025-10-20");
    assert_eq!((due.date, due.half_day), (day("2025-10-27"), false));
}

#[test]
fn a_saturday_before_a_free_monday_ends_at_noon_of_the_next_working_day() {
    let due = due(ordinary(5, Unit::Day), "2025-09-22");
    assert_eq!((due.date, due.half_day), (day("2025-09-30"), true));
}

#[test]
fn adverse_periods_count_the_first_day_and_never_move() {
    let ban = Deadline::new(2, Unit::Year, Counting::Adverse);
    let two_years = due(ban, "2026-03-02");
    assert_eq!((two_years.date, two_years.moved), (day("2028-03-01"), false));
    assert_eq!(two_years.calendar_version, None);
    let days = due(Deadline::new(6, Unit::Day, Counting::Adverse), "2025-06-02");
    assert_eq!((days.date, days.moved), (day("2025-06-07"), false));
    assert_eq!(due(Deadline::new(1, Unit::Day, Counting::Adverse), "2025-06-07").date, day("2025-06-07"));
}

#[test]
fn internal_limits_skip_the_first_day_and_never_move() {
    let due = due(Deadline::new(5, Unit::Day, Counting::Calendar), "2025-06-02");
    assert_eq!((due.date, due.moved, due.calendar_version), (day("2025-06-07"), false, None));
}

#[test]
fn hours_run_at_once() {
    let start = Instant::at(day("2025-06-06"), 16, 30);
    let due = ordinary(24, Unit::Hour).due(start, &Calendar::empty()).unwrap();
    assert_eq!(due.moment, Instant::at(day("2025-06-07"), 16, 30));
    assert_eq!((due.date, due.moved), (day("2025-06-07"), false));
    let before = ordinary(2, Unit::Hour).before().due(start, &Calendar::empty()).unwrap();
    assert_eq!(before.moment, Instant::at(day("2025-06-06"), 14, 30));
}

#[test]
fn working_days_skip_closed_days() {
    let five = ordinary(5, Unit::WorkingDay);
    assert_eq!(due(five, "2025-01-24").date, day("2025-02-07"));
    assert_eq!(due(ordinary(6, Unit::WorkingDay), "2025-01-24").date, day("2025-02-08"));
    let over_new_year = due(ordinary(2, Unit::WorkingDay), "2025-12-31");
    assert_eq!(over_new_year.date, day("2026-01-05"));
    assert_eq!(over_new_year.calendar_version.as_deref(), Some("115.1"));
    assert_eq!(due(five, "2025-12-29").calendar_version.as_deref(), Some("114.2+115.1"));
}

#[test]
fn a_storm_moves_what_ends_on_its_day() {
    let mut calendar = Calendar::official();
    let five = ordinary(5, Unit::Day);
    assert_eq!(five.due_from(day("2024-07-19"), &calendar).unwrap().date, day("2024-07-24"));
    let (date, issued) = (day("2024-07-24"), day("2024-07-23"));
    calendar.set(Override { date, off: true, note: "storm".to_string(), issued });
    assert_eq!(five.due_from(day("2024-07-19"), &calendar).unwrap().date, day("2024-07-25"));
}

#[test]
fn periods_before_an_event_move_back() {
    let five = ordinary(5, Unit::Day).before();
    assert_eq!(due(five, "2025-06-13").date, day("2025-06-06"));
    assert_eq!(due(five, "2025-06-11").date, day("2025-06-06"));
    assert!(!due(five, "2025-06-12").half_day);
    assert_eq!(due(ordinary(1, Unit::Month).before(), "2025-03-31").date, day("2025-02-27"));
    assert_eq!(due(ordinary(2, Unit::WorkingDay).before(), "2025-06-09").date, day("2025-06-05"));
}

#[test]
fn nothing_is_computed_past_the_last_loaded_year() {
    let calendar = Calendar::official();
    let missing = PeriodError::NoCalendar(MissingYear { year: 2028, last: Some(2027) });
    for deadline in [ordinary(30, Unit::Day), ordinary(1, Unit::WorkingDay), ordinary(1, Unit::Year)] {
        assert_eq!(deadline.due_from(day("2027-12-30"), &calendar), Err(missing));
    }
    assert!(missing.to_string().contains("2028"));
    assert_eq!(ordinary(1, Unit::Day).due_from(day("2027-12-30"), &calendar), Err(missing), "31 is off");
}

#[test]
fn absurd_lengths_are_refused() {
    let calendar = Calendar::official();
    let deadline = ordinary(u32::MAX, Unit::Year);
    assert_eq!(deadline.due_from(day("2025-01-01"), &calendar), Err(PeriodError::OutOfRange));
    let deadline = Deadline::new(10_000, Unit::Year, Counting::Adverse);
    assert_eq!(deadline.due_from(day("2025-01-01"), &calendar), Err(PeriodError::OutOfRange));
}

#[test]
fn deadlines_read_from_data() {
    let text = r#"{"length":5,"unit":"working-day","counting":"ordinary","direction":"before"}"#;
    let deadline: Deadline = serde_json::from_str(text).unwrap();
    assert_eq!(deadline, ordinary(5, Unit::WorkingDay).before());
    let text = r#"{"length":2,"unit":"year","counting":"adverse"}"#;
    let expected = Deadline::new(2, Unit::Year, Counting::Adverse);
    assert_eq!(serde_json::from_str::<Deadline>(text).unwrap(), expected);
    let unknown = r#"{"length":2,"unit":"fortnight","counting":"adverse"}"#;
    assert!(serde_json::from_str::<Deadline>(unknown).is_err());
}

#[test]
fn words_of_packs_are_the_serialised_ones() {
    for word in ["hour", "day", "working-day", "week", "month", "year"] {
        let text = serde_json::to_string(&Unit::named(word).unwrap()).unwrap();
        assert_eq!(text.trim_matches('"'), word);
    }
    for word in ["ordinary", "adverse", "calendar"] {
        let text = serde_json::to_string(&Counting::named(word).unwrap()).unwrap();
        assert_eq!(text.trim_matches('"'), word);
    }
    assert_eq!(Direction::named("before"), Some(Direction::Before));
    assert_eq!((Unit::named("Day"), Counting::named(""), Direction::named("on")), (None, None, None));
}

#[test]
fn weeks_are_seven_days() {
    assert_eq!(due(ordinary(2, Unit::Week), "2025-06-10").date, day("2025-06-24"));
    assert_eq!(due(ordinary(1, Unit::Week).before(), "2025-06-24").date, day("2025-06-17"));
    assert_eq!(due(Deadline::new(1, Unit::Week, Counting::Adverse), "2025-06-10").date, day("2025-06-16"));
}

fn units() -> impl Strategy<Value = Unit> {
    let words = ["hour", "day", "working-day", "week", "month", "year"];
    prop::sample::select(words.map(|word| Unit::named(word).unwrap()).to_vec())
}

proptest! {
    #[test]
    fn longer_periods_never_end_earlier(
        offset in 0_i64..1000, length in 0_u32..24, unit in units(), before in any::<bool>(),
        counting in prop::sample::select(&[Counting::Ordinary, Counting::Adverse, Counting::Calendar]),
    ) {
        let calendar = Calendar::official();
        let start = day("2022-06-01").plus_days(offset).unwrap();
        let turn = |deadline: Deadline| if before { deadline.before() } else { deadline };
        let shorter = turn(Deadline::new(length, unit, counting)).due_from(start, &calendar);
        let longer = turn(Deadline::new(length + 1, unit, counting)).due_from(start, &calendar);
        if let (Ok(shorter), Ok(longer)) = (shorter, longer) {
            if before {
                prop_assert!(longer.date <= shorter.date);
            } else {
                prop_assert!(longer.date >= shorter.date);
            }
        }
    }

    #[test]
    fn ordinary_periods_end_on_working_days(offset in 0_i64..1900, length in 1_u32..60, unit in units()) {
        let calendar = Calendar::official();
        let start = day("2022-01-01").plus_days(offset).unwrap();
        if unit != Unit::Hour && let Ok(due) = ordinary(length, unit).due_from(start, &calendar) {
            prop_assert!(!calendar.is_off(due.date).unwrap());
            prop_assert_eq!(due.moment.micros() <= due.date.end().micros(), true);
            prop_assert!(due.moment > due.date.start());
        }
    }
}
