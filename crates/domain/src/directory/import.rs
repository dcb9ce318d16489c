//! Taking over an agency's units and people from a list: first the difference, then the doing.
//!
//! Whoever is listed is listed with all their posts; who is not listed stays as they are, unless the list
//! says that it is whole. A row that cannot be taken is refused with its reason, and harms no other.

mod trial;
mod unit;

pub use unit::{unit_id, units};

use super::exception::Exception;
use super::post::{Cause, Repost};
use super::{Assignment, Person, Unit};
use crate::account::enrolment;
use crate::account::former::Former;
use crate::grant::permission::Permission;
use crate::id::{AssignmentId, PersonId, UnitId};
use crate::identity::{Name, NationalId};
use crate::personal::Personal;
use crate::refusal::{Reason, Refusal};
use crate::regulation::Pack;
use crate::time::{Date, input};
use alloc::{collections::BTreeMap, collections::BTreeSet, string::String, vec::Vec};

/// One line of a list of people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The line of the file, from 1.
    pub line: usize,
    /// Whether something in it could not be read in the file's encoding.
    pub broken: bool,
    /// The person as the agency numbers its staff.
    pub code: String,
    /// That, made into an identifier by the edge.
    pub person: String,
    /// The name.
    pub name: Personal,
    /// The national number; may be empty.
    pub number: Personal,
    /// Who has this national number already, by the edge's search.
    pub number_of: Option<PersonId>,
    /// The unit, by identifier or name.
    pub unit: String,
    /// The role, by id or by the rule's word.
    pub role: String,
    /// The first day, as people write days; today where none is named.
    pub from: String,
    /// The first day on which the post is over, where it ends.
    pub until: String,
    /// Why it begins or ends; a word of the packs.
    pub cause: String,
    /// The sign-in name in an older system, where the account is taken over.
    pub login: String,
}

/// One line of a list of units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitRow {
    /// The line of the file, from 1.
    pub line: usize,
    /// Whether something in it could not be read in the file's encoding.
    pub broken: bool,
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its name in English.
    pub name_en: String,
    /// The unit above, by identifier; none at the top.
    pub above: String,
    /// What it is in the rule's list of organisations.
    pub organisation: String,
}

/// How an agency stands before the import.
#[derive(Clone, Debug, Default)]
pub struct Current {
    /// Its units.
    pub units: Vec<Unit>,
    /// Its people with their names.
    pub people: BTreeMap<PersonId, String>,
    /// Their posts that run today or begin later.
    pub posts: Vec<Assignment>,
    /// The permissions that they hold.
    pub held: Vec<Permission>,
    /// What those listed were allowed of that which the rule keeps apart.
    pub allowed: BTreeMap<PersonId, Vec<Exception>>,
    /// People of other agencies among those listed: nobody renames or moves them from here.
    pub elsewhere: BTreeSet<PersonId>,
    /// The sign-in names of those listed who have an account, or one that was taken over.
    pub logins: BTreeMap<PersonId, String>,
    /// Those who are listed with a sign-in name that is somebody else's already.
    pub login_taken: BTreeSet<(PersonId, String)>,
    /// Units of other agencies that have an identifier which a listed one would get.
    pub taken: BTreeSet<UnitId>,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A unit that is not known yet.
    Unit(Unit),
    /// A unit with another name or place.
    UnitChanged(Unit),
    /// Somebody who is not known yet.
    Person(Person),
    /// Somebody with another name.
    Renamed(PersonId, String),
    /// A change of post.
    Posted(Repost),
    /// A permission of an older system.
    TakenOver(Permission),
    /// An account of an older system.
    Account(Former),
}

/// What an import would do, and what it refuses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The differences, each with the line that brings it; 0 for somebody whom a whole list leaves out.
    pub steps: Vec<(usize, Step)>,
    /// Rows that cannot be taken, with every reason.
    pub faults: Vec<(usize, Refusal)>,
    /// Rows that say what is known already.
    pub same: usize,
}

