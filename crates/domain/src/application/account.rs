//! What a rule says about applications for accounts: what can be applied for with a form, and that nobody
//! needs the same twice.

use super::{Action, Application, form};
use crate::grant::permission::{Permission, Stop};
use crate::id::{LogId, PersonId};
use crate::refusal::{Help, Reason, Refusal};
use crate::regulation::{AccountApplication, ApplicationObject, Capacity, Field, Form, Pack, Ruled};
use crate::time::Instant;
use alloc::{format, vec, vec::Vec};

/// What those whom an application is for have or ask for already.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// Their permissions.
    pub held: Vec<Permission>,
    /// Other applications that are on their way.
    pub others: Vec<Application>,
}

/// What the rule says about an application beside its chain; nothing where it is not about accounts.
pub fn terms(pack: &Pack, application: &Application) -> Option<Ruled<AccountApplication>> {
    let about_accounts = application.object == ApplicationObject::Account.word();
    let terms = pack.account_application(&application.form, &application.situation());
    terms.filter(|_| about_accounts)
}

/// Whether it must be known what those whom it is for have already.
pub fn is_compared(pack: &Pack, application: &Application) -> bool {
    application.action == Action::Create
        && terms(pack, application).is_some_and(|terms| terms.value.duplicate_check)
}

/// Why an account cannot be applied for in this way; nothing for any other application.
pub(super) fn faults(
    pack: &Pack,
    (form, asked): (&Form, &[&Field]),
    application: &Application,
    beside: &Beside,
    now: Instant,
) -> Vec<Refusal> {
    let Some(terms) = terms(pack, application) else { return vec![] };
    let refused = |reason: Reason| {
        let field = form::choice_of(form, application.action).map(|(field, _)| field);
        Refusal::new(reason).under_first(&terms.clauses).at(field.as_deref().unwrap_or("people"))
    };
    if !terms.value.lets(application.action.word()) {
        return vec![refused(Reason::ActionNotOffered).with("action", application.action.word())];
    }
    // Everything ends where the form asks for no ticks; where it does, somebody says what ends.
    let ticks = asked.iter().find(|field| field.kind == "ticks").filter(|_| application.items.is_empty());
    if let (Action::Cancel, Some(ticks)) = (application.action, ticks) {
        return vec![Refusal::new(Reason::FieldMissing).under_first(&form.clauses).at(&ticks.id)];
    }
    if !is_compared(pack, application) {
        return vec![];
    }
    let count = |has: &dyn Fn(&PersonId) -> bool| application.people.iter().filter(|one| has(one)).count();
    let held = count(&|person| holds(&beside.held, person, application, now));
    let asked = count(&|person| beside.others.iter().any(|other| asks(other, person, application)));
    let told = |reason, count: usize| refused(reason).with("count", format!("{count}"));
    let held = (held > 0).then(|| way_on(told(Reason::AccountHeld, held), form, &terms.value));
    let asked = (asked > 0).then(|| told(Reason::AppliedAlready, asked));
    // Whoever has an account is told what to do with it; that somebody asks for another one changes nothing.
    held.or(asked).into_iter().collect()
}

/// Whether somebody on leave from the unit has something there that an application can change or cancel.
pub(super) fn is_away(application: &Application, beside: &Beside, person: &PersonId, now: Instant) -> bool {
    let own = |one: &&Permission| one.person == *person && one.unit == application.unit;
    let mut own = beside.held.iter().filter(own);
    application.action != Action::Create && own.any(|one| one.rests(now) == Some(Stop::OnLeave))
}

fn holds(held: &[Permission], person: &PersonId, application: &Application, now: Instant) -> bool {
    held.iter().any(|one| one.person == *person && one.unit == application.unit && one.is_open(now))
}

fn asks(other: &Application, person: &PersonId, application: &Application) -> bool {
    // One that was sent back is nobody's turn but its author's, who may never mend it; it is compared when it
    // is put forward again.
    let waits = other.state.is_on_its_way();
    let alike = other.object == application.object && other.action == Action::Create;
    let elsewhere = other.id == application.id || other.unit != application.unit;
    waits && alike && !elsewhere && other.people.contains(person)
}

/// What whoever has an account applies for instead, as far as the form lets them.
fn way_on(refusal: Refusal, form: &Form, terms: &AccountApplication) -> Refusal {
    let offers = |action: Action| terms.lets(action.word()) && form::choice_of(form, action).is_some();
    if offers(Action::Change) {
        return refusal;
    }
    let problem = if offers(Action::Cancel) { "cancel" } else { "closed" };
    refusal.with("problem", problem).helped_by(Help::Holder(Capacity::Administer))
}

/// The rows that stand for what an application is compared with: two that ask for the same go one after the
/// other.
pub fn compared(log: &LogId, application: &Application) -> Vec<crate::id::Key> {
    application.people.iter().map(|person| crate::grant::permission::key(log, person)).collect()
}
