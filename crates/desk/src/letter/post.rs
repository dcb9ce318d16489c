//! Mail: what waits for people, told once a working morning, and what is urgent at once.
//!
//! A mail is a row of the outbox before it is sent. It holds counts and sentences and no personal data; where
//! it goes is opened when it is sent. Whoever holds the lease sends, beside the rounds of the watch, so that
//! a mail server that is dead holds up nothing else.

use crate::view::{TodoItem, TodoKind};
use crate::{Answer, Desk, No, Session, Tally, carry};
use domain::Personal;
use domain::actor::{Channel, Place};
use domain::application::route::Holder;
use domain::duty::{Duty, Owner};
use domain::id::{LogId, PersonId};
use domain::letter::Language;
use domain::regulation::Pack;
use domain::time::{Date, Instant, Weekday};
use gate::{Mail, Post, PostError, Secret};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;
use store::capability::letter::SettingRow;
use store::{MailRow, SessionRow};

/// The words of the two kinds of mail in the outbox.
const DIGEST: &str = "digest";
const URGENT: &str = "urgent";
/// Seconds between two mails at once to one person.
const URGENT_SECONDS: i64 = 3_600;
/// Hours after which a mail is given up.
const GIVEN_UP_HOURS: i64 = 72;
/// Days for which it is told that mails were given up.
const TOLD_DAYS: i64 = 30;
/// How often a mail may be handed over whose server did not answer to the end.
const HANDED_MOST: u32 = 2;
/// Mails of one round.
const ROUND: i64 = 200;
/// How long a round goes on beginning mails.
const ROUND_TIME: Duration = Duration::from_secs(15);
/// Seconds for which one node sends.
const LEASE_SECONDS: i64 = 60;

/// How an installation sends mail.
pub struct Mailer {
    /// What takes mail away.
    pub post: Arc<dyn Post>,
    /// What says it.
    pub wording: Arc<dyn Wording>,
    /// The address of the installation.
    pub link: String,
    /// Minutes after midnight in Taipei at which the digests are due.
    pub at: u16,
}

/// Says what mail says, in both languages. The sentences stand where all others do, above the desk.
pub trait Wording: Send + Sync {
    /// The digest of a morning, in the words of a regulation.
    fn digest(&self, language: Language, pack: &Arc<Pack>, waiting: &Waiting, link: &str) -> Text;

    /// That something urgent waits.
    fn urgent(&self, language: Language, what: Urgent, link: &str) -> Text;
}

/// A mail in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
}

/// What waits for somebody: numbers and kinds, nothing of what it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Lines that are overdue.
    pub overdue: usize,
    /// Lines that are due today.
    pub today: usize,
    /// Lines that are due within seven days.
    pub week: usize,
    /// All other lines.
    pub later: usize,
    /// How much there is of each kind: what the lines count together, and how many lines.
    pub kinds: BTreeMap<TodoKind, (Tally, usize)>,
    /// How much that was urgent went unwritten since the last digest.
    pub held: u64,
}

impl Waiting {
    /// Adds lines up.
    pub fn of(items: &[TodoItem]) -> Self {
        let mut all = Self::default();
        for item in items {
            let place = match item.due.as_ref().map(|due| due.days_left) {
                Some(left) if left < 0 => &mut all.overdue,
                Some(0) => &mut all.today,
                Some(left) if left <= 7 => &mut all.week,
                _ => &mut all.later,
            };
            *place += 1;
            let (tally, lines) = all.kinds.entry(item.kind).or_default();
            *tally = Tally { n: tally.n + item.count.n, more: tally.more || item.count.more };
            *lines += 1;
        }
        all
    }

    /// How many lines there are.
    pub fn lines(&self) -> usize {
        self.overdue + self.today + self.week + self.later
    }
}

/// What does not wait for the morning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgent {
    /// A duty is late.
    Late,
    /// A record was sent back.
    Returned,
    /// An application was sent back.
    ApplicationReturned,
    /// The account is locked.
    Locked,
    /// Somebody waits for an answer and reminds of it.
    Reminded,
    /// Whoever runs an account inventory reminds of confirming people.
    InventoryReminded,
    /// The account is reset: a code was handed out.
    Reset,
}

impl Urgent {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Late,
        Self::Returned,
        Self::ApplicationReturned,
        Self::Locked,
        Self::Reminded,
        Self::InventoryReminded,
        Self::Reset,
    ];

    /// The word that the locale has a sentence for.
    pub fn word(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Returned => "returned",
            Self::ApplicationReturned => "application-returned",
            Self::Locked => "locked",
            Self::Reminded => "reminded",
            Self::InventoryReminded => "inventory-reminded",
            Self::Reset => "reset",
        }
    }
}

/// How this node sends mail, if it does, and for which day it has written the digests of each log.
#[derive(Default)]
pub struct Outgoing {
    mailer: RwLock<Option<Arc<Mailer>>>,
    written: Mutex<BTreeMap<LogId, Date>>,
}

