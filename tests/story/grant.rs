//! Permissions that end: warned of, renewed without a gap, or over with a notice and a way back.

use super::application::{give, lienchiang, newcomer};
use super::stage::{Engine, Stage, played};
use super::world::{Limits, World, refused_once};
use desk::Session;
use desk::application::{ApplicationForm, Like};
use desk::directory::{PostForm, Roster};
use desk::lookup::AskForm;
use desk::view::{DutyView, ImportView, PermissionView};
use domain::application::{Entry, Verdict};
use domain::directory::post::Cause;
use domain::id::{LogId, PersonId};
use domain::time::{Date, Instant};
use domain::{Personal, Reason};
use harness::folder::Folder;

fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

/// Lets a moment come, and the watch make its round.
fn on(world: &World, text: &str, hour: u8) {
    world.hand.set(Instant::at(day(text), hour, 0));
    world.desk.tick().unwrap();
}

/// Lienchiang's rule as it would be if it set a term for permissions, and when they are renewed.
pub(super) const TERM: (&str, &str) = (
    "form = \"account-application\"\nsteps = [",
    "form = \"account-application\"\nvalid_months = 12\npolicy = [\"valid_months\"]\nsteps = [",
);

/// Somebody new whose permission for basic data was opened on the second of March 2026, for a year.
fn opened(world: &World) -> (Session, String) {
    world.amend("lienchiang", &[TERM]);
    let ni = newcomer(world);
    let code = apply(world, &ni, &["basic"]);
    (ni, code)
}

fn apply(world: &World, who: &Session, ticks: &[&str]) -> String {
    let form = ApplicationForm { form_key: world.desk.now().micros().to_string(), ..lienchiang(ticks) };
    let code = world.desk.write_application(who, &form).unwrap();
    give(world, "tsao", &code, Verdict::Agree).unwrap();
    give(world, "yang-lc", &code, Verdict::CarryOut).unwrap();
    code
}

fn owed(world: &World, session: &Session, kind: &str) -> Vec<DutyView> {
    let all = world.desk.duties(session, false).unwrap().own;
    all.into_iter().filter(|duty| duty.kind.word() == kind).collect()
}

fn held(world: &World, session: &Session) -> Vec<PermissionView> {
    world.desk.permissions(session).unwrap()
}

fn states(list: &[PermissionView]) -> Vec<&'static str> {
    list.iter().map(|one| one.state).collect()
}

/// A lookup of basic data by the newcomer, as the moment lets it.
fn ask(world: &World, ni: &Session, form: &AskForm) -> Result<(), Reason> {
    let key = world.desk.now().micros().to_string();
    let form = AskForm { items: vec!["household/basic".into()], form_key: key, ..form.clone() };
    match world.desk.ask(ni, &form) {
        Ok(_) => Ok(()),
        other => Err(refused_once(other).0),
    }
}

#[test]
fn a_permission_that_ends_is_warned_of_and_renewed_without_a_gap() {
    played(|stage| {
        let world = stage.world();
        let (_, form) = world.lienchiang();
        let (ni, first) = opened(&world);
        on(&world, "2027-02-01", 9);
        assert!(owed(&world, &ni, "renew").is_empty(), "more than a month is left");
        on(&world, "2027-02-02", 9);
        on(&world, "2027-02-03", 9);
        let renew = owed(&world, &ni, "renew");
        assert_eq!((renew.len(), renew[0].due.as_ref().unwrap().date), (1, day("2027-03-01")));
        assert_eq!(renew[0].clause.as_ref().unwrap().id.as_str(), "lienchiang/5.9");
        assert!(world.desk.todo(&ni).unwrap().iter().any(|item| item.href == renew[0].href));
        let id = renew[0].href.rsplit_once('=').unwrap().1;
        assert_eq!(id, format!("{first}.1"));
        let whole = world.desk.permission(&ni, id).unwrap();
        assert_eq!(whole.renewal, Some((day("2027-02-02"), false)), "the rule is silent: the day is ours");

        let blank = world.desk.blank_application(&ni, "account", &Like::Permission(id.into())).unwrap();
        assert_eq!(blank.takes_over, Some(day("2027-03-02")));
        let field = |name: &str| blank.fields.iter().find(|field| field.id == name).unwrap().entry.clone();
        assert_eq!(field("reason").value(), "承接疫苗追蹤業務", "copied from the former one");
        assert_eq!((field("kind").value(), field("permissions").values), ("change", vec!["basic".into()]));
        let code = apply(&world, &ni, &["basic"]);
        assert!(owed(&world, &ni, "renew").is_empty());
        assert_eq!(states(&held(&world, &ni)), ["waits", "runs"]);
        ask(&world, &ni, &form).unwrap();

        world.hand.set(day("2027-03-02").start().plus_seconds(-1));
        ask(&world, &ni, &form).unwrap();
        world.hand.set(day("2027-03-02").start());
        ask(&world, &ni, &form).unwrap();
        on(&world, "2027-03-02", 9);
        on(&world, "2027-03-03", 9);
        let list = held(&world, &ni);
        assert_eq!(states(&list), ["runs", "replaced"]);
        assert_eq!((list[0].until, list[0].follows.as_deref()), (Some(day("2028-03-02")), Some(id)));
        assert_eq!(world.count("lienchiang", "grant.ending"), 1);
        assert_eq!(world.count("lienchiang", "grant.expired"), 1);
        assert_eq!(world.count("lienchiang", "duty.late"), 0);
        assert!(owed(&world, &ni, "ended").is_empty(), "nothing is missing, so nobody is told");
        let line = world.desk.permission(&world.session("pan-lc"), &format!("{code}.1")).unwrap();
        assert_eq!(
            line.line.iter().map(|one| one.id.clone()).collect::<Vec<_>>(),
            [id.into(), format!("{code}.1")]
        );
        let application = line.application.unwrap();
        assert_eq!(application.steps.iter().map(|step| step.stamps.len()).sum::<usize>(), 2);
        assert_eq!(line.clause.unwrap().id.as_str(), "lienchiang/5.9");
    });
}

