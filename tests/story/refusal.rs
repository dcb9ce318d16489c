//! Every command refused, with its reason and its clause.

use super::stage::played;
use super::world::{people, refused, refused_once};
use desk::case::{CaseForm, PartyForm};
use desk::grant::ConsentForm;
use desk::lookup::{AskForm, CorrectForm, Verdict};
use domain::actor::Place;
use domain::directory::{Agency, Assignment, Change, Unit};
use domain::id::{AgencyId, AssignmentId, LogId, PersonId, UnitId};
use domain::time::Date;
use domain::{Personal, Reason};
use sluice::demo::cast::CAST;

fn clause(text: &str) -> Option<String> {
    Some(text.into())
}

/// One change to a form that is in order.
type Spoil = fn(&mut AskForm);

/// What can be wrong with a form: the change, the reason, its clause and the field.
const SPOILT: [(Spoil, Reason, Option<&str>, &str); 13] = [
    (|f| f.purpose = "gossip".into(), Reason::PurposeNotPermitted, Some("lienchiang/2.p2"), "purpose"),
    (|f| f.basis = "no-such".into(), Reason::BasisUnknown, Some("lienchiang/2.1"), "basis"),
    (|f| f.basis = "other-health".into(), Reason::BasisTextMissing, Some("lienchiang/2.1"), "basis_text"),
    (|f| f.items.clear(), Reason::NoItems, None, "items"),
    (
        |f| f.items = vec!["household/kinship".into()],
        Reason::ItemNotApproved,
        Some("lienchiang/2.1"),
        "items",
    ),
    (|f| f.items = vec!["no/such".into()], Reason::ItemNotApproved, Some("lienchiang/2.1"), "items"),
    (|f| f.items.push("conscription/service".into()), Reason::SeveralDatasets, None, "items"),
    (|f| f.party = None, Reason::FieldMissing, None, "subject"),
    (|f| f.purpose_text = "業務需要".into(), Reason::ReasonVague, Some("lienchiang/5.1"), "purpose_text"),
    (|f| f.purpose_text = "長".repeat(501), Reason::FieldTooLong, Some("lienchiang/5.1"), "purpose_text"),
    (
        |f| (f.party, f.subject) = (None, Some(Personal::new("A123456788"))),
        Reason::FieldMalformed,
        None,
        "subject",
    ),
    (
        |f| (f.party, f.subject) = (None, Some(Personal::new("A123456789"))),
        Reason::NotAParty,
        Some("lienchiang/5.1"),
        "outside_reason",
    ),
    (
        |f| {
            (f.basis, f.basis_text) = ("emergency".into(), "緊急".into());
        },
        Reason::BasisNeedsHead,
        Some("lienchiang/2.2"),
        "basis",
    ),
];

#[test]
fn asking_is_refused_for_each_thing_that_is_wrong_with_the_form() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        for (spoil, reason, named, field) in SPOILT {
            let mut form = form.clone();
            spoil(&mut form);
            let answer = world.desk.ask(&session, &form);
            let views = match &answer {
                Err(desk::No::Refused(views)) => views.clone(),
                other => panic!("{reason:?}: {other:?}"),
            };
            let view = views.iter().find(|view| view.refusal.reason == reason);
            let view = view.unwrap_or_else(|| panic!("{reason:?} is not in {views:?}"));
            let found = view.refusal.clause.as_ref().map(|clause| clause.as_str());
            assert_eq!(found, named, "{reason:?}");
            assert_eq!(view.refusal.field.as_deref(), Some(field), "{reason:?}");
            assert_eq!(view.clause.is_some(), named.is_some(), "a clause is cited in words: {reason:?}");
        }
        assert_eq!(world.asked(), 0);
        assert_eq!(world.count("lienchiang", "lookup.asked"), 0);
        world.desk.ask(&session, &form).unwrap();
    });
}

#[test]
fn all_faults_of_a_form_are_told_together() {
    played(|stage| {
        let world = stage.world();
        let session = world.case("chen", "L-1", "vaccination", &[0]);
        let form = AskForm { case: "L-1".into(), ..AskForm::default() };
        let reasons: Vec<Reason> =
            refused(world.desk.ask(&session, &form)).into_iter().map(|(reason, _)| reason).collect();
        for wanted in [Reason::ConsentMissing, Reason::PurposeNotPermitted, Reason::NoItems] {
            assert!(reasons.contains(&wanted), "{reasons:?}");
        }
    });
}

