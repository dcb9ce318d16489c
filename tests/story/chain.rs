//! What happens around a chain: what its head delegates, who takes a step on, whom they ask.

use super::application::{data_request, form_one, give, lienchiang, newcomer};
use super::stage::played;
use super::world::{World, refused_once};
use base64ct::{Base64, Encoding};
use desk::application::{ApplicationForm, ConsultForm, FileForm, Like, ReplyForm};
use desk::directory::{DelegationForm, PostForm};
use desk::{Answer, ClaimAct, No, TodoKind};
use domain::application::{Entry, Verdict};
use domain::directory::post::Cause;
use domain::id::ApplicationId;
use domain::{Personal, Reason};
use sluice::pack::shipped;

/// An application of Kaohsiung that has come to the head or a delegate.
fn before_the_head(world: &World) -> String {
    let filled = form_one(&["common-functions"]);
    let code = world.desk.write_application(&world.session("chou"), &filled).unwrap();
    give(world, "li-sanmin", &code, Verdict::Agree).unwrap();
    code
}

fn delegate(world: &World, login: &str, to: &str, words: &str) -> Answer<()> {
    let today = world.desk.now().date();
    let form = DelegationForm {
        to: to.into(),
        objects: vec!["account".into()],
        from: today,
        until: today.plus_days(30).unwrap(),
        words: Personal::new(words),
        form_key: String::new(),
    };
    world.desk.delegate(&world.session(login), &form)
}

#[test]
fn a_delegate_stamps_beside_the_head_until_it_is_taken_back() {
    played(|stage| {
        let world = stage.world();
        let code = before_the_head(&world);
        assert_eq!(refused_once(give(&world, "kuo-kh", &code, Verdict::Agree)).0, Reason::NotYourStep);
        // Nobody but the head delegates, and only where the rule knows a delegate.
        assert_eq!(refused_once(delegate(&world, "li-sanmin", "kuo-kh", "x")).0, Reason::NoCapacity);
        assert_eq!(refused_once(delegate(&world, "wang-lc", "chen", "x")).0, Reason::NoCapacity);
        for (to, words, field) in [("fang-kh", "x", "to"), ("chen", "x", "to"), ("kuo-kh", " ", "words")] {
            let Err(No::Refused(views)) = delegate(&world, "fang-kh", to, words) else { panic!("{to}") };
            assert_eq!(views[0].refusal.field.as_deref(), Some(field));
        }
        delegate(&world, "fang-kh", "kuo-kh", "高市社秘字第1150001號").unwrap();
        let kuo = world.session("kuo-kh");
        let waits = world.desk.todo(&kuo).unwrap();
        assert!(waits.iter().any(|item| item.about == code));
        let view = world.desk.application(&kuo, &code).unwrap();
        assert_eq!(view.right.delegated_by.as_deref(), Some("方志成"));
        give(&world, "kuo-kh", &code, Verdict::Agree).unwrap();
        let view = world.desk.application(&world.session("chou"), &code).unwrap();
        let stamp = &view.steps[2].stamps[0];
        assert_eq!((stamp.by.as_str(), stamp.right.delegated_by.as_deref()), ("郭靜怡", Some("方志成")));
        assert_eq!(stamp.right.stands_for, None);

        let (head, other) = (world.session("fang-kh"), world.session("lin"));
        let list = world.desk.delegations(&head).unwrap();
        assert_eq!((list.list.len(), list.objects.len()), (1, 1));
        assert_eq!(list.list[0].words, "高市社秘字第1150001號");
        assert_eq!(world.desk.delegations(&kuo).unwrap().list.len(), 1, "the delegate sees it too");
        assert!(world.desk.delegations(&other).unwrap().list.is_empty());
        let id = &list.list[0].id;
        assert_eq!(refused_once(world.desk.revoke_delegation(&kuo, id)).0, Reason::NoCapacity);
        world.desk.revoke_delegation(&head, id).unwrap();
        assert_eq!(refused_once(world.desk.revoke_delegation(&head, id)).0, Reason::WrongState);
        assert_eq!(refused_once(world.desk.revoke_delegation(&head, "nothing")).0, Reason::RecordUnknown);
        let next = before_the_head(&world);
        assert_eq!(refused_once(give(&world, "kuo-kh", &next, Verdict::Agree)).0, Reason::NotYourStep);
        assert_eq!(world.count("kaohsiung", "directory.delegated"), 1);
        assert_eq!(world.count("kaohsiung", "directory.delegation-revoked"), 1);
    });
}