#[test]
fn what_nobody_renews_stops_by_itself_with_a_notice_and_a_way_back() {
    played(|stage| {
        let world = stage.world();
        let (_, form) = world.lienchiang();
        let (ni, first) = opened(&world);
        on(&world, "2027-02-20", 9);
        assert_eq!(owed(&world, &ni, "renew").len(), 1, "nothing ran for a year, and it is owed once");
        world.hand.set(day("2027-03-02").start());
        assert_eq!(ask(&world, &ni, &form), Err(Reason::NoPermission), "before any clock has run");
        on(&world, "2027-03-20", 9);
        on(&world, "2027-03-21", 9);
        assert!(owed(&world, &ni, "renew").is_empty(), "no longer owed");
        let ended = owed(&world, &ni, "ended");
        assert_eq!((ended.len(), ended[0].began), (1, day("2027-03-02")));
        assert_eq!(ended[0].way_back.as_deref().unwrap().rsplit_once('=').unwrap().1, format!("{first}.1"));
        assert_eq!(states(&held(&world, &ni)), ["expired"]);
        assert_eq!(world.count("lienchiang", "grant.expired"), 1);
        assert_eq!(world.count("lienchiang", "duty.late"), 0);
        world.desk.fulfil(&ni, &ended[0].id, &desk::duty::DutyForm::default()).unwrap();
        let code = apply(&world, &ni, &["basic"]);
        ask(&world, &ni, &form).unwrap();
        let list = held(&world, &ni);
        assert_eq!((list[0].application.as_ref(), list[0].from), (Some(&code), day("2027-03-21")));
        assert_eq!(list[0].follows.as_deref(), Some(format!("{first}.1").as_str()));
    });
}

#[test]
fn the_rule_says_when_it_can_be_renewed_and_by_whom() {
    played(|stage| {
        let world = stage.world();
        let window =
            "renew_before = { length = 3, unit = \"month\", from = \"expiry\", offset = \"before\" }";
        let chain = TERM.1.replace("steps = [", &format!("{window}\nsteps = ["));
        world.amend("lienchiang", &[(TERM.0, &chain)]);
        let ni = newcomer(&world);
        apply(&world, &ni, &["basic"]);
        on(&world, "2026-12-01", 9);
        assert!(owed(&world, &ni, "renew").is_empty());
        on(&world, "2026-12-02", 9);
        let renew = owed(&world, &ni, "renew");
        let whole = world.desk.permission(&ni, renew[0].href.rsplit_once('=').unwrap().1).unwrap();
        assert_eq!(whole.renewal, Some((day("2026-12-02"), true)));
        assert!(whole.renew.is_some());
        let todo = world.desk.todo(&ni).unwrap();
        assert!(todo.iter().any(|item| item.href == renew[0].href), "three months ahead, as the rule wants");
    });
}