/// The difference that a list of people makes. With `whole`, who is not listed has left.
pub fn people(
    pack: &Pack,
    rows: &[Row],
    current: &Current,
    whole: bool,
    today: Date,
    draw: &mut dyn FnMut() -> AssignmentId,
) -> Plan {
    let mut plan = Plan::default();
    let mut read: BTreeMap<PersonId, Vec<Post<'_>>> = BTreeMap::new();
    let mut faulty: BTreeSet<PersonId> = BTreeSet::new();
    let mut numbers: BTreeMap<&str, &str> = BTreeMap::new();
    let mut logins: BTreeMap<&str, &str> = BTreeMap::new();
    for row in rows {
        let person = PersonId::new(row.person.as_str());
        let mut found = Vec::new();
        let post = read_row(pack, row, current, today, &mut found);
        let number = row.number.expose();
        let other = (!number.is_empty()).then(|| *numbers.entry(number).or_insert(&row.person));
        let twice = other.is_some_and(|other| other != row.person)
            || row.number_of.as_ref().is_some_and(|owner| *owner != person);
        found.extend(twice.then(|| Refusal::new(Reason::PersonTwice).at("national_id")));
        let login = row.login.as_str();
        let taken = current.login_taken.contains(&(person.clone(), row.login.clone()));
        let free = !login.is_empty() && !taken;
        let other = free.then(|| *logins.entry(login).or_insert(&row.person));
        let twice = taken || other.is_some_and(|other| other != row.person);
        found.extend(twice.then(|| Refusal::new(Reason::LoginTaken).at("login")));
        let again = |own: &Post<'_>| post.as_ref().is_some_and(|post| own.is(&post.unit, post.role));
        let listed = read.get(&person).is_some_and(|posts| posts.iter().any(again));
        found.extend(listed.then(|| Refusal::new(Reason::ListedTwice).at("id")));
        match post.filter(|_| found.is_empty()) {
            Some(post) => read.entry(person).or_default().push(post),
            None => {
                plan.faults.extend(found.into_iter().map(|fault| (row.line, fault)));
                faulty.insert(person);
            }
        }
    }
    // Of somebody with one bad row nothing is known for sure, so none of their rows is taken.
    for (person, posts) in read.iter().filter(|(person, _)| !faulty.contains(*person)) {
        compare(person, posts, current, today, draw, &mut plan);
    }
    if whole {
        let left = |post: &&Assignment| !read.contains_key(&post.person) && !faulty.contains(&post.person);
        for post in current.posts.iter().filter(left) {
            plan.steps.push((0, ends(post, Cause::Leave, today.max(post.from))));
        }
    }
    plan.steps.sort_by_key(|(line, _)| *line);
    plan
}

/// A row that can be taken.
struct Post<'a> {
    row: &'a Row,
    unit: UnitId,
    role: &'a str,
    from: Option<Date>,
    until: Option<Date>,
    cause: Option<Cause>,
}

impl Post<'_> {
    fn is(&self, unit: &UnitId, role: &str) -> bool {
        self.unit == *unit && self.role == role
    }

    /// Whether a row is about a post that is held: the same, unless it begins when that is over.
    fn holds(&self, own: &Assignment) -> bool {
        let after = own.until.zip(self.from).is_some_and(|(until, from)| until <= from);
        self.is(&own.unit, &own.role) && !after
    }

    /// What becomes of a post that is held already; nothing where it is as the row says.
    fn kept(&self, own: &Assignment) -> Option<Step> {
        match self.until {
            None if self.cause == Some(Cause::Stay) => own.until.map(|_| ends(own, Cause::Stay, own.from)),
            until if until.is_none() || until == own.until => None,
            until => {
                let cause = self.cause.filter(|cause| cause.ends()).unwrap_or(Cause::Leave);
                until.map(|until| ends(own, cause, until))
            }
        }
    }
}

fn read_row<'a>(
    pack: &'a Pack,
    row: &'a Row,
    current: &Current,
    today: Date,
    found: &mut Vec<Refusal>,
) -> Option<Post<'a>> {
    let wanted =
        [("id", row.person.as_str()), ("name", row.name.expose()), ("unit", &row.unit), ("role", &row.role)];
    let missing = wanted.into_iter().filter(|(_, text)| text.is_empty());
    found.extend(missing.map(|(field, _)| Refusal::new(Reason::FieldMissing).at(field)));
    found.extend(row.broken.then(|| Refusal::new(Reason::Unreadable)));
    let malformed = |bad: bool, field: &str| bad.then(|| Refusal::new(Reason::FieldMalformed).at(field));
    found.extend(malformed(!row.person.is_empty() && !is_code(&row.person), "id"));
    let number_as_id = NationalId::parse(&row.code).is_ok();
    found.extend(number_as_id.then(|| Refusal::new(Reason::NumberAsId).at("id")));
    let name = row.name.expose();
    found.extend(malformed(!name.is_empty() && Name::parse(name).is_err(), "name"));
    let number = row.number.expose();
    found.extend(malformed(!number.is_empty() && NationalId::parse(number).is_err(), "national_id"));
    let elsewhere = current.elsewhere.contains(&PersonId::new(row.person.as_str()));
    found.extend(elsewhere.then(|| Refusal::new(Reason::PersonElsewhere).at("id")));
    let unit = current.units.iter().find(|unit| unit.is_called(&row.unit));
    found.extend((unit.is_none() && !row.unit.is_empty()).then(|| unknown_unit(&row.unit).at("unit")));
    let role = pack.roles.iter().find(|role| role.id == row.role || *role.word.zh == *row.role);
    let unknown = || Refusal::new(Reason::RoleUnknown).at("role").with("role", row.role.as_str());
    found.extend((role.is_none() && !row.role.is_empty()).then(unknown));
    let from = day_of(&row.from, today, "from", found);
    let until = day_of(&row.until, today, "until", found);
    let backwards = until.is_some_and(|until| until <= from.unwrap_or(Date::MONDAY));
    found.extend(malformed(backwards, "until"));
    let far = |day: Option<Date>| day.is_some_and(|day| today.days_until(day) > 366);
    found.extend(malformed(far(from), "from"));
    let cause = Cause::from_word(&row.cause);
    found.extend(malformed(cause.is_none() && !row.cause.is_empty(), "cause"));
    found.extend(malformed(!row.login.is_empty() && !enrolment::is_login(&row.login), "login"));
    let own = current.logins.get(&PersonId::new(row.person.as_str()));
    let another = !row.login.is_empty() && own.is_some_and(|own| *own != row.login);
    found.extend(another.then(|| Refusal::new(Reason::AccountExists).at("login")));
    let endless = row.until.is_empty() && cause.is_some_and(Cause::leaves);
    found.extend(endless.then(|| Refusal::new(Reason::EndMissing).at("until")));
    Some(Post { row, unit: unit?.id.clone(), role: &role?.id, from, until, cause })
}

