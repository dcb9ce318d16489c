//! Letters that people send, and the mail by which the gate says that something waits.
//!
//! That a letter left is evidence and has its entry. That a mail left is none: it says only that something
//! stands in the to-do list, which is the inbox.

use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Permit, Seen};
use crate::duty::{Duty, Kind};
use crate::id::{DutyId, EventId, Key, LogId, PersonId};
use crate::personal::Personal;
use crate::refusal::{Outcome, Reason, Refusal, gather, unless};
use crate::regulation::{ClauseId, Event, LetterRule, Pack, Ruled, Who};
use crate::time::{Date, Instant};
use alloc::{format, string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// Most characters of an address (RFC 5321, section 4.5.3.1).
const ADDRESS_MAX: usize = 254;
/// Most characters of its part before the sign.
const LOCAL_MAX: usize = 64;
/// Most characters of the number of a letter.
const NUMBER_MAX: usize = 80;
/// What changes of post are called in the list of events.
const CHANGE: &str = "change";

/// A language that mail is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Chinese as written in Taiwan.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Language {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// The word in rows, entries and the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Chinese => "zh-TW",
            Self::English => "en",
        }
    }

    /// The language that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.word() == word)
    }
}

/// How somebody wants to be told by mail that something waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Where to; empty for nowhere.
    pub address: Personal,
    /// Whether each working morning brings one mail.
    pub digest: bool,
    /// Whether what is urgent brings one at once.
    pub urgent: bool,
    /// The language of both.
    pub language: Language,
}

impl Default for Setting {
    /// What holds for whoever has chosen nothing: everything on, and no address to send it to.
    fn default() -> Self {
        let (address, language) = (Personal::default(), Language::default());
        Self { address, digest: true, urgent: true, language }
    }
}

/// A letter that has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The duty that it fulfils.
    pub duty: DutyId,
    /// To whom, in the word of the rule, such as `party:provider`.
    pub recipient: String,
    /// The number under which it left; empty where the rule wants none.
    pub number: String,
    /// The day on which it left.
    pub on: Date,
    /// How.
    pub channel: String,
    /// Who entered it.
    pub by: PersonId,
    /// When it was entered.
    pub at: Instant,
}

/// What becomes of the rows of letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Somebody wants to be told in another way.
    Set {
        /// Who.
        person: PersonId,
        /// How.
        setting: Setting,
    },
    /// A letter has left.
    Sent(Sent),
}

/// The revision key of somebody's settings in an agency.
pub fn key(log: &LogId, person: &PersonId) -> Key {
    Key::new(log, "letter-setting", person.as_str())
}

/// Changes how the actor is told. The entry says what is on and in which language, and never where to.
///
/// # Errors
/// The address cannot be one.
pub fn settle(
    actor: &Actor,
    setting: Setting,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let address = setting.address.expose();
    unless(gather([
        (address.chars().count() > ADDRESS_MAX).then(|| {
            Refusal::new(Reason::FieldTooLong).at("mail-address").with("most", format!("{ADDRESS_MAX}"))
        }),
        (!address.is_empty() && address.len() <= ADDRESS_MAX && !is_address(address))
            .then(|| Refusal::new(Reason::FieldMalformed).at("mail-address")),
    ]))?;
    let log = actor.log();
    let fact = Fact::new(event, "letter.settings-changed")
        .detail("address", if address.is_empty() { "none" } else { "given" })
        .detail("digest", i64::from(setting.digest))
        .detail("urgent", i64::from(setting.urgent))
        .detail("language", setting.language.word());
    let permit = Permit::in_log(&log, actor.clone(), &[], now);
    let person = actor.person.clone();
    let row = key(&log, &person);
    let change = decision::Change::Letter(Change::Set { person, setting });
    Ok(Decision::new(permit, fact).seeing([seen]).change(row, change))
}

