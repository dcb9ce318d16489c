//! Server processes that share a database: killed, starved of it, and put back on an old copy.

use super::api::{self, Api};
use domain::id::LogId;
use harness::folder::{self, Folder};
use harness::process::{Process, pause};
use harness::{Server, http};
use ledger::report::Verdict;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, UNIX_EPOCH};
use store::cluster::{Cluster, Durability};
use store::{Config, KeyringPlace, Store};

/// Who works, and in which log it is entered: two at each of two agencies.
const HANDS: [(&str, &str); 4] =
    [("chen", "lienchiang"), ("liu", "lienchiang"), ("huang", "taipei"), ("su-zhongshan", "taipei")];
/// How often a process is killed.
const KILLS: usize = 4;
/// How long a process may take to refuse its start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A database server with one database, and the folder that its nodes share.
struct Place {
    // Dropped after whoever uses them, and before the folder.
    cluster: Cluster,
    url: String,
    home: Folder,
}

impl Place {
    fn new() -> Self {
        let home = Folder::new("nodes");
        let cluster = Cluster::start(&std::env::temp_dir(), Durability::Full, &[]).unwrap();
        let url = cluster.database().unwrap();
        Self { cluster, url, home }
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    fn node(&self) -> Server {
        Server::node(&self.data(), Some(&self.url))
    }

    /// The store as a node of this test's own process.
    fn store(&self) -> Store {
        let keyring = KeyringPlace::Folder(self.home.path().join("data-keyring"));
        let config = Config { url: self.url.clone(), keyring, origin_prefix: "sluice.localhost".into() };
        Store::open(&config).unwrap()
    }
}

/// One answer to a lookup.
struct Reply {
    status: u16,
    retry_after: Option<String>,
    body: Value,
}

/// Sends a lookup under a key; nothing if the connection broke.
fn send(base: &str, login: &str, key: &str, body: &Value) -> Option<Reply> {
    let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(20)));
    let agent: ureq::Agent = config.http_status_as_error(false).proxy(None).build().into();
    let request = agent.post(format!("{base}/api/v1/lookups")).header("idempotency-key", key);
    let request = request.header("authorization", format!("Bearer demo-token-{login}"));
    let mut answer = request.send_json(body).ok()?;
    let retry_after = answer.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
    let text = answer.body_mut().read_to_string().ok()?;
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    Some(Reply { status: answer.status().as_u16(), retry_after, body })
}

/// A lookup as `login` sends it, filled in from a case of their own.
fn lookup_of(server: &Server, login: &str) -> Value {
    let api = Api::of(server, login);
    let name = sluice::demo::cast::CAST.iter().find(|member| member.login == login).unwrap().name;
    let case = api.cases(name, true).remove(0);
    let (_, draft) = api.get(&format!("lookups/draft?case={}", api::encode(&case)));
    let preset = |list: &str| -> Vec<String> {
        let all = draft[list].as_array().cloned().unwrap_or_default();
        all.iter().filter(|one| one["preset"] == true).map(|one| api::text(&one["code"])).collect()
    };
    json!({ "case": case, "party": 1, "purpose": preset("purposes")[0],
            "purpose_text": "核對申請人與同戶人口資料", "basis": preset("bases")[0],
            "items": preset("items") })
}

/// What became of the lookups that one person sent: the record code of each that was answered, and nothing
/// for each whose answer was lost with the node that had it.
type Ends = Vec<Option<String>>;

/// Sends lookups to both nodes in turn, and each again under its key until there is an end to it.
fn work(bases: &RwLock<[String; 2]>, login: &str, body: &Value, stop: &AtomicBool) -> Ends {
    let mut ends = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let key = format!("{login}-{}", ends.len());
        let mut node = ends.len() % 2;
        let end = loop {
            let base = bases.read().unwrap()[node].clone();
            match send(&base, login, &key, body) {
                Some(Reply { status: 200, body, .. }) => break Some(api::text(&body["code"])),
                Some(Reply { status: 409, body, .. }) => {
                    assert_eq!(body["code"], "answer-gone", "{body}");
                    break None;
                }
                Some(Reply { status, body, .. }) if status < 500 => panic!("{login}: {status} {body}"),
                _ => {}
            }
            node = 1 - node;
            pause(Duration::from_millis(20));
        };
        ends.push(end);
    }
    ends
}

/// Some time up to a second, never the same.
fn a_while() -> Duration {
    let nanos = UNIX_EPOCH.elapsed().unwrap().subsec_nanos();
    Duration::from_millis(200 + u64::from(nanos / 1_000 % 800))
}

