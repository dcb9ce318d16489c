//! Applications along the chains of the four rules, and what follows from them.

use super::account::{sign_in, wrong};
use super::stage::played;
use super::world::{ADDRESS, World, refused, refused_once};
use desk::application::{ApplicationForm, Like, StampForm};
use desk::{Answer, Session};
use domain::actor::Place;
use domain::application::act::Give;
use domain::application::{Answers, Entry, Verdict};
use domain::directory::{Assignment, Change, Person};
use domain::id::{AssignmentId, LogId, PersonId, UnitId};
use domain::time::Date;
use domain::{Personal, Reason};

pub(super) fn ticks(codes: &[&str]) -> Entry {
    Entry { values: codes.iter().map(|code| (*code).into()).collect(), ..Entry::default() }
}

fn form(object: &str, fields: &[(&str, Entry)]) -> ApplicationForm {
    let answers: Answers = fields.iter().map(|(name, entry)| ((*name).to_string(), entry.clone())).collect();
    ApplicationForm { object: object.into(), answers, submit: true, ..ApplicationForm::default() }
}

/// An account form of Lienchiang for these permissions.
pub(super) fn lienchiang(codes: &[&str]) -> ApplicationForm {
    form(
        "account",
        &[
            ("kind", Entry::text("add")),
            ("reason", Entry::text("承接疫苗追蹤業務")),
            ("permissions", ticks(codes)),
        ],
    )
}

pub(super) fn give(world: &World, login: &str, code: &str, verdict: Verdict) -> Answer<()> {
    let session = world.session(login);
    let (note, fields) = (Personal::new("看過"), vec!["reason".into()]);
    let form = Give { note, fields, ..Give::of(verdict) }.into();
    world.hand.pass_seconds(60);
    world.desk.stamp_application(&session, code, &form)
}

/// Somebody new in the disease-control division of Lienchiang: an assignment, and no permission yet.
pub(super) fn newcomer(world: &World) -> Session {
    let id = AssignmentId::new("ni-user");
    let assignment = Assignment {
        id: id.clone(),
        person: PersonId::new("ni"),
        unit: UnitId::new("lc-disease"),
        role: "user".into(),
        from: Date::new(2024, 1, 1).unwrap(),
        until: None,
    };
    let person = Person { id: PersonId::new("ni"), name: "倪佳蓉".into(), number: Personal::default() };
    world.desk.enrol(&LogId::new("lienchiang"), vec![Change::Assignment(assignment)]).unwrap();
    world.desk.enrol(&LogId::platform(), vec![Change::Person(person)]).unwrap();
    world.desk.bind_token("token ni", ADDRESS, id);
    world.desk.token_session("token ni", ADDRESS, Place::Zone("office".into())).unwrap()
}

#[test]
fn whoever_is_new_looks_up_what_was_applied_for_and_approved_and_no_more() {
    played(|stage| {
        let world = stage.world();
        let (_, asked) = world.lienchiang();
        let ni = newcomer(&world);
        let no = refused_once(world.desk.ask(&ni, &asked));
        assert_eq!(no, (Reason::NoPermission, Some("lienchiang/5.9".into())));

        let code = world.desk.write_application(&ni, &lienchiang(&["basic"])).unwrap();
        assert!(code.starts_with("AP-"), "{code}");
        let waits = world.desk.todo(&world.session("tsao")).unwrap();
        assert!(waits.iter().any(|item| item.href == format!("/applications/{code}")));
        assert_eq!(refused_once(give(&world, "yang-lc", &code, Verdict::CarryOut)).0, Reason::NotYourStep);
        give(&world, "tsao", &code, Verdict::Agree).unwrap();
        assert_eq!(refused_once(world.desk.ask(&ni, &asked)).0, Reason::NoPermission, "not yet opened");
        give(&world, "yang-lc", &code, Verdict::CarryOut).unwrap();

        let basic = desk::lookup::AskForm { items: vec!["household/basic".into()], ..asked.clone() };
        world.desk.ask(&ni, &basic).unwrap();
        let more = desk::lookup::AskForm {
            items: vec!["household/basic".into(), "household/household".into()],
            form_key: "more".into(),
            ..asked
        };
        assert_eq!(refused_once(world.desk.ask(&ni, &more)).0, Reason::NoPermission);
        let acts: Vec<_> = world.acts("lienchiang", &code).into_iter().map(|(act, _)| act).collect();
        assert_eq!(acts, ["application.submitted", "application.stamped", "application.carried-out"]);
        let view = world.desk.application(&ni, &code).unwrap();
        assert_eq!((view.row.state, view.row.holding.len()), ("done", 0));
    });
}