/// Whether a text is an address that every mail server takes: one sign, plain letters, a domain of labels.
pub fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let of_local = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let atoms = local.len() <= LOCAL_MAX && local.split('.').all(|atom| !atom.is_empty());
    let label = |label: &str| {
        let plain = label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        plain && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    let named = domain.contains('.') && domain.split('.').all(label);
    atoms && named && local.chars().all(|c| c == '.' || of_local(c))
}

/// What is said of a letter when its duty is fulfilled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The number under which it left.
    pub number: String,
    /// The day on which it left.
    pub on: Option<Date>,
    /// How.
    pub channel: String,
}

/// A letter that a body outside sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Came {
    /// Its number.
    pub number: String,
    /// Its day.
    pub on: Option<Date>,
}

impl Came {
    /// Adds it to an entry: the number of a document is public.
    pub(crate) fn told(&self, fact: Fact) -> Fact {
        let day = self.on.map(|day| format!("{day}")).unwrap_or_default();
        fact.detail("letter", self.number.as_str()).detail("dated", day)
    }

    /// What is wrong with what is said of it.
    pub(crate) fn faults(&self, clauses: &[ClauseId], now: Instant) -> Vec<Refusal> {
        let at = |reason, field| Some(Refusal::new(reason).under_first(clauses).at(field));
        gather([
            self.number.is_empty().then(|| at(Reason::FieldMissing, "letter-number")).flatten(),
            too_long(&self.number),
            self.on.is_none().then(|| at(Reason::FieldMissing, "letter-sent")).flatten(),
            // A letter of tomorrow has not come.
            self.on
                .is_some_and(|day| day > now.date())
                .then(|| at(Reason::FieldMalformed, "letter-sent"))
                .flatten(),
        ])
    }
}

fn too_long(number: &str) -> Option<Refusal> {
    let most = format!("{NUMBER_MAX}");
    (number.chars().count() > NUMBER_MAX)
        .then(|| Refusal::new(Reason::FieldTooLong).at("letter-number").with("most", most))
}

/// What has to be said of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Whether it has to have a number.
    pub numbered: bool,
    /// The ways by which it may go.
    pub channels: Vec<String>,
}

/// Whether a duty is fulfilled by a letter: telling a body outside.
pub fn is_letter(duty: &Duty) -> bool {
    let outside = ["party:", "organisation:"].iter().any(|kind| duty.about.starts_with(kind));
    matches!(duty.kind, Kind::Notify | Kind::EndLink) && outside
}

/// A body outside, as duties name it: `party:provider`, `organisation:bureau`.
pub fn body(who: &Who) -> String {
    match who {
        Who::Party(party) => format!("party:{party}"),
        Who::Organisation(id) => format!("organisation:{id}"),
        other => crate::application::submit::role_of(other),
    }
}

/// Whom a duty tells, where it tells one body outside.
fn recipient(duty: &Duty) -> &str {
    duty.about.split(' ').next().unwrap_or_default()
}

/// The letter that the rule drafts for a change told to a body outside, if it has one.
pub fn of_duty(pack: &Pack, duty: &Duty) -> Option<Ruled<LetterRule>> {
    if !is_letter(duty) {
        return None;
    }
    if duty.kind == Kind::EndLink {
        let all =
            [Event::LinkUnneeded, Event::LinkEnd].into_iter().flat_map(|event| pack.link_letters(event));
        return all.into_iter().find(|ruled| ruled.control == duty.control);
    }
    pack.letters(CHANGE).into_iter().find(|ruled| body(&ruled.value.recipient) == recipient(duty))
}

/// What has to be said of the letter that fulfils a duty; where the rule drafts none, any way will do.
pub fn wanted(pack: &Pack, duty: &Duty) -> Option<Wanted> {
    if !is_letter(duty) {
        return None;
    }
    let rule = of_duty(pack, duty).map(|ruled| ruled.value);
    let channels = rule.as_ref().map(|rule| rule.channels.clone()).filter(|ways| !ways.is_empty());
    Some(Wanted {
        numbered: rule.is_some_and(|rule| rule.numbered),
        channels: channels.unwrap_or_else(LetterRule::every_channel),
    })
}

