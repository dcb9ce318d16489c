//! Whoever has a say about a version that waits sees what it would have changed, and nobody's name.

use super::activation::{governed, harbour};
use super::replay::past;
use crate::story::stage::played;
use crate::story::world::{World, refused_once};
use desk::Answer;
use desk::regulation::activation::Loaded;
use desk::view::AffectedView;
use domain::Reason;

/// A version that waits, without one of the purposes and without a role. Its digest.
fn waiting(world: &World) -> String {
    let salvage =
        "  { code = \"salvage\", word = { zh = \"打撈善後\", en = \"Salvage\" }, clause = \"3\" },\n";
    let next = governed(&[
        ("version = \"1150901\"", "version = \"1160301\""),
        ("effective_from = 2024-09-01", "effective_from = 2026-03-05"),
        (salvage, ""),
    ]);
    let digest = next.rule.digest.clone();
    assert_eq!(world.desk.load(next).unwrap(), Loaded::Waiting);
    digest
}

fn asked(world: &World, login: &str, digest: &str) -> Answer<AffectedView> {
    world.desk.affected(&world.session(login), digest, None)
}

#[test]
fn a_version_that_waits_shows_what_it_would_have_refused_to_those_who_have_a_say() {
    played(|stage| {
        let world = harbour(stage);
        let codes = past(&world);
        let digest = waiting(&world);
        let view = asked(&world, "master", &digest).unwrap();
        assert_eq!(
            (view.name.as_str(), view.decided, view.otherwise, view.people),
            ("harbour@1160301", 3, 1, 1)
        );
        let [(reason, clause, n)] = &view.reasons[..] else { panic!("{:?}", view.reasons) };
        assert_eq!(
            (*reason, clause.as_ref().unwrap().cite.as_str(), *n),
            ("purpose-not-permitted", "三條", 1)
        );
        assert_eq!(view.records, [(codes[2].clone(), "refused")]);
        assert_eq!((view.turns.as_slice(), view.earlier), (&[("refused", 1)][..], None));
        assert_eq!(world.count("harbour", "regulation.replayed"), 1);
        for secret in ["FOG-0007", "霧丸", "閱一", "reader", "V-1"] {
            assert!(!format!("{view:?}").contains(secret), "{secret} in {view:?}");
        }
        let proposer = asked(&world, "signaller", &digest).unwrap();
        assert_eq!((proposer.otherwise, proposer.records.len()), (1, 0), "counts, and no record to open");
        let no = refused_once(asked(&world, "reader", &digest));
        assert_eq!(no.0, Reason::NoCapacity);
        let gone = refused_once(asked(&world, "master", "0"));
        assert_eq!(gone.0, Reason::VersionNotWaiting);
        assert_eq!(world.count("harbour", "regulation.replayed"), 2, "who is refused asked nothing");
    });
}

#[test]
fn what_is_asked_about_can_be_taken_in_parts() {
    played(|stage| {
        let world = harbour(stage);
        past(&world);
        let (digest, master) = (waiting(&world), world.session("master"));
        let whole = world.desk.affected(&master, &digest, None).unwrap();
        let none = world.desk.affected(&master, &digest, Some(0)).unwrap();
        assert_eq!((none.decided, none.span, none.earlier), (0, None, None));
        let far = world.desk.affected(&master, &digest, Some(u64::MAX)).unwrap();
        assert_eq!((far.decided, far.otherwise), (whole.decided, whole.otherwise));
    });
}

#[test]
fn the_page_of_the_application_offers_it_to_those_alone() {
    played(|stage| {
        let world = harbour(stage);
        let digest = waiting(&world);
        let like = desk::application::Like::Blank;
        let page = world.desk.blank_application(&world.session("signaller"), "activation", &like).unwrap();
        assert_eq!((page.versions[0].digest.as_str(), page.versions[0].weigh), (digest.as_str(), true));
    });
}