#[test]
fn one_of_several_takes_a_step_on_and_the_others_see_who_and_since_when() {
    played(|stage| {
        let world = stage.world();
        let code = before_the_head(&world);
        give(&world, "fang-kh", &code, Verdict::Agree).unwrap();
        let (sun, ma) = (world.session("sun-kh"), world.session("ma-kh"));
        let view = world.desk.application(&sun, &code).unwrap();
        assert_eq!(view.claim, Some(ClaimAct::Take));
        assert_eq!(
            refused_once(world.desk.claim_application(&world.session("lin"), &code)).0,
            Reason::NotYourStep
        );
        world.desk.claim_application(&sun, &code).unwrap();
        let Err(No::Refused(views)) = give(&world, "ma-kh", &code, Verdict::Agree) else { panic!("taken") };
        assert_eq!(
            (views[0].refusal.reason, &views[0].helpers[..]),
            (Reason::Claimed, &["孫佩君".into()][..])
        );
        let seen = world.desk.application(&ma, &code).unwrap();
        assert_eq!(seen.steps[3].claims[0].by, "孫佩君");
        assert_eq!(seen.row.holding, ["孫佩君"]);
        assert!(seen.barred.is_some() && seen.claim.is_none());
        assert!(!world.desk.todo(&ma).unwrap().iter().any(|item| item.about == code));
        let turn = world.desk.applications(&ma, &Default::default()).unwrap().turn;
        assert!(turn.iter().any(|row| row.code == code), "it stays in the list, with who has it");

        // While she is away it rests; the head of the agency, for want of one of the unit, lifts it.
        let today = world.desk.now().date();
        world.be_away(&sun, "tai-kh", today, today).unwrap();
        assert!(world.desk.application(&ma, &code).unwrap().barred.is_none());
        world.hand.pass_seconds(86_400);
        let (fang, ma) = (world.session("fang-kh"), world.session("ma-kh"));
        assert!(world.desk.application(&ma, &code).unwrap().barred.is_some());
        assert_eq!(refused_once(world.desk.release_application(&ma, &code)).0, Reason::Claimed);
        assert_eq!(world.desk.application(&fang, &code).unwrap().claim, Some(ClaimAct::Lift));
        world.desk.release_application(&fang, &code).unwrap();
        world.desk.claim_application(&ma, &code).unwrap();
        give(&world, "ma-kh", &code, Verdict::Agree).unwrap();
        let acts: Vec<_> = world.acts("kaohsiung", &code).into_iter().map(|(act, _)| act).collect();
        let own = ["application.claimed", "application.released", "application.claimed"];
        let claims: Vec<_> = acts.iter().filter(|act| own.contains(&act.as_str())).collect();
        assert_eq!(claims, own);
    });
}

fn consult(world: &World, login: &str, code: &str, colleagues: &[&str], question: &str) -> Answer<()> {
    let form = ConsultForm {
        colleagues: colleagues.iter().map(|one| (*one).into()).collect(),
        question: Personal::new(question),
        form_key: String::new(),
    };
    world.desk.consult(&world.session(login), code, &form)
}

