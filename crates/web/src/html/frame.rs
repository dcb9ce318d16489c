//! The frame around every page: bar, navigation, messages, footer.

use crate::locale::{RefusalText, Speech};
use crate::seat::Seat;
use crate::visit::Visit;
use crate::{App, assets};
use desk::account::OtherPost;
use desk::view::{ChoiceView, LightView, RefusalView, Tally};
use domain::actor::Place;
use domain::regulation::{Capacity, Words};
use domain::time::{Date, Instant};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long the footer's checkpoint may be old.
const SEAL_AGE: Duration = Duration::from_secs(5);

/// Who is signed in, as the bar shows it.
pub struct Who {
    /// The person.
    pub name: String,
    /// The unit.
    pub unit: String,
    /// The agency.
    pub agency: String,
    /// The role's word.
    pub role: String,
    /// The rule that governs what is done now.
    pub rule: String,
    /// That it has ended and nothing new is begun under it, in words.
    pub over: Option<String>,
    /// Other posts of the person, any of which can be taken.
    pub posts: Vec<OtherPost>,
    /// The word for the place.
    pub place: String,
    /// Whether the place is one that the installation knows.
    pub known_place: bool,
    /// The token against forged forms.
    pub csrf: String,
    /// Seconds until the session ends if nothing is done.
    pub idle: i64,
    /// Seconds before that when the page warns.
    pub warn: u32,
}

/// One line of the navigation.
pub struct Nav {
    /// Where it leads.
    pub href: &'static str,
    /// Its locale key.
    pub key: &'static str,
    /// The key that leads there, if there is one.
    pub shortcut: &'static str,
    /// Whether it is the current page.
    pub current: bool,
}

/// The last checkpoint of a log, for the footer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Entries that it covers.
    pub size: String,
    /// The beginning of its root, as the checkpoint writes it.
    pub root: String,
}

/// Checkpoints read lately, so that no page waits for the footer.
#[derive(Default)]
pub struct Seals(Mutex<HashMap<String, (std::time::Instant, Option<Seal>)>>);

/// What every page is framed with.
pub struct Frame {
    /// The language.
    pub say: Speech,
    /// The page's title and heading.
    pub title: String,
    /// What stands in the window's title if not the heading, such as a record code.
    pub window: Option<String>,
    /// Who is signed in.
    pub who: Option<Who>,
    /// The navigation.
    pub nav: Vec<Nav>,
    /// Text size in percent.
    pub size: u16,
    /// The address of this page in the other language.
    pub twin: String,
    /// What a search field shows again.
    pub searched: String,
    /// What was refused, shown at the top and at the fields.
    pub errors: Vec<RefusalText>,
    /// What has been done, shown at the top.
    pub banner: Option<String>,
    /// Where a browser without script goes, and after how many seconds.
    pub leave: Option<(u32, String)>,
    /// The last checkpoint.
    pub seal: Option<Seal>,
    /// Whom to call about security.
    pub contact: String,
    /// Whether this is the demonstration.
    pub demo: bool,
    /// The operation number.
    pub operation: String,
}

/// A number that a sentence is said with, as templates hand it over.
pub trait Count {
    /// The number.
    fn number(&self) -> i64;
}

macro_rules! counts {
    ($($kind:ty),*) => {$(
        impl Count for $kind {
            fn number(&self) -> i64 {
                i64::try_from(*self).unwrap_or(i64::MAX)
            }
        }
    )*};
}

counts!(i64, u16, u32, u64, usize);

impl<T: Count> Count for &T {
    fn number(&self) -> i64 {
        T::number(self)
    }
}

/// What the keyboard does, in the order in which help lists it.
const KEYS: [(&str, &str); 14] = [
    ("N", "key-new"),
    ("T", "key-todo"),
    ("/", "key-search"),
    ("Enter", "key-enter"),
    ("Ctrl+Enter", "key-main"),
    ("1 – 9", "key-digits"),
    ("J / K", "key-walk"),
    ("1 / 2 / 3", "key-verdict"),
    ("R", "key-return"),
    ("Space", "key-extend"),
    ("Esc", "key-hide"),
    ("Alt+N", "key-next"),
    ("Alt+U / Alt+C / Alt+Z", "key-regions"),
    ("?", "key-list"),
];

