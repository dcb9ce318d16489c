//! A pack that one process loads is in force at every other one, without a start anew.

use super::replay::amended;
use crate::story::stage::{Engine, Stage};
use crate::story::world::{Limits, World};
use desk::regulation::activation::Loaded;
use desk::regulation::load::Unloadable;
use domain::id::LogId;
use domain::regulation::Capacity;
use harness::folder::Folder;
use sluice::cli::LedgerArgs;
use sluice::demo::guests;
use sluice::pack::folder::PackFolder;
use sluice::pack::{load, replay, shipped};
use std::fs;
use std::path::Path;
use store::Config;

/// Two nodes on one database, on each engine.
fn each(story: impl Fn(&World, &World, &Path)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        Stage::play_alone(engine, |stage| {
            let folder = Folder::new("story-load");
            let config = stage.lasting(folder.path());
            configure(folder.path(), &config);
            let one = World::bare(stage, &config, Limits::default());
            let other = World::bare(stage, &config, Limits::default());
            story(&one, &other, folder.path());
            one.end_without_rows();
            other.end_without_rows();
        });
    }
}

/// The configuration of an installation with this store, for commands.
fn configure(folder: &Path, config: &Config) {
    let Config { url, keyring, origin_prefix } = config;
    let keyring = keyring.folder().unwrap().display();
    let store = format!("[store]\nurl = {url:?}\nkeyring = \"{keyring}\"\norigin = {origin_prefix:?}\n");
    let text = format!("listen = \"127.0.0.1:1\"\n{store}");
    fs::write(folder.join("sluice.toml"), text).unwrap();
}

fn in_force(world: &World, pack: &str) -> Option<String> {
    world.desk.in_force(pack).map(|rule| rule.rule.name)
}

#[test]
fn what_one_node_loads_the_other_takes_up_at_its_next_round() {
    each(|one, other, _| {
        one.activate_harbour("1100301");
        other.desk.tick().unwrap();
        assert_eq!(in_force(other, "harbour").unwrap(), "harbour@1100301");
        // The first node holds the lease, and the other one looks all the same.
        one.desk.tick().unwrap();
        assert_eq!(one.desk.load(amended(&[])).unwrap(), Loaded::InForce);
        assert_eq!(in_force(other, "harbour").unwrap(), "harbour@1100301");
        other.desk.tick().unwrap();
        assert_eq!(in_force(other, "harbour").unwrap(), "harbour@1150901");
        let again = other.desk.load(amended(&[])).unwrap();
        assert_eq!(again, Loaded::Known, "the same bytes are one version");
        assert_eq!(one.count("platform", "regulation.activated"), 2);
    });
}

#[test]
fn the_commands_load_and_replay_beside_nodes_that_serve() {
    each(|one, other, root| {
        let installation = LedgerArgs { config: Some(root.join("sluice.toml")), data: None, database: None };
        let harbour = Path::new(env!("CARGO_MANIFEST_DIR")).join("packs/harbour/1130901");
        load::run(&installation, true, &harbour).unwrap();
        one.desk.tick().unwrap();
        assert_eq!(in_force(one, "harbour"), None, "a dry run loads nothing");
        load::run(&installation, false, &harbour).unwrap();
        for world in [one, other] {
            world.desk.tick().unwrap();
            assert_eq!(in_force(world, "harbour").unwrap(), "harbour@1130901");
        }
        load::run(&installation, false, &harbour).unwrap();
        assert_eq!(one.entries("platform").iter().filter(|e| e.detail.contains("harbour")).count(), 1);
        let platform = LogId::platform();
        let signed = one.desk.store().read(|read| Ok((read.head(&platform)?, read.checkpoint(&platform)?)));
        let (head, checkpoint) = signed.unwrap();
        assert_eq!(checkpoint.unwrap().size, head.unwrap().size, "what a command entered is signed");
        let nobody = replay::run(&installation, &harbour, None, true).unwrap_err();
        assert!(nobody.sentence.contains("no agency stands under `harbour`"), "{nobody}");
        let faulty = root.join("faulty");
        fs::create_dir_all(&faulty).unwrap();
        fs::write(faulty.join("pack.toml"), "schema = 1\n").unwrap();
        let problem = load::run(&installation, false, &faulty).unwrap_err();
        assert!(problem.sentence.contains("fault"), "{problem}");
    });
}

