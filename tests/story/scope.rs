//! How far a permission reaches: its items, and the uses that it opens them for.

use super::application::{give, lienchiang, newcomer, ticks};
use super::stage::played;
use super::world::{World, refused_once};
use desk::Session;
use desk::application::ApplicationForm;
use desk::lookup::AskForm;
use domain::application::Verdict;
use domain::{Personal, Reason};

/// Lienchiang's form as it would be if it opened basic data for the care of cases only.
const LIMITED: (&str, &str) =
    ("opens = [\"household/basic\"] }", "opens = [\"household/basic\"], serves = [\"case-management\"] }");

/// And as it would be if it also asked for which uses somebody looks up, and two of them had to be ticked.
const USES: (&str, &str) = (
    "[[notice]]\ntext = { zh = \"線上簽核完成者",
    "[[field]]\nid = \"uses\"\nlabel = { zh = \"用途\", en = \"Uses\" }\ntype = \"ticks\"\n\
     filled_by = \"user\"\n\
     options = [\n  { code = \"for-statistics\", label = { zh = \"統計分析\", en = \"Statistics\" }, \
     serves = [\"statistics\"] },\n  { code = \"for-acts\", label = { zh = \"行政處分\", en = \"Acts\" }, \
     serves = [\"administrative-act\"] },\n]\n\n[[notice]]\ntext = { zh = \"線上簽核完成者",
);

/// Opens what is ticked for somebody new.
fn opened(world: &World, ni: &Session, permissions: &[&str], uses: &[&str]) -> String {
    let mut form =
        ApplicationForm { form_key: world.desk.now().micros().to_string(), ..lienchiang(permissions) };
    if !uses.is_empty() {
        form.answers.insert("uses".into(), ticks(uses));
    }
    let code = world.desk.write_application(ni, &form).unwrap();
    give(world, "tsao", &code, Verdict::Agree).unwrap();
    give(world, "yang-lc", &code, Verdict::CarryOut).unwrap();
    format!("{code}.1")
}

fn ask(
    world: &World,
    ni: &Session,
    form: &AskForm,
    item: &str,
    purpose: &str,
) -> Result<(), (Reason, String)> {
    let form = AskForm {
        items: vec![item.into()],
        purpose: purpose.into(),
        form_key: format!("{item} {purpose} {}", world.desk.now().micros()),
        ..form.clone()
    };
    match world.desk.ask(ni, &form) {
        Ok(_) => Ok(()),
        other => {
            let (reason, clause) = refused_once(other);
            Err((reason, clause.unwrap_or_default()))
        }
    }
}

fn other_use() -> Result<(), (Reason, String)> {
    Err((Reason::PermissionUse, "lienchiang/5.9".into()))
}

#[test]
fn what_is_opened_for_one_use_is_not_looked_up_for_another() {
    played(|stage| {
        let world = stage.world();
        let (_, form) = world.lienchiang();
        world.amend("lienchiang", &[LIMITED]);
        let ni = newcomer(&world);
        assert_eq!(ask(&world, &ni, &form, "household/basic", "case-management"), other_use());
        let id = opened(&world, &ni, &["basic", "household"], &[]);
        ask(&world, &ni, &form, "household/basic", "case-management").unwrap();
        assert_eq!(ask(&world, &ni, &form, "household/basic", "statistics"), other_use());
        ask(&world, &ni, &form, "household/household", "statistics").unwrap();

        let whole = world.desk.permission(&ni, &id).unwrap();
        let told = |one: &desk::view::OpenedView| {
            (
                one.word.en.clone(),
                one.uses.clone().map(|uses| uses.into_iter().map(|w| w.en).collect::<Vec<_>>()),
            )
        };
        let told: Vec<_> = whole.opens.iter().map(told).collect();
        assert_eq!(told[0].1, Some(vec!["Case management".into()]), "{told:?}");
        assert_eq!(told[1].1, None);
        let reach = world.desk.reach(&world.session("yang-lc"), "household/basic").unwrap();
        let own = reach.people.iter().find(|one| one.permission.as_deref() == Some(id.as_str())).unwrap();
        assert_eq!(own.uses.as_ref().map(Vec::len), Some(1));
    });
}

#[test]
fn a_use_that_must_be_ticked_is_reached_by_the_same_permission_as_the_item() {
    played(|stage| {
        let world = stage.world();
        let (_, form) = world.lienchiang();
        world.amend("lienchiang", &[USES]);
        let ni = newcomer(&world);
        opened(&world, &ni, &["basic"], &["for-statistics"]);
        ask(&world, &ni, &form, "household/basic", "statistics").unwrap();
        assert_eq!(ask(&world, &ni, &form, "household/basic", "administrative-act"), other_use());
        ask(&world, &ni, &form, "household/basic", "case-management").unwrap();

        let draft = world.desk.draft(&ni, Some("L-1")).unwrap();
        let barred: Vec<_> = draft.purposes.iter().filter(|use_| use_.barred.is_some()).collect();
        assert_eq!(barred.iter().map(|use_| use_.code.as_str()).collect::<Vec<_>>(), ["administrative-act"]);

        let chen = world.session("chen");
        assert_eq!(
            ask(&world, &chen, &form, "household/basic", "statistics"),
            other_use(),
            "who held the item before the rule asked for the use has not got the use"
        );
        ask(&world, &chen, &form, "household/basic", "case-management").unwrap();
    });
}

#[test]
fn the_information_team_stops_a_permission_with_a_reason_and_nobody_else_does() {
    played(|stage| {
        let world = stage.world();
        let (lin, form) = world.kaohsiung();
        let ho = world.session("ho-kh");
        world.desk.ask(&lin, &form).unwrap();
        let list = world.desk.permissions(&ho).unwrap();
        let one = list.iter().find(|one| one.person == "林宜庭").unwrap();
        assert!(one.stop && one.state == "runs" && one.application.is_none());
        let reason = Personal::new("調離承辦業務");
        let no = |answer| refused_once::<()>(answer).0;
        assert_eq!(no(world.desk.stop_permission(&lin, &one.id, &reason)), Reason::NoCapacity);
        assert_eq!(no(world.desk.stop_permission(&ho, &one.id, &Personal::default())), Reason::NoteMissing);
        assert_eq!(no(world.desk.stop_permission(&ho, "nothing", &reason)), Reason::RecordUnknown);
        world.desk.stop_permission(&ho, &one.id, &reason).unwrap();
        assert_eq!(no(world.desk.stop_permission(&ho, &one.id, &reason)), Reason::WrongState);
        let own = world.desk.permissions(&lin).unwrap();
        assert_eq!(own.iter().map(|one| (one.state, one.stop)).collect::<Vec<_>>(), [("ex-officio", false)]);
        // No tick of the form names the data; the rule wants a permission before any of them all the same.
        let again = AskForm { form_key: "again".into(), ..form };
        let no = refused_once(world.desk.ask(&lin, &again));
        assert_eq!(no, (Reason::NoPermission, Some("kaohsiung/4.p1".into())));
        let draft = world.desk.draft(&lin, Some("K-1")).unwrap();
        assert!(draft.items.iter().all(|item| item.barred.is_some()), "the page says so before");
        // Lienchiang's rule lets nobody stop one without an application.
        let yang = world.session("yang-lc");
        assert!(world.desk.permissions(&yang).unwrap().iter().all(|one| !one.stop));
    });
}
