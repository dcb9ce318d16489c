//! Permissions that an older system had given, taken over from a list: what each line would open, and why a
//! line cannot be taken.

use super::permission::{Permission, every_code, word_of};
use crate::application;
use crate::directory::import::{Current, day_of};
use crate::id::{PermissionId, PersonId, UnitId};
use crate::refusal::{Reason, Refusal};
use crate::regulation::{AccountApplication, ApplicationObject, ApprovalChain, Pack, Ruled};
use crate::time::{Date, Instant};
use alloc::{collections::BTreeSet, format, string::String, vec::Vec};

/// Most characters of the number that something had in the older system.
const NUMBER_MAX: usize = 80;

/// One line of a list of permissions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The line of the file, from 1.
    pub line: usize,
    /// Whether something in it could not be read in the file's encoding.
    pub broken: bool,
    /// The person as the agency numbers its staff, made into an identifier by the edge.
    pub person: String,
    /// The unit, by identifier or name.
    pub unit: String,
    /// What it opens: codes or words of the forms, parted by semicolons.
    pub items: String,
    /// The first day; today where none is named.
    pub from: String,
    /// The first day on which it is over; none where it has no end.
    pub until: String,
    /// The number of the application that it followed from there.
    pub application: String,
}

/// What a list would open, and what of it is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The permissions, each with its line.
    pub opens: Vec<(usize, Permission)>,
    /// Rows that cannot be taken, with every reason.
    pub faults: Vec<(usize, Refusal)>,
    /// Rows that say what is known already.
    pub same: usize,
}

/// What a list would open beside what is held already.
pub fn plan(
    pack: &Pack,
    rows: &[Row],
    current: &Current,
    now: Instant,
    draw: &mut dyn FnMut() -> PermissionId,
) -> Plan {
    let mut plan = Plan::default();
    let mut listed = BTreeSet::new();
    for row in rows {
        let mut found = Vec::new();
        let read = read_row(pack, row, current, now.date(), &mut found);
        let again = !listed.insert((row.person.as_str(), row.unit.as_str()));
        found.extend(again.then(|| Refusal::new(Reason::ListedTwice).at("id")));
        let Some((person, unit, items, from, until)) = read.filter(|_| found.is_empty()) else {
            plan.faults.extend(found.into_iter().map(|fault| (row.line, fault)));
            continue;
        };
        let new = Permission {
            until,
            formerly: Some(row.application.clone()).filter(|number| !number.is_empty()),
            ..Permission::older(draw(), person, unit, items, from)
        };
        let own = |one: &&Permission| one.person == new.person && one.unit == new.unit && one.stands(now);
        match current.held.iter().find(own) {
            None => plan.opens.push((row.line, new)),
            Some(held) if is_same(held, &new) => plan.same += 1,
            Some(_) => plan.faults.push((row.line, Refusal::new(Reason::PermissionHeld).at("id"))),
        }
    }
    plan
}

/// Whether a permission is the one that an earlier import of the same line opened.
fn is_same(held: &Permission, new: &Permission) -> bool {
    held.items == new.items && held.until == new.until && held.formerly == new.formerly
}

type Read = (PersonId, UnitId, Vec<String>, Instant, Option<Instant>);