#[test]
fn whoever_has_it_asks_colleagues_and_an_opinion_is_no_stamp() {
    played(|stage| {
        let world = stage.world();
        let code = before_the_head(&world);
        give(&world, "fang-kh", &code, Verdict::Agree).unwrap();
        let reason = |answer| refused_once::<()>(answer).0;
        assert_eq!(reason(consult(&world, "lin", &code, &["kuo-kh"], "x")), Reason::NotYourStep);
        assert_eq!(reason(consult(&world, "sun-kh", &code, &["chou"], "x")), Reason::AskedConcerned);
        assert_eq!(reason(consult(&world, "sun-kh", &code, &["chen"], "x")), Reason::FieldMalformed);
        assert_eq!(reason(consult(&world, "sun-kh", &code, &["kuo-kh"], " ")), Reason::FieldMissing);
        let (kuo, wu) = (world.session("kuo-kh"), world.session("wu"));
        assert!(world.desk.application(&wu, &code).is_err());
        consult(&world, "sun-kh", &code, &["kuo-kh", "wu", "tai-kh"], "業務上是否必要").unwrap();
        assert_eq!(reason(consult(&world, "sun-kh", &code, &["wu"], "再問")), Reason::AskedAlready);
        let waits = world.desk.todo(&kuo).unwrap();
        assert!(waits.iter().any(|item| item.kind == TodoKind::Opinion && item.about == code));
        let view = world.desk.application(&wu, &code).unwrap();
        let mine = view.questions.iter().find(|question| question.mine).unwrap();
        assert_eq!((mine.words.as_str(), view.questions.len()), ("業務上是否必要", 3));
        let answer = |login: &str, given: bool, opinion: &str| {
            let session = world.session(login);
            let view = world.desk.application(&session, &code).unwrap();
            let question = view.questions.iter().find(|question| question.mine).map(|own| own.id.clone());
            let (question, opinion) = (question.unwrap_or_default(), Personal::new(opinion));
            world.desk.reply(&session, &code, &ReplyForm { question, given, opinion })
        };
        assert_eq!(reason(answer("wu", true, " ")), Reason::FieldMissing);
        answer("wu", false, "").unwrap();
        answer("tai-kh", true, "承辦低收入戶審查確有必要").unwrap();
        assert_eq!(reason(answer("tai-kh", true, "x")), Reason::RecordUnknown);
        let view = world.desk.application(&world.session("sun-kh"), &code).unwrap();
        assert_eq!(view.questions.iter().filter(|question| question.reply.is_none()).count(), 1, "kuo");
        assert_eq!(view.steps[3].stamps.len(), 0);
        // An open question holds nothing up, and whoever gave an opinion is counted at their own step.
        give(&world, "sun-kh", &code, Verdict::Agree).unwrap();
        assert!(!world.desk.todo(&kuo).unwrap().iter().any(|item| item.kind == TodoKind::Opinion));
        give(&world, "tai-kh", &code, Verdict::Agree).unwrap();
        assert_eq!(world.count("kaohsiung", "application.consulted"), 1);
        assert_eq!(world.count("kaohsiung", "application.opinion-declined"), 1);
    });
}

#[test]
fn what_a_blind_step_is_given_is_seen_nowhere_before_it_is_over() {
    played(|stage| {
        let world = stage.world();
        let files = shipped::all().into_iter().find(|(folder, _)| folder.starts_with("taipei")).unwrap().1;
        let files = files.into_iter().map(|(path, text)| {
            let text = text.replace("version = \"undated\"", "version = \"blind\"");
            (path, text.replace("act = \"consult\" }", "act = \"consult\", blind = true }"))
        });
        // Of two versions that begin on one day the later one holds.
        world.hand.pass_seconds(60);
        world
            .desk
            .activate(desk::regulation::check(files.collect()).unwrap_or_else(|e| panic!("{e:?}")))
            .unwrap();
        let huang = world.session("huang");
        let code = world.desk.write_application(&huang, &data_request()).unwrap();
        give(&world, "hsu", &code, Verdict::Agree).unwrap();
        give(&world, "tseng-tp", &code, Verdict::Object).unwrap();
        for login in ["huang", "kao-tp", "lo-tp", "hsu"] {
            let view = world.desk.application(&world.session(login), &code).unwrap();
            let stamp = &view.steps[2].stamps[0];
            assert_eq!((stamp.verdict, stamp.note.as_str()), ("veiled", ""), "{login}");
            assert!(!view.history.iter().any(|line| line.act == "application.objected"), "{login}");
        }
        let own = world.desk.application(&world.session("tseng-tp"), &code).unwrap();
        assert_eq!(own.steps[2].stamps[0].verdict, "object", "one's own is no secret");
        assert_eq!(world.count("taipei", "application.objected"), 0);
        give(&world, "kao-tp", &code, Verdict::Agree).unwrap();
        let view = world.desk.application(&huang, &code).unwrap();
        let given: Vec<_> = view.steps[2].stamps.iter().map(|stamp| stamp.verdict).collect();
        assert_eq!(given, ["agree", "object"]);
        assert_eq!(view.steps[2].stamps[1].note, "看過");
    });
}