/// Form 1 of Kaohsiung for these permissions.
pub(super) fn form_one(codes: &[&str]) -> ApplicationForm {
    let unit = Entry {
        values: vec!["district-office".into()],
        words: [("district-office".to_string(), "三民區".to_string())].into(),
        ..Entry::default()
    };
    form(
        "account",
        &[
            ("kind", Entry::text("add")),
            ("unit", unit),
            ("reason", Entry::text("承接低收入戶審查")),
            ("phone", Entry::text("07-1112222#33")),
            ("email", Entry::text("chou@example.gov.tw")),
            ("permissions", ticks(codes)),
        ],
    )
}

#[test]
fn form_one_of_kaohsiung_passes_six_hands_and_one_person_counts_once() {
    played(|stage| {
        let world = stage.world();
        let chou = world.session("chou");
        let filled = form_one(&["welfare-household-sum", "common-functions"]);
        let code = world.desk.write_application(&chou, &filled).unwrap();
        for login in ["li-sanmin", "fang-kh", "sun-kh", "tai-kh"] {
            assert_eq!(refused_once(give(&world, "chou", &code, Verdict::Agree)).0, Reason::OwnApplication);
            give(&world, login, &code, Verdict::Agree).unwrap_or_else(|no| panic!("{login}: {no:?}"));
        }
        assert_eq!(refused_once(give(&world, "sun-kh", &code, Verdict::Agree)).0, Reason::StampedBefore);
        give(&world, "ma-kh", &code, Verdict::Agree).unwrap();
        let view = world.desk.application(&world.session("ho-kh"), &code).unwrap();
        assert_eq!(view.row.state, "approved");
        assert_eq!(view.verdicts, [Verdict::CarryOut, Verdict::Return, Verdict::Refuse]);
        assert_eq!(view.steps.len(), 7);
        give(&world, "ho-kh", &code, Verdict::CarryOut).unwrap();
        let held = world
            .desk
            .store()
            .read(|read| read.permissions(&LogId::new("kaohsiung"), &PersonId::new("chou")));
        let held: Vec<_> = held.unwrap().into_iter().filter(|one| one.stopped.is_none()).collect();
        assert_eq!(held.len(), 1, "what was held before is replaced: {held:?}");
        assert_eq!(held[0].items, ["common-functions", "welfare-household-sum"], "as the form has them");
    });
}

/// A request of Taipei for data, with its three reasons.
pub(super) fn data_request() -> ApplicationForm {
    let fields = [
        ("within-business", Entry::text("傳染病防治之個案追蹤")),
        ("serves-purpose", Entry::text("確認接觸者戶籍地")),
        ("necessity", Entry::text("無其他資料可用")),
        ("items", ticks(&["basic"])),
        ("channel", Entry::text("online")),
    ];
    form("data-request", &fields)
}

