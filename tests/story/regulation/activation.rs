//! A version waits until the agencies under it have approved it by the chain that the rule names.

use super::replay::amended;
use crate::story::stage::{Stage, played};
use crate::story::world::{World, refused, refused_once};
use desk::application::ApplicationForm;
use desk::regulation::Checked;
use desk::regulation::activation::Loaded;
use desk::regulation::load::Unloadable;
use desk::view::TodoKind;
use domain::application::act::Give;
use domain::application::{Answers, Entry, Verdict};
use domain::directory::{Agency, Assignment, Change, Unit};
use domain::id::{AgencyId, AssignmentId, LogId, PersonId, UnitId};
use domain::time::Date;
use domain::{Personal, Reason};

const CHAIN: &str = r#"
[[control]]
id = "activation-chain"
kind = "approval-chain"
policy = true
object = "activation"
form = "activation"
steps = [
  { who = { role = "signaller" }, act = "propose" },
  { who = { role = "watch-officer" }, act = "check" },
  { who = { role = "master" }, act = "decide" },
]
"#;
const FORM: &str = r#"
[form]
id = "activation"
label = { zh = "新版要點實施申請", en = "Application to put a version into force" }
object = "activation-application"

[[field]]
id = "version"
label = { zh = "版本", en = "Version" }
type = "regulation"
required = true

[[field]]
id = "why"
label = { zh = "修正理由", en = "Why" }
type = "long-text"
"#;

/// The harbour's second version with a chain for its successors.
pub(crate) fn governed(edits: &[(&str, &str)]) -> Checked {
    let mut files = amended(edits).files;
    let controls = files.iter_mut().find(|(path, _)| path == "controls-roll.toml").unwrap();
    controls.1.push_str(CHAIN);
    files.push(("forms/activation.toml".into(), FORM.into()));
    desk::regulation::check(files).unwrap_or_else(|errors| panic!("{errors:?}"))
}

pub(crate) fn later(version: &str, from: &str) -> Checked {
    let (version, from) = (format!("version = \"{version}\""), format!("effective_from = {from}"));
    governed(&[("version = \"1150901\"", &version), ("effective_from = 2024-09-01", &from)])
}

pub(crate) fn harbour(stage: &Stage) -> World {
    stage.harbour_under(|world| {
        world.desk.activate(governed(&[])).unwrap();
    })
}

fn in_force(world: &World) -> String {
    world.desk.in_force("harbour").unwrap().rule.name
}

pub(crate) fn put_forward(world: &World, digest: &str) -> desk::Answer<String> {
    put_forward_with(world, Entry::text(digest))
}

fn put_forward_with(world: &World, version: Entry) -> desk::Answer<String> {
    world.hand.pass_seconds(60);
    let form = ApplicationForm {
        object: "activation".into(),
        answers: Answers::from([("version".into(), version)]),
        submit: true,
        ..ApplicationForm::default()
    };
    world.desk.write_application(&world.session("signaller"), &form)
}

fn give(world: &World, login: &str, code: &str, verdict: Verdict) {
    world.hand.pass_seconds(60);
    let note = if verdict == Verdict::Agree { "" } else { "請改期" };
    let form = Give { note: Personal::new(note), ..Give::of(verdict) }.into();
    world.desk.stamp_application(&world.session(login), code, &form).unwrap();
}

fn waits(world: &World, login: &str) -> usize {
    let items = world.desk.todo(&world.session(login)).unwrap();
    items.iter().filter(|item| item.kind == TodoKind::VersionWaiting).count()
}

