//! Letters and mail, as pages show them.

use super::ClauseCite;
use domain::Personal;
use domain::regulation::Words;
use domain::time::Date;

/// What a duty shows of the letter that fulfils it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterView {
    /// Whether it has to have a number.
    pub numbered: bool,
    /// The ways by which it may go.
    pub channels: Vec<String>,
    /// What the rule drafts; none where it drafts nothing, or once the letter has left.
    pub draft: Option<DraftLetter>,
    /// The number, the day and the way of the letter that left.
    pub sent: Option<(String, Date, String)>,
}

/// A letter in the words of the rule, to be sent by people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftLetter {
    /// Whose letter it is.
    pub agency: Words,
    /// What it is about.
    pub subject: Words,
    /// To whom: a word that the locale speaks for a body outside, else the pack's own.
    pub recipient: (Option<String>, Words),
    /// Who gets a copy.
    pub copies: Vec<(Option<String>, Words)>,
    /// The clauses that want it.
    pub bases: Vec<ClauseCite>,
    /// Whose change it tells.
    pub person: String,
    /// Their role.
    pub role: Words,
    /// Their unit.
    pub unit: Words,
    /// Why it changed, if that was written down: a locale key `cause-…`.
    pub cause: Option<&'static str>,
    /// The day from which on.
    pub on: Date,
    /// The link whose end it tells, where it tells one.
    pub link: Option<EndedLink>,
}

/// A link as the letter about its end names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedLink {
    /// Its record code.
    pub code: String,
    /// The data that are reached by it.
    pub datasets: Vec<Words>,
    /// Why it ends.
    pub why: &'static str,
}

/// How somebody is told by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailView {
    /// Where to; empty for nowhere. It is the reader's own.
    pub address: Personal,
    /// Whether each working morning brings one mail.
    pub digest: bool,
    /// Whether what is urgent brings one at once.
    pub urgent: bool,
    /// The word of the language.
    pub language: &'static str,
    /// Whether the installation sends mail at all.
    pub sends: bool,
    /// Mails that wait and mails that were given up, for whoever runs the accounts.
    pub outbox: Option<(u64, u64)>,
}