fn pdf(name: &str, text: &str) -> FileForm {
    let content = Personal::new(Base64::encode_string(text.as_bytes()));
    FileForm { field: "papers".into(), name: Personal::new(name), content }
}

#[test]
fn what_was_approved_for_somebody_who_has_gone_is_sent_back_by_whoever_would_carry_it_out() {
    played(|stage| {
        let world = stage.world();
        let ni = newcomer(&world);
        let code = world.desk.write_application(&ni, &lienchiang(&["basic"])).unwrap();
        give(&world, "tsao", &code, Verdict::Agree).unwrap();
        let yang = world.session("yang-lc");
        let view = || world.desk.application(&yang, &code).unwrap();
        assert_eq!(view().verdicts, [Verdict::CarryOut, Verdict::Return, Verdict::Refuse]);
        assert!(view().hindered.is_none());
        let moves = PostForm {
            post: "ni-user".into(),
            cause: Some(Cause::Transfer),
            on: Some(world.desk.now().date()),
            unit: "lc-nangan".into(),
            role: "user".into(),
            form_key: String::new(),
        };
        world.desk.change_post(&yang, &moves).unwrap();
        assert_eq!(view().hindered.unwrap().refusal.reason, Reason::PostOver);
        let no = refused_once(give(&world, "yang-lc", &code, Verdict::CarryOut));
        assert_eq!(no, (Reason::PostOver, Some("lienchiang/5.9".into())));
        give(&world, "yang-lc", &code, Verdict::Return).unwrap();
        let view = world.desk.application(&yang, &code).unwrap();
        assert_eq!((view.row.state, view.answer.unwrap().note.as_str()), ("returned", "看過"));
        assert!(world.desk.permissions(&yang).unwrap().iter().all(|one| one.person != "倪佳蓉"));
    });
}