#[test]
fn a_template_begins_a_form_for_those_it_is_meant_for_and_where_one_is_reached_is_kept() {
    played(|stage| {
        let world = stage.world();
        let chou = world.session("chou");
        let like = |session: &Session, name: &str| {
            world.desk.blank_application(session, "account", &Like::Template(name.into())).unwrap()
        };
        let view = like(&chou, "office-relief");
        let offered: Vec<&str> = view.templates.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(offered, ["office-relief", "office-disability", "office-elders"]);
        let field = |id: &str| view.fields.iter().find(|field| field.id == id).unwrap();
        assert_eq!(field("permissions").chosen(), 4);
        let unit = field("unit").options.iter().find(|option| option.chosen).unwrap();
        assert_eq!((unit.code.as_str(), unit.words.is_empty()), ("district-office", false));
        assert_eq!(view.focus.as_deref(), Some("reason"));
        let none = like(&chou, "bureau-relief");
        assert!(none.fields.iter().all(|field| field.kind != "ticks" || field.chosen() == 0), "not theirs");

        world.desk.write_application(&chou, &form_one(&["common-functions"])).unwrap();
        let view = like(&chou, "office-elders");
        let phone = view.fields.iter().find(|field| field.id == "phone").unwrap();
        assert_eq!(phone.text(), form_one(&[]).answers["phone"].value());
    });
}

#[test]
fn nobody_stamps_a_version_that_they_have_not_seen() {
    played(|stage| {
        let world = stage.world();
        let chou = world.session("chou");
        let code = world.desk.write_application(&chou, &form_one(&["common-functions"])).unwrap();
        let li = world.session("li-sanmin");
        let seen = world.desk.application(&li, &code).unwrap().version;
        world.desk.withdraw_application(&chou, &code).unwrap();
        let more = ApplicationForm { code: Some(code.clone()), ..form_one(&["welfare-household-sum"]) };
        world.hand.pass_seconds(60);
        world.desk.write_application(&chou, &more).unwrap();
        let stamp = |version| StampForm { version: Some(version), ..Give::of(Verdict::Agree).into() };
        let old = world.desk.stamp_application(&li, &code, &stamp(seen));
        assert_eq!(refused_once(old).0, Reason::Changed);
        world.desk.stamp_application(&li, &code, &stamp(seen + 1)).unwrap();
    });
}

#[test]
fn in_taipei_two_offices_are_asked_side_by_side_and_the_commissioner_decides() {
    played(|stage| {
        let world = stage.world();
        let huang = world.session("huang");
        let three = |missing: &str| {
            let mut whole = data_request();
            whole.answers.retain(|name, _| name != missing);
            whole
        };
        for missing in ["within-business", "serves-purpose", "necessity"] {
            let no = refused(world.desk.write_application(&huang, &three(missing)));
            assert_eq!(no.len(), 1, "{no:?}");
            assert_eq!(no[0].0, Reason::FieldMissing);
        }
        let code = world.desk.write_application(&huang, &three("")).unwrap();
        give(&world, "hsu", &code, Verdict::Agree).unwrap();
        assert_eq!(refused_once(give(&world, "lo-tp", &code, Verdict::Agree)).0, Reason::NotYourStep);
        give(&world, "tseng-tp", &code, Verdict::Object).unwrap();
        assert_eq!(refused_once(give(&world, "lo-tp", &code, Verdict::Agree)).0, Reason::NotYourStep);
        give(&world, "kao-tp", &code, Verdict::Agree).unwrap();
        let head = world.session("lo-tp");
        let view = world.desk.application(&head, &code).unwrap();
        let opinions = &view.steps[2].stamps;
        let given: Vec<_> = opinions.iter().map(|stamp| (stamp.verdict, stamp.note.as_str())).collect();
        assert_eq!(given, [("agree", "看過"), ("object", "看過")]);
        give(&world, "lo-tp", &code, Verdict::Agree).unwrap();
        assert_eq!(world.desk.application(&huang, &code).unwrap().row.state, "done");
    });
}