/// What is wrong with what was said of a letter.
pub(crate) fn faults(wanted: &Wanted, said: &Said, clauses: &[ClauseId], now: Instant) -> Vec<Refusal> {
    let missing = |field: &str| Refusal::new(Reason::FieldMissing).under_first(clauses).at(field);
    let malformed = |field: &str| Refusal::new(Reason::FieldMalformed).under_first(clauses).at(field);
    gather([
        (wanted.numbered && said.number.is_empty()).then(|| missing("letter-number")),
        too_long(&said.number),
        said.on.is_none().then(|| missing("letter-sent")),
        // What leaves tomorrow has not left.
        said.on.is_some_and(|day| day > now.date()).then(|| malformed("letter-sent")),
        said.channel.is_empty().then(|| missing("letter-channel")),
        (!said.channel.is_empty() && !wanted.channels.contains(&said.channel))
            .then(|| malformed("letter-channel")),
    ])
}

/// Adds to the decision that fulfils a duty that its letter has left, with an entry of its own.
pub(crate) fn sending(
    decision: Decision,
    duty: &Duty,
    said: &Said,
    clauses: &[ClauseId],
    event: &EventId,
) -> Decision {
    let (by, at, log) =
        (decision.permit().actor().person.clone(), decision.permit().at(), decision.permit().log().clone());
    let Some(on) = said.on else { return decision };
    // The number of a document is public; whoever asks the agency for it gets the letter by it.
    let fact = Fact::new(event, "letter.sent")
        .under(clauses)
        .detail("duty", duty.id.as_str())
        .detail("recipient", recipient(duty))
        .detail("number", said.number.as_str())
        .detail("sent", format!("{on}"))
        .detail("channel", said.channel.as_str());
    let (number, channel) = (said.number.clone(), said.channel.clone());
    let sent = Sent { duty: duty.id.clone(), recipient: recipient(duty).into(), number, on, channel, by, at };
    let row = Key::new(&log, "letter", duty.id.as_str());
    decision.also(fact).change(row, decision::Change::Letter(Change::Sent(sent)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn an_address_is_one_that_every_server_takes() {
        for good in ["a@b.tw", "chen.si-qi@health.matsu.gov.tw", "x+y_z@a-b.example"] {
            assert!(is_address(good), "{good}");
        }
        let long = format!("{}@b.tw", "a".repeat(65));
        for bad in [
            "", "a", "a@", "@b.tw", "a@b", "a@b..tw", "a@-b.tw", "a b@c.tw", "a@b.tw\n", "a@b@c.tw",
            ".a@b.tw",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
        assert!(!is_address(&long) && !is_address("名@b.tw") && !is_address("<a@b.tw>"));
    }

    #[test]
    fn a_letter_wants_its_number_day_and_way() {
        let now = Instant::at(Date::new(2026, 3, 2).unwrap(), 9, 0);
        let wanted = Wanted { numbered: true, channels: vec!["letter".into()] };
        let fields = |said: &Said| -> Vec<(Reason, String)> {
            let all = faults(&wanted, said, &[], now).into_iter();
            all.map(|refusal| (refusal.reason, refusal.field.unwrap_or_default())).collect()
        };
        let (missing, malformed) = (Reason::FieldMissing, Reason::FieldMalformed);
        let all = [
            (missing, "letter-number".into()),
            (missing, "letter-sent".into()),
            (missing, "letter-channel".into()),
        ];
        assert_eq!(fields(&Said::default()), all);
        let good = Said { number: "1150001".into(), on: Some(now.date()), channel: "letter".into() };
        assert_eq!(fields(&good), []);
        let tomorrow = Said { on: Some(now.date().next()), channel: "pigeon".into(), ..good.clone() };
        assert_eq!(
            fields(&tomorrow),
            [(malformed, "letter-sent".into()), (malformed, "letter-channel".into())]
        );
        let long = Said { number: "9".repeat(81), ..good };
        assert_eq!(fields(&long), [(Reason::FieldTooLong, "letter-number".into())]);
    }
}
