//! Providers are told that a right has ended, until they acknowledge it.

use super::stage::{Engine, Stage, played};
use super::world::{Limits, World};
use desk::directory::PostForm;
use desk::duty::DutyForm;
use desk::view::DutyView;
use domain::directory::post::Cause;
use domain::letter::Said;
use domain::time::{Date, Instant};
use gate::simulator::{Mood, Outage, Wrong};
use harness::folder::Folder;

fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

fn leaves(world: &World, post: &str) {
    world.hand.pass_seconds(60);
    let form = PostForm {
        post: post.into(),
        cause: Some(Cause::Leave),
        on: Some(world.desk.now().date()),
        unit: String::new(),
        role: String::new(),
        form_key: String::new(),
    };
    world.desk.change_post(&world.session("yang-lc"), &form).unwrap();
    world.desk.tick().unwrap();
}

/// Lets minutes pass and has providers told.
fn tell(world: &World, minutes: i64) {
    world.hand.pass_seconds(minutes * 60);
    world.desk.tell_providers().unwrap();
}

fn owed(world: &World, login: &str, kind: &str) -> Vec<DutyView> {
    let all = world.desk.duties(&world.session(login), false).unwrap().own;
    all.into_iter().filter(|duty| duty.kind.word() == kind).collect()
}

/// How often the provider heard of ended rights.
fn heard(world: &World) -> u64 {
    let simulator = &world.provider.simulator;
    simulator.ended().keys().map(|id| simulator.log().get(id).copied().unwrap_or(0)).sum()
}

#[test]
fn who_leaves_is_told_to_the_provider_by_the_account_alone_and_once() {
    played(|stage| {
        let world = stage.world();
        leaves(&world, "chen-user");
        world.desk.tick().unwrap();
        assert_eq!(world.count("lienchiang", "grant.telling"), 1);
        assert!(world.provider.simulator.ended().is_empty(), "the entry comes first");
        tell(&world, 0);
        tell(&world, 600);
        let ended = world.provider.simulator.ended();
        let message = ended.values().next().unwrap();
        assert_eq!((ended.len(), heard(&world)), (1, 1));
        assert_eq!((message.account.as_str(), message.ended.as_str()), ("chen", "2026-03-02"));
        assert!(!message.for_now && message.items.contains(&"household/basic".to_string()));
        let sent = serde_json::to_string(message).unwrap();
        assert!(!sent.contains("陳思齊") && !sent.contains("Z110000005"), "{sent}");
        assert_eq!(world.count("lienchiang", "grant.told"), 1);
        // Nobody of Kaohsiung has left.
        assert_eq!(world.count("kaohsiung", "grant.telling"), 0);
    });
}

#[test]
fn a_provider_that_is_away_or_answers_nonsense_is_told_again_and_silence_becomes_a_duty() {
    played(|stage| {
        let world = stage.world();
        leaves(&world, "chen-user");
        let moods = [
            Mood::Down { how: Outage::HangUp },
            Mood::Slow { ms: 60_000 },
            Mood::Wrong { how: Wrong::OtherPerson },
            Mood::Wrong { how: Wrong::Malformed },
            Mood::Wrong { how: Wrong::Huge },
            Mood::Wrong { how: Wrong::Shape },
        ];
        for (place, mood) in moods.into_iter().enumerate() {
            world.provider.simulator.set(mood);
            tell(&world, 240);
            tell(&world, 1);
            assert_eq!(heard(&world), place as u64 + 1, "{mood:?}: once, and then there is a pause");
            assert_eq!(world.count("lienchiang", "grant.told"), 0, "{mood:?}");
        }
        assert!(owed(&world, "yang-lc", "tell").is_empty(), "there is time yet");
        world.hand.set(Instant::at(day("2026-03-10"), 9, 0));
        world.desk.tick().unwrap();
        world.desk.tick().unwrap();
        let duty = owed(&world, "yang-lc", "tell");
        assert_eq!((duty.len(), duty[0].late, duty[0].person.as_str()), (1, true, "陳思齊"));
        assert_eq!(duty[0].clause.as_ref().unwrap().id.as_str(), "lienchiang/2.1");
        world.provider.simulator.set(Mood::Normal);
        tell(&world, 240);
        tell(&world, 240);
        assert_eq!(world.count("lienchiang", "grant.told"), 1);
        assert_eq!(world.provider.simulator.ended().len(), 1, "one message, however often it was told");
        assert!(owed(&world, "yang-lc", "tell").is_empty());
    });
}

#[test]
fn where_there_is_no_interface_a_letter_is_drafted_and_leaves_it_to_people() {
    played(|stage| {
        let world = stage.world();
        // As it would be if its provider had no interface.
        world.amend(
            "lienchiang",
            &[("adapter = \"http-json\"\nfreshness", "adapter = \"manual\"\nfreshness")],
        );
        leaves(&world, "chen-user");
        tell(&world, 1);
        assert_eq!(world.count("lienchiang", "grant.telling"), 1);
        assert_eq!(heard(&world), 0);
        let duty = owed(&world, "yang-lc", "notify");
        let own = duty.iter().find(|duty| duty.clause.as_ref().unwrap().id.as_str() == "lienchiang/2.1");
        let own = own.unwrap();
        let letter = own.letter.as_ref().unwrap();
        assert!(letter.draft.is_some() && own.person == "陳思齊");
        let channel = letter.channels[0].clone();
        let said = Said { number: "連衛字第1150302001號".into(), on: Some(day("2026-03-02")), channel };
        let form = DutyForm { letter: said, ..DutyForm::default() };
        world.desk.fulfil(&world.session("yang-lc"), &own.id, &form).unwrap();
    });
}

#[test]
fn two_nodes_tell_it_once() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        Stage::play_alone(engine, |stage| {
            let folder = Folder::new("story-telling");
            let config = stage.lasting(folder.path());
            let one = World::open(stage, &config, Limits::default());
            leaves(&one, "chen-user");
            let other = World::bare(stage, &config, Limits::default());
            other.desk.tick().unwrap();
            for world in [&one, &other] {
                world.hand.set(Instant::at(day("2026-03-02"), 12, 0));
            }
            std::thread::scope(|scope| {
                scope.spawn(|| one.desk.tell_providers().unwrap());
                scope.spawn(|| other.desk.tell_providers().unwrap());
            });
            assert_eq!(heard(&one) + heard(&other), 1);
            assert_eq!(one.count("lienchiang", "grant.told"), 1);
            one.end_without_rows();
            other.end_without_rows();
        });
    }
}