impl Desk {
    /// Sends mail from now on. Every node of an installation is told the same.
    pub fn send_mail_by(&self, mailer: Mailer) {
        let mut held = self.inner.outgoing.mailer.write().unwrap_or_else(|gone| gone.into_inner());
        *held = Some(Arc::new(mailer));
    }

    pub(super) fn mailer(&self) -> Option<Arc<Mailer>> {
        self.inner.outgoing.mailer.read().unwrap_or_else(|gone| gone.into_inner()).clone()
    }

    /// Writes the digests of a working morning, each once whoever does it and however often.
    pub(crate) fn write_digests(&self, log: &LogId, pack: &Arc<Pack>, now: Instant) -> Answer<()> {
        let Some(mailer) = self.mailer() else { return Ok(()) };
        let today = now.date();
        let due = now >= today.start().plus_minutes(mailer.at.into());
        if !due || self.is_off(log, today) || self.digested(log) == Some(today) {
            return Ok(());
        }
        let rows = self.inner.store.read(|read| read.letter_settings(log))?;
        for row in rows.iter().filter(|row| row.digest && row.address.is_some()) {
            let Some(mut waiting) = self.waiting(log, &row.person, now)? else { continue };
            self.inner.store.tend(|tend| {
                let Some(held) = tend.take_digest(log, &row.person, today)? else { return Ok(()) };
                waiting.held = held;
                if waiting.lines() == 0 && waiting.held == 0 {
                    return Ok(());
                }
                let text = mailer.wording.digest(row.language, pack, &waiting, &mailer.link);
                tend.put_mail(&written(log, &row.person, DIGEST, text, now))
            })?;
        }
        let mut held = self.inner.outgoing.written.lock().unwrap_or_else(|gone| gone.into_inner());
        held.insert(log.clone(), today);
        Ok(())
    }

    fn digested(&self, log: &LogId) -> Option<Date> {
        self.inner.outgoing.written.lock().unwrap_or_else(|gone| gone.into_inner()).get(log).copied()
    }

    /// Whether the offices are closed; where no table of the year is loaded, at the end of the week.
    fn is_off(&self, log: &LogId, day: Date) -> bool {
        let weekend = || matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.calendar(log).is_off(day).unwrap_or_else(|_| weekend())
    }

    /// What somebody would find in their to-do list; none for whoever has no post in the agency today.
    fn waiting(&self, log: &LogId, person: &PersonId, now: Instant) -> Answer<Option<Waiting>> {
        let Some(session) = self.as_they_sit(log, person, now)? else { return Ok(None) };
        Ok(Some(Waiting::of(&self.todo(&session)?)))
    }

    /// The session of somebody as it would be if they had signed in, to read with and for nothing else.
    fn as_they_sit(&self, log: &LogId, person: &PersonId, now: Instant) -> Answer<Option<Session>> {
        let today = now.date();
        let post = self.inner.store.read(|read| {
            let rows = read.assignments(person)?.into_iter().filter(|row| LogId::of(&row.agency) == *log);
            let mut runs = rows.filter(|row| {
                let own = &row.assignment;
                own.from <= today && own.until.is_none_or(|until| today < until)
            });
            runs.next().map_or(Ok(None), |row| read.post(&row.assignment.id))
        })?;
        let Some(post) = post else { return Ok(None) };
        let row = SessionRow {
            id_hash: String::new(),
            person: person.clone(),
            assignment: Some(post.held.assignment.id.clone()),
            created: now,
            seen: now,
            idle_until: now,
            ends: now,
            proved_at: None,
            place: String::new(),
            data: String::new(),
        };
        self.dress(person.to_string(), &post, &Place::Elsewhere, Channel::Timer, &row, "")
    }