#[test]
fn whoever_stops_what_ends_stops_what_waits_behind_it() {
    played(|stage| {
        let world = stage.world();
        let rule = "[[control]]\nid = \"own-account\"";
        let stop = "[[control]]\nid = \"by-office\"\nkind = \"ex-officio\"\nclauses = [\"5.9\"]\n\
                    policy = true\nby = { role = \"administrator\" }\nact = [\"disable\"]\nreason = true\n\n";
        world.amend("lienchiang", &[TERM, (rule, &format!("{stop}{rule}"))]);
        let ni = newcomer(&world);
        apply(&world, &ni, &["basic"]);
        on(&world, "2027-02-10", 9);
        let renew = owed(&world, &ni, "renew");
        apply(&world, &ni, &["basic"]);
        let list = held(&world, &ni);
        assert_eq!(states(&list), ["waits", "runs"]);
        let yang = world.session("yang-lc");
        world.desk.stop_permission(&yang, &list[1].id, &Personal::new("業務移出")).unwrap();
        assert_eq!(states(&held(&world, &ni)), ["ex-officio", "ex-officio"]);
        assert_eq!(renew.len(), 1);
        on(&world, "2027-03-05", 9);
        assert!(owed(&world, &ni, "ended").is_empty(), "it was not its end that stopped it");
        assert_eq!(states(&held(&world, &ni)), ["ex-officio", "ex-officio"]);
    });
}

#[test]
fn who_can_see_an_item_and_why_is_told_to_whoever_may_know() {
    played(|stage| {
        let world = stage.world();
        let (ni, first) = opened(&world);
        let all = world.desk.reach(&world.session("pan-lc"), "household/basic").unwrap();
        assert!(all.tied && all.clause.as_ref().unwrap().id.as_str() == "lienchiang/5.9");
        let newcomer = all.people.iter().find(|one| one.person == "倪佳蓉").unwrap();
        assert_eq!(newcomer.permission.as_deref(), Some(format!("{first}.1").as_str()));
        let moves = world.desk.reach(&world.session("pan-lc"), "household/moves").unwrap();
        assert!(!moves.people.iter().any(|one| one.person == "倪佳蓉"), "that was not asked for");
        let own = world.desk.reach(&ni, "household/basic").unwrap();
        assert_eq!(own.people.len(), 1, "colleagues are not told of each other");
        let chen = world.session("chen");
        assert!(world.desk.permission(&chen, &format!("{first}.1")).is_err());
        assert!(world.desk.reach(&chen, "weather/rain").unwrap().people.is_empty());
        // Taipei's rule ties nothing to a permission: it is open to the role.
        let taipei = world.desk.reach(&world.session("lo-tp"), "household/basic").unwrap();
        assert!(!taipei.tied && taipei.people.iter().all(|one| one.permission.is_none()), "{taipei:?}");
    });
}

/// Lienchiang's form as it would be if a permission could be given up with it.
const CANCEL: (&str, &str) = (
    "action = \"change\" },\n]",
    "action = \"change\" },\n  { code = \"end\", label = { zh = \"註銷\", en = \"End\" }, \
     action = \"cancel\" },\n]",
);

/// And its rule.
const ASKED: (&str, &str) =
    ("actions = [\"create\", \"change\"]", "actions = [\"create\", \"change\", \"cancel\"]");

/// The newcomer goes on leave today.
fn leaves(world: &World) {
    let keeper = world.session("yang-lc");
    let leaves = PostForm {
        post: "ni-user".into(),
        cause: Some(Cause::Absence),
        on: Some(world.desk.now().date()),
        unit: String::new(),
        role: String::new(),
        form_key: String::new(),
    };
    world.desk.change_post(&keeper, &leaves).unwrap();
}

/// An application of the newcomer's that is approved, and carried out only when they are on leave.
fn carried_out_on_leave(world: &World, ni: &Session, kind: &str, ticks: &[&str]) -> String {
    let mut form = lienchiang(ticks);
    form.answers.insert("kind".into(), Entry::text(kind));
    let code = world.desk.write_application(ni, &form).unwrap();
    give(world, "tsao", &code, Verdict::Agree).unwrap();
    leaves(world);
    assert_eq!(kept(world), ["on-leave"]);
    give(world, "yang-lc", &code, Verdict::CarryOut).unwrap();
    code
}

