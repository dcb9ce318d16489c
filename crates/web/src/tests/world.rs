//! A small agency under a shipped regulation, and a browser that talks to it.

use crate::form::encode;
use crate::visit::Peer;
use crate::{App, Cidr, Config};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use desk::clock::Hand;
use desk::{Clock, Desk, Setup};
use domain::Personal;
use domain::account::Account;
use domain::directory::{Agency, Assignment, Change, Person, Unit};
use domain::id::{AgencyId, AssignmentId, LogId, PersonId, UnitId};
use domain::regulation::Pack;
use domain::time::{Date, Instant};
use gate::Gate;
use gate::simulator::{Population, Simulator};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use store::Store;
use tower::ServiceExt;

const AGENCY: &str = "lienchiang";
const PASSWORD: &str = "A-Test-Password-2024";
/// The token of the API's machine, which is bound to the maker of lookups.
pub(crate) const TOKEN: &str = "token-of-a-test";

/// The files of the shipped regulation that the tests run under.
pub(crate) fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/lienchiang/1130122");
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    let name = path.strip_prefix(&root).unwrap().display().to_string();
                    files.push((name, std::fs::read_to_string(&path).unwrap()));
                }
            }
        }
    }
    files.sort();
    files
}

/// That regulation, loaded.
pub(crate) fn pack() -> Pack {
    desk::regulation::check(files()).ok().unwrap().pack
}

/// The server and everything behind it.
pub(crate) struct World {
    pub(crate) app: App,
    clock: Clock,
    pub(crate) hand: Hand,
    pub(crate) provider: Arc<Simulator>,
    pub(crate) subject: String,
}

impl World {
    /// A world at nine on a working morning, with a maker of lookups, a supervisor and an auditor.
    pub(crate) fn new() -> Self {
        Self::on(&store::Config::in_memory())
    }

    /// The same on a database of the caller's.
    pub(crate) fn on(config: &store::Config) -> Self {
        Self::under(config, files())
    }

    /// The same under another rule.
    pub(crate) fn under(config: &store::Config, files: Vec<(String, String)>) -> Self {
        let store = Store::open(config).unwrap();
        let gate = Gate::new(8).unwrap();
        let population = Arc::new(Population::of(7));
        let numbers = population.persons().iter().filter_map(|person| person.number.as_ref());
        let subject = numbers.map(|number| number.reveal().to_string()).next().unwrap();
        let provider = Arc::new(Simulator::new(population));
        gate.register_fallback(provider.clone());
        let start = Instant::at(Date::new(2024, 1, 22).unwrap(), 9, 0);
        let (clock, hand) = Clock::by_hand(start);
        let desk = Desk::new(store, gate, clock.clone(), SETUP).unwrap();
        desk.activate(desk::regulation::check(files).ok().unwrap()).unwrap();
        enrol(&desk);
        let app = served(desk);
        Self { app, clock, hand, provider, subject }
    }

    /// Another node on the same database, as far as anything is kept in memory.
    pub(crate) fn other_node(&self) -> App {
        let (store, gate) = (self.app.desk().store().clone(), self.app.desk().gate().clone());
        served(Desk::new(store, gate, self.clock.clone(), SETUP).unwrap())
    }

    /// A browser in the office.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.app)
    }

    /// A browser in which somebody has signed in.
    pub(crate) async fn signed(&self, login: &str) -> Browser {
        // Each code is good once, so a second sign-in waits for the next.
        self.hand.pass_seconds(30);
        let mut browser = self.browser();
        let (desk, name) = (self.app.desk().clone(), login.to_owned());
        let code = blocking(move || desk.demo_code(&name).unwrap()).await;
        let page =
            browser.post("/sign-in", &[("login", login), ("password", PASSWORD), ("code", &code)]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        browser.get("/todo").await;
        browser
    }

    /// The unit's consent and a case with one person.
    pub(crate) async fn prepare(&self) {
        let mut stamper = self.signed("stamper").await;
        let given = stamper.post("/consents", &[("until", ""), ("form_key", "c")]).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.body);
        let mut maker = self.signed("maker").await;
        let fields = [
            ("number", "113疫001"),
            ("business", "vaccination"),
            ("received", "113/01/15"),
            ("name_1", "王小明"),
            ("id_1", &self.subject),
            ("role_1", "接種對象"),
        ];
        let page = maker.post("/cases", &fields).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    }
}

/// Does what talks to the database, off the threads that must not wait for it.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

const SETUP: Setup = Setup { demo: true, provider_seconds: 5 };