fn read_row(
    pack: &Pack,
    row: &Row,
    current: &Current,
    today: Date,
    found: &mut Vec<Refusal>,
) -> Option<Read> {
    let wanted = [("id", &row.person), ("unit", &row.unit), ("items", &row.items)];
    let missing = wanted.into_iter().filter(|(_, text)| text.is_empty());
    found.extend(missing.map(|(field, _)| Refusal::new(Reason::FieldMissing).at(field)));
    found.extend(row.broken.then(|| Refusal::new(Reason::Unreadable)));
    let long = row.application.chars().count() > NUMBER_MAX;
    let too_long =
        || Refusal::new(Reason::FieldTooLong).at("application").with("most", format!("{NUMBER_MAX}"));
    found.extend(long.then(too_long));
    let person = PersonId::new(row.person.as_str());
    let unit = current.units.iter().find(|unit| unit.is_called(&row.unit));
    let unknown = || Refusal::new(Reason::UnitUnknown).at("unit").with("unit", row.unit.as_str());
    found.extend((unit.is_none() && !row.unit.is_empty()).then(unknown));
    let works = |unit: &UnitId| {
        let here = |post: &&crate::directory::Assignment| post.person == person && post.unit == *unit;
        current.posts.iter().find(here).filter(|post| post.runs(today.max(post.from)))
    };
    let post = unit.and_then(|unit| works(&unit.id));
    found.extend((unit.is_some() && post.is_none()).then(|| Refusal::new(Reason::NotYourStaff).at("id")));
    let items = items_of(pack, &row.items, found);
    let (from, until) = days(row, today, found);
    let (unit, post) = (unit?, post?);
    let object = ApplicationObject::Account.word();
    let situation = application::situation(object, &post.role, &unit.organisation);
    let chain = application::chain(pack, object, &situation);
    found.extend(chain.as_ref().and_then(|chain| beyond(chain, from, until)));
    let form = chain.as_ref().and_then(|chain| chain.value.form.as_deref());
    let terms = form.and_then(|form| pack.account_application(form, &situation));
    found.extend(terms.and_then(|terms| unasked(&terms, row)));
    Some((person, unit.id.clone(), items, from.start(), until.map(Date::start)))
}

/// The codes of the items, in the order of the forms; what no form has is refused by its name.
fn items_of(pack: &Pack, text: &str, found: &mut Vec<Refusal>) -> Vec<String> {
    let every = every_code(pack);
    let is = |code: &String, name: &str| {
        code == name || word_of(pack, code).is_some_and(|word| *word.zh == *name || *word.en == *name)
    };
    let names: Vec<&str> =
        text.split([';', '\u{FF1B}']).map(str::trim).filter(|name| !name.is_empty()).collect();
    for name in &names {
        let known = every.iter().any(|code| is(code, name));
        let unknown = || Refusal::new(Reason::ItemUnknown).at("items").with("item", *name);
        found.extend((!known).then(unknown));
    }
    every.iter().filter(|code| names.iter().any(|name| is(code, name))).cloned().collect()
}

fn days(row: &Row, today: Date, found: &mut Vec<Refusal>) -> (Date, Option<Date>) {
    let from = day_of(&row.from, today, "from", found);
    let until = day_of(&row.until, today, "until", found);
    let malformed = |bad: bool, field: &str| bad.then(|| Refusal::new(Reason::FieldMalformed).at(field));
    let ahead = from.is_some_and(|from| today < from);
    found.extend(malformed(ahead, "from"));
    let over = until.is_some_and(|until| until <= today.max(from.unwrap_or(today)));
    found.extend(malformed(over, "until"));
    (from.unwrap_or(today), until)
}

/// Why a permission cannot be taken over without a number: under the rule nothing stands that was not applied
/// for.
fn unasked(terms: &Ruled<AccountApplication>, row: &Row) -> Option<Refusal> {
    let wanted = terms.value.within_application && row.application.is_empty();
    wanted.then(|| Refusal::new(Reason::FieldMissing).under_first(&terms.clauses).at("application"))
}

/// Why a permission cannot stand so long: the rule sets a term, and the end is beyond it, or missing.
fn beyond(chain: &Ruled<ApprovalChain>, from: Date, until: Option<Date>) -> Option<Refusal> {
    let term = chain.value.term.as_ref()?;
    let months = term.months;
    let end = from.plus_months(i64::from(months))?;
    until.is_none_or(|until| end < until).then(|| {
        let refusal = Refusal::new(Reason::TermTooLong).under_first(&term.clauses).at("until");
        refusal.with("months", format!("{months}"))
    })
}