/// What became of the newcomer's permissions, the newest first.
fn kept(world: &World) -> Vec<&'static str> {
    let (log, ni) = (LogId::new("lienchiang"), PersonId::new("ni"));
    let all = world.desk.store().read(|read| read.permissions(&log, &ni)).unwrap();
    all.iter().map(|one| one.stopped.map_or("runs", |(why, _)| why.word())).collect()
}

/// The newcomer comes back after half a year.
fn back(world: &World) {
    on(world, "2026-09-01", 9);
    assert!(listed(world, "id,name,unit,role\nni,倪佳蓉,lc-disease,user\n", true).done);
    on(world, "2026-09-02", 9);
}

#[test]
fn what_is_given_up_during_a_leave_does_not_come_back_with_its_owner() {
    played(|stage| {
        let world = stage.world();
        world.amend("lienchiang", &[TERM, CANCEL, ASKED]);
        let ni = newcomer(&world);
        apply(&world, &ni, &["basic"]);
        carried_out_on_leave(&world, &ni, "end", &["basic"]);
        assert_eq!(kept(&world), ["cancelled"]);
        back(&world);
        assert_eq!(kept(&world), ["cancelled"]);
    });
}

#[test]
fn what_somebody_on_leave_has_is_cancelled_by_a_colleague() {
    played(|stage| {
        let world = stage.world();
        world.amend("lienchiang", &[TERM, CANCEL, ASKED]);
        let (ni, chen) = (newcomer(&world), world.session("chen"));
        apply(&world, &ni, &["basic"]);
        let form = |kind: &str| {
            let mut form = ApplicationForm { people: vec!["ni".into()], ..lienchiang(&["basic"]) };
            form.answers.insert("kind".into(), Entry::text(kind));
            form
        };
        let offered = || {
            let blank = world.desk.blank_application(&chen, "account", &Like::Blank).unwrap();
            blank.colleagues.into_iter().any(|(id, ..)| id == "ni")
        };
        leaves(&world);
        assert!(offered(), "who is away can still be chosen");
        let fault = refused_once(world.desk.write_application(&chen, &form("add")).map(|_| ()));
        assert_eq!(fault.0, Reason::FieldMalformed, "nothing is opened for whoever is away");
        let code = world.desk.write_application(&chen, &form("end")).unwrap();
        give(&world, "tsao", &code, Verdict::Agree).unwrap();
        give(&world, "yang-lc", &code, Verdict::CarryOut).unwrap();
        assert_eq!(kept(&world), ["cancelled"]);
        assert!(!offered());
    });
}

#[test]
fn what_is_changed_during_a_leave_rests_until_its_owner_is_back() {
    played(|stage| {
        let world = stage.world();
        let (ni, first) = opened(&world);
        let code = carried_out_on_leave(&world, &ni, "change", &["basic", "moves"]);
        assert_eq!(kept(&world), ["on-leave", "replaced"]);
        on(&world, "2026-06-01", 9);
        assert_eq!(kept(&world), ["on-leave", "replaced"], "no round opens it");
        let keeper = world.session("yang-lc");
        let line = world.desk.permission(&keeper, &format!("{code}.1")).unwrap().line;
        assert_eq!(
            line.iter().map(|one| one.id.clone()).collect::<Vec<_>>(),
            [format!("{first}.1"), format!("{code}.1")]
        );
        back(&world);
        assert_eq!(kept(&world), ["runs", "replaced"]);
    });
}

#[test]
fn two_nodes_enter_an_end_once() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        Stage::play_alone(engine, |stage| {
            let folder = Folder::new("story-term");
            let config = stage.lasting(folder.path());
            let one = World::open(stage, &config, Limits::default());
            let (ni, _) = opened(&one);
            let other = World::bare(stage, &config, Limits::default());
            for text in ["2027-02-10", "2027-03-10"] {
                for world in [&one, &other] {
                    world.hand.set(Instant::at(day(text), 9, 0));
                }
                std::thread::scope(|scope| {
                    scope.spawn(|| one.desk.tick().unwrap());
                    scope.spawn(|| other.desk.tick().unwrap());
                });
            }
            for act in ["grant.ending", "grant.expired"] {
                assert_eq!(one.count("lienchiang", act), 1, "{act}");
            }
            assert_eq!(owed(&one, &ni, "ended").len(), 1);
            one.end_without_rows();
            other.end_without_rows();
        });
    }
}

/// Compares a list as the keeper of Lienchiang's accounts; with `take`, takes it over as it was shown.
fn listed(world: &World, text: &str, take: bool) -> ImportView {
    let keeper = world.session("yang-lc");
    let roster = || Roster::from_csv(text.as_bytes(), false).unwrap();
    let seen = world.desk.import(&keeper, roster(), None).unwrap();
    if !take {
        return seen;
    }
    world.desk.import(&keeper, roster(), Some(&seen.seal)).unwrap()
}