/// Checks a log: entries without gap or double, whole as exported, and grown from each checkpoint that was
/// seen. Answers the acts of each record.
fn check(store: &Store, log: &LogId, seen: &[String]) -> BTreeMap<String, Vec<(String, String)>> {
    let mut entries = store.read(|read| read.entries_before(log, i64::MAX as u64, 1_000_000)).unwrap();
    entries.reverse();
    let head = store.read(|read| read.head(log)).unwrap().unwrap();
    let indices: Vec<u64> = entries.iter().map(|entry| entry.index).collect();
    assert_eq!(indices, (0..head.size).collect::<Vec<_>>(), "{log}");
    let events: BTreeSet<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(events.len(), entries.len(), "{log}");
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let exported = store.export(log, |path, bytes| {
        files.insert(path.into(), bytes.to_vec());
        Ok(())
    });
    assert_eq!(exported.unwrap().unwrap().size, head.size, "{log}");
    for note in seen {
        let options = ledger::verify::Options { saved: Some(note.clone().into()), ..Default::default() };
        let report = ledger::verify::verify(&files, &options, &mut |_, _| {}).unwrap();
        assert_eq!(report.verdict(), Verdict::Whole, "{log}: {report:?}");
        assert!(report.compared_with.is_some(), "{log}");
    }
    let mut records: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for entry in entries {
        records.entry(entry.record.unwrap_or_default()).or_default().push((entry.act, entry.outcome));
    }
    records
}

/// Holds what the workers were told against what is entered.
fn check_all(store: &Store, seen: &BTreeMap<&str, Vec<String>>, ends: &[(&str, Ends)]) -> usize {
    let mut asked = 0;
    let mut records = BTreeMap::new();
    for log in store.read(|read| read.log_names()).unwrap() {
        let known = seen.get(log.as_str()).map(Vec::as_slice).unwrap_or_default();
        let of_log = check(store, &log, known);
        let acts = of_log.values().flatten();
        asked += acts.filter(|(act, _)| act == "lookup.asked").count();
        records.extend(of_log);
    }
    for (login, ends) in ends {
        for code in ends.iter().flatten() {
            let acts = &records[code];
            let count = |wanted: &str| acts.iter().filter(|(act, _)| act == wanted).count();
            assert_eq!((count("lookup.asked"), count("lookup.answered")), (1, 1), "{login} {code}: {acts:?}");
            assert!(acts.contains(&("lookup.answered".into(), "found".into())), "{login} {code}: {acts:?}");
        }
    }
    let sent: usize = ends.iter().map(|(_, ends)| ends.len()).sum();
    assert_eq!(asked, sent, "each lookup is entered once, however often it was sent");
    sent
}

#[test]
fn two_nodes_lose_nothing_and_fork_nothing_though_one_is_killed_again_and_again() {
    let place = Place::new();
    // Both at once, and one of them makes the world.
    let started = std::thread::scope(|scope| {
        let nodes = [scope.spawn(|| place.node()), scope.spawn(|| place.node())];
        nodes.map(|node| node.join().unwrap())
    });
    let mut nodes = started.map(Some);
    let node = |nodes: &[Option<Server>; 2], number: usize| nodes[number].as_ref().unwrap().url("");
    let bases = RwLock::new([node(&nodes, 0), node(&nodes, 1)]);
    let bodies = HANDS.map(|(login, _)| lookup_of(nodes[0].as_ref().unwrap(), login));
    let mut seen: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let stop = AtomicBool::new(false);
    let ends: Vec<(&str, Ends)> = std::thread::scope(|scope| {
        let hands = HANDS.iter().zip(&bodies).map(|((login, _), body)| {
            let (bases, stop) = (&bases, &stop);
            (*login, scope.spawn(move || work(bases, login, body, stop)))
        });
        let hands: Vec<_> = hands.collect();
        for round in 0..KILLS {
            pause(a_while());
            let number = round % 2;
            let reborn = nodes[number].take().unwrap().crash();
            bases.write().unwrap()[number] = reborn.url("");
            nodes[number] = Some(reborn);
            for (_, log) in HANDS {
                for number in 0..2 {
                    let note = http::get(&format!("{}/log/{log}/checkpoint", node(&nodes, number)));
                    seen.entry(log).or_default().push(note.unwrap().body);
                }
            }
        }
        pause(a_while());
        stop.store(true, Ordering::SeqCst);
        hands.into_iter().map(|(login, hand)| (login, hand.join().unwrap())).collect()
    });
    drop(nodes);
    let sent = check_all(&place.store(), &seen, &ends);
    let lost = ends.iter().flat_map(|(_, ends)| ends).filter(|end| end.is_none()).count();
    println!("{sent} lookups through {KILLS} kills; {lost} answers lost with their node, no entry");
    assert!(sent > 20, "only {sent} lookups");
}