fn compare(
    person: &PersonId,
    posts: &[Post<'_>],
    current: &Current,
    today: Date,
    draw: &mut dyn FnMut() -> AssignmentId,
    plan: &mut Plan,
) {
    let Some(first) = posts.first().map(|post| post.row) else { return };
    match current.people.get(person) {
        None => {
            let (name, number) = (first.name.expose().into(), first.number.clone());
            plan.steps.push((first.line, Step::Person(Person { id: person.clone(), name, number })));
        }
        Some(name) if name != first.name.expose() => {
            let name = first.name.expose().into();
            plan.steps.push((first.line, Step::Renamed(person.clone(), name)));
        }
        Some(_) => {}
    }
    let named = posts.iter().map(|post| post.row).find(|row| !row.login.is_empty());
    if let Some(row) = named.filter(|_| !current.logins.contains_key(person)) {
        let former = Former { person: person.clone(), login: row.login.clone() };
        plan.steps.push((row.line, Step::Account(former)));
    }
    let held: Vec<&Assignment> = current.posts.iter().filter(|post| post.person == *person).collect();
    let of = |post: &Post<'_>| held.iter().copied().find(|own| post.holds(own));
    let (kept, fresh): (Vec<&Post<'_>>, Vec<&Post<'_>>) = posts.iter().partition(|post| of(post).is_some());
    // A post that begins later is not missing from a list of today.
    let runs = held.iter().copied().filter(|own| own.from <= today);
    let mut gone: Vec<&Assignment> = runs.filter(|own| !kept.iter().any(|post| post.holds(own))).collect();
    for post in kept {
        match of(post).and_then(|own| post.kept(own)) {
            Some(step) => plan.steps.push((post.row.line, step)),
            None => plan.same += 1,
        }
    }
    // A post that is over already and that nobody knows of here is history, not a difference.
    for post in fresh.into_iter().filter(|post| post.until.is_none_or(|until| today < until)) {
        let from = gone.pop();
        let on = post.from.unwrap_or(today);
        let usual = match from {
            None => Cause::Appointment,
            Some(old) if old.unit == post.unit => Cause::DutyChange,
            Some(_) => Cause::Transfer,
        };
        let to = Assignment {
            id: draw(),
            person: person.clone(),
            unit: post.unit.clone(),
            role: post.role.into(),
            from: on,
            until: post.until,
        };
        let repost = Repost {
            person: person.clone(),
            cause: post.cause.filter(|cause| *cause != Cause::Stay).unwrap_or(usual),
            on,
            from: from.cloned(),
            to: Some(to),
        };
        plan.steps.push((post.row.line, Step::Posted(repost)));
    }
    for old in gone {
        plan.steps.push((first.line, ends(old, Cause::DutyChange, today.max(old.from))));
    }
}

fn ends(post: &Assignment, cause: Cause, on: Date) -> Step {
    Step::Posted(Repost { person: post.person.clone(), cause, on, from: Some(post.clone()), to: None })
}

/// A day of a list, read as the pages read days.
pub(crate) fn day_of(text: &str, today: Date, field: &str, found: &mut Vec<Refusal>) -> Option<Date> {
    input::day(text, today, field).unwrap_or_else(|fault| {
        found.push(fault);
        None
    })
}

fn unknown_unit(name: &str) -> Refusal {
    Refusal::new(Reason::UnitUnknown).with("unit", name)
}

/// Whether a text can be an identifier: it stands in addresses, logs and entries.
fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}