#[test]
fn what_is_returned_shows_the_fields_to_mend_and_afterwards_what_changed() {
    played(|stage| {
        let world = stage.world();
        let ni = newcomer(&world);
        let code = world.desk.write_application(&ni, &lienchiang(&["basic"])).unwrap();
        give(&world, "tsao", &code, Verdict::Return).unwrap();
        let view = world.desk.application(&ni, &code).unwrap();
        assert!(view.edit && view.answer.as_ref().is_some_and(|said| said.note == "看過"));
        let faulty: Vec<_> = view.fields.iter().filter(|f| f.faulty).map(|f| f.id.as_str()).collect();
        assert_eq!(faulty, ["reason"]);
        assert!(world.desk.todo(&ni).unwrap().iter().any(|item| item.about == code));

        let mut mended = lienchiang(&["basic"]);
        mended.answers.insert("reason".into(), Entry::text("承接疫苗追蹤，原承辦調離"));
        mended.code = Some(code.clone());
        world.desk.write_application(&ni, &mended).unwrap();
        let view = world.desk.application(&world.session("tsao"), &code).unwrap();
        let changed: Vec<_> = view.fields.iter().filter(|f| f.changed).map(|f| f.id.as_str()).collect();
        assert_eq!((view.version, changed), (2, vec!["reason"]));
    });
}

#[test]
fn what_is_written_in_a_returned_application_is_its_authors_until_it_is_put_forward() {
    played(|stage| {
        let world = stage.world();
        let ni = newcomer(&world);
        let code = world.desk.write_application(&ni, &lienchiang(&["basic"])).unwrap();
        give(&world, "tsao", &code, Verdict::Return).unwrap();
        let mut mended = lienchiang(&["basic", "moves"]);
        mended.answers.insert("reason".into(), Entry::text("私下的話"));
        mended.answers.insert("kind".into(), Entry::text("change"));
        (mended.code, mended.submit, mended.people) = (Some(code.clone()), false, vec!["chen".into()]);
        world.desk.write_application(&ni, &mended).unwrap();

        let seen = |session: &Session| {
            let view = world.desk.application(session, &code).unwrap();
            let field = |name: &str| view.fields.iter().find(|field| field.id == name).unwrap().entry.clone();
            let ticks = field("permissions").values.len();
            (field("reason").value().to_string(), ticks, view.row.action, view.row.people)
        };
        let before = ("承接疫苗追蹤業務".to_string(), 1, "create", vec!["倪佳蓉".to_string()]);
        let after = ("私下的話".to_string(), 2, "change", vec!["陳思齊".to_string()]);
        assert_eq!(seen(&ni), after, "its author reads what they wrote");
        for other in ["tsao", "yang-lc", "pan-lc"] {
            assert_eq!(seen(&world.session(other)), before, "{other}");
        }
        mended.submit = true;
        world.desk.write_application(&ni, &mended).unwrap();
        assert_eq!(seen(&world.session("tsao")), after);
        give(&world, "tsao", &code, Verdict::Return).unwrap();
        mended.answers.insert("reason".into(), Entry::text("更私下的話"));
        mended.submit = false;
        world.desk.write_application(&ni, &mended).unwrap();
        world.desk.cancel_application(&ni, &code).unwrap();
        assert_eq!(seen(&world.session("tsao")), after, "nor is it seen when it is given up");
        let listed = world.desk.applications(&world.session("tsao"), &Default::default()).unwrap().others;
        assert!(listed.iter().any(|row| row.code == code && row.action == "change"));
    });
}

#[test]
fn a_draft_keeps_what_is_wrong_and_goes_back_to_its_author_until_somebody_acts() {
    played(|stage| {
        let world = stage.world();
        let ni = newcomer(&world);
        let mut draft = lienchiang(&[]);
        draft.submit = false;
        draft.answers.insert("reason".into(), Entry::text("長".repeat(900)));
        let code = world.desk.write_application(&ni, &draft).unwrap();
        let kept = world.desk.application(&ni, &code).unwrap();
        assert_eq!(kept.fields.iter().find(|f| f.id == "reason").unwrap().text().chars().count(), 900);
        let tsao = world.session("tsao");
        assert!(world.desk.application(&tsao, &code).is_err(), "a draft is its author's alone");

        let mut sent = lienchiang(&["basic"]);
        (sent.code, sent.form_key) = (Some(code.clone()), "once".into());
        assert_eq!(world.desk.write_application(&ni, &sent).unwrap(), code);
        assert_eq!(world.desk.write_application(&ni, &sent).unwrap(), code, "a second press does nothing");
        assert_eq!(world.acts("lienchiang", &code).len(), 2);
        let chen = world.session("chen");
        let no = refused_once(world.desk.withdraw_application(&chen, &code));
        assert_eq!(no.0, Reason::NotYourApplication);
        world.desk.withdraw_application(&ni, &code).unwrap();
        world.desk.write_application(&ni, &ApplicationForm { form_key: "again".into(), ..sent }).unwrap();
        give(&world, "tsao", &code, Verdict::Agree).unwrap();
        assert_eq!(refused_once(world.desk.withdraw_application(&ni, &code)).0, Reason::WrongState);
        assert!(world.desk.application(&chen, &code).is_err(), "colleagues do not see it");
    });
}