impl Frame {
    /// The frame for somebody who is not signed in.
    pub async fn open(app: &App, visit: &Visit, title: &str) -> Self {
        let say = Speech::plain(visit.lang);
        Self::build(app, visit, say, title, "platform").await
    }

    /// The frame for somebody who is.
    pub async fn of(seat: &Seat, title: &str) -> Self {
        let session = &seat.session;
        let log = session.actor.log().to_string();
        let mut frame = Self::build(&seat.app, &seat.visit, seat.say.clone(), title, &log).await;
        let say = &seat.say;
        let left = session.idle_until.min(session.ends).micros_since(seat.app.desk().now()) / 1_000_000;
        frame.nav = navigation(seat);
        frame.who = Some(Who {
            name: session.name.clone(),
            unit: say.word(&session.unit).to_string(),
            agency: say.word(&session.agency).to_string(),
            role: say.word(&session.role).to_string(),
            rule: say.word(&session.pack.header.short_title).to_string(),
            over: session.over.map(|on| {
                let rule = say.word(&session.pack.header.short_title);
                say.fill("rule-over", &[("rule", rule), ("on", &say.day(&on))])
            }),
            posts: session.posts.clone(),
            place: place(seat),
            known_place: session.actor.place != Place::Elsewhere,
            csrf: session.csrf.clone(),
            idle: left.max(0),
            warn: session.warn_seconds,
        });
        frame
    }

    async fn build(app: &App, visit: &Visit, say: Speech, title: &str, log: &str) -> Self {
        Self {
            title: say.say(title),
            window: None,
            who: None,
            nav: Vec::new(),
            size: visit.size,
            twin: twin(visit),
            searched: String::new(),
            errors: Vec::new(),
            banner: None,
            leave: None,
            seal: app.seals().of(app, log).await,
            contact: app.config().contact.clone(),
            demo: app.config().demo,
            operation: visit.operation.clone(),
            say,
        }
    }

    /// Shows refusals at the top and at their fields.
    pub fn refuse(&mut self, views: &[RefusalView]) {
        self.errors.extend(views.iter().map(|view| self.say.refusal(view)));
    }

    /// What the window is called: the code alone where personal data are shown, and whether
    /// something was refused.
    pub fn window_title(&self) -> String {
        let mark = if self.errors.is_empty() { String::new() } else { self.t("error-prefix") };
        match &self.window {
            Some(window) => format!("{mark}{window}"),
            None => format!("{mark}{} \u{2013} {}", self.title, self.t("product")),
        }
    }

    /// What was refused about a field.
    pub fn error_at(&self, field: &str) -> Option<&RefusalText> {
        self.errors.iter().find(|error| error.field.as_deref() == Some(field))
    }

    /// A sentence.
    pub fn t(&self, key: &str) -> String {
        self.say.say(key)
    }

    /// A sentence with a number.
    pub fn n(&self, key: &str, count: impl Count) -> String {
        self.say.count(key, count.number())
    }

    /// A sentence with a number that was counted so far only.
    pub fn tally(&self, key: &str, tally: &Tally) -> String {
        self.say.tally(key, tally)
    }

    /// Text as it can stand in an address.
    pub fn enc(&self, text: &str) -> String {
        crate::form::encode(text)
    }

    /// The keys that the script knows, with the sentence that says what each does.
    pub fn keys(&self) -> [(&'static str, &'static str); 14] {
        KEYS
    }

    /// A sentence with one argument.
    pub fn with(&self, key: &str, name: &str, value: &str) -> String {
        self.say.fill(key, &[(name, value)])
    }