#[test]
fn without_a_running_consent_nobody_asks() {
    played(|stage| {
        let world = stage.world();
        let session = world.case("chen", "L-1", "vaccination", &[0]);
        let form = world.form(&session, "L-1");
        let none = refused_once(world.desk.ask(&session, &form));
        assert_eq!(none, (Reason::ConsentMissing, clause("lienchiang/5.5")));
        world.consent("tsao", None);
        let head = world.session("tsao");
        let id = world.desk.consents(&head).unwrap()[0].id.clone();
        world.hand.pass_seconds(60);
        world.desk.end_consent(&head, &id).unwrap();
        world.hand.pass_seconds(60);
        let ended = refused_once(world.desk.ask(&session, &form));
        assert_eq!(ended, (Reason::ConsentEnded, clause("lienchiang/5.5")));
        let (reason, _) = refused_once(world.desk.end_consent(&head, &id));
        assert_eq!(reason, Reason::ConsentUnknown);
        world.consent("tsao", None);
        world.desk.ask(&session, &form).unwrap();
    });
}

#[test]
fn roles_places_and_persons_that_may_not_ask() {
    played(|stage| {
        let world = stage.world();
        let (_, form) = world.kaohsiung();
        let asked = |login: &str, place: Place, form: &AskForm| {
            refused_once(world.desk.ask(&world.session_at(login, place), form))
        };
        let office = || Place::Zone("office".into());
        let (reason, _) = asked("chang", office(), &form);
        assert_eq!(reason, Reason::NoCapacity);
        let off_site = asked("lin", Place::Elsewhere, &form);
        assert_eq!(off_site, (Reason::OffSite, clause("kaohsiung/3.p1")));
        let mut own = AskForm { not_party_reason: "查詢自己的資料".into(), party: None, ..form };
        for login in ["lin", "wu"] {
            let member = CAST.iter().find(|member| member.login == login).unwrap();
            own.subject = Some(Personal::new(member.number));
            let refusal = asked("lin", office(), &own);
            assert_eq!(refusal, (Reason::SensitiveTarget, clause("kaohsiung/3.p2")), "{login}");
        }
        assert_eq!(world.asked(), 0);
    });
}

#[test]
fn running_is_refused_before_the_stamp_after_its_hours_twice_and_to_others() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.kaohsiung();
        let stamp = || clause("kaohsiung/4.p1");
        let code = world.desk.ask(&session, &form).unwrap().code;
        let run = |session: &desk::Session, code: &str| refused_once(world.desk.run(session, code, ""));
        assert_eq!(run(&session, &code), (Reason::NotYetApproved, stamp()));
        assert_eq!(run(&session, "no-such-code"), (Reason::RecordUnknown, None));
        world.judge_and_stamp("chang", &code);
        assert_eq!(run(&world.session("wu"), &code), (Reason::AnswerNotYours, stamp()));
        assert_eq!(run(&world.session("chang"), &code).0, Reason::NoCapacity);
        world.hand.pass_seconds(72 * 3600 - 32);
        world.desk.run(&session, &code, "").unwrap();
        assert_eq!(run(&session, &code), (Reason::ApprovalUsed, stamp()));
        let again = AskForm { form_key: "again".into(), ..form };
        let code = world.desk.ask(&session, &again).unwrap().code;
        world.judge_and_stamp("chang", &code);
        world.hand.pass_seconds(72 * 3600 + 1);
        assert_eq!(run(&session, &code), (Reason::ApprovalLapsed, stamp()));
        assert_eq!(world.asked(), 1);
    });
}

#[test]
fn looking_again_is_refused_to_others_and_when_the_time_is_over() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        let code = world.desk.ask(&session, &form).unwrap().code;
        let (reason, named) = refused_once(world.desk.review(&world.session("liu"), &code));
        assert_eq!((reason, named), (Reason::AnswerNotYours, clause("lienchiang/5.3")));
        let (reason, _) = refused_once(world.desk.hidden(&world.session("liu"), &code));
        assert_eq!(reason, Reason::AnswerNotYours);
        let (reason, _) = refused_once(world.desk.review(&session, "none"));
        assert_eq!(reason, Reason::RecordUnknown);
        world.hand.pass_seconds(599);
        world.desk.review(&session, &code).unwrap();
        world.hand.pass_seconds(2);
        let over = refused_once(world.desk.review(&session, &code));
        assert_eq!(over, (Reason::AnswerGone, clause("lienchiang/5.3")));
        assert_eq!(world.asked(), 1);
    });
}

