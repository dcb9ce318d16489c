//! Clocks: what periods bring, what is late, what the office calendar moves.

use super::stage::played;
use super::world::{ADDRESS, World, refused, refused_once};
use base64ct::{Base64, Encoding};
use desk::TodoKind;
use desk::application::FileForm;
use desk::duty::DutyForm;
use desk::view::DutyView;
use domain::actor::Place;
use domain::application::act::Give;
use domain::directory::{Assignment, Change};
use domain::duty::Kind;
use domain::id::{AssignmentId, LogId, PersonId, UnitId};
use domain::period::calendar::Edition;
use domain::time::{Date, Instant};
use domain::{Personal, Reason};

fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

/// Lets a day come, and the watch make its round.
fn on(world: &World, text: &str) {
    world.hand.set(Instant::at(day(text), 9, 0));
    world.desk.tick().unwrap();
}

fn own(world: &World, login: &str, kind: &str) -> Vec<DutyView> {
    let session = world.session(login);
    let all = world.desk.duties(&session, false).unwrap().own;
    all.into_iter().filter(|duty| duty.kind.word() == kind).collect()
}

#[test]
fn a_period_brings_its_duty_once_and_it_is_late_once() {
    played(|stage| {
        let world = stage.world();
        on(&world, "2026-03-02");
        world.desk.tick().unwrap();
        let first = own(&world, "ho-kh", "inventory");
        assert_eq!(first.len(), 1);
        assert_eq!(first[0].due.as_ref().unwrap().date, day("2026-03-31"));
        assert_eq!(first[0].clause.as_ref().unwrap().id.as_str(), "kaohsiung/5.1.3");
        assert!(own(&world, "liao-kh", "inventory").is_empty(), "it is not the auditor's");

        on(&world, "2026-04-01");
        let head = world.desk.todo(&world.session("fang-kh")).unwrap();
        assert!(head.iter().any(|item| item.href == "/duties" && item.count.n >= 1), "the head is told");

        // Nothing ran for half a year: no quarter is left out, and each is late once.
        on(&world, "2026-10-05");
        on(&world, "2026-10-06");
        let all = own(&world, "ho-kh", "inventory");
        let began: Vec<String> = all.iter().map(|duty| duty.began.to_string()).collect();
        assert_eq!(began, ["2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01"]);
        assert_eq!(all.iter().filter(|duty| duty.late).count(), 3);
        let late = world.entries("kaohsiung");
        let own = |detail: &str| detail.contains(r#""kind":"inventory""#);
        let late = late.iter().filter(|entry| entry.act == "duty.late" && own(&entry.detail));
        assert_eq!(late.count(), 3);
    });
}

#[test]
fn training_is_owed_by_each_whom_the_rule_means_and_hours_add_up() {
    played(|stage| {
        let world = stage.world();
        let list = "id,name,unit,role\nC01,保管員,lc-disease,custodian\n";
        let roster = || desk::directory::Roster::from_csv(list.as_bytes(), false).unwrap();
        let keeper = world.session("yang-lc");
        let seen = world.desk.import(&keeper, roster(), None).unwrap();
        world.desk.import(&keeper, roster(), Some(&seen.seal)).unwrap();
        on(&world, "2026-03-02");
        assert!(own(&world, "chen", "train").is_empty(), "the rule means the custodians");
        let custodian = world.staff("lienchiang-C01");
        let owed = world.desk.duties(&custodian, false).unwrap().own;
        assert_eq!((owed[0].hours, owed[0].due.as_ref().unwrap().date), (Some((0, 3)), day("2026-12-31")));
        assert!(world.desk.todo(&custodian).unwrap().is_empty(), "December is far");
        let show = |hours, note: &str| {
            let files = vec![certificate("證明.pdf", b"%PDF-1.7")];
            let form = DutyForm { note: Personal::new(note), hours, files, ..DutyForm::default() };
            world.desk.fulfil(&custodian, &owed[0].id, &form)
        };
        let reasons: Vec<Reason> = refused(show(None, "")).into_iter().map(|no| no.0).collect();
        assert_eq!(reasons, [Reason::NoteMissing, Reason::FieldMissing]);
        show(Some(2), "資安通識，證明 115-1").unwrap();
        let half = world.desk.duty(&custodian, &owed[0].id).unwrap();
        assert_eq!((half.hours, half.state, half.files.len()), (Some((2, 3)), "open", 1));
        on(&world, "2026-11-02");
        assert_eq!(world.desk.todo(&custodian).unwrap().len(), 1, "now it is near");
        show(Some(1), "資安通識，證明 115-2").unwrap();
        assert_eq!(world.desk.duty(&custodian, &owed[0].id).unwrap().state, "done");
        on(&world, "2027-01-04");
        assert_eq!(world.desk.duties(&custodian, false).unwrap().own.len(), 1, "a new year, a new duty");
    });
}

/// A certificate as somebody scans it.
pub(super) fn certificate(name: &str, bytes: &[u8]) -> FileForm {
    let content = Personal::new(Base64::encode_string(bytes));
    FileForm { field: "certificate".into(), name: Personal::new(name), content }
}

#[test]
fn hours_without_a_certificate_are_not_entered_and_one_that_is_filed_is_read_under_an_entry_only() {
    played(|stage| {
        let world = stage.world();
        let whom = |role: &str| format!("  {{ role = \"{role}\" }},\n]\nevidence");
        world.amend("lienchiang", &[(&whom("custodian"), &whom("user"))]);
        on(&world, "2026-03-02");
        let chen = world.session("chen");
        let duty = own(&world, "chen", "train").remove(0);
        assert_eq!((duty.certificate, duty.files.len()), (Some(true), 0));
        let show = |files: Vec<FileForm>| {
            let note = Personal::new("資安通識，證明 115-1");
            let form = DutyForm { note, hours: Some(1), files, ..DutyForm::default() };
            world.desk.fulfil(&chen, &duty.id, &form)
        };
        let large = vec![b'%'; 1_048_577];
        let elsewhere = FileForm { field: "papers".into(), ..certificate("a.pdf", b"%PDF-1.7") };
        let broken = FileForm { content: Personal::new("!"), ..certificate("a.pdf", b"") };
        let four = (0..4).map(|_| certificate("a.pdf", b"%PDF-1.7")).collect();
        let wrong: Vec<(Vec<FileForm>, Reason)> = vec![
            (vec![], Reason::FieldMissing),
            (vec![certificate("a.exe", b"MZ")], Reason::FileType),
            (vec![certificate("a.pdf", b"")], Reason::FileEmpty),
            (vec![certificate("a.pdf", b"MZ no pdf")], Reason::FileMismatch),
            (vec![certificate("a.pdf", &large)], Reason::FileTooLarge),
            (four, Reason::FilesTooMany),
            (vec![elsewhere], Reason::FieldMalformed),
            (vec![broken], Reason::FieldMalformed),
        ];
        for (files, reason) in wrong {
            assert_eq!(refused_once(show(files)).0, reason);
        }
        assert_eq!(own(&world, "chen", "train")[0].hours, Some((0, 3)), "nothing was entered");
        show(vec![certificate("證明.PDF", b"%PDF-1.7"), certificate("照片.jpg", b"\xff\xd8\xff\xe0")])
            .unwrap();
        let half = own(&world, "chen", "train").remove(0);
        let names: Vec<&str> = half.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!((half.hours, names.len()), (Some((1, 3)), 2));
        assert_eq!(world.count("lienchiang", "duty.attached"), 2);
        let file = &half.files.iter().find(|file| file.name == "證明.PDF").unwrap().id;
        let head = world.session("tsao");
        let out = world.desk.certificate(&head, &duty.id, file).unwrap();
        assert_eq!((out.name.expose(), &out.bytes[..]), ("證明.PDF", &b"%PDF-1.7"[..]));
        assert_eq!(world.count("lienchiang", "duty.attachment-read"), 1);
        for stranger in ["liu", "chiu-nangan", "huang"] {
            let no = world.desk.certificate(&world.session(stranger), &duty.id, file);
            assert_eq!(refused_once(no).0, Reason::RecordUnknown, "{stranger}");
        }
        assert_eq!(refused_once(world.desk.certificate(&chen, &duty.id, "at-none")).0, Reason::RecordUnknown);
        assert_eq!(world.count("lienchiang", "duty.attachment-read"), 1, "who may not see reads nothing");
    });
}

/// The table of 2026 as it would be if one more day were given off.
fn issued_again(off: &str) -> Edition {
    let text = include_str!("../../crates/domain/calendar/ROC-115.csv");
    let text = text.replace("# version: 1", "# version: 2").replace("# issued:", "# was-issued:");
    let text = text.replacen("# year:", "# issued: 2026-03-03\n# year:", 1);
    let rows = text.lines().filter(|line| !line.starts_with("# off-days"));
    let rows = rows.map(|line| match line.strip_prefix(off) {
        Some(rest) => format!("{off}{}", rest.replacen(",0,", ",1,", 1)),
        None => line.to_string(),
    });
    Edition::parse(&rows.collect::<Vec<_>>().join("\n")).unwrap()
}

#[test]
fn a_calendar_issued_again_moves_open_duties_and_says_so() {
    played(|stage| {
        let world = stage.world();
        on(&world, "2026-03-02");
        let form = desk::directory::PostForm {
            post: "huang-user".into(),
            cause: Some(domain::directory::post::Cause::Retire),
            on: Some(day("2026-03-02")),
            unit: String::new(),
            role: String::new(),
            form_key: String::new(),
        };
        world.desk.change_post(&world.session("kao-tp"), &form).unwrap();
        let due = |world: &World| own(world, "hsu", "notify")[0].due.as_ref().unwrap().date;
        assert_eq!(due(&world), day("2026-03-09"));
        world.desk.issue_calendar(issued_again("2026-03-09"));
        on(&world, "2026-03-03");
        on(&world, "2026-03-04");
        assert_eq!(due(&world), day("2026-03-10"));
        let moved = world.entries("taipei");
        let moved: Vec<_> = moved.iter().filter(|entry| entry.act == "duty.moved").collect();
        assert_eq!(moved.len(), 1);
        assert!(moved[0].detail.contains("2026-03-09") && moved[0].detail.contains("115.2"), "{moved:?}");
    });
}

/// A table of 2028, for which none was issued when this program was made.
fn of_2028() -> Edition {
    let first = day("2028-01-01");
    let rows = (0..366).filter_map(|n| first.plus_days(n));
    let rows = rows.map(|day| format!("{day},{},", u8::from(day.weekday().is_weekend())));
    let heading = "# year: 117\n# version: 1\n# source: a story\n";
    Edition::parse(&format!("{heading}{}", rows.collect::<Vec<_>>().join("\n"))).unwrap()
}

#[test]
fn a_notice_without_a_day_for_want_of_a_calendar_gets_one_once_the_table_is_there() {
    played(|stage| {
        let world = stage.world();
        let (hsu, keeper, auditor) = (world.session("hsu"), world.session("kao-tp"), world.session("chou"));
        let missing = |session| {
            let items = world.desk.todo(session).unwrap();
            items.iter().filter(|item| item.kind == TodoKind::CalendarMissing).count()
        };
        on(&world, "2027-10-04");
        assert_eq!(missing(&keeper), 0, "there is time");
        on(&world, "2027-12-29");
        assert_eq!((missing(&keeper), missing(&auditor)), (1, 0), "whoever declares closed days sees to it");
        let form = desk::directory::PostForm {
            post: "huang-user".into(),
            cause: Some(domain::directory::post::Cause::Retire),
            on: Some(day("2027-12-29")),
            unit: String::new(),
            role: String::new(),
            form_key: String::new(),
        };
        world.desk.change_post(&keeper, &form).unwrap();
        let notice = || {
            let all = world.desk.duties(&hsu, false).unwrap().own;
            all.into_iter().find(|duty| duty.kind.word() == "notify").unwrap()
        };
        assert_eq!((notice().due, notice().behind), (None, Some(day("2027-12-31"))), "it says why");
        world.desk.issue_calendar(of_2028());
        on(&world, "2027-12-30");
        assert_eq!((notice().due.unwrap().date, notice().behind), (day("2028-01-03"), None));
        let moved = world.entries("taipei").into_iter().filter(|entry| entry.act == "duty.moved");
        assert!(moved.clone().any(|entry| entry.detail.contains("2028-01-03")), "and the log says when");
        assert_eq!(missing(&keeper), 0);
    });
}

#[test]
fn what_a_head_owes_by_the_role_is_done_by_a_deputy_while_the_head_is_away() {
    played(|stage| {
        let world = stage.world();
        on(&world, "2026-03-02");
        let form = desk::directory::PostForm {
            post: "huang-user".into(),
            cause: Some(domain::directory::post::Cause::Retire),
            on: Some(day("2026-03-02")),
            unit: String::new(),
            role: String::new(),
            form_key: String::new(),
        };
        world.desk.change_post(&world.session("kao-tp"), &form).unwrap();
        let (hsu, deputy) = (world.session("hsu"), world.session("kao-tp"));
        let id = own(&world, "hsu", "notify")[0].id.clone();
        let say = |session| {
            let form = DutyForm { note: Personal::new("已電話通知兩處"), ..DutyForm::default() };
            world.desk.fulfil(session, &id, &form)
        };
        assert_eq!(refused(say(&deputy))[0].0, Reason::NotYourDuty, "nobody is away");
        world.be_away(&hsu, "kao-tp", day("2026-03-02"), day("2026-03-05")).unwrap();
        let items = world.desk.todo(&deputy).unwrap();
        let item = items.iter().find(|item| item.href.ends_with(&id)).unwrap();
        assert_eq!(item.stands_for.as_ref().map(|one| one.until), Some(day("2026-03-05")));
        say(&deputy).unwrap();
        let entries = world.entries("taipei");
        let done = entries.iter().find(|entry| entry.act == "duty.fulfilled").unwrap();
        assert!(done.detail.contains(r#""deputy":1"#), "{}", done.detail);
    });
}

#[test]
fn who_has_no_post_any_more_owes_nothing_of_their_own() {
    played(|stage| {
        let world = stage.world();
        let list =
            |until: &str| format!("id,name,unit,role,until\nC01,保管員,lc-disease,custodian,{until}\n");
        for until in ["", "2026-04-01"] {
            let text = list(until);
            let roster = || desk::directory::Roster::from_csv(text.as_bytes(), false).unwrap();
            let keeper = world.session("yang-lc");
            let seen = world.desk.import(&keeper, roster(), None).unwrap();
            world.desk.import(&keeper, roster(), Some(&seen.seal)).unwrap();
            on(&world, "2026-03-02");
        }
        let open = || world.desk.duties(&world.session("pan-lc"), false).unwrap().others;
        assert_eq!(open().iter().filter(|duty| duty.kind.word() == "train").count(), 1);
        on(&world, "2026-04-02");
        assert_eq!(open().iter().filter(|duty| duty.kind.word() == "train").count(), 0);
        assert_eq!(world.count("lienchiang", "duty.dropped"), 1);
    });
}

#[test]
fn a_silent_step_is_passed_over_or_its_head_is_told_as_the_rule_says() {
    played(|stage| {
        let world = stage.harbour("1130901");
        let reader = world.session("reader");
        let form = desk::application::ApplicationForm {
            object: "account".into(),
            answers: [("kind".to_string(), domain::application::Entry::text("open"))].into(),
            submit: true,
            ..Default::default()
        };
        let code = world.desk.write_application(&reader, &form).unwrap();
        let waits = |login: &str| {
            let items = world.desk.todo(&world.session(login)).unwrap();
            items.into_iter().find(|item| item.href == format!("/applications/{code}"))
        };
        on(&world, "2026-03-02");
        assert_eq!(waits("registrar").unwrap().due.unwrap().date, day("2026-03-03"));
        assert!(waits("watch").is_none());
        on(&world, "2026-03-04");
        assert!(waits("registrar").is_none(), "an opinion that nobody gives holds nothing up");
        assert_eq!(waits("watch").unwrap().due.unwrap().date, day("2026-03-06"));
        on(&world, "2026-03-05");
        assert!(own(&world, "master", "press").is_empty());
        on(&world, "2026-03-09");
        on(&world, "2026-03-10");
        assert!(waits("watch").unwrap().due.unwrap().days_left < 0, "a decision is never passed over");
        let press = own(&world, "master", "press");
        assert_eq!(press.len(), 1);
        let done = DutyForm { note: Personal::new("已電話催辦"), ..DutyForm::default() };
        world.desk.fulfil(&world.session("master"), &press[0].id, &done).unwrap();
        let acts: Vec<String> = world.acts("harbour", &code).into_iter().map(|(act, _)| act).collect();
        assert_eq!(acts, ["application.submitted", "application.passed-on"]);
        assert_eq!(world.count("harbour", "duty.late"), 1, "what was passed over is late to nobody");
        let agree = Give::of(domain::application::Verdict::Agree).into();
        world.desk.stamp_application(&world.session("watch"), &code, &agree).unwrap();
        on(&world, "2026-03-11");
        assert!(own(&world, "watch", "answer").is_empty(), "what is answered is owed no more");
    });
}

#[test]
fn an_undertaking_is_signed_once_under_each_version_of_its_text() {
    played(|stage| {
        let world = stage.harbour("1130901");
        on(&world, "2026-03-02");
        assert!(own(&world, "watch", "undertake").is_empty(), "the rule means the readers");
        let owed = own(&world, "reader", "undertake");
        let text = owed[0].text.first().map(|text| text.zh.to_string());
        assert_eq!((owed.len(), text.as_deref(), &owed[0].due), (1, Some("所見簿載不外傳。"), &None));
        let reader = world.session("reader");
        world.desk.fulfil(&reader, &owed[0].id, &DutyForm::default()).unwrap();
        on(&world, "2026-05-20");
        assert!(own(&world, "reader", "undertake").is_empty(), "once is enough");
        let signed = world.entries("harbour").into_iter().find(|entry| entry.act == "duty.fulfilled");
        let detail = signed.unwrap().detail;
        assert!(detail.contains("readers-word"), "the version of the rule and this name the text: {detail}");
    });
}

#[test]
fn what_the_first_of_several_roles_would_owe_stands_with_one_that_somebody_holds() {
    played(|stage| {
        let world = stage.world();
        let by = "\"retired\"]\nby = { role = \"it\" }";
        let any = "\"retired\"]\nby = { any = [{ role = \"manager\" }, { role = \"it\" }] }";
        world.amend("kaohsiung", &[(by, any)]);
        let of_period = |owed: Vec<DutyView>, began: &str| -> Vec<String> {
            let mut owed = owed;
            owed.retain(|duty| duty.kind == Kind::Inventory && duty.began == day(began));
            owed.into_iter().map(|duty| duty.id).collect()
        };
        let owed = |login: &str, began: &str| of_period(own(&world, login, "inventory"), began);
        let on = |text: &str| on(&world, text);
        // Nobody is a manager, so the second role has it; and one period is owed once, whoever has it.
        on("2026-04-01");
        on("2026-04-02");
        let spring = owed("ho-kh", "2026-04-01");
        assert_eq!(spring.len(), 1, "{spring:?}");
        let passed = world.entries("kaohsiung").into_iter().filter(|entry| entry.act == "duty.passed-on");
        assert_eq!(passed.filter(|entry| entry.detail.contains(&spring[0])).count(), 1);

        // What is open stays with whoever has it; what begins is of the first role that somebody holds.
        let post = Assignment {
            id: AssignmentId::new("fang-manager"),
            person: PersonId::new("fang-kh"),
            unit: UnitId::new("kh-business"),
            role: "manager".into(),
            from: day("2026-05-01"),
            until: None,
        };
        let log = LogId::new("kaohsiung");
        world.desk.enrol(&log, vec![Change::Assignment(post)]).unwrap();
        on("2026-05-04");
        assert_eq!(owed("ho-kh", "2026-04-01"), spring);
        on("2026-07-01");
        assert_eq!(owed("ho-kh", "2026-07-01"), Vec::<String>::new());
        world.desk.bind_token("manager", ADDRESS, AssignmentId::new("fang-manager"));
        let manager = world.desk.token_session("manager", ADDRESS, Place::Zone("office".into())).unwrap();
        let summer = of_period(world.desk.duties(&manager, false).unwrap().own, "2026-07-01");
        assert_eq!(summer.len(), 1, "{summer:?}");
    });
}
