//! A storm at one place: its agency's deadlines move, and nobody else's.

use super::stage::{Engine, Stage, played};
use super::world::{Limits, World, refused_once};
use desk::directory::{ClosureForm, PostForm};
use desk::{Desk, Session};
use domain::Reason;
use domain::directory::closure::Cause;
use domain::directory::post::Cause as Left;
use domain::time::{Date, Instant};
use harness::folder::Folder;

fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

fn on(world: &World, text: &str) {
    world.hand.set(Instant::at(day(text), 9, 0));
    world.desk.tick().unwrap();
}

fn declare(world: &World, login: &str, text: &str, cause: Cause) -> Result<(), Reason> {
    let form = ClosureForm { day: day(text), cause, form_key: String::new() };
    match world.desk.declare_closure(&world.session(login), &form) {
        Ok(()) => Ok(()),
        other => Err(refused_once(other).0),
    }
}

/// Somebody of Taipei retires on the second of March: two offices are told by the ninth.
fn retires(world: &World) {
    on(world, "2026-03-02");
    let form = PostForm {
        post: "huang-user".into(),
        cause: Some(Left::Retire),
        on: Some(day("2026-03-02")),
        unit: String::new(),
        role: String::new(),
        form_key: String::new(),
    };
    world.desk.change_post(&world.session("kao-tp"), &form).unwrap();
}

fn due(world: &World) -> Date {
    due_of(&world.desk, &world.session("hsu"))
}

fn due_of(desk: &Desk, session: &Session) -> Date {
    let all = desk.duties(session, false).unwrap().own;
    all.iter().find(|duty| duty.kind.word() == "notify").unwrap().due.as_ref().unwrap().date
}

#[test]
fn a_storm_moves_the_deadlines_of_its_own_agency_and_is_taken_back_by_another_word() {
    played(|stage| {
        let world = stage.world();
        retires(&world);
        assert_eq!(due(&world), day("2026-03-09"));
        declare(&world, "kao-tp", "2026-03-09", Cause::Disaster).unwrap();
        on(&world, "2026-03-03");
        assert_eq!(due(&world), day("2026-03-10"));
        assert_eq!(world.count("taipei", "directory.closure"), 1);
        assert_eq!(world.count("taipei", "duty.moved"), 1);

        declare(&world, "hsu", "2026-03-06", Cause::Holiday).unwrap_err();
        let shown = world.desk.closures(&world.session("hsu")).unwrap();
        assert_eq!(shown.closed[0].local, Some(Cause::Disaster));
        assert!(!shown.declare);
        let elsewhere = world.desk.closures(&world.session("yang-lc")).unwrap();
        assert!(elsewhere.closed.iter().all(|one| one.day != day("2026-03-09")));

        assert_eq!(declare(&world, "kao-tp", "2026-03-09", Cause::Holiday), Err(Reason::CalendarSame));
        declare(&world, "kao-tp", "2026-03-09", Cause::Open).unwrap();
        on(&world, "2026-03-04");
        assert_eq!(due(&world), day("2026-03-09"), "the last word counts");
        let shown = world.desk.closures(&world.session("kao-tp")).unwrap();
        assert_eq!(
            shown.list.iter().map(|one| one.cause).collect::<Vec<_>>(),
            [Cause::Open, Cause::Disaster]
        );
    });
}

#[test]
fn a_day_too_far_away_and_whoever_may_not_say_so_change_nothing() {
    played(|stage| {
        let world = stage.world();
        on(&world, "2026-03-02");
        for text in ["2025-03-03", "2029-03-02"] {
            assert_eq!(
                declare(&world, "kao-tp", text, Cause::Disaster),
                Err(Reason::FieldMalformed),
                "{text}"
            );
        }
        assert_eq!(declare(&world, "kao-tp", "2026-03-07", Cause::Holiday), Err(Reason::CalendarSame));
        assert_eq!(declare(&world, "huang", "2026-03-09", Cause::Disaster), Err(Reason::NoCapacity));
        declare(&world, "kao-tp", "2026-02-24", Cause::Disaster).unwrap();
        assert_eq!(world.count("taipei", "directory.closure"), 1, "a storm is entered afterwards as well");
    });
}

#[test]
fn what_one_node_is_told_the_other_knows_and_a_new_one_as_well() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        Stage::play_alone(engine, |stage| {
            let folder = Folder::new("story-closure");
            let config = stage.lasting(folder.path());
            let one = World::open(stage, &config, Limits::default());
            retires(&one);
            let other = World::bare(stage, &config, Limits::default());
            other.hand.set(Instant::at(day("2026-03-02"), 9, 0));
            declare(&one, "kao-tp", "2026-03-09", Cause::Disaster).unwrap();
            on(&other, "2026-03-03");
            let moved = due_of(&other.desk, &one.session("hsu"));
            assert_eq!(moved, day("2026-03-10"), "moved by the node that was not told");
            on(&one, "2026-03-03");
            assert_eq!(one.count("taipei", "duty.moved"), 1);
            let third = World::bare(stage, &config, Limits::default());
            third.hand.set(Instant::at(day("2026-03-03"), 9, 0));
            let closed = third.desk.closures(&one.session("kao-tp")).unwrap().closed;
            assert_eq!(closed[0].local, Some(Cause::Disaster), "before its first round");
            one.end_without_rows();
            other.end_without_rows();
            third.end_without_rows();
        });
    }
}
