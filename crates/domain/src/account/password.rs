//! What a password must be, how long it stands, and changing one's own.
//!
//! Several regulations may bind one person; of all of them the strictest holds, point by point.

use super::{Account, Renewal, key};
use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Permit, Seen};
use crate::directory::Assignment;
use crate::id::{EventId, LogId};
use crate::personal::Personal;
use crate::refusal::{Outcome, Reason, Refusal, gather, unless};
use crate::regulation::{ClauseId, Consequence, Force, Pack, PasswordRule, Ruled};
use crate::time::Instant;
use alloc::{format, string::String, vec, vec::Vec};

/// Fewest characters of a password where no regulation says how many.
pub const HOUSE_LENGTH: usize = 8;
/// Most characters of a password; the field at sign-in takes no more either.
pub const LENGTH_MAX: usize = 200;
/// Days before a password's time is over from which its owner is told when that is.
pub const NOTICE_DAYS: i64 = 14;

/// One demand on a password, and the clauses it follows from; none where it is the house's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand<T> {
    /// What is demanded.
    pub value: T,
    /// The clauses, the most exact first.
    pub clauses: Vec<ClauseId>,
}

/// How long a password may stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// In months from the day it was set.
    pub months: u32,
    /// Whether it is enforced or advised.
    pub force: Force,
    /// What follows when it is not changed by then.
    pub consequence: Option<Consequence>,
}

/// What a password of one person must be: of all regulations that bind them the strictest, in each point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The fewest characters.
    pub length: Demand<usize>,
    /// How many of capitals, small letters, digits and signs it mixes at least.
    pub classes: Option<Demand<usize>>,
    /// How many of the passwords used last cannot return, the present one among them.
    pub history: Option<Demand<usize>>,
    /// For how many days it stands at least.
    pub min_age_days: Option<Demand<u32>>,
    /// How long it may stand, under each regulation that sets a number of months.
    pub terms: Vec<Demand<Term>>,
    /// All clauses about passwords that bind, for the entry about a change.
    pub clauses: Vec<ClauseId>,
}

/// When a password's time is over, and under which clauses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The beginning of the day on which it is over.
    pub at: Instant,
    /// The clauses.
    pub clauses: Vec<ClauseId>,
}

impl Policy {
    /// What several regulations demand together.
    pub fn of(rules: &[Ruled<PasswordRule>]) -> Self {
        let house = Demand { value: HOUSE_LENGTH, clauses: Vec::new() };
        let mut clauses: Vec<ClauseId> = rules.iter().flat_map(|rule| rule.clauses.clone()).collect();
        clauses.dedup();
        let term = |rule: &Ruled<PasswordRule>| {
            let rotation = rule.value.rotation.as_ref()?;
            // Where a rule only says "regularly", nobody can tell when that is, and no date is invented.
            let (months, force, consequence) = (rotation.months?, rotation.force, rotation.consequence);
            let value = Term { months, force, consequence };
            Some(Demand { value, clauses: rule.clauses.clone() })
        };
        Self {
            length: most(rules, |rule| rule.min_length).unwrap_or(house),
            classes: most(rules, |rule| rule.classes),
            history: most(rules, |rule| rule.history).filter(|demand| demand.value > 0),
            min_age_days: most(rules, |rule| rule.min_age_days).filter(|demand| demand.value > 0),
            terms: rules.iter().filter_map(term).collect(),
            clauses,
        }
    }

    /// When the time of a password that was set at `set` is over, by the rules of this force.
    pub fn due(&self, force: Force, set: Instant) -> Option<Due> {
        let same = self.terms.iter().filter(|term| term.value.force == force);
        let due = same.filter_map(|term| {
            let day = set.date().plus_months(i64::from(term.value.months))?;
            Some(Due { at: day.start(), clauses: term.clauses.clone() })
        });
        due.min_by_key(|due| due.at)
    }

    /// How many of the passwords used last a new one is compared with; the present one at least.
    pub fn compared(&self) -> usize {
        self.history.as_ref().map_or(1, |history| history.value.max(1))
    }