#[test]
fn correcting_is_refused_unless_it_was_returned_to_its_maker() {
    played(|stage| {
        let world = stage.world();
        let (session, form) = world.lienchiang();
        let code = world.desk.ask(&session, &form).unwrap().code;
        let words = |reason: &str| CorrectForm { reason: reason.into(), ..CorrectForm::default() };
        let correct = |session: &desk::Session, text: &str| world.desk.correct(session, &code, &words(text));
        let sheet = || clause("lienchiang/5.1");
        assert_eq!(refused_once(correct(&session, "補正")), (Reason::WrongState, sheet()));
        let verdict = Verdict::Return { reason_code: "reason".into(), note: "請補充".into() };
        world.desk.judge(&world.session("tsao"), &code, &verdict).unwrap();
        assert_eq!(refused_once(correct(&world.session("liu"), "補正")), (Reason::AnswerNotYours, sheet()));
        assert_eq!(refused_once(correct(&session, " ")), (Reason::FieldMissing, sheet()));
        assert_eq!(refused_once(correct(&session, &"長".repeat(501))), (Reason::FieldTooLong, sheet()));
        correct(&session, "補正案號").unwrap();
        assert_eq!(world.count("lienchiang", "lookup.corrected"), 1);
        world.judge_and_stamp("tsao", &code);
    });
}

#[test]
fn consents_are_given_and_ended_by_whom_the_rule_names() {
    played(|stage| {
        let world = stage.world();
        let form = ConsentForm::default();
        let give = |login: &str, form: &ConsentForm| {
            refused_once(world.desk.give_consent(&world.session(login), form, ""))
        };
        assert_eq!(give("chen", &form), (Reason::NoCapacity, clause("lienchiang/5.5")));
        assert_eq!(give("hsu", &form), (Reason::NoCapacity, clause("taipei/5.2")));
        assert_eq!(give("chang", &form).0, Reason::NoCapacity);
        let for_basis = |code: &str| ConsentForm { basis: Some(code.into()), ..ConsentForm::default() };
        assert_eq!(give("tsao", &for_basis("emergency")), (Reason::NoCapacity, clause("lienchiang/2.2")));
        assert_eq!(give("wang-lc", &for_basis("vaccination")).0, Reason::BasisUnknown);
        let past = ConsentForm { until: Date::new(2026, 1, 1), ..ConsentForm::default() };
        assert_eq!(give("tsao", &past), (Reason::FieldMalformed, clause("lienchiang/5.5")));
        let end = world.desk.end_consent(&world.session("tsao"), "none");
        assert_eq!(refused_once(end).0, Reason::ConsentUnknown);
        world.consent("tsao", None);
        let id = world.desk.consents(&world.session("tsao")).unwrap()[0].id.clone();
        let (reason, _) = refused_once(world.desk.end_consent(&world.session("chen"), &id));
        assert_eq!(reason, Reason::NoCapacity);
        let harbour = stage.harbour("1100301");
        let missing = harbour.desk.give_consent(&harbour.session("master"), &form, "");
        assert_eq!(refused_once(missing).0, Reason::FieldMissing);
    });
}

#[test]
fn a_case_is_registered_once_and_only_as_it_can_be_read() {
    played(|stage| {
        let world = stage.world();
        let session = world.session("chen");
        let (number, name) = people()[0].clone();
        let party =
            PartyForm { name: Personal::new(name), id: Personal::new(number), role: "申請人".into() };
        let good = CaseForm {
            number: "L-9".into(),
            business: "vaccination".into(),
            received: Date::new(2026, 3, 1).unwrap(),
            parties: vec![party.clone()],
        };
        let reason = |form: &CaseForm| refused_once(world.desk.register_case(&session, form)).0;
        let spoiled = |spoil: fn(&mut CaseForm)| {
            let mut form = good.clone();
            spoil(&mut form);
            reason(&form)
        };
        assert_eq!(spoiled(|f| f.number = " ".into()), Reason::FieldMissing);
        assert_eq!(spoiled(|f| f.number = "9".repeat(41)), Reason::FieldTooLong);
        assert_eq!(spoiled(|f| f.business = "none".into()), Reason::FieldMalformed);
        assert_eq!(spoiled(|f| f.received = Date::new(2026, 3, 3).unwrap()), Reason::FieldMalformed);
        assert_eq!(spoiled(|f| f.parties[0].id = Personal::new("A123456788")), Reason::FieldMalformed);
        assert_eq!(spoiled(|f| f.parties[0].name = Personal::new("")), Reason::FieldMalformed);
        let other = refused_once(world.desk.register_case(&world.session("tsao"), &good));
        assert_eq!(other.0, Reason::NoCapacity);
        world.desk.register_case(&session, &good).unwrap();
        assert_eq!(reason(&good), Reason::CaseExists);
        assert_eq!(world.count("lienchiang", "case.registered"), 1);
    });
}