#[test]
fn a_file_travels_with_its_version_and_is_read_under_an_entry_only() {
    played(|stage| {
        let world = stage.world();
        let huang = world.session("huang");
        let with = |files: Vec<FileForm>| ApplicationForm { files, ..data_request() };
        for (name, text, reason) in [
            ("計畫.exe", "MZ", Reason::FileType),
            ("計畫.pdf", "", Reason::FileEmpty),
            ("計畫.pdf", "MZ not a pdf", Reason::FileMismatch),
        ] {
            let Err(No::Refused(views)) = world.desk.write_application(&huang, &with(vec![pdf(name, text)]))
            else {
                panic!("{name} was taken");
            };
            assert_eq!(
                (views[0].refusal.reason, views[0].refusal.field.as_deref()),
                (reason, Some("papers"))
            );
        }
        let large = format!("%PDF-{}", "x".repeat(2 << 20));
        let answer = world.desk.write_application(&huang, &with(vec![pdf("大.pdf", &large)]));
        assert_eq!(refused_once(answer).0, Reason::FileTooLarge);
        let many = (0..6).map(|n| pdf(&format!("{n}.pdf"), "%PDF-1.7")).collect();
        let Err(No::Refused(views)) = world.desk.write_application(&huang, &with(many)) else {
            panic!("six files were taken");
        };
        assert!(views.iter().any(|view| view.refusal.reason == Reason::FilesTooMany), "{views:?}");

        let code =
            world.desk.write_application(&huang, &with(vec![pdf("防治計畫.pdf", "%PDF-1.7 plan")])).unwrap();
        assert_eq!(world.count("taipei", "application.attached"), 1);
        let hsu = world.session("hsu");
        let files = |session| {
            let view = world.desk.application(session, &code).unwrap();
            view.fields.into_iter().find(|field| field.id == "papers").unwrap().files
        };
        let file = files(&hsu)[0].clone();
        assert_eq!((file.name.as_str(), file.kilobytes), ("防治計畫.pdf", 1));
        let out = world.desk.attachment(&hsu, &code, &file.id).unwrap();
        assert_eq!(out.bytes, b"%PDF-1.7 plan");
        assert_eq!(world.count("taipei", "application.attachment-read"), 1);
        let stranger = world.session("su-zhongshan");
        assert_eq!(refused_once(world.desk.attachment(&stranger, &code, &file.id)).0, Reason::RecordUnknown);
        assert_eq!(refused_once(world.desk.attachment(&hsu, &code, "at-none")).0, Reason::RecordUnknown);
        assert_eq!(world.count("taipei", "application.attachment-read"), 1, "who may not see reads nothing");

        // Sent back and mended with another file: each version has its own, and the difference is told.
        give(&world, "hsu", &code, Verdict::Return).unwrap();
        let mut mended = with(vec![pdf("修正.pdf", "%PDF-1.7 better")]);
        mended.code = Some(code.clone());
        let names = |session| -> Vec<String> { files(session).into_iter().map(|file| file.name).collect() };
        world.desk.write_application(&huang, &ApplicationForm { submit: false, ..mended.clone() }).unwrap();
        let waiting = files(&huang)[0].clone();
        assert_eq!((waiting.name.as_str(), names(&hsu)), ("修正.pdf", vec!["防治計畫.pdf".to_string()]));
        let early = world.desk.attachment(&hsu, &code, &waiting.id);
        assert_eq!(refused_once(early).0, Reason::RecordUnknown, "nobody reads it before it is put forward");
        assert!(world.desk.attachment(&huang, &code, &waiting.id).is_ok());
        mended.answers.insert("papers".into(), Entry { values: vec![waiting.id], ..Entry::default() });
        mended.files.clear();
        world.desk.write_application(&huang, &mended).unwrap();
        assert_eq!(files(&hsu).iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["修正.pdf"]);
        let view = world.desk.application(&hsu, &code).unwrap();
        assert!(view.fields.iter().any(|field| field.id == "papers" && field.changed));
        let copied = world
            .desk
            .blank_application(&huang, "data-request", &Like::Application(ApplicationId::new(code.as_str())))
            .unwrap();
        assert!(copied.files_left && copied.fields.iter().all(|field| field.files.is_empty()));
    });
}

#[test]
fn a_file_of_an_earlier_version_is_read_by_those_who_see_that_version() {
    played(|stage| {
        let world = stage.world();
        let (huang, hsu) = (world.session("huang"), world.session("hsu"));
        let sent = ApplicationForm { files: vec![pdf("計畫.pdf", "%PDF-1.7")], ..data_request() };
        let code = world.desk.write_application(&huang, &sent).unwrap();
        let papers = |version| {
            let view = world.desk.application_version(&hsu, &code, version).unwrap();
            view.fields.into_iter().find(|field| field.id == "papers").unwrap().files
        };
        let file = papers(1)[0].id.clone();
        give(&world, "hsu", &code, Verdict::Return).unwrap();
        let mended = ApplicationForm { code: Some(code.clone()), ..data_request() };
        world.desk.write_application(&huang, &mended).unwrap();
        assert_eq!((papers(1).len(), papers(2).len()), (1, 0));
        assert_eq!(world.desk.attachment(&hsu, &code, &file).unwrap().bytes, b"%PDF-1.7");
        let stranger = world.session("su-zhongshan");
        assert_eq!(refused_once(world.desk.attachment(&stranger, &code, &file)).0, Reason::RecordUnknown);
    });
}