#[test]
fn a_version_never_changes_and_a_later_one_holds_from_its_day() {
    each(|one, other, _| {
        one.desk.load(amended(&[])).unwrap();
        let again = amended(&[("valid_hours = 8", "valid_hours = 9")]);
        let refused = other.desk.load(again).unwrap_err();
        assert!(matches!(refused, Unloadable::OtherBytes { .. }), "{refused:?}");
        assert!(refused.sentence().unwrap().contains("a version of its own"));
        let type_ =
            [("version = \"1150901\"", "version = \"1150902\""), ("type = \"datetime\"", "type = \"text\"")];
        let misfit = other.desk.load(amended(&type_)).unwrap_err().sentence().unwrap();
        assert!(misfit.contains("forms/reading-log.toml:") && misfit.contains("`opened-at`"), "{misfit}");
        let orphan = [("version = \"1150901\"", "version = \"1150903\"\nparent = \"nobody\"")];
        let orphan = other.desk.load(amended(&orphan)).unwrap_err().sentence().unwrap();
        assert!(orphan.contains("no pack `nobody`"), "{orphan}");
        let later = [
            ("version = \"1150901\"", "version = \"1160101\""),
            ("effective_from = 2024-09-01", "effective_from = 2026-03-04"),
        ];
        other.desk.load(amended(&later)).unwrap();
        assert_eq!(in_force(other, "harbour").unwrap(), "harbour@1150901");
        other.hand.pass_seconds(2 * 86_400);
        assert_eq!(in_force(other, "harbour").unwrap(), "harbour@1160101");
        // Of two that begin on one day the one that was loaded last holds.
        for version in ["a", "c", "b"] {
            let version = format!("version = \"{version}\"");
            one.hand.pass_seconds(1);
            one.desk.load(amended(&[("version = \"1150901\"", &version)])).unwrap();
        }
        assert_eq!(in_force(one, "harbour").unwrap(), "harbour@b");
    });
}

#[test]
fn a_folder_is_looked_at_again_and_again_and_its_faults_are_shown_once() {
    each(|one, other, root| {
        let packs = root.join("packs");
        let mut folder = PackFolder::at(&packs);
        folder.look(&one.desk);
        assert_eq!(folder.faults().len(), 1, "there is no such folder");
        let lay = |path: &str, edit: &dyn Fn(String) -> String| {
            for (name, text) in shipped::template() {
                let file = packs.join(path).join(name);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, edit(text)).unwrap();
            }
        };
        lay("template/1150101", &|text| text);
        folder.look(&one.desk);
        assert_eq!((folder.faults().len(), in_force(one, "template")), (0, None), "it may be under way");
        folder.look(&one.desk);
        assert_eq!(in_force(one, "template").unwrap(), "template@1150101");
        other.desk.tick().unwrap();
        assert_eq!(in_force(other, "template").unwrap(), "template@1150101");
        let cast = guests::enrol(&one.desk, 1).map_err(|problem| problem.to_string()).unwrap();
        assert_eq!(cast.len(), 5);
        let session = one.desk.token_session(
            &sluice::demo::cast::token("template-head"),
            "127.0.0.1",
            domain::actor::Place::Elsewhere,
        );
        let session = session.unwrap();
        assert!(session.actor.can(Capacity::Decide));
        lay("template/1150101", &|text| text.replace("valid_hours = 24", "valid_hours = 4"));
        lay("other", &|text| {
            text.replace("id = \"template\"", "id = \"other\"").replace("timing", "timeing")
        });
        folder.look(&one.desk);
        folder.look(&one.desk);
        let faults = one.desk.board(&session).unwrap().pack_faults;
        assert_eq!(faults, one.desk.settings(&session).unwrap().pack_faults);
        assert_eq!(faults.len(), 5, "{faults:?}");
        assert!(faults[0].starts_with("other/controls.toml:"), "{faults:?}");
        assert!(
            faults[4].starts_with("template/1150101/pack.toml: template@1150101 was loaded"),
            "{faults:?}"
        );
        fs::remove_dir_all(packs.join("other")).unwrap();
        lay("template/1150101", &|text| text);
        folder.look(&one.desk);
        folder.look(&one.desk);
        assert_eq!(one.desk.board(&session).unwrap().pack_faults, Vec::<String>::new());
    });
}
