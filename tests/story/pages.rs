//! The pages of the invented fifth regulation, over HTTP: its own words and nobody else's.

use super::harbour::{foreign_words, ready};
use super::stage::played;
use super::world::{ADDRESS, HARBOUR, PASSWORD, World};
use desk::account::SignIn;
use domain::Personal;
use domain::actor::Place;
use harness::http::get_as;
use std::sync::mpsc::channel;
use tokio::sync::oneshot;

/// The desk of a world behind a port of its own, until it is dropped.
struct Served {
    base: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Served {
    fn of(world: &World) -> Self {
        let mut config = web::Config::local("127.0.0.1:0".parse().unwrap());
        let tower = web::Cidr::parse("127.0.0.0/8").unwrap();
        config.zones = vec![("watchtower".into(), vec![tower])];
        let desk = world.desk.clone();
        let (ready, address) = channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
            let told = async move { drop(stopped.await) };
            let served = web::serve(desk, config, told, move |at| ready.send(at).unwrap());
            runtime.block_on(served).unwrap();
        });
        let address = address.recv().unwrap();
        Self { base: format!("http://{address}"), stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

fn cookie(world: &World, login: &str) -> String {
    world.hand.pass_seconds(31);
    let form = SignIn {
        login: login.into(),
        password: Personal::new(PASSWORD),
        code: world.desk.demo_code(login).unwrap(),
        place: Place::Zone("watchtower".into()),
        address: ADDRESS.into(),
    };
    let signed = world.desk.sign_in(&form).unwrap();
    format!("{}={}", web::guard::cookie::session_name(false), signed.token)
}

#[test]
fn no_page_of_the_harbour_has_a_word_of_the_four_rules() {
    played(|stage| {
        let words = foreign_words();
        let world = stage.harbour("1100301");
        let (session, form) = ready(&world);
        let code = world.desk.ask(&session, &form).unwrap().code;
        let served = Served::of(&world);
        let record = format!("/records/{code}");
        let proof = format!("/ledger?code={code}");
        let paths = [
            "/sign-in",
            "/todo",
            "/lookups/new",
            "/lookups/new?case=V-1",
            "/lookups/new?case=none",
            "/records",
            &record,
            "/records/none",
            "/countersign",
            "/cases",
            "/ledger",
            &proof,
            "/compliance",
            "/settings",
            "/help",
            "/nowhere",
        ];
        let (mut found, mut pages) = (Vec::new(), 0);
        for (login, ..) in HARBOUR {
            let cookie = cookie(&world, login);
            for path in paths {
                let answer = get_as(&format!("{}{path}", served.base), &cookie).unwrap();
                assert!(answer.status < 500, "{path}: {}", answer.status);
                pages += usize::from(answer.status == 200);
                let foreign = words.iter().filter(|word| answer.body.contains(word.as_str()));
                found.extend(foreign.map(|word| format!("{path}: {word}")));
            }
        }
        found.sort();
        found.dedup();
        assert!(found.is_empty(), "{found:#?}");
        assert!(pages > 40, "only {pages} pages could be seen");
    });
}
