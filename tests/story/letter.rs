//! Mail that says only that something waits, and letters as drafts.

use super::account::wrong;
use super::application;
use super::stage::{Engine, Stage, played};
use super::world::{Limits, World, people, refused};
use desk::duty::DutyForm;
use desk::letter::{MailForm, Mailer};
use desk::lookup::Verdict;
use domain::directory::post::Cause;
use domain::letter::Said;
use domain::time::{Date, Instant};
use domain::{Personal, Reason};
use gate::{Mail, MailTls, Post, PostError, Secret, Smtp, SmtpSettings};
use harness::folder::Folder;
use harness::mail::{MailServer, Protection};
use sluice::demo::cast::CAST;
use std::sync::{Arc, Mutex};
use store::Value;
use web::locale::MailWords;

const LINK: &str = "https://gate.example.org";

/// What a server does with the mail that it is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    Takes,
    IsDead,
    FallsSilent,
}

/// A mail server that remembers every mail that it was given, whether it took it or not.
pub(super) struct Recorder {
    mood: Mutex<Mood>,
    given: Mutex<Vec<Mail>>,
}

impl Post for Recorder {
    fn send(&self, mail: &Mail) -> Result<(), PostError> {
        self.given.lock().unwrap().push(mail.clone());
        match *self.mood.lock().unwrap() {
            Mood::Takes => Ok(()),
            Mood::IsDead => Err(PostError::Away("nobody listens".into())),
            Mood::FallsSilent => Err(PostError::Doubtful("no answer".into())),
        }
    }
}

impl Recorder {
    pub(super) fn of(world: &World) -> Arc<Self> {
        let own = Arc::new(Self { mood: Mutex::new(Mood::Takes), given: Mutex::default() });
        own.serve(world);
        own
    }

    fn serve(self: &Arc<Self>, world: &World) {
        let post: Arc<dyn Post> = Arc::clone(self) as _;
        let wording = Arc::new(MailWords);
        world.desk.send_mail_by(Mailer { post, wording, link: LINK.into(), at: 480 });
    }

    fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// The mails since the last time, each with the words before the sign of its address. None of them names
    /// anybody.
    pub(super) fn taken(&self, world: &World) -> Vec<(String, Mail)> {
        let given = std::mem::take(&mut *self.given.lock().unwrap());
        let named = |mail: Mail| {
            names_nobody(world, &mail);
            (mail.to.reveal().split('@').next().unwrap().to_string(), mail)
        };
        given.into_iter().map(named).collect()
    }
}

/// Everything that no mail may hold: names and numbers of staff and of the cases' people, case numbers,
/// accounts, units, and record codes.
fn names_nobody(world: &World, mail: &Mail) {
    let mut secrets: Vec<String> = vec!["L-1".into(), "K-1".into()];
    secrets.extend(CAST.iter().flat_map(|one| [one.name, one.number, one.login].map(String::from)));
    secrets.extend(people().into_iter().flat_map(|(number, name)| [number, name]));
    for log in ["lienchiang", "taipei", "kaohsiung", "platform"] {
        secrets.extend(world.entries(log).into_iter().filter_map(|entry| entry.record));
    }
    let text = format!("{}\n{}", mail.subject, mail.body).replace(LINK, "");
    // Accounts of few letters are parts of English words; they are looked for as words.
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
    for secret in secrets {
        let short = secret.is_ascii() && secret.len() < 8;
        let found = if short { words.contains(&secret.as_str()) } else { text.contains(&secret) };
        assert!(!found, "{secret} stands in: {text}");
    }
    assert!(!text.contains('@'), "an address stands in: {text}");
}

fn form(login: &str, digest: bool, urgent: bool, language: &str) -> MailForm {
    let email = Personal::new(format!("{login}@example.org"));
    MailForm { email, digest, urgent, language: language.into() }
}

pub(super) fn wants(world: &World, login: &str, digest: bool, urgent: bool) {
    world.desk.set_mail(&world.session(login), &form(login, digest, urgent, "zh-TW")).unwrap();
}

fn at(text: &str, hour: u8, minute: u8) -> Instant {
    Instant::at(Date::parse_iso(text).unwrap(), hour, minute)
}

/// Lets a moment come, in which the watch makes its round and mail is sent.
fn on(world: &World, moment: Instant) {
    world.hand.set(moment);
    world.desk.tick().unwrap();
    world.desk.deliver().unwrap();
}

fn receivers(mails: &[(String, Mail)]) -> Vec<&str> {
    mails.iter().map(|(to, _)| to.as_str()).collect()
}