    /// A word of the rule.
    pub fn w<'a>(&self, words: &'a Words) -> &'a str {
        self.say.word(words)
    }

    /// A word of the rule as a label: it begins with a capital where the language has them.
    pub fn label(&self, words: &Words) -> String {
        crate::locale::capital(self.say.word(words))
    }

    /// What the rule calls something that many rules have a word of their own for, at the start of a line.
    pub fn term(&self, key: &str) -> String {
        crate::locale::capital(self.say.term(key))
    }

    /// Several words of the rule.
    pub fn ws(&self, words: &[Words]) -> String {
        self.say.words(words)
    }

    /// Several names.
    pub fn names(&self, names: &[String]) -> String {
        names.join(&self.say.say("list-comma"))
    }

    /// The word for a code.
    pub fn k(&self, prefix: &str, code: &str) -> String {
        self.say.code(prefix, code)
    }

    /// A day in a sentence.
    pub fn day(&self, date: &Date) -> String {
        self.say.day(date)
    }

    /// A day in a table.
    pub fn short_day(&self, date: &Date) -> String {
        self.say.short_day(date)
    }

    /// A moment in a table.
    pub fn stamp(&self, at: &Instant) -> String {
        self.say.stamp(at)
    }

    /// A refusal in words.
    pub fn refusal(&self, view: &RefusalView) -> RefusalText {
        self.say.refusal(view)
    }

    /// How a state looks: the class that gives its colour.
    pub fn tone(&self, code: &str) -> &'static str {
        tone(code)
    }

    /// And its shape, so that colour is never all there is.
    pub fn shape(&self, code: &str) -> &'static str {
        match tone(code) {
            "ok" => "\u{2713}",
            "warn" => "!",
            "bad" => "\u{2715}",
            "run" => "\u{25B8}",
            _ => "?",
        }
    }

    /// A light: its class, its shape and its words.
    pub fn light(&self, light: &LightView) -> (&'static str, &'static str, String) {
        let (class, shape, key) = match light.lit {
            Some(true) => ("ok", "\u{2713}", "light-lit"),
            Some(false) => ("bad", "\u{2715}", "light-dark"),
            None => ("none", "\u{2013}", "light-unknown"),
        };
        (class, shape, format!("{} {}", self.k("light", light.name), self.t(key)))
    }

    /// The visible part of a masked text, if it is masked.
    pub fn prefix<'a>(&self, text: &'a str) -> Option<&'a str> {
        let (visible, rest) = text.split_at(text.find("**")?);
        let visible = visible.rsplit(' ').next().unwrap_or(visible);
        rest.chars().all(|c| c == '*').then_some(visible)
    }

    /// What stands before the masked number, such as a name.
    pub fn unmasked<'a>(&self, text: &'a str) -> &'a str {
        self.prefix(text).and_then(|prefix| text.split(prefix).next()).unwrap_or(text).trim_end()
    }

    /// The ids that a disabled choice is described by.
    pub fn why_id(&self, choice: &ChoiceView) -> String {
        format!("why-{}", choice.code.replace(|c: char| !c.is_ascii_alphanumeric(), "-"))
    }

    /// The language of the page.
    pub fn tag(&self) -> &'static str {
        self.say.lang().tag()
    }

    /// The address of the style sheet.
    pub fn style(&self) -> String {
        assets::STYLE.href()
    }

    /// The address of the script.
    pub fn script(&self) -> String {
        assets::SCRIPT.href()
    }

    /// The version of the product.
    pub fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}

/// The colour of a state; words and shapes go with it.
pub fn tone(code: &str) -> &'static str {
    let bare = code.rsplit_once("state-").map_or(code, |(_, bare)| bare);
    match bare {
        "answered" | "stamped" | "met" | "approved" | "done" | "permitted" | "lit" => "ok",
        "awaiting" | "attention" | "overdue-soon" | "doubtful" | "partial" => "warn",
        "returned" | "anomaly" | "breached" | "not-obtained" | "refused" | "dark" | "failed" => "bad",
        "requested" | "asked" | "later" | "running" => "run",
        _ => "none",
    }
}

/// The word for the place: the regulation's own for its zone, else the locale's.
fn place(seat: &Seat) -> String {
    let actor = &seat.session.actor;
    let zone = seat.session.pack.network_zone(&actor.situation()).map(|zone| zone.value);
    let own = zone.filter(|zone| actor.place.is_in(&zone.zone)).map(|zone| zone.word);
    own.map_or_else(|| seat.say.code("zone", actor.place.word()), |word| seat.say.word(&word).to_string())
}