#[test]
fn while_the_database_is_away_nothing_is_shown_and_afterwards_it_goes_on_by_itself() {
    let place = Place::new();
    let node = place.node();
    let (login, base) = ("chen", node.url(""));
    let body = lookup_of(&node, login);
    let code = api::code_of(&node, login);
    let fields = [("login", login), ("password", sluice::demo::cast::PASSWORD), ("code", code.as_str())];
    let signed = http::post(&node.url("/sign-in"), &fields).unwrap();
    let cookie = signed.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(http::get_as(&node.url("/todo"), &cookie).unwrap().status, 200);
    let bases = RwLock::new([base.clone(), base.clone()]);
    let stop = AtomicBool::new(false);
    let ends = std::thread::scope(|scope| {
        let (bases, stop) = (&bases, &stop);
        let hands = HANDS.map(|(login, _)| {
            let body = lookup_of(&node, login);
            (login, scope.spawn(move || work(bases, login, &body, stop)))
        });
        for round in 0..2 {
            pause(a_while());
            place.cluster.pause().unwrap();
            let key = format!("away-{round}");
            for _ in 0..3 {
                let reply = send(&base, login, &key, &body).unwrap();
                assert_eq!((reply.status, &reply.body["code"]), (503, &json!("fault-away")));
                assert!(reply.retry_after.is_some() && reply.body.get("items").is_none(), "{}", reply.body);
                let page = http::get_as(&node.url("/todo"), &cookie).unwrap();
                assert_eq!((page.status, page.header("retry-after")), (503, Some("5")));
                assert!(page.header("content-type").unwrap().starts_with("text/html"));
                assert_eq!(http::get(&node.url("/readyz")).unwrap().status, 503);
                assert_eq!(http::get(&node.url("/healthz")).unwrap().status, 200);
            }
            place.cluster.resume().unwrap();
            let start = Instant::now();
            while http::get(&node.url("/readyz")).unwrap().status != 200 {
                assert!(start.elapsed() < Duration::from_secs(20), "not ready again");
                pause(Duration::from_millis(20));
            }
            // What was refused, sent again under its key; and the session still runs.
            assert_eq!(send(&base, login, &key, &body).unwrap().status, 200);
            assert_eq!(http::get_as(&node.url("/todo"), &cookie).unwrap().status, 200);
        }
        stop.store(true, Ordering::SeqCst);
        hands.map(|(login, hand)| (login, hand.join().unwrap()))
    });
    drop(node);
    let away = ("chen", vec![None, None]);
    let sent = check_all(&place.store(), &BTreeMap::new(), &[&ends[..], &[away]].concat());
    println!("{sent} lookups while the database was stopped twice");
}

/// Runs a command that is to end by itself: its exit code and what it printed.
fn ended(home: &Path, words: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(harness::server::sluice());
    command.args(words).env_remove("RUST_LOG");
    let mut process = Process::start(command, &home.join("ended"));
    let status = process.wait(PATIENCE).unwrap_or_else(|| panic!("{words:?} goes on: {}", process.printed()));
    (status.code(), process.printed())
}

/// Does something, so that a newer checkpoint is signed, and waits for it.
fn grow(node: &Server) {
    let api = Api::of(node, "chen");
    let reply = send(&node.url(""), "chen", "grow", &lookup_of(node, "chen")).unwrap();
    // The proof of an entry is under a checkpoint that covers it.
    assert_eq!(api.get(&format!("ledger/{}", api::text(&reply.body["code"]))).0, 200);
}

/// Every command on an old copy refuses with the code for it.
fn refuses(home: &Path, url: &str, demo: &[&str]) {
    let config = home.join("old.toml");
    let keyring = home.join("data-keyring");
    let keyring = keyring.display();
    let text = format!(
        "listen = \"127.0.0.1:0\"\n[store]\nurl = \"{url}\"\nkeyring = \"{keyring}\"\n\
         origin = \"sluice.localhost\"\n"
    );
    std::fs::write(&config, text).unwrap();
    let config = config.display().to_string();
    let listen = format!("127.0.0.1:{}", harness::process::free_port());
    for words in [
        [&["demo", "--listen", &listen], demo].concat(),
        [&["ledger", "logs"], demo].concat(),
        vec!["ledger", "logs", "--config", &config],
        vec!["serve", "--config", &config],
    ] {
        let (code, said) = ended(home, &words);
        assert_eq!(code, Some(3), "{words:?}: {said}");
        assert!(said.contains("an old copy of the database was put back"), "{words:?}: {said}");
        assert!(!said.contains("RolledBack") && said.lines().count() == 1, "{words:?}: {said}");
    }
}

#[test]
fn an_old_copy_of_the_database_is_refused_with_a_code_of_its_own_by_every_command() {
    let place = Place::new();
    let data = place.data().display().to_string();
    drop(place.node());
    let old = place.cluster.copy_of(&place.url).unwrap();
    grow(&place.node());
    refuses(place.home.path(), &old, &["--data", &data, "--database", &old]);
    // The newest one is taken all the same.
    assert_eq!(
        ended(place.home.path(), &["ledger", "logs", "--data", &data, "--database", &place.url]).0,
        Some(0)
    );

    let home = Folder::new("old");
    let (data, kept) = (home.path().join("data"), home.path().join("kept"));
    drop(Server::node(&data, None));
    folder::copy(&data, &kept).unwrap();
    grow(&Server::node(&data, None));
    std::fs::remove_dir_all(&data).unwrap();
    std::fs::rename(&kept, &data).unwrap();
    let url = format!("sqlite://{}/sluice.sqlite", data.display());
    refuses(home.path(), &url, &["--data", &data.display().to_string()]);
}