#[test]
fn a_digest_comes_once_each_working_morning_to_those_for_whom_something_waits() {
    played(|stage| {
        let world = stage.world();
        let post = Recorder::of(&world);
        for (login, digest) in [("tsao", true), ("chen", true), ("chiu-nangan", false)] {
            wants(&world, login, digest, false);
        }
        on(&world, at("2026-03-02", 7, 59));
        assert!(post.taken(&world).is_empty(), "it is not eight yet");
        for minute in [0, 1, 2] {
            on(&world, at("2026-03-02", 8, minute));
        }
        on(&world, at("2026-03-02", 15, 0));
        let first = post.taken(&world);
        assert_eq!(receivers(&first), ["tsao"], "nothing waits for the one, and another wants none");
        let waits = world.desk.todo(&world.session("tsao")).unwrap().len();
        assert!(waits > 0);
        assert!(first[0].1.subject.contains(&format!("待辦 {waits} 項")), "{}", first[0].1.subject);
        assert!(first[0].1.body.contains("尚無有效的使用同意") && first[0].1.body.contains(LINK));
        on(&world, at("2026-03-03", 8, 0));
        assert_eq!(receivers(&post.taken(&world)), ["tsao"]);
        for holiday in ["2026-03-07", "2026-04-03"] {
            on(&world, at(holiday, 9, 0));
            assert!(post.taken(&world).is_empty(), "{holiday} is no working day");
        }
        on(&world, at("2026-04-07", 8, 0));
        assert!(receivers(&post.taken(&world)).contains(&"tsao"));
    });
}

#[test]
fn what_is_urgent_comes_at_once_and_once_an_hour_and_the_rest_is_counted() {
    played(|stage| {
        let world = stage.world();
        let (chen, asked) = world.lienchiang();
        let post = Recorder::of(&world);
        world.desk.set_mail(&chen, &form("chen", true, true, "en")).unwrap();
        let codes: Vec<String> = (0..3)
            .map(|n| {
                world.hand.pass_seconds(60);
                let asked = desk::lookup::AskForm { form_key: format!("key {n}"), ..asked.clone() };
                world.desk.ask(&chen, &asked).unwrap().code
            })
            .collect();
        let head = world.session("tsao");
        let send_back = |code: &str| {
            let returned = Verdict::Return { reason_code: "items".into(), note: "項目過多".into() };
            world.desk.judge(&head, code, &returned).unwrap();
            world.desk.deliver().unwrap();
        };
        send_back(&codes[0]);
        let first = post.taken(&world);
        assert_eq!(receivers(&first), ["chen"]);
        assert!(first[0].1.body.contains("A record was sent back"), "{}", first[0].1.body);
        send_back(&codes[1]);
        assert!(post.taken(&world).is_empty(), "within the hour it is counted");
        world.hand.pass_seconds(3_600);
        send_back(&codes[2]);
        assert_eq!(post.taken(&world).len(), 1, "an hour has passed");
        on(&world, at("2026-03-03", 8, 0));
        let digest = post.taken(&world);
        let body = &digest[0].1.body;
        assert!(body.contains("3 returned records") && body.contains("one by one: 1."), "{body}");
    });
}

#[test]
fn lateness_a_lock_and_an_application_sent_back_are_urgent() {
    played(|stage| {
        let world = stage.world();
        let post = Recorder::of(&world);
        for login in ["ho-kh", "chen", "liu"] {
            wants(&world, login, false, true);
        }
        on(&world, at("2026-03-02", 9, 0));
        on(&world, at("2026-04-01", 9, 0));
        let late = post.taken(&world);
        assert_eq!(receivers(&late), ["ho-kh"], "the inventory of the quarter was due in March");
        assert!(late[0].1.subject.contains("急件") && late[0].1.body.contains("逾期"));
        while world.count("platform", "account.locked") == 0 {
            wrong(&world, "chen");
        }
        world.desk.deliver().unwrap();
        let locked = post.taken(&world);
        assert_eq!(receivers(&locked), ["chen"]);
        assert!(locked[0].1.body.contains("鎖定"));
        application::sent_back(&world, "liu", "tsao");
        world.desk.deliver().unwrap();
        let returned = post.taken(&world);
        assert_eq!(receivers(&returned), ["liu"]);
        assert!(returned[0].1.body.contains("申請退回"));
    });
}