#[test]
fn permissions_of_an_older_system_are_taken_over_row_by_row_and_marked() {
    played(|stage| {
        let world = stage.world();
        let (_, form) = world.lienchiang();
        let ni = newcomer(&world);
        let list = "id,unit,items,from,until,application\n\
                    ni,疾病管制科,basic;個人基本資料,2025-04-01,2026-12-31,衛疾字第114001號\n\
                    ni,疾病管制科,moves,,,衛疾字第114001號\n\
                    nobody,lc-disease,basic,,,\n\
                    chen,lc-disease,basic,,,衛疾字第114002號\n\
                    liu,lc-weather,basic,,,\n\
                    liu,lc-disease,rain;basic,2027-01-01,2026-01-01,\n";
        let seen = listed(&world, list, false);
        assert_eq!((seen.steps.len(), seen.steps[0].kind), (1, "taken-over"));
        assert!(seen.steps[0].after.zh.contains("個人基本資料 – 2026-12-31"), "{:?}", seen.steps);
        let faults: Vec<_> = seen.faults.iter().map(|(line, view)| (*line, view.refusal.reason)).collect();
        let expected = [
            (3, Reason::ListedTwice),
            (4, Reason::NotYourStaff),
            (5, Reason::PermissionHeld),
            (6, Reason::UnitUnknown),
            (7, Reason::ItemUnknown),
            (7, Reason::FieldMalformed),
            (7, Reason::FieldMalformed),
            (7, Reason::FieldMissing),
        ];
        assert_eq!(faults, expected);
        assert!(held(&world, &ni).is_empty(), "nothing before it is confirmed");
        let keeper = world.session("yang-lc");
        let other = Roster::from_csv(list.replace("2026-12-31", "2027-12-31").as_bytes(), false).unwrap();
        let changed = refused_once(world.desk.import(&keeper, other, Some(&seen.seal)));
        assert_eq!(changed.0, Reason::Changed, "what is carried out is what was seen");
        assert!(listed(&world, list, true).done);
        let own = held(&world, &ni).remove(0);
        assert_eq!((own.application, own.formerly.as_deref()), (None, Some("衛疾字第114001號")));
        assert_eq!((own.from, own.until), (day("2025-04-01"), Some(day("2026-12-31"))));
        assert_eq!(ask(&world, &ni, &form), Ok(()));
        let again = listed(&world, list, false);
        assert_eq!((again.steps.len(), again.same), (0, 1));

        on(&world, "2026-11-30", 9);
        assert_eq!(owed(&world, &ni, "renew").len(), 1, "it ends and is renewed like any other");
        let like = Like::Permission(own.id.as_str().into());
        let blank = world.desk.blank_application(&ni, "account", &like).unwrap();
        let ticks = blank.fields.iter().find(|field| field.id == "permissions").unwrap();
        assert_eq!(ticks.entry.values, ["basic"]);
        apply(&world, &ni, &["basic"]);
        let list = held(&world, &ni);
        assert_eq!((list[0].state, list[0].from), ("waits", day("2026-12-31")));
    });
}

#[test]
fn no_list_gives_more_time_than_the_rule_and_only_keepers_take_one_over() {
    played(|stage| {
        let world = stage.world();
        world.amend("lienchiang", &[TERM]);
        newcomer(&world);
        for (from, until, free) in [
            ("2026-03-02", "2027-03-02", true),
            ("2026-03-02", "2027-03-03", false),
            ("2026-03-02", "", false),
            ("2025-06-01", "2026-07-01", false),
        ] {
            let list =
                format!("id,unit,items,from,until,application\nni,lc-disease,basic,{from},{until},舊1\n");
            let seen = listed(&world, &list, false);
            let reasons: Vec<_> = seen.faults.iter().map(|(_, view)| view.refusal.reason).collect();
            let expected = if free { vec![] } else { vec![Reason::TermTooLong] };
            assert_eq!((reasons, seen.steps.len()), (expected, usize::from(free)), "{from} {until}");
        }
        let roster = Roster::from_csv(b"id,unit,items\nni,lc-disease,basic\n", false).unwrap();
        let no = refused_once(world.desk.import(&world.session("chen"), roster, None));
        assert_eq!(no.0, Reason::NoCapacity);
    });
}
