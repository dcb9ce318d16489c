//! Accounts, codes that are handed out, and one's own password and second factor.

use super::{ClauseCite, Due, RefusalView};
use domain::Personal;
use domain::regulation::Words;
use domain::time::{Date, Instant};

/// The name under which an authenticator lists the account.
const ISSUER: &str = "Sluice";

/// The accounts of an agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountsView {
    /// Everybody of the agency.
    pub list: Vec<AccountRow>,
    /// Whether the reader runs the accounts; who does not, only reads.
    pub runs: bool,
    /// How codes may be delivered, by the regulation's words.
    pub methods: Vec<&'static str>,
    /// Hours for which a code is good.
    pub hours: u32,
    /// The clause about delivery, if there is one.
    pub clause: Option<ClauseCite>,
    /// How many wait for a code.
    pub waiting: usize,
    /// For how many people nobody has said for some days how their codes reached them.
    pub outstanding: usize,
}

/// One person of an agency with their account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// The person's identifier.
    pub person: String,
    /// Their name.
    pub name: String,
    /// The name of their unit.
    pub unit: String,
    /// Their role.
    pub role: Words,
    /// The sign-in name, if there is an account, or one of an older system was taken over.
    pub login: Option<String>,
    /// `none`, `taken-over`, `invited`, `reset`, `closed`, `locked`, `due` or `open`: a locale key.
    pub state: &'static str,
    /// Until when that holds, if it ends by itself.
    pub until: Option<Instant>,
    /// Whether the time of the password is soon over or past, whether that is enforced, and the day.
    pub ends: Option<(bool, Date)>,
    /// When they signed in last.
    pub last: Option<Instant>,
    /// What a code would be for: `first` or `reset`.
    pub kind: &'static str,
    /// Whether the reader may hand one out.
    pub may: bool,
    /// Whether the person has no account and no code that is good, and the reader may hand one out.
    pub waits: bool,
    /// What is missing of the newest code, if nobody said how it reached its owner: `used` or `unsaid`.
    pub outstanding: Option<&'static str>,
}

/// One account with the codes that were handed out for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountView {
    /// The account as the list shows it.
    pub row: AccountRow,
    /// The codes, the newest first.
    pub codes: Vec<CodeView>,
    /// Colleagues who may take a slip along; nobody where a rule forbids that.
    pub colleagues: Vec<(String, String)>,
    /// How many sessions of it run.
    pub sessions: usize,
    /// The clause about delivery, if there is one.
    pub clause: Option<ClauseCite>,
    /// Today.
    pub today: Date,
}

/// A code that was handed out, as the page of its account lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeView {
    /// Its identifier.
    pub id: String,
    /// `first` or `reset`.
    pub kind: &'static str,
    /// How it was to reach the person, by the regulation's word.
    pub method: &'static str,
    /// Who handed it out.
    pub by: String,
    /// When.
    pub at: Instant,
    /// Until when it is good.
    pub until: Instant,
    /// `good`, `lapsed`, `used`, `superseded`, `revoked` or `closed`: a locale key.
    pub state: &'static str,
    /// When it was used, replaced or revoked.
    pub closed: Option<Instant>,
    /// What is missing, if nobody said how it reached its owner: `used` or `unsaid`.
    pub outstanding: Option<&'static str>,
    /// How it reached its owner.
    pub handing: Option<HandingView>,
    /// The ways of which the reader may say that it went; none where nothing is to be said.
    pub ways: Vec<&'static str>,
    /// Whether a colleague may have taken it along.
    pub colleague: bool,
    /// Whether the reader may revoke it.
    pub revoke: bool,
}

/// How a code reached its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandingView {
    /// By whom.
    pub by: String,
    /// To whom it was given.
    pub to: String,
    /// Whether that was a colleague.
    pub colleague: bool,
    /// In which way.
    pub way: &'static str,
    /// On which day.
    pub on: Date,
}

/// Codes that were handed out to many at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SlipsView {
    /// One slip each.
    pub slips: Vec<HandedView>,
    /// Who was given none, and all that stands against it.
    pub refused: Vec<(String, Vec<RefusalView>)>,
    /// How many more wait than one batch holds.
    pub left: usize,
    /// Whether they were shown before, and are not shown again.
    pub shown: bool,
}

/// A code that was handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedView {
    /// The person's identifier.
    pub person: String,
    /// The person's name.
    pub name: String,
    /// The sign-in name.
    pub login: String,
    /// `first` or `reset`.
    pub kind: &'static str,
    /// How it reaches the person, by the regulation's word.
    pub method: &'static str,
    /// Until when it is good.
    pub until: Instant,
    /// Whether the sign-in name goes by another way.
    pub apart: bool,
    /// The code; none where it was shown before.
    pub code: Option<Personal>,
}

/// One demand on a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordRuleView {
    /// `length`, `classes`, `history`, `age`, `months` or `months-advised`: a locale key.
    pub name: &'static str,
    /// The number in it.
    pub n: usize,
    /// The clause; none where it is the house's own.
    pub clause: Option<ClauseCite>,
}

/// What is told or lent to nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretsView {
    /// The regulation's codes for it.
    pub secrets: Vec<String>,
    /// The clause.
    pub clause: Option<ClauseCite>,
}

/// A second factor that is about to be tied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorView {
    /// The secret, in Base32.
    pub secret: Personal,
    /// The address that authenticators read from a picture.
    pub address: Personal,
}

impl FactorView {
    /// The factor of an account.
    pub(crate) fn of(login: &str, secret: Personal) -> Self {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let login: String = login.chars().map(|c| if plain(c) { c } else { '_' }).collect();
        let base = secret.expose();
        let address = format!("otpauth://totp/{ISSUER}:{login}?secret={base}&issuer={ISSUER}");
        Self { address: Personal::new(address), secret }
    }

    /// The secret in groups of four, as it is typed by hand.
    pub fn grouped(&self) -> String {
        let letters: Vec<char> = self.secret.expose().chars().collect();
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        groups.join(" ")
    }
}

/// What somebody sees who sets their account up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrollingView {
    /// What the next page is reached with.
    pub ticket: String,
    /// The person's name.
    pub name: String,
    /// The sign-in name.
    pub login: String,
    /// The demands on the password.
    pub rules: Vec<PasswordRuleView>,
    /// What is told or lent to nobody.
    pub secrets: Vec<SecretsView>,
    /// The second factor.
    pub factor: FactorView,
}

/// One's own password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordView {
    /// The demands on a new one.
    pub rules: Vec<PasswordRuleView>,
    /// What is told or lent to nobody.
    pub secrets: Vec<SecretsView>,
    /// When its time is over, if that is soon or past.
    pub due: Option<EndView>,
    /// Where it must be changed before the first act under a new post: the clause, if the role names one.
    pub fresh: Option<Option<ClauseCite>>,
}

/// When the time of a password is over: whether that is enforced, when, and the clause.
pub type EndView = (bool, Due, Option<ClauseCite>);

/// One of the reader's own sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionView {
    /// How its owner names it.
    pub handle: String,
    /// When it began.
    pub begun: Instant,
    /// When it was last used.
    pub seen: Instant,
    /// The address it came from.
    pub place: String,
    /// Whether it is the one that asks.
    pub this: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authenticator_reads_the_address_and_people_the_groups() {
        let view = FactorView::of("chen@office", Personal::new("ABCDEFGHIJ"));
        assert_eq!(view.grouped(), "ABCD EFGH IJ");
        let address = "otpauth://totp/Sluice:chen_office?secret=ABCDEFGHIJ&issuer=Sluice";
        assert_eq!(view.address.expose(), address);
    }
}