#[test]
fn a_dead_server_is_tried_again_until_the_mail_is_three_days_old() {
    played(|stage| {
        let world = stage.world();
        let post = Recorder::of(&world);
        post.is(Mood::IsDead);
        wants(&world, "tsao", true, false);
        on(&world, at("2026-03-02", 8, 0));
        let first = post.taken(&world);
        assert_eq!(first.len(), 1);
        for minute in [0, 1] {
            on(&world, at("2026-03-02", 8, minute));
        }
        assert!(post.taken(&world).is_empty(), "it waits before it tries again");
        on(&world, at("2026-03-02", 8, 2));
        on(&world, at("2026-03-02", 8, 5));
        post.is(Mood::Takes);
        on(&world, at("2026-03-02", 8, 6));
        on(&world, at("2026-03-02", 12, 0));
        let later = post.taken(&world);
        assert_eq!(later.len(), 2, "once in vain, and once for good");
        assert!(later.iter().all(|(_, mail)| mail == &first[0].1), "the same mail under the same name");

        post.is(Mood::IsDead);
        for day in ["2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"] {
            on(&world, at(day, 8, 0));
            on(&world, at(day, 23, 0));
        }
        let keeper = world.session("yang-lc");
        let outbox = world.desk.mail(&keeper).unwrap().outbox;
        assert_eq!(outbox, Some((3, 1)), "the first of four is given up");
        assert_eq!(
            world.desk.mail(&world.session("tsao")).unwrap().outbox,
            None,
            "it is the keeper's to see"
        );
        let given_up = world.desk.metrics().into_iter().find(|(name, ..)| *name == "sluice_mail_given_up");
        assert_eq!(given_up.unwrap().2, 1.0);
    });
}

#[test]
fn a_mail_whose_fate_is_unknown_is_handed_over_twice_at_most() {
    played(|stage| {
        let world = stage.world();
        let post = Recorder::of(&world);
        post.is(Mood::FallsSilent);
        wants(&world, "tsao", true, false);
        for hour in 8..20 {
            on(&world, at("2026-03-02", hour, 0));
        }
        let given = post.taken(&world);
        assert_eq!(given.len(), 2);
        assert_eq!(given[0].1.id, given[1].1.id, "receivers can tell");
    });
}

#[test]
fn nothing_is_sent_twice_by_two_nodes() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        Stage::play_alone(engine, |stage| {
            let folder = Folder::new("story-letter");
            let config = stage.lasting(folder.path());
            let one = World::open(stage, &config, Limits::default());
            let other = World::bare(stage, &config, Limits::default());
            let post = Recorder::of(&one);
            post.serve(&other);
            for login in ["tsao", "chiu-nangan", "hsu"] {
                wants(&one, login, true, true);
            }
            for moment in [at("2026-03-02", 8, 0), at("2026-03-02", 8, 10), at("2026-03-03", 8, 0)] {
                for world in [&one, &other] {
                    world.hand.set(moment);
                }
                std::thread::scope(|scope| {
                    for desk in [&one.desk, &other.desk, &one.desk, &other.desk] {
                        scope.spawn(move || {
                            desk.tick().unwrap();
                            desk.deliver().unwrap();
                        });
                    }
                });
                for world in [&one, &other] {
                    world.hand.pass_seconds(61);
                    world.desk.tick().unwrap();
                    world.desk.deliver().unwrap();
                }
            }
            let mails = post.taken(&one);
            let mut all = receivers(&mails);
            all.sort_unstable();
            let waits = |login: &str| !one.desk.todo(&one.session(login)).unwrap().is_empty();
            let mut wanted: Vec<&str> =
                ["chiu-nangan", "hsu", "tsao"].into_iter().filter(|l| waits(l)).collect();
            wanted = wanted.iter().flat_map(|login| [*login, *login]).collect();
            assert!(!wanted.is_empty());
            assert_eq!(all, wanted, "each once a day");
            one.end_without_rows();
            other.end_without_rows();
        });
    }
}

