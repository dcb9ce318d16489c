//! What an approval opens, and links that were there before this system.

use super::{Change, Link, Parties, end, fact, wants_test};
use crate::application::{Action, Answers, Application};
use crate::decision::{self, Decision, Permit, Rule};
use crate::directory;
use crate::id::{EventId, LinkId, LogId, PersonId};
use crate::refusal::{Outcome, Reason, Refusal};
use crate::regulation::{ApprovalChain, Form, Pack, Ruled};
use crate::time::{Date, Instant};
use alloc::{boxed::Box, string::String, string::ToString, vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// What an approval needs to know beside the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// What stands in the form.
    pub answers: Answers,
    /// The agency's links.
    pub links: Vec<Link>,
    /// The event that enters what becomes of the link.
    pub event: EventId,
}

/// The datasets that a form asks for: those ticked where the rule's datasets are the ticks, else all.
fn datasets(pack: &Pack, form: &Form, answers: &Answers) -> Vec<String> {
    let field = form.fields.iter().find(|field| field.from.is_some());
    let chosen = field.and_then(|field| answers.get(&field.id)).map(|entry| entry.values.clone());
    chosen.unwrap_or_else(|| pack.datasets().iter().map(|ruled| ruled.value.id.clone()).collect())
}

fn parties(form: &Form, answers: &Answers) -> Parties {
    let named = |party: &str| {
        let entry = form.party(party).and_then(|field| answers.get(&field.id));
        entry.map(|entry| entry.value().trim().to_string()).unwrap_or_default()
    };
    Parties {
        provider: named("provider"),
        linking: named("linking-agency"),
        holding: named("holding-agency"),
        using: named("using-agency"),
    }
}

/// Months for which an approval stands: the shorter of what the chain and the rule on links say.
fn months(pack: &Pack, chain: &ApprovalChain) -> Option<i64> {
    let years = pack.link_rule().and_then(|rule| rule.value.valid_years);
    [chain.months(), years.map(|years| years * 12)].into_iter().flatten().min().map(i64::from)
}

/// What a renewal follows.
struct Renewed<'a> {
    /// The link that it takes the place of: one that reaches nothing else, for else somebody would lose that.
    former: Option<&'a Link>,
    /// The line that it goes over: one that reaches all of the same, so that its test holds for it.
    line: Option<&'a Link>,
}

impl<'a> Renewed<'a> {
    fn of(standing: impl Iterator<Item = &'a Link>, datasets: &[String]) -> Self {
        let standing: Vec<&Link> = standing.collect();
        let within = |link: &&&Link| link.datasets.iter().all(|own| datasets.contains(own));
        let over = |link: &&&Link| datasets.iter().all(|own| link.datasets.contains(own));
        let tested = standing.iter().filter(over).find(|link| link.passed());
        Self {
            former: standing.iter().filter(within).max_by_key(|link| link.datasets.len()).copied(),
            line: tested.or_else(|| standing.iter().find(over)).copied(),
        }
    }
}

