//! Somebody with several posts acts under one at a time, under the rule of its agency, and the log says so.

use super::account::sign_in;
use super::stage::played;
use super::world::{World, refused_once};
use desk::directory::Roster;
use domain::Reason;
use domain::actor::Place;
use domain::id::AgencyId;

const LIST: &str = "id,name,unit,role\nchen,陳思齊,kh-sanmin,supervisor\n";

/// Gives Chen of Lienchiang a post in Kaohsiung as well, by the operator's hand.
fn second_post(world: &World) {
    let (agency, roster) = (AgencyId::new("kaohsiung"), || Roster::from_csv(LIST.as_bytes(), false).unwrap());
    let seen = world.desk.import_as_operator(&agency, roster(), None).unwrap();
    assert!(seen.faults.is_empty(), "{:?}", seen.faults);
    world.desk.import_as_operator(&agency, roster(), Some(&seen.seal)).unwrap();
}

#[test]
fn whoever_has_posts_under_two_rules_sees_which_governs_and_takes_the_other() {
    played(|stage| {
        let world = stage.world();
        let office = || Place::Zone("office".into());
        let alone = sign_in(&world, "chen").unwrap();
        assert!(world.desk.session(&alone.token, office()).unwrap().unwrap().posts.is_empty());
        second_post(&world);
        let first = sign_in(&world, "chen").unwrap();
        let session = world.desk.session(&first.token, office()).unwrap().unwrap();
        assert_eq!(session.pack.header.id, "lienchiang");
        let other = &session.posts[0];
        assert!(other.rule.zh.contains("高雄"), "{other:?}");

        let taken = world.desk.take_post(&session, &other.id).unwrap();
        let now = world.desk.session(&taken.token, office()).unwrap().unwrap();
        assert_eq!((now.pack.header.id.as_str(), now.actor.role.as_str()), ("kaohsiung", "supervisor"));
        assert_eq!(now.posts.len(), 1);
        assert!(now.ends <= session.ends, "it is no way to stay longer");
        assert!(
            world.desk.session(&first.token, office()).unwrap().is_none(),
            "nobody acts under two at once"
        );
        let taken = world.entries("platform");
        let taken = taken.iter().rfind(|entry| entry.act == "account.post-taken").unwrap();
        assert!(taken.detail.contains("kaohsiung"), "{}", taken.detail);

        let back = world.desk.take_post(&now, &session.actor.assignment.to_string()).unwrap();
        assert_eq!(back.session.pack.header.id, "lienchiang");
    });
}

#[test]
fn nobody_takes_a_post_that_is_not_theirs_or_is_over() {
    played(|stage| {
        let world = stage.world();
        second_post(&world);
        let chen = sign_in(&world, "chen").unwrap();
        let chen = world.desk.session(&chen.token, Place::Zone("office".into())).unwrap().unwrap();
        let wang = sign_in(&world, "tsao").unwrap();
        let session = world.desk.session(&wang.token, Place::Zone("office".into())).unwrap().unwrap();
        for id in [chen.posts[0].id.as_str(), "", "nobody"] {
            let no = refused_once(world.desk.take_post(&session, id).map(|_| ()));
            assert_eq!(no.0, Reason::RecordUnknown, "{id}");
        }
        let kept = world.desk.session(&wang.token, Place::Zone("office".into())).unwrap();
        assert!(kept.is_some(), "who is refused stays where they are");
    });
}