    /// Every demand that a typed password does not meet.
    pub fn broken(&self, typed: &Typed) -> Vec<Refusal> {
        let text = typed.password.expose();
        let length = text.chars().count();
        if length == 0 {
            return vec![Refusal::new(Reason::FieldMissing).at("password")];
        }
        let short = (length < self.length.value).then(|| {
            let least = format!("{}", self.length.value);
            refuse(Reason::PasswordShort, &self.length.clauses).with("least", least)
        });
        let long = (length > LENGTH_MAX)
            .then(|| Refusal::new(Reason::FieldTooLong).at("password").with("most", format!("{LENGTH_MAX}")));
        let plain = self.classes.as_ref().filter(|classes| self::classes(text) < classes.value);
        let plain = plain.map(|classes| {
            let least = format!("{}", classes.value);
            refuse(Reason::PasswordPlain, &classes.clauses).with("least", least)
        });
        let used = typed.returns.then(|| {
            let clauses = self.history.as_ref().map(|history| history.clauses.clone()).unwrap_or_default();
            refuse(Reason::PasswordUsed, &clauses).with("last", format!("{}", self.compared()))
        });
        let differs =
            (typed.password != typed.again).then(|| Refusal::new(Reason::PasswordsDiffer).at("again"));
        gather([short, long, plain, used, differs])
    }

    /// Why a password that was set at `set` cannot be changed yet, if so.
    pub fn young(&self, set: Instant, now: Instant) -> Option<Refusal> {
        let age = self.min_age_days.as_ref()?;
        let until = set.plus_hours(24 * i64::from(age.value));
        (now < until).then(|| {
            refuse(Reason::PasswordYoung, &age.clauses)
                .with("days", format!("{}", age.value))
                .with("until", format!("{}", until.date()))
        })
    }
}

/// When a password had to be changed because its owner got a post whose role wants that before the first act;
/// none where it was changed since the post began. A post begins with its day.
pub fn fresh(pack: &Pack, post: &Assignment, set: Instant) -> Option<Due> {
    let role = pack.role(&post.role).filter(|role| role.fresh_credential)?;
    let at = post.from.start();
    (set < at).then(|| Due { at, clauses: role.clauses.clone() })
}

fn refuse(reason: Reason, clauses: &[ClauseId]) -> Refusal {
    Refusal::new(reason).under_first(clauses).at("password")
}

/// The highest number that any rule sets, with its clauses.
fn most<T: Ord>(rules: &[Ruled<PasswordRule>], of: impl Fn(&PasswordRule) -> Option<T>) -> Option<Demand<T>> {
    let set = rules
        .iter()
        .filter_map(|rule| Some(Demand { value: of(&rule.value)?, clauses: rule.clauses.clone() }));
    set.reduce(|one, other| if other.value > one.value { other } else { one })
}

/// How many kinds of characters a text mixes: capitals, small letters, digits, and all others.
pub fn classes(text: &str) -> usize {
    let kinds: [fn(char) -> bool; 4] = [char::is_uppercase, char::is_lowercase, char::is_numeric, |c| {
        !c.is_uppercase() && !c.is_lowercase() && !c.is_numeric()
    }];
    kinds.into_iter().filter(|kind| text.chars().any(kind)).count()
}

/// A new password as it was typed, twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The password.
    pub password: Personal,
    /// The password again, against slips of the finger.
    pub again: Personal,
    /// Whether it is one of those that it was compared with; only their hashes can tell.
    pub returns: bool,
}

/// What somebody asks who changes their own password.
#[derive(Clone, Debug)]
pub struct Request {
    /// The new one.
    pub typed: Typed,
    /// Whether the present password and a fresh code of the second factor were shown.
    pub proved: bool,
    /// Argon2id hash of the new one, in PHC text.
    pub hash: String,
}