fn served(desk: Desk) -> App {
    desk.bind_token(TOKEN, "10.1.2.3", AssignmentId::new("maker-user"));
    let mut config = Config::local("127.0.0.1:0".parse().unwrap());
    config.demo = true;
    config.zones = vec![("office".into(), vec![Cidr::parse("10.1.0.0/16").unwrap()])];
    App::new(desk, config)
}

fn enrol(desk: &Desk) {
    let from = Date::new(2024, 1, 1).unwrap();
    let people = [
        ("maker", "user"),
        ("stamper", "supervisor"),
        ("head", "head"),
        ("checker", "auditor"),
        ("keeper", "administrator"),
    ];
    let agency = Agency {
        id: AgencyId::new(AGENCY),
        name: "測試機關".into(),
        name_en: "Test agency".into(),
        pack: AGENCY.into(),
    };
    let unit = Unit {
        id: UnitId::new("unit"),
        agency: AgencyId::new(AGENCY),
        above: None,
        name: "測試科".into(),
        name_en: "Test unit".into(),
        organisation: "bureau".into(),
    };
    let mut changes = vec![Change::Agency(agency), Change::Unit(unit)];
    changes.extend(people.map(|(login, role)| {
        Change::Assignment(Assignment {
            id: AssignmentId::new(format!("{login}-{role}")),
            person: PersonId::new(login),
            unit: UnitId::new("unit"),
            role: role.into(),
            from,
            until: None,
        })
    }));
    desk.enrol(&LogId::new(AGENCY), changes).unwrap();
    let (maker, unit) = (PersonId::new("maker"), UnitId::new("unit"));
    let whole = desk.whole_permission(AGENCY, &maker, &unit).unwrap();
    desk.take_over(&LogId::new(AGENCY), vec![whole]).unwrap();
    let person = |(login, _): (&str, &str)| {
        Change::Person(Person { id: PersonId::new(login), name: login.into(), number: Personal::default() })
    };
    desk.enrol(&LogId::platform(), people.map(person).to_vec()).unwrap();
    static HASH: OnceLock<String> = OnceLock::new();
    let hash = HASH.get_or_init(|| desk::account::hash_password(PASSWORD).unwrap());
    for (login, _) in people {
        desk.open_account(Account {
            login: login.into(),
            person: PersonId::new(login),
            password_hash: hash.clone(),
            password_at: desk.now(),
            totp: Personal::new(desk::account::new_totp_secret()),
            locked_until: None,
            open: true,
        })
        .unwrap();
    }
}

/// One answer.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Keeps cookies and the page's token, as a browser does.
pub(crate) struct Browser {
    router: Router,
    pub(crate) from: &'static str,
    pub(crate) cookies: Vec<(String, String)>,
    pub(crate) csrf: String,
}

impl Browser {
    /// A browser in the office, in front of this node.
    pub(crate) fn new(node: &App) -> Self {
        Self { router: node.router(), from: "10.1.2.3", cookies: Vec::new(), csrf: String::new() }
    }

    /// From now on the load balancer sends it to this node.
    pub(crate) fn at(&mut self, node: &App) -> &mut Self {
        self.router = node.router();
        self
    }

    pub(crate) async fn get(&mut self, target: &str) -> Page {
        let page = self.send(self.request(Method::GET, target).body(Body::empty()).unwrap()).await;
        if let Some((_, rest)) = page.body.split_once("data-csrf=\"") {
            self.csrf = rest.split('"').next().unwrap().to_string();
        }
        page
    }

    /// Posts a form with the token of the last page.
    pub(crate) async fn post(&mut self, target: &str, fields: &[(&str, &str)]) -> Page {
        let mut body = format!("csrf={}", encode(&self.csrf));
        for (name, value) in fields {
            body.push_str(&format!("&{}={}", encode(name), encode(value)));
        }
        self.raw(target, "application/x-www-form-urlencoded", body.into_bytes()).await
    }

    pub(crate) async fn raw(&mut self, target: &str, kind: &str, body: Vec<u8>) -> Page {
        let request = self.request(Method::POST, target);
        let request = request.header("content-type", kind).header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    pub(crate) fn request(&self, method: Method, target: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder().method(method).uri(target).header("host", "gate.test");
        match cookies.is_empty() {
            true => request,
            false => request.header("cookie", cookies.join("; ")),
        }
    }

    pub(crate) async fn send(&mut self, mut request: Request<Body>) -> Page {
        let peer = std::net::SocketAddr::new(self.from.parse().unwrap(), 40_000);
        request.extensions_mut().insert(Peer(peer));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        for cookie in headers.get_all("set-cookie") {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            let value = rest.split(';').next().unwrap();
            if !value.is_empty() {
                self.cookies.push((name.into(), value.into()));
            }
        }
        Page { status, headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }
}