#[test]
fn a_version_waits_for_its_chain_and_then_for_its_day() {
    played(|stage| {
        let world = harbour(stage);
        assert_eq!(in_force(&world), "harbour@1150901");
        let next = || later("1160301", "2026-03-05");
        let digest = next().rule.digest;
        assert_eq!(world.desk.load(next()).unwrap(), Loaded::Waiting);
        assert_eq!(world.desk.load(next()).unwrap(), Loaded::Known);
        let other = later("1160301", "2026-03-06");
        assert!(matches!(world.desk.load(other), Err(Unloadable::OtherBytes { .. })));
        assert_eq!(in_force(&world), "harbour@1150901");
        assert_eq!((waits(&world, "signaller"), waits(&world, "reader")), (1, 0));
        let board = world.desk.board(&world.session("checker")).unwrap();
        assert_eq!(board.waiting.len(), 1);

        let session = world.session("signaller");
        let blank =
            world.desk.blank_application(&session, "activation", &desk::application::Like::Blank).unwrap();
        assert_eq!((blank.versions.len(), blank.versions[0].name.as_str()), (1, "harbour@1160301"));
        assert!(blank.versions[0].parts.iter().any(|part| part.part == "header"), "{:?}", blank.versions);
        assert!(blank.fields[0].options[0].chosen, "there is no other");
        assert_eq!(refused_once(put_forward(&world, "of-nothing")).0, Reason::VersionNotWaiting);
        let mut two = Entry::text(&digest);
        two.values.push("of-nothing".into());
        let told = refused(put_forward_with(&world, two));
        assert_eq!(told[0].0, Reason::FieldMalformed, "what nobody sees is not approved along");
        let row = Entry { rows: vec![[("x".into(), "y".into())].into()], ..Entry::default() };
        assert_eq!(refused(put_forward_with(&world, row))[0].0, Reason::FieldMalformed);

        let code = put_forward(&world, &digest).unwrap();
        assert_eq!(waits(&world, "signaller"), 0, "somebody has applied");
        give(&world, "watch", &code, Verdict::Agree);
        give(&world, "master", &code, Verdict::Refuse);
        assert_eq!((in_force(&world).as_str(), waits(&world, "signaller")), ("harbour@1150901", 1));

        let code = put_forward(&world, &digest).unwrap();
        give(&world, "watch", &code, Verdict::Agree);
        give(&world, "master", &code, Verdict::Agree);
        assert_eq!(in_force(&world), "harbour@1150901", "its day has not come");
        world.hand.pass_seconds(3 * 86_400);
        world.desk.tick().unwrap();
        assert_eq!(in_force(&world), "harbour@1160301");
        let entries = world.entries("platform");
        let mut own = entries.iter().filter(|entry| entry.act == "regulation.activated");
        assert!(own.next_back().unwrap().detail.contains(&code), "the entry names what was approved");
        assert_eq!(world.desk.load(next()).unwrap(), Loaded::Known);
        let gone = refused_once(put_forward(&world, &digest));
        assert_eq!(gone.0, Reason::VersionNotWaiting, "it is in force");
    });
}

#[test]
fn every_agency_under_a_rule_has_its_say() {
    played(|stage| {
        let world = harbour(stage);
        let second = Agency {
            id: AgencyId::new("islets"),
            name: "離島港務站".into(),
            name_en: "Islets".into(),
            pack: "harbour".into(),
        };
        let unit = Unit {
            id: UnitId::new("islets-office"),
            agency: AgencyId::new("islets"),
            above: None,
            name: "離島站".into(),
            name_en: "Islets".into(),
            organisation: "office".into(),
        };
        let post = Assignment {
            id: AssignmentId::new("islander"),
            person: PersonId::new("islander"),
            unit: UnitId::new("islets-office"),
            role: "reader".into(),
            from: Date::new(2020, 1, 1).unwrap(),
            until: None,
        };
        let changes = [Change::Agency(second), Change::Unit(unit), Change::Assignment(post)];
        world.desk.enrol(&LogId::new("islets"), changes.into()).unwrap();
        let next = later("1160301", "2024-09-02");
        let digest = next.rule.digest.clone();
        world.desk.load(next).unwrap();
        let code = put_forward(&world, &digest).unwrap();
        give(&world, "watch", &code, Verdict::Agree);
        give(&world, "master", &code, Verdict::Agree);
        world.desk.tick().unwrap();
        assert_eq!(in_force(&world), "harbour@1150901");
        assert_eq!(world.count("platform", "regulation.approved"), 1, "once, however often one looks");
    });
}