/// Changes one's own password.
///
/// # Errors
/// Password and code of the present were not shown; the present one is too young; every rule that the new one
/// breaks.
pub fn change(
    account: &Account,
    actor: &Actor,
    policy: &Policy,
    request: &Request,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let mut refusals = gather([
        (!request.proved).then(|| Refusal::new(Reason::NotProved).at("current")),
        policy.young(account.password_at, now),
    ]);
    refusals.extend(policy.broken(&request.typed));
    unless(refusals)?;
    let fact = Fact::new(event, "account.password-changed")
        .under(&policy.clauses)
        .detail("person", account.person.as_str());
    let renewal = Renewal::of(account, &request.hash, now);
    let platform = LogId::platform();
    Ok(Decision::new(Permit::in_log(&platform, actor.clone(), &policy.clauses, now), fact)
        .seeing([seen])
        .change(key(&account.login), decision::Change::Account(super::Change::PasswordSet(renewal))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Date;

    fn rule(control: &str, value: PasswordRule) -> Ruled<PasswordRule> {
        Ruled {
            value,
            clauses: vec![ClauseId::new("pack", control)],
            control: control.into(),
            policy: false,
            policy_params: Vec::new(),
            raised: Vec::new(),
        }
    }

    fn silent() -> PasswordRule {
        PasswordRule {
            min_length: None,
            classes: None,
            history: None,
            rotation: None,
            first_login: false,
            on_suspicion: false,
            min_age_days: None,
        }
    }

    fn typed(password: &str) -> Typed {
        Typed { password: Personal::new(password), again: Personal::new(password), returns: false }
    }

    fn reasons(policy: &Policy, typed: &Typed) -> Vec<(Reason, Option<ClauseId>)> {
        policy.broken(typed).into_iter().map(|refusal| (refusal.reason, refusal.clause)).collect()
    }

    #[test]
    fn the_strictest_holds_in_each_point_under_its_own_clause() {
        let one = PasswordRule { min_length: Some(12), classes: Some(2), history: Some(1), ..silent() };
        let other = PasswordRule { min_length: Some(10), classes: Some(4), history: Some(5), ..silent() };
        let policy = Policy::of(&[rule("1", one), rule("2", other)]);
        let (first, second) = (ClauseId::new("pack", "1"), ClauseId::new("pack", "2"));
        assert_eq!(policy.compared(), 5);
        let all = Typed { returns: true, again: Personal::default(), ..typed("abcdefghijk") };
        assert_eq!(
            reasons(&policy, &all),
            [
                (Reason::PasswordShort, Some(first)),
                (Reason::PasswordPlain, Some(second.clone())),
                (Reason::PasswordUsed, Some(second)),
                (Reason::PasswordsDiffer, None),
            ]
        );
        assert_eq!(reasons(&policy, &typed("Abcdefghij1-")), []);
    }

    #[test]
    fn where_no_rule_says_how_long_the_house_does() {
        let policy = Policy::of(&[rule("1", silent())]);
        assert_eq!(reasons(&policy, &typed("seven-7")), [(Reason::PasswordShort, None)]);
        assert_eq!(reasons(&policy, &typed("eight--8")), []);
        assert_eq!(reasons(&policy, &typed("")), [(Reason::FieldMissing, None)]);
        assert_eq!(reasons(&policy, &typed(&"x".repeat(201))), [(Reason::FieldTooLong, None)]);
        let same = Typed { returns: true, ..typed("eight--8") };
        assert_eq!(reasons(&policy, &same), [(Reason::PasswordUsed, None)], "a change changes something");
    }

    #[test]
    fn four_kinds_of_characters_are_told_apart() {
        for (text, kinds) in [("abc", 1), ("aB", 2), ("aB3", 3), ("aB3-", 4), ("密碼", 1), ("", 0)] {
            assert_eq!(classes(text), kinds, "{text}");
        }
    }

    #[test]
    fn months_are_counted_from_the_day_it_was_set_and_advice_is_no_duty() {
        let rotation = |months, force| {
            let rotation = crate::regulation::Rotation { months, force, consequence: None };
            PasswordRule { rotation: Some(rotation), ..silent() }
        };
        let set = Instant::at(Date::new(2026, 3, 2).unwrap(), 9, 0);
        let rules = [
            rule("1", rotation(Some(6), Force::Duty)),
            rule("2", rotation(Some(3), Force::Advice)),
            rule("3", rotation(None, Force::Duty)),
        ];
        let policy = Policy::of(&rules);
        let due = |force| policy.due(force, set).map(|due| (due.at.date(), due.clauses));
        let day = |month| Date::new(2026, month, 2).unwrap();
        assert_eq!(due(Force::Duty), Some((day(9), vec![ClauseId::new("pack", "1")])));
        assert_eq!(due(Force::Advice), Some((day(6), vec![ClauseId::new("pack", "2")])));
        let unset = Policy::of(&rules[2..]);
        assert_eq!(unset.due(Force::Duty, set), None, "no date is invented");
    }

    #[test]
    fn a_young_password_stays_until_its_days_are_over() {
        let policy = Policy::of(&[rule("1", PasswordRule { min_age_days: Some(2), ..silent() })]);
        let set = Instant::at(Date::new(2026, 3, 2).unwrap(), 9, 0);
        let refusal = policy.young(set, set.plus_hours(47)).unwrap();
        assert_eq!((refusal.reason, refusal.args["days"].as_str()), (Reason::PasswordYoung, "2"));
        assert_eq!(policy.young(set, set.plus_hours(48)), None);
    }
}