#[test]
fn pages_refuse_what_is_not_there() {
    played(|stage| {
        let world = stage.world();
        let session = world.session("chen");
        assert_eq!(refused_once(world.desk.draft(&session, Some("none"))).0, Reason::CaseUnknown);
        assert_eq!(refused_once(world.desk.verify(&session, "nonsense")).0, Reason::CodeMalformed);
        let (mine, form) = world.lienchiang();
        let code = world.desk.ask(&mine, &form).unwrap().code;
        let others = world.desk.verify(&world.session("lin"), &code);
        assert_eq!(refused_once(others).0, Reason::RecordUnknown);
        assert_eq!(refused_once(world.desk.record(&world.session("liu"), &code)).0, Reason::RecordUnknown);
        let records = world.desk.records(&world.session("yang-lc"), &Default::default());
        assert_eq!(refused_once(records).0, Reason::NoCapacity);
        assert_eq!(refused_once(world.desk.queue(&session, None)).0, Reason::NoCapacity);
        assert_eq!(refused_once(world.desk.export_log(&session, "lienchiang")).0, Reason::NoCapacity);
        let proved = world.desk.verify(&mine, &code).unwrap();
        assert!(proved.consistent && proved.entries.iter().all(|entry| entry.included));
    });
}

#[test]
fn overdue_stamps_stop_new_lookups_where_the_rule_says_so() {
    played(|stage| {
        let world = stage.world();
        let files = sluice::pack::shipped::all().into_iter();
        let (_, files) = files.into_iter().find(|(folder, _)| folder.starts_with("lienchiang")).unwrap();
        let strict = files.into_iter().map(|(path, text)| {
            (path, text.replace("consequence = \"remind\"", "consequence = \"block-new-lookups\""))
        });
        let checked = desk::regulation::check(strict.collect());
        world.hand.pass_seconds(1);
        let mut checked = checked.unwrap_or_else(|errors| panic!("{errors:?}"));
        checked.pack.header.effective_from = None;
        world.desk.activate(checked).unwrap();
        let (session, form) = world.lienchiang();
        let blocked = session.pack.countersign(&session.actor.situation()).unwrap().value.consequence;
        assert_eq!(blocked, Some(domain::regulation::Consequence::BlockNewLookups));
        world.desk.ask(&session, &form).unwrap();
        world.hand.pass_seconds(3 * 24 * 3600);
        let again = AskForm { form_key: "again".into(), ..form };
        let late = refused_once(world.desk.ask(&session, &again));
        assert_eq!(late, (Reason::StampsOverdue, clause("lienchiang/5.1")));
    });
}

#[test]
fn an_agency_without_a_regulation_in_force_lets_nobody_in() {
    played(|stage| {
        let world = stage.bare();
        let agency = Agency {
            id: AgencyId::new("bare"),
            name: "無規".into(),
            name_en: "Bare".into(),
            pack: "none".into(),
        };
        let unit = Unit {
            id: UnitId::new("bare"),
            agency: AgencyId::new("bare"),
            above: None,
            name: "組".into(),
            name_en: "Unit".into(),
            organisation: String::new(),
        };
        let assignment = Assignment {
            id: AssignmentId::new("one"),
            person: PersonId::new("one"),
            unit: UnitId::new("bare"),
            role: "user".into(),
            from: Date::new(2024, 1, 1).unwrap(),
            until: None,
        };
        let changes = vec![Change::Agency(agency), Change::Unit(unit), Change::Assignment(assignment)];
        world.desk.enrol(&LogId::new("bare"), changes).unwrap();
        world.desk.bind_token("token", super::world::ADDRESS, AssignmentId::new("one"));
        let session = world.desk.token_session("token", super::world::ADDRESS, Place::Elsewhere);
        assert_eq!(refused_once(session.map(|_| ())).0, Reason::NoRegulation);
    });
}
