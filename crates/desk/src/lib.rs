//! Carries out commands: load what the rule needs, let the domain decide, write through the one
//! door, and only then do what the decision allows.
//!
//! Pages, API, command line and timers all come through here, so none of them can do a thing that
//! the others would refuse.

pub mod account;
pub mod application;
pub mod case;
pub mod clock;
pub mod directory;
pub mod duty;
pub mod fault;
pub mod grant;
pub mod ledger;
pub mod letter;
pub mod link;
pub mod lookup;
pub mod regulation;
pub mod todo;
pub mod view;
pub mod watch;

mod carry;
mod encoding;
mod words;

pub use clock::Clock;
pub use fault::{Answer, No};
pub use regulation::in_force::Rules;
pub use view::*;

pub use account::CastMember;
use domain::Actor;
pub use domain::regulation::Words;

use domain::regulation::Pack;
use domain::time::{Date, Instant};
use gate::Gate;
use std::sync::{Arc, RwLock};
use store::Store;

/// How the desk is set up, apart from its store and its gate.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// Whether this is a demonstration: codes are shown, the cast is listed. Never on real data.
    pub demo: bool,
    /// How long a provider may take, in seconds; never longer than
    /// [`watch::MOST_PROVIDER_SECONDS`].
    pub provider_seconds: u64,
}

/// The desk. Cloning it is cheap; all clones share one store.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

struct Inner {
    /// What this node is called among others on the same database.
    node: String,
    store: Store,
    gate: Gate,
    clock: Clock,
    setup: Setup,
    rules: RwLock<Rules>,
    /// What is wrong in the folder that this node loads packs from.
    pack_faults: RwLock<Vec<String>>,
    calendars: RwLock<directory::closure::Calendars>,
    clocks: duty::Clocks,
    outgoing: letter::Outgoing,
    serials: carry::Serials,
    demo_cast: RwLock<Vec<CastMember>>,
    tokens: RwLock<Vec<account::ApiToken>>,
}

/// One person signed in, under one assignment.
#[derive(Clone)]
pub struct Session {
    /// Who acts, and as what.
    pub actor: Actor,
    /// The person's name.
    pub name: String,
    /// The account's name.
    pub login: String,
    /// The unit's name.
    pub unit: Words,
    /// The agency's name.
    pub agency: Words,
    /// The role's word in the regulation.
    pub role: Words,
    /// The regulation that governs the session.
    pub pack: Arc<Pack>,
    /// Its name and digest.
    pub rule: domain::decision::RuleRef,
    /// Its last day, where it has ended and none took its place.
    pub over: Option<Date>,
    /// The secret that only this session presents; it opens its parked answers.
    pub key: account::SessionKey,
    /// When the session ends if nothing is done.
    pub idle_until: Instant,
    /// When it ends in any case.
    pub ends: Instant,
    /// Seconds before the idle end when the page warns.
    pub warn_seconds: u32,
    /// The owner's other posts, any of which can be taken instead.
    pub posts: Vec<account::OtherPost>,
    /// When and from where the owner signed in before.
    pub last_sign_in: Option<(Instant, String)>,
    /// Whether the time of the password is over and nothing else can be done before it is changed.
    pub password_due: bool,
    /// The code that came with the request, for acts that ask again who acts.
    pub proof: domain::Personal,
    /// When a code was last shown for such an act in this session.
    pub proved: Option<Instant>,
    /// The token that forms carry against forged requests.
    pub csrf: String,
    /// The network address of the machine.
    pub address: String,
}

impl Desk {
    /// A desk over a store and a gate.
    ///
    /// # Errors
    /// The store cannot be read, or a regulation in it cannot.
    pub fn new(store: Store, gate: Gate, clock: Clock, setup: Setup) -> Result<Self, store::Fault> {
        let rules = Rules::load(&store)?;
        let calendars = directory::closure::Calendars::load(&store)?;
        let inner = Inner {
            node: carry::random_id("node"),
            store,
            gate,
            clock,
            setup,
            rules: RwLock::new(rules),
            pack_faults: RwLock::default(),
            calendars: RwLock::new(calendars),
            clocks: duty::Clocks::default(),
            outgoing: letter::Outgoing::default(),
            serials: carry::Serials::default(),
            demo_cast: RwLock::default(),
            tokens: RwLock::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The time, from the one clock.
    pub fn now(&self) -> Instant {
        self.inner.clock.now()
    }

    /// The store, for the parts that stand beside the pages: export, bench, backup.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The gate, so that the installation can register its providers.
    pub fn gate(&self) -> &Gate {
        &self.inner.gate
    }

    /// Figures for the metrics page: name, help, value. None of them is about a person.
    pub fn metrics(&self) -> Vec<(&'static str, &'static str, f64)> {
        let logs = self.inner.store.read(|read| {
            let mut entries = 0_u64;
            let names = read.log_names()?;
            for log in &names {
                entries += read.head(log)?.map_or(0, |head| head.size);
            }
            Ok((names.len(), entries))
        });
        let (logs, entries) = logs.unwrap_or_default();
        let gate = &self.inner.gate;
        let own = vec![
            ("sluice_logs", "Logs of the ledger.", logs as f64),
            ("sluice_ledger_entries", "Entries of all logs.", entries as f64),
            ("sluice_provider_places", "Places at the providers.", gate.capacity() as f64),
            ("sluice_provider_taken", "Places taken at the providers.", gate.taken() as f64),
        ];
        own.into_iter().chain(self.mail_metrics()).collect()
    }

    /// The word of a role in an agency's regulation; empty where there is none.
    pub fn role_word(&self, agency: &str, role: &str) -> Words {
        let agencies = self.inner.store.read(|read| read.agencies()).unwrap_or_default();
        let pack = agencies.into_iter().find(|known| known.id.as_str() == agency);
        let rules = self.inner.rules.read().unwrap_or_else(|gone| gone.into_inner());
        let rule = pack.and_then(|agency| rules.running(&agency.pack, self.now().date()));
        rule.and_then(|rule| rule.pack.role(role).map(|role| role.word.clone())).unwrap_or_default()
    }

    /// Whether the store can be read and every log still takes entries, so that requests can be
    /// answered.
    pub fn ready(&self) -> bool {
        let store = &self.inner.store;
        let logs = store.read(|read| read.log_names());
        logs.is_ok_and(|logs| logs.iter().all(|log| store.refused(log).is_none()))
    }
}