    /// Tells those who owe duties something about them.
    pub(crate) fn alert_owners<'a>(
        &self,
        log: &LogId,
        duties: impl IntoIterator<Item = &'a Duty>,
        what: Urgent,
        today: Date,
    ) {
        if self.mailer().is_none() {
            return;
        }
        let owners: BTreeSet<&Owner> = duties.into_iter().map(|duty| &duty.owner).collect();
        let holders = self.inner.store.read(|read| read.holders(log, today)).unwrap_or_default();
        let owes = |one: &Holder| {
            Owner::of(&one.person, &one.role, &one.unit).iter().any(|owner| owners.contains(owner))
        };
        let people: BTreeSet<PersonId> =
            holders.into_iter().filter(owes).map(|holder| holder.person).collect();
        self.alert(log, &people.into_iter().collect::<Vec<_>>(), what);
    }

    /// Tells people at once that something urgent waits: each at most once an hour, and what is more is
    /// counted for their digest. It fails nobody's act, for all of it stands in the to-do list. What was done
    /// to their account does not, so that is told each time.
    pub(crate) fn alert(&self, log: &LogId, people: &[PersonId], what: Urgent) {
        let Some(mailer) = self.mailer() else { return };
        let now = self.now();
        for person in people {
            let row = self.inner.store.read(|read| read.letter_setting(log, person));
            let wants = |row: &SettingRow| row.urgent && row.address.is_some();
            let done = row.map(|row| row.filter(wants)).and_then(|row| match row {
                None => Ok(()),
                Some(row) => self.inner.store.tend(|tend| {
                    let paced = !matches!(what, Urgent::Reset | Urgent::Locked);
                    if paced && !tend.take_urgent(log, person, now, now.plus_seconds(-URGENT_SECONDS))? {
                        return Ok(());
                    }
                    let text = mailer.wording.urgent(row.language, what, &mailer.link);
                    tend.put_mail(&written(log, person, URGENT, text, now))
                }),
            });
            if let Err(fault) = done {
                tracing::warn!(%fault, "an urgent mail was not written; the digest tells it");
            }
        }
    }

    /// Sends the mail that is due, if it is this node's turn. It blocks its thread for as long as a mail
    /// server likes, within bounds, and holds up nothing else.
    ///
    /// # Errors
    /// The store; the next round tries again.
    pub fn deliver(&self) -> Answer<()> {
        let Some(mailer) = self.mailer() else { return Ok(()) };
        let (now, node) = (self.now(), &self.inner.node);
        let until = now.plus_seconds(LEASE_SECONDS);
        let mine = self.inner.store.tend(|tend| {
            let mine = tend.take_lease("post", node, until, now)?;
            tend.drop_given_up_mail(now.plus_hours(-24 * TOLD_DAYS))?;
            Ok(mine)
        })?;
        if !mine {
            return Ok(());
        }
        let begun = std::time::Instant::now();
        for mail in self.inner.store.read(|read| read.due_mail(now, ROUND))? {
            if begun.elapsed() > ROUND_TIME || !self.deliver_one(&mailer, &mail)? {
                break;
            }
        }
        Ok(())
    }

    /// Sends one mail; false where the server is away, so that the next one would fare the same.
    fn deliver_one(&self, mailer: &Mailer, mail: &MailRow) -> Answer<bool> {
        let (now, store) = (self.now(), &self.inner.store);
        if now >= mail.made.plus_hours(GIVEN_UP_HOURS) {
            store.tend(|tend| tend.give_up_mail(&mail.id, now))?;
            tracing::warn!(mail = mail.id, tries = mail.tries, "a mail was given up");
            return Ok(true);
        }
        if mail.handed >= HANDED_MOST {
            store.tend(|tend| tend.drop_mail(&mail.id))?;
            return Ok(true);
        }
        // Claimed before anything else can fail, so that a mail that always fails lets the others pass.
        let next = now.plus_minutes(carry::wait(mail.tries));
        if !store.tend(|tend| tend.claim_mail(&mail.id, now, next))? {
            return Ok(true);
        }
        let setting = match store.read(|read| read.letter_setting_open(&mail.log, &mail.person)) {
            Ok(setting) => setting,
            Err(fault) => {
                store.tend(|tend| tend.mail_not_taken(&mail.id))?;
                return Err(fault.into());
            }
        };
        let wanted = if mail.kind == DIGEST { setting.digest } else { setting.urgent };
        if setting.address.is_empty() || !wanted {
            store.tend(|tend| tend.drop_mail(&mail.id))?;
            return Ok(true);
        }
        match mailer.post.send(&handed(mail, &setting.address, setting.language)) {
            Ok(()) => store.tend(|tend| tend.drop_mail(&mail.id))?,
            Err(error) => {
                tracing::warn!(mail = mail.id, tries = mail.tries + 1, %error, "a mail was not sent");
                if error.is_sure() {
                    store.tend(|tend| tend.mail_not_taken(&mail.id))?;
                }
                return Ok(!matches!(error, PostError::Away(_)));
            }
        }
        Ok(true)
    }

    /// How much mail waits and how much was given up, for the metrics; nothing where no mail is sent.
    pub(crate) fn mail_metrics(&self) -> Vec<(&'static str, &'static str, f64)> {
        if self.mailer().is_none() {
            return vec![];
        }
        let count = self.inner.store.read(|read| read.count_mail()).map_err(No::from).unwrap_or_default();
        vec![
            ("sluice_mail_waiting", "Mails in the outbox.", count.waiting as f64),
            ("sluice_mail_given_up", "Mails given up in the last thirty days.", count.given_up as f64),
        ]
    }
}

fn written(log: &LogId, person: &PersonId, kind: &str, text: Text, now: Instant) -> MailRow {
    MailRow {
        id: carry::random_id("mail"),
        log: log.clone(),
        person: person.clone(),
        kind: kind.into(),
        subject: text.subject,
        body: text.body,
        made: now,
        tries: 0,
        handed: 0,
    }
}

fn handed(mail: &MailRow, address: &Personal, language: Language) -> Mail {
    Mail {
        id: mail.id.clone(),
        to: Secret::new(address.expose()),
        subject: mail.subject.clone(),
        body: mail.body.clone(),
        language: language.word(),
        written: u64::try_from(mail.made.seconds()).unwrap_or(0),
    }
}
