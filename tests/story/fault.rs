//! Faults of disk, folder and server: one clear sentence, never a panic.

use super::stage::{Engine, Stage, cluster, played};
use super::world::{Limits, World, refused_once, shown};
use desk::lookup::AskForm;
use desk::{Answer, No};
use domain::Reason;
use harness::folder::Folder;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use store::cluster::{Ailment, Moment};
use store::{Config, Fault, KeyringPlace, Store};

fn config(url: String) -> Config {
    Config { url, keyring: KeyringPlace::Memory, origin_prefix: "story.example".into() }
}

/// One sentence: no line break, no value of a program, and not only a code.
fn is_a_sentence(text: &str) {
    assert!(!text.contains('\n') && !text.contains("Error") && !text.contains('{'), "{text}");
    assert!(text.split(' ').count() > 2, "{text}");
}

#[test]
fn a_full_disk_and_a_folder_that_cannot_be_written_say_so() {
    let full = Fault::DiskFull.to_string();
    assert!(full.contains("full"), "{full}");
    is_a_sentence(&full);
    let read_only = Fault::ReadOnlyFolder("/srv/sluice".into()).to_string();
    assert!(read_only.contains("/srv/sluice") && read_only.contains("written"), "{read_only}");
    is_a_sentence(&read_only);
}