#[test]
fn settings_are_a_decision_whose_entry_names_no_address() {
    played(|stage| {
        let world = stage.world();
        let tsao = world.session("tsao");
        let held = world.desk.mail(&tsao).unwrap();
        assert!(held.address.is_empty() && held.digest && held.urgent && held.language == "zh-TW");
        let set = |email: &str, language: &str| {
            let form = MailForm { email: Personal::new(email), ..form("tsao", true, false, language) };
            world.desk.set_mail(&tsao, &form)
        };
        for bad in ["tsao", "tsao@", "tsao@example.org\r\nBcc: all@example.org", "曹@example.org"] {
            assert_eq!(refused(set(bad, "en")), [(Reason::FieldMalformed, None)], "{bad}");
        }
        assert_eq!(refused(set(&format!("a@{}.org", "b".repeat(260)), "en"))[0].0, Reason::FieldTooLong);
        assert_eq!(refused(set("tsao@example.org", "fr")), [(Reason::FieldMalformed, None)]);
        for _ in 0..2 {
            set("tsao@example.org", "en").unwrap();
        }
        let entries = world.entries("lienchiang");
        let own: Vec<_> = entries.iter().filter(|entry| entry.act == "letter.settings-changed").collect();
        assert_eq!(own.len(), 1, "what changes nothing enters nothing");
        assert!(
            own[0].detail.contains(r#""address":"given""#) && own[0].detail.contains(r#""language":"en""#)
        );
        assert_eq!(world.desk.mail(&tsao).unwrap().address.expose(), "tsao@example.org");
        let text = |value: &Value| matches!(value, Value::Text(text) if text.contains("tsao@"));
        let dump = world.desk.store().dump().unwrap();
        assert!(!dump.iter().flat_map(|table| &table.rows).flatten().any(text), "it is sealed");
        set("", "en").unwrap();
        assert!(world.desk.mail(&tsao).unwrap().address.is_empty());
    });
}

/// Lets the supervisor of Lienchiang leave, which the rule tells the provider by a letter.
fn supervisor_leaves(world: &World) -> (desk::Session, String) {
    let form = desk::directory::PostForm {
        post: "tsao-supervisor".into(),
        cause: Some(Cause::Transfer),
        on: Some(world.desk.now().date()),
        unit: "lc-nangan".into(),
        role: "supervisor".into(),
        form_key: String::new(),
    };
    let keeper = world.session("yang-lc");
    world.hand.pass_seconds(60);
    world.desk.change_post(&keeper, &form).unwrap();
    let owed = world.desk.duties(&keeper, false).unwrap().own;
    // The parent rule wants the provider told as well: one letter tells both.
    let own = |duty: &&desk::view::DutyView| {
        let clause = duty.clause.as_ref().is_some_and(|clause| clause.id.as_str() == "lienchiang/5.8");
        clause && duty.letter.as_ref().is_some_and(|letter| letter.draft.is_some())
    };
    let id = owed.iter().find(own).unwrap().id.clone();
    (keeper, id)
}

#[test]
fn a_change_that_is_told_outside_has_its_letter_drafted_and_entered() {
    played(|stage| {
        let world = stage.world();
        let (keeper, id) = supervisor_leaves(&world);
        let view = world.desk.duty(&keeper, &id).unwrap().letter.unwrap();
        let draft = view.draft.unwrap();
        assert_eq!(&*draft.subject.zh, "本局連結作業承辦人異動，請查照。");
        assert_eq!(draft.recipient.0.as_deref(), Some("provider"));
        assert_eq!(
            (draft.person.as_str(), draft.cause, draft.on),
            ("曹志明", Some("transfer"), world.desk.now().date())
        );
        assert_eq!(&*draft.agency.zh, "連江縣衛生局");
        assert_eq!(draft.bases[0].id.as_str(), "lienchiang/5.8");
        assert!(view.numbered && view.channels == ["letter"] && view.sent.is_none());
        let fulfil = |number: &str, on: Option<Date>, channel: &str| {
            let letter = Said { number: number.into(), on, channel: channel.into() };
            world.desk.fulfil(&keeper, &id, &DutyForm { letter, ..DutyForm::default() })
        };
        let today = world.desk.now().date();
        let reasons = |no: Vec<(Reason, Option<String>)>| no.into_iter().map(|no| no.0).collect::<Vec<_>>();
        let no = refused(fulfil("", None, ""));
        assert_eq!(no[0].1.as_deref(), Some("lienchiang/5.8"));
        assert_eq!(reasons(no), [Reason::FieldMissing; 3]);
        let no = refused(fulfil("衛資字1150001", Some(today.next()), "telephone"));
        assert_eq!(reasons(no), [Reason::FieldMalformed; 2]);
        let no = refused(fulfil(&"9".repeat(81), Some(today), "letter"));
        assert_eq!(reasons(no), [Reason::FieldTooLong]);
        fulfil("衛資字1150001", Some(today), "letter").unwrap();
        let entries = world.entries("lienchiang");
        let of = |act: &str| entries.iter().find(|entry| entry.act == act).unwrap();
        let sent = of("letter.sent");
        for part in
            [r#""number":"衛資字1150001""#, r#""recipient":"party:provider""#, r#""channel":"letter""#]
        {
            assert!(sent.detail.contains(part), "{part}: {}", sent.detail);
        }
        assert!(!sent.detail.contains("曹志明") && of("duty.fulfilled").detail.contains(&id));
        let view = world.desk.duty(&keeper, &id).unwrap();
        assert_eq!(view.state, "done");
        let view = view.letter.unwrap();
        assert_eq!(view.sent, Some(("衛資字1150001".into(), today, "letter".into())));
        assert!(view.draft.is_none(), "what has left is no draft");
    });
}

fn smtp(server: &MailServer, tls: MailTls, roots: Option<Vec<u8>>) -> Smtp {
    let (host, from) = ("127.0.0.1".into(), "gate@example.org".into());
    Smtp::new(&SmtpSettings { host, port: server.port, tls, user: None, roots, from }).unwrap()
}

#[test]
fn a_digest_reaches_a_real_mail_server() {
    Stage::play_alone(Engine::Sqlite, |stage| {
        let world = stage.world();
        let mut server = MailServer::start();
        let post = Arc::new(smtp(&server, MailTls::None, None));
        let wording = Arc::new(MailWords);
        world.desk.send_mail_by(Mailer { post, wording, link: LINK.into(), at: 480 });
        wants(&world, "tsao", true, false);
        on(&world, at("2026-03-02", 8, 0));
        on(&world, at("2026-03-02", 9, 0));
        let mails = server.mails();
        assert_eq!(mails.len(), 1, "{:?}", server.folder());
        let mail = &mails[0];
        let header = |name: &str| mail["headers"][name].as_str().unwrap_or_default().to_string();
        assert_eq!((header("From"), header("To")), ("gate@example.org".into(), "tsao@example.org".into()));
        let id = header("Message-ID");
        assert!(id.starts_with("<mail-") && id.ends_with("@example.org>"), "{id}");
        assert_eq!(header("Date"), "Mon, 02 Mar 2026 00:00:00 +0000", "eight in Taipei");
        assert_eq!(header("Auto-Submitted"), "auto-generated");
        assert_eq!(header("Content-Language"), "zh-TW");
        assert_eq!((mail["charset"].as_str(), mail["type"].as_str()), (Some("utf-8"), Some("text/plain")));
        assert!(header("Subject").contains("待辦"), "{}", header("Subject"));
        let (body, raw) = (mail["body"].as_str().unwrap(), mail["raw"].as_str().unwrap());
        assert!(body.contains("尚無有效的使用同意") && body.contains(&format!("登入查看：{LINK}")), "{body}");
        // What travels is plain, whatever the servers on the way can take.
        assert!(raw.contains("Subject: =?utf-8?b?") && raw.lines().all(|line| line.len() <= 998));

        server.kill();
        on(&world, at("2026-03-03", 8, 0));
        assert_eq!(world.desk.mail(&world.session("yang-lc")).unwrap().outbox, Some((1, 0)), "it waits");
        world.end_without_rows();
    });
}

#[test]
fn a_mail_server_is_known_by_its_authority_and_nothing_is_told_to_a_stranger() {
    let mail = Mail {
        id: "mail-1".into(),
        to: Secret::new("tsao@example.org"),
        subject: "待辦".into(),
        body: "待辦 1 項\n".into(),
        language: "zh-TW",
        written: 0,
    };
    let send = |server: &MailServer, tls, authority: Option<&str>| {
        let roots = authority.map(|name| server.authority(name));
        smtp(server, tls, roots).send(&mail)
    };
    for (protection, tls) in [(Protection::StartTls, MailTls::StartTls), (Protection::Tls, MailTls::Tls)] {
        let server = MailServer::start_under(protection);
        for stranger in [Some("stranger"), None] {
            let no = send(&server, tls, stranger).unwrap_err();
            assert!(matches!(no, PostError::Away(_)), "{tls:?}: {no}");
        }
        let no = send(&server, MailTls::None, None).unwrap_err();
        assert!(no.is_sure(), "{tls:?}: nothing is taken before TLS");
        assert!(server.mails().is_empty());
        send(&server, tls, Some("authority")).unwrap();
        assert_eq!(server.mails().len(), 1, "{tls:?}");
    }
    let plain = MailServer::start();
    let no = send(&plain, MailTls::StartTls, None).unwrap_err();
    assert!(matches!(no, PostError::Away(_)) && plain.mails().is_empty(), "{no}: it has no TLS");
}