#[test]
fn a_chain_without_anybody_at_a_step_is_told_when_it_is_sent() {
    played(|stage| {
        let world = stage.world();
        // At Nangan the head of the centre applies: nobody above could check it.
        let lin = world.session("lin-nangan");
        let mut sent = lienchiang(&["basic"]);
        sent.people = vec!["lin-nangan".into(), "chiu-nangan".into()];
        let no = refused(world.desk.write_application(&lin, &sent));
        assert_eq!(no, [(Reason::ChainVacant, Some("lienchiang/5.9".into()))]);
    });
}

#[test]
fn a_deputy_acts_on_the_recorded_days_and_the_stamp_says_for_whom() {
    played(|stage| {
        let world = stage.world();
        let ni = newcomer(&world);
        let code = world.desk.write_application(&ni, &lienchiang(&["basic"])).unwrap();
        assert_eq!(refused_once(give(&world, "liu", &code, Verdict::Agree)).0, Reason::NotYourStep);
        let (tsao, today) = (world.session("tsao"), world.desk.now().date());
        let later = today.plus_days(3).unwrap();
        for (deputy, from, until, field) in [
            ("tsao", today, later, "deputy"),
            ("liu", later, today, "until"),
            ("nobody", today, later, "deputy"),
        ] {
            let Err(desk::No::Refused(views)) = world.be_away(&tsao, deputy, from, until) else {
                panic!("{deputy} was taken");
            };
            assert_eq!(views[0].refusal.field.as_deref(), Some(field));
        }
        let own = |world: &World| {
            let items = world.desk.todo(&world.session("liu")).unwrap().into_iter();
            let waits = items.filter(|item| item.about == code);
            waits.map(|item| item.stands_for.map(|away| (away.name, away.until))).collect::<Vec<_>>()
        };
        assert!(own(&world).is_empty(), "nobody is away");
        let tomorrow = today.plus_days(1).unwrap();
        world.be_away(&tsao, "liu", tomorrow, later).unwrap();
        assert!(own(&world).is_empty(), "a deputy acts from the first day of the absence");
        world.be_away(&tsao, "liu", today, later).unwrap();
        assert_eq!(own(&world), [Some(("曹志明".to_string(), later))]);
        let standing = world.desk.stands_in_for(&world.session("liu")).unwrap();
        assert_eq!(standing.iter().map(|one| one.until).collect::<Vec<_>>(), [later]);
        let tsao_own = world.desk.todo(&tsao).unwrap().into_iter().find(|item| item.about == code).unwrap();
        assert_eq!(tsao_own.stands_for, None, "one's own is one's own");
        give(&world, "liu", &code, Verdict::Agree).unwrap();
        let view = world.desk.application(&ni, &code).unwrap();
        assert_eq!(view.steps[1].stamps[0].right.stands_for.as_deref(), Some("曹志明"));
        assert_eq!(world.desk.absences(&world.session("liu")).unwrap().list.len(), 2);
        assert_eq!(world.count("lienchiang", "directory.away"), 2);
        assert!(own(&world).is_empty(), "what is done waits no more");
    });
}