/// Adds to the decision that approves an application what becomes of the link: a new one, for a renewal in
/// the place of the one that reached the same data; or the end of that one.
pub(crate) fn approved(
    decision: Decision,
    rule: Rule<'_>,
    application: &Application,
    basis: &Basis,
    chain: &Ruled<ApprovalChain>,
    now: Instant,
) -> Decision {
    let (log, today) = (decision.permit().log().clone(), now.date());
    let Some(form) = rule.pack.form(&application.form) else { return decision };
    let datasets = datasets(rule.pack, form, &basis.answers);
    let standing = basis.links.iter().filter(|link| link.runs(today) && link.reaches(&datasets));
    if application.action == Action::Cancel {
        return standing.enumerate().fold(decision, |decision, (n, link)| {
            let until = end::earliest(rule.pack, today);
            let event = EventId::new(alloc::format!("{}-{n}", basis.event));
            end::ending(decision, link, until, &chain.clauses, &event)
        });
    }
    // What is new stands beside what there is, until that ends: a line that nobody tested carries nothing.
    let renewed = Renewed::of(standing.filter(|_| application.action == Action::Change), &datasets);
    let former = renewed.former;
    let until = months(rule.pack, &chain.value).and_then(|months| today.plus_months(months));
    let link = Link {
        id: id_of(application),
        datasets,
        parties: parties(form, &basis.answers),
        officer: application.people.first().unwrap_or(&application.author).clone(),
        application: Some(application.id.clone()),
        former: former.map(|link| link.id.clone()),
        from: today,
        until,
        opened: today,
        ending: None,
        tested: renewed.line.and_then(|link| link.tested.clone()),
        used: former.and_then(|link| link.used),
        ended: None,
        digest: rule.reference.digest.clone(),
    };
    let until = until.map(|day| day.to_string()).unwrap_or_default();
    let fact = fact(&basis.event, "link.opened", &link, &chain.clauses)
        .detail("datasets", link.datasets.clone())
        .detail("until", until)
        .detail("former", link.former.as_ref().map(ToString::to_string).unwrap_or_default());
    // Where it reaches more, the former one carries what it carried until the new one is tested.
    let decision = match former.filter(|_| renewed.line.is_some() || !wants_test(rule.pack)) {
        Some(former) => end::over(decision, former, super::End::Renewed),
        None => decision,
    };
    let row = link.key(&log);
    decision.also(fact).change(row, decision::Change::Link(Change::Opened(Box::new(link))))
}

/// A link that was there before this system.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// Its record code.
    pub id: LinkId,
    /// The datasets that are reached by it.
    pub datasets: Vec<String>,
    /// The bodies with a part in it.
    pub parties: Parties,
    /// The officer in charge.
    pub officer: PersonId,
    /// The day on which it was approved.
    pub from: Date,
    /// The day on which its test was passed, where one was.
    pub tested: Option<Date>,
}

/// Takes a link over that was there before, by the operator's hand. It follows from no application, and that
/// marks it; its term is the rule's, counted from its own first day.
///
/// # Errors
/// It reaches a dataset that the rule does not have, or none; it would be over already.
pub fn take_over(
    rule: Rule<'_>,
    log: &LogId,
    earlier: Earlier,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let (pack, today) = (rule.pack, now.date());
    let known = |id: &String| pack.datasets().iter().any(|ruled| ruled.value.id == *id);
    if earlier.datasets.is_empty() || !earlier.datasets.iter().all(known) {
        return Err(vec![Refusal::new(Reason::FieldMalformed).at("datasets")]);
    }
    let term = pack.link_rule();
    let clauses = term.as_ref().map(|term| term.clauses.clone()).unwrap_or_default();
    let years = term.and_then(|term| term.value.valid_years);
    let until = years.and_then(|years| earlier.from.plus_months(i64::from(years) * 12));
    if earlier.from > today || until.is_some_and(|until| until <= today) {
        return Err(vec![Refusal::new(Reason::FieldMalformed).under_first(&clauses).at("from")]);
    }
    let operator = directory::operator(log);
    let by = operator.person.clone();
    let link = Link {
        id: earlier.id,
        datasets: earlier.datasets,
        parties: earlier.parties,
        officer: earlier.officer,
        application: None,
        former: None,
        from: earlier.from,
        until,
        opened: today,
        ending: None,
        tested: earlier.tested.map(|on| super::Test { passed: true, on, by }),
        used: None,
        ended: None,
        digest: rule.reference.digest.clone(),
    };
    let until = link.until.map(|day| day.to_string()).unwrap_or_default();
    let fact = fact(event, "link.taken-over", &link, &clauses)
        .detail("datasets", link.datasets.clone())
        .detail("from", link.from.to_string())
        .detail("until", until)
        .detail("tested", i64::from(link.passed()));
    let row = link.key(log);
    let permit = Permit::in_log(log, operator, &clauses, now);
    Ok(Decision::new(permit, fact).change(row, decision::Change::Link(Change::Opened(Box::new(link)))))
}

/// One application opens one link, so it is named by it.
pub fn id_of(application: &Application) -> LinkId {
    LinkId::new(application.id.as_str())
}