fn navigation(seat: &Seat) -> Vec<Nav> {
    let can = |capacity| seat.can(capacity);
    let sees_records = can(Capacity::Ask) || can(Capacity::Stamp) || can(Capacity::Audit);
    let sees_staff = seat.session.actor.oversees() || can(Capacity::Stamp);
    let sees_board = can(Capacity::Stamp) || can(Capacity::Audit) || can(Capacity::Decide);
    let sees_accounts = can(Capacity::Administer) || can(Capacity::Audit);
    let lines = [
        (true, "/todo", "nav-todo", "T"),
        (can(Capacity::Ask), "/lookups/new", "nav-lookup", "N"),
        (sees_records, "/records", "nav-records", ""),
        (can(Capacity::Stamp), "/countersign", "nav-countersign", ""),
        (can(Capacity::Ask), "/cases", "nav-cases", ""),
        (true, "/applications", "nav-applications", ""),
        (true, "/permissions", "nav-permissions", ""),
        (true, "/absences", "nav-absences", ""),
        (seat.session.pack.link_rule().is_some(), "/links", "nav-links", ""),
        (sees_staff, "/staff", "nav-staff", ""),
        (sees_accounts, "/accounts", "nav-accounts", ""),
        (sees_board, "/compliance", "nav-compliance", ""),
        (true, "/ledger", "nav-ledger", ""),
        (true, "/settings", "nav-settings", ""),
    ];
    let here = seat.visit.path.as_str();
    let lines = lines.into_iter().filter(|(shown, ..)| *shown);
    lines.map(|(_, href, key, shortcut)| Nav { href, key, shortcut, current: href == here }).collect()
}

/// This page in the other language. A page that was posted has no address of its own, so the
/// link leads to the page where its form is.
fn twin(visit: &Visit) -> String {
    let path = match visit.reads {
        true => visit.path.clone(),
        false => crate::guard::held::page_of(&visit.path, &visit.query).unwrap_or_else(|| "/todo".into()),
    };
    let path = path.split('?').next().unwrap_or("/todo");
    let mut out = format!("{path}?lang={}", visit.lang.other().code());
    // Whom somebody looks for stands in no link, not even where it was put into an address by hand.
    let kept = visit.query.fields().filter(|(name, _)| !matches!(*name, "lang" | "subject" | "q"));
    for (name, value) in kept {
        out.push_str(&format!("&{}={}", crate::form::encode(name), crate::form::encode(value)));
    }
    out
}

impl Seals {
    async fn of(&self, app: &App, log: &str) -> Option<Seal> {
        let now = std::time::Instant::now();
        {
            let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((at, seal)) = known.get(log)
                && now.saturating_duration_since(*at) < SEAL_AGE
            {
                return seal.clone();
            }
        }
        let name = log.to_string();
        let note = app.call(move |desk| desk.checkpoint(&name)).await.ok().flatten();
        let seal = note.as_deref().and_then(read_seal);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(log.to_string(), (now, seal.clone()));
        seal
    }
}

/// Size and root from the text of a checkpoint (C2SP tlog-checkpoint: second and third line).
fn read_seal(note: &str) -> Option<Seal> {
    let mut lines = note.lines().skip(1);
    let size: u64 = lines.next()?.parse().ok()?;
    let root = lines.next()?;
    Some(Seal { size: crate::locale::grouped(size as f64), root: root.chars().take(12).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_footer_reads_a_checkpoint() {
        let seal = read_seal("gate.test/log\n48213\nqgfZGc4AAAAAAAA=\n\n— sig\n").unwrap();
        assert_eq!((seal.size.as_str(), seal.root.as_str()), ("48,213", "qgfZGc4AAAAA"));
        assert_eq!(read_seal("gate.test/log\nmany\nroot\n"), None);
        assert_eq!(read_seal(""), None);
    }

    #[test]
    fn every_tone_has_its_own_shape() {
        assert_eq!(tone("state-answered"), "ok");
        assert_eq!(tone("awaiting"), "warn");
        assert_eq!(tone("cannot-tell"), "none");
        assert_eq!(tone("requested"), "run");
    }
}