#[test]
fn an_account_is_unlocked_by_an_application_that_a_colleague_puts_forward() {
    played(|stage| {
        // Who opens it stands in the chain, or else in the control for locks.
        let last = "  { who = { role = \"administrator\" }, act = \"carry-out\" },\n";
        let decides = "form = \"unlock-application\"\nsteps = [\n\
                       \x20 { who = { role = \"user\" }, act = \"propose\" },\n\
                       \x20 { who = { role = \"supervisor\" }, act = \"decide\" },\n";
        for left_open in [false, true] {
            let world = stage.world();
            if left_open {
                world.amend("lienchiang", &[(&format!("{decides}{last}"), decides)]);
            }
            for _ in 0..5 {
                wrong(&world, "liu");
            }
            assert_eq!(refused_once(sign_in(&world, "liu").map(|_| ())).0, Reason::AccountLocked);
            let chen = world.session("chen");
            let fields = [("account", Entry::text("liu")), ("reason", Entry::text("密碼輸入錯誤"))];
            let sent = ApplicationForm { people: vec!["liu".into()], ..form("unlock", &fields) };
            let code = world.desk.write_application(&chen, &sent).unwrap();
            give(&world, "tsao", &code, Verdict::Agree).unwrap();
            assert_eq!(refused_once(sign_in(&world, "liu").map(|_| ())).0, Reason::AccountLocked);
            give(&world, "yang-lc", &code, Verdict::CarryOut).unwrap();
            sign_in(&world, "liu").unwrap();
            world.desk.tick().unwrap();
            assert_eq!(world.count("platform", "account.unlocked"), 1, "it happens once");
        }
    });
}

#[test]
fn whoever_must_carry_out_does_not_stand_in_before_and_what_is_not_there_is_said() {
    played(|stage| {
        let world = stage.world();
        let (chou, fang) = (world.session("chou"), world.session("fang-kh"));
        let today = world.desk.now().date();
        world.be_away(&fang, "ho-kh", today, today).unwrap();
        let code = world.desk.write_application(&chou, &form_one(&["common-functions"])).unwrap();
        give(&world, "li-sanmin", &code, Verdict::Agree).unwrap();
        // Nobody else could open what is approved, so the deputy leaves the stamp to the head.
        assert_eq!(refused_once(give(&world, "ho-kh", &code, Verdict::Agree)).0, Reason::NeededLater);
        give(&world, "fang-kh", &code, Verdict::Agree).unwrap();

        let unknown = Reason::ApplicationUnknown;
        let odd = form("weather", &[]);
        assert_eq!(refused_once(world.desk.write_application(&chou, &odd).map(|_| ())).0, unknown);
        assert_eq!(refused_once(world.desk.withdraw_application(&chou, "AP-1150302-9999-0")).0, unknown);
        assert_eq!(refused_once(give(&world, "fang-kh", "AP-1150302-9999-0", Verdict::Agree)).0, unknown);
    });
}

/// Puts an application of Lienchiang forward and sends it back.
pub(super) fn sent_back(world: &World, author: &str, by: &str) {
    let code = world.desk.write_application(&world.session(author), &lienchiang(&["basic"])).unwrap();
    give(world, by, &code, Verdict::Return).unwrap();
}

#[test]
fn its_author_reminds_those_whose_turn_it_is_once_a_day() {
    played(|stage| {
        let world = stage.world();
        let liu = world.session("liu");
        let code = world.desk.write_application(&liu, &lienchiang(&["basic"])).unwrap();
        let remind = |login: &str| {
            world.hand.pass_seconds(60);
            world.desk.remind_application(&world.session(login), &code)
        };
        assert_eq!(refused_once(remind("chen")).0, Reason::NotYourApplication);
        assert!(world.desk.application(&liu, &code).unwrap().remind);
        remind("liu").unwrap();
        remind("liu").unwrap();
        assert_eq!(world.count("lienchiang", "application.reminded"), 1, "once a day is enough");
        world.hand.pass_seconds(86_400);
        remind("liu").unwrap();
        assert_eq!(world.count("lienchiang", "application.reminded"), 2);
        give(&world, "tsao", &code, Verdict::Refuse).unwrap();
        world.hand.pass_seconds(86_400);
        assert_eq!(refused_once(remind("liu")).0, Reason::WrongState);
    });
}