#[test]
fn a_database_where_none_can_be_is_refused_with_its_place() {
    let folder = Folder::new("story-fault");
    let inside = folder.path().join("file");
    fs::write(&inside, b"no folder").unwrap();
    let urls = [
        format!("sqlite://{}/none/sluice.db", folder.path().display()),
        format!("sqlite://{}/sluice.db", inside.display()),
        format!("sqlite://{}", folder.path().display()),
        "sqlite:///proc/sluice.db".into(),
        "mysql://elsewhere".into(),
    ];
    for url in urls {
        let fault = Store::open(&config(url.clone())).map(|_| ()).unwrap_err();
        is_a_sentence(&fault.to_string());
    }
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = Folder::new("story-fault");
    let path = folder.path().join("sluice.db");
    let text = "這不是資料庫。".repeat(200);
    fs::write(&path, &text).unwrap();
    let fault = Store::open(&config(format!("sqlite://{}", path.display()))).map(|_| ()).unwrap_err();
    is_a_sentence(&fault.to_string());
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

/// Opening a store at an address, and the words with which that is refused.
fn says(url: &str, words: &[&str]) {
    let fault = Store::open(&config(url.into())).map(|_| ()).unwrap_err();
    let said = fault.to_string();
    is_a_sentence(&said);
    assert!(words.iter().all(|word| said.contains(word)), "{said}");
    let secret = cluster().password();
    assert!(!said.contains(secret) && !format!("{fault:?}").contains(secret), "{fault:?}");
}

#[test]
fn a_server_that_cannot_be_had_is_named_with_what_to_do() {
    let (server, secret) = (cluster(), cluster().password());
    let here = format!("127.0.0.1:{}", server.port());
    let url = |user: &str, place: &str| format!("postgresql://{user}{place}");
    let owner = format!("sluice:{secret}@");
    // A port that was free a moment ago.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    says(&url(&owner, &format!("{closed}/d")), &[&closed, "cannot be reached", "refused"]);
    says(&url("sluice:wrong@", &format!("{here}/postgres")), &[&here, "user sluice", "password"]);
    says(&url(&format!("nobody:{secret}@"), &format!("{here}/postgres")), &["user nobody"]);
    says(&url(&owner, &format!("{here}/none")), &["no database none", "ENCODING 'UTF8'", "LC_COLLATE 'C'"]);
    says(&url("", &format!("{here}/postgres")), &["must name a user"]);
    says(&url(&owner, &here), &["must name", "a database"]);
    says(&url(&owner, &format!("{here}/d?no-such=1")), &["no address"]);
}

#[test]
fn a_server_beyond_this_machine_is_spoken_to_with_tls_only() {
    let folder = Folder::new("story-fault");
    let file = folder.path().join("roots.pem");
    let owner = format!("postgresql://sluice:{}@", cluster().password());
    let far = [
        "db.example/d",
        "192.0.2.7:5432/d",
        "localhost/d?hostaddr=192.0.2.7",
        "db.example/d?sslmode=disable",
    ];
    for place in far {
        says(&format!("{owner}{place}"), &["beyond this machine", "TLS", "sslrootcert="]);
    }
    says(&format!("{owner}localhost/d?sslmode=verify-full"), &["TLS", "sslrootcert="]);
    let with = format!("{owner}db.example/d?sslrootcert={}", file.display());
    says(&with, &["roots.pem", "cannot be read"]);
    fs::write(&file, "no certificate").unwrap();
    says(&with, &["roots.pem", "holds no certificate"]);
    let broken = "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n";
    fs::write(&file, broken).unwrap();
    says(&with, &["roots.pem", "is no PEM file"]);
}

#[test]
fn a_password_comes_from_a_file_that_is_private() {
    let folder = Folder::new("story-fault");
    let file = folder.path().join("password");
    let place = format!("127.0.0.1:{}/none", cluster().port());
    let url = format!("postgresql://sluice@{place}?passwordfile={}", file.display());
    says(&url, &[&place, "password", "is missing"]);
    fs::write(&file, format!("{}\n", cluster().password())).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    says(&url, &[&place, "can be read by others", "chmod go="]);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    says(&url, &["no database none"]);
    fs::write(&file, "wrong").unwrap();
    says(&url, &["user sluice", "password"]);
}

/// What somebody is told while the database's disk ails: for the reader a number, for the operator this.
#[track_caller]
fn ailing<T>(answer: Answer<T>, ailment: Ailment) {
    match (ailment, answer.err().expect("it was entered on an ailing disk")) {
        (Ailment::NoRoom, No::Fault { sentence, .. }) => {
            is_a_sentence(&sentence);
            assert!(sentence.contains("full"), "{sentence}");
        }
        (Ailment::BadDisk, No::Away { sentence, .. }) => {
            is_a_sentence(&sentence);
            assert!(sentence.contains("nothing is disclosed"), "{sentence}");
        }
        (_, other) => panic!("{other:?}"),
    }
}

/// A world on a server whose disk can be made to ail.
fn on_a_disk(play: impl Fn(&World, &str)) {
    Stage::play_alone(Engine::Postgres, |stage| {
        let config = stage.config();
        play(&World::open(stage, &config, Limits::default()), &config.url);
    });
}

#[test]
fn while_no_entry_can_be_made_nobody_is_asked_and_afterwards_it_goes_on() {
    on_a_disk(|world, url| {
        let (session, form) = world.lienchiang();
        for ailment in [Ailment::NoRoom, Ailment::BadDisk] {
            for moment in [Moment::Statement, Moment::Commit] {
                let (before, asked) = (world.entries("lienchiang"), world.asked());
                cluster().afflict(url, ailment, moment).unwrap();
                ailing(world.desk.ask(&session, &form), ailment);
                assert_eq!(world.entries("lienchiang"), before);
                assert_eq!(world.asked(), asked, "the provider heard of it");
                // What is only read is there all the same.
                assert!(world.desk.todo(&session).is_ok());
                cluster().heal(url).unwrap();
                let found = world.desk.ask(&session, &AskForm { form_key: String::new(), ..form.clone() });
                assert!(!shown(&found.unwrap()).is_empty());
                assert_eq!(world.asked(), asked + 1);
            }
        }
    });
}

#[test]
fn an_answer_that_comes_when_the_disk_is_full_is_shown_to_nobody() {
    on_a_disk(|world, url| {
        let (session, form) = world.lienchiang();
        let place = url.to_owned();
        world.before_answer(move || cluster().afflict(&place, Ailment::NoRoom, Moment::Statement).unwrap());
        ailing(world.desk.ask(&session, &form), Ailment::NoRoom);
        assert_eq!((world.asked(), world.count("lienchiang", "lookup.asked")), (1, 1));
        assert_eq!(world.count("lienchiang", "lookup.answered"), 0);
        cluster().heal(url).unwrap();
        world.before_answer(|| {});
        // Under its key nobody is asked again, and the watch enters that how it ended is unknown.
        assert_eq!(refused_once(world.desk.ask(&session, &form)).0, Reason::AnswerGone);
        assert_eq!(world.asked(), 1);
        world.hand.pass_seconds(6 * 60);
        world.desk.tick().unwrap();
        let asked = world.entries("lienchiang").into_iter().find(|entry| entry.act == "lookup.asked");
        let code = asked.and_then(|entry| entry.record).unwrap();
        assert_eq!(world.row("lienchiang", &code).lookup.state.word(), "unknown");
        assert!(world.desk.ask(&session, &AskForm { form_key: String::new(), ..form }).is_ok());
    });
}

#[test]
fn the_reader_of_a_fault_gets_a_number_and_nothing_else() {
    let no = No::fault(&Fault::DiskFull);
    let No::Fault { operation, .. } = no else { panic!("{no:?}") };
    assert!(operation.starts_with("op-"));
}

#[test]
fn a_second_start_finds_the_same_world() {
    played(|stage| {
        let folder = Folder::new("story-fault");
        let config = stage.lasting(folder.path());
        let (before, code) = {
            let world = World::open(stage, &config, Limits::default());
            let (session, form) = world.lienchiang();
            let code = world.desk.ask(&session, &form).unwrap().code;
            (world.entries("lienchiang"), code)
        };
        let world = World::bare(stage, &config, Limits::default());
        assert_eq!(world.entries("lienchiang"), before);
        assert_eq!(world.row("lienchiang", &code).lookup.id.as_str(), code);
    });
}
