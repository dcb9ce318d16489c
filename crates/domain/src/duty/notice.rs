//! Notices of change: whom a rule wants told when somebody's standing changes, and by when.

use super::{DueDay, Duty, Kind, Owner, clock, heading, keeper, owners_of};
use crate::application::route::Holder;
use crate::decision::Rule;
use crate::directory::post::Cause;
use crate::id::{DutyId, EventId, PersonId, UnitId};
use crate::period::Calendar;
use crate::regulation::{self, Capacity, ClauseId, Control, Deadline, Pack, Relation, Situation, Who};
use crate::time::Date;
use alloc::{collections::BTreeSet, format, string::String, vec::Vec};

/// A change of somebody's standing.
#[derive(Clone, Copy, Debug)]
pub struct Changed<'a> {
    /// Whose.
    pub person: &'a PersonId,
    /// The role they had, or get.
    pub role: &'a str,
    /// In which unit.
    pub unit: &'a UnitId,
    /// What that unit is in the rule's list of organisations.
    pub organisation: &'a str,
    /// Why.
    pub cause: Cause,
    /// From which day on.
    pub on: Date,
    /// The unit with those above it.
    pub line: &'a [UnitId],
    /// Everybody who holds a post of the agency today.
    pub holders: &'a [Holder],
}

impl Changed<'_> {
    /// What conditions of controls are asked about.
    pub fn situation(&self) -> Situation<'_> {
        Situation {
            role: Some(self.role),
            unit: Some(self.organisation),
            cause: Some(self.cause.word()),
            ..Situation::default()
        }
    }

    /// Whether the rule counts the person among those of this word.
    fn is(&self, pack: &Pack, word: &str) -> bool {
        let capacity = match word {
            "user" => Capacity::Ask,
            "link-officer" => Capacity::Operate,
            "supervisor" => Capacity::Stamp,
            "designated-person" => Capacity::Custody,
            "administrator" => Capacity::Administer,
            "auditor" => Capacity::Audit,
            _ => return false,
        };
        pack.capacities(self.role).contains(&capacity)
    }

    /// Who sees to it in the unit: its head, or whoever does it where there is none but the person.
    pub fn supervisor(&self, pack: &Pack) -> Option<Owner> {
        heading(pack, self.line, self.holders, Some(self.person)).or_else(|| keeper(pack))
    }
}

/// The duties to tell others that a change brings, and the clauses that want them. Offices inside are told
/// together by the head of the unit; each body outside is told by whoever runs the accounts.
pub fn of_change(
    rule: Rule<'_>,
    changed: &Changed<'_>,
    calendar: &Calendar,
    event: &EventId,
) -> (Vec<Duty>, Vec<ClauseId>) {
    let pack = rule.pack;
    let (mut duties, mut clauses): (Vec<Duty>, Vec<ClauseId>) = (Vec::new(), Vec::new());
    for ruled in pack.change_notices(&changed.situation()) {
        let notice = &ruled.value;
        let counts =
            notice.causes.is_empty() || notice.causes.iter().any(|word| word == changed.cause.word());
        if !counts || !notice.of.iter().any(|word| changed.is(pack, word)) {
            continue;
        }
        let start = changed.on.start();
        let due = notice.deadline.as_ref().and_then(|deadline| clock::due(deadline, start, calendar).ok());
        let due: Option<DueDay> = due.map(DueDay::from);
        for about in addressed(&notice.recipients) {
            let owner = if is_inside(&about) { changed.supervisor(pack) } else { keeper(pack) };
            let Some(owner) = owner else { continue };
            // Whom both the rule and its floor want told is told once, by the earlier day.
            let same = |duty: &&mut Duty| duty.about == about && duty.owner == owner;
            if let Some(told) = duties.iter_mut().find(same) {
                if is_earlier(due.as_ref(), told.due.as_ref()) {
                    told.due = due.clone();
                }
                continue;
            }
            duties.push(Duty {
                unit: Some(changed.unit.clone()),
                person: Some(changed.person.clone()),
                about,
                due: due.clone(),
                ..Duty::new(
                    rule,
                    DutyId::new(format!("du-{event}-{}", duties.len())),
                    Kind::Notify,
                    &ruled.control,
                    owner,
                    changed.on,
                )
            });
        }
        clauses.extend(ruled.clauses);
    }
    let mut known = BTreeSet::new();
    clauses.retain(|clause| known.insert(clause.clone()));
    (duties, clauses)
}

/// What follows from a result that a rule wants told (`report_to`): those inside take note of it, and whoever
/// runs the accounts tells each body outside. None of it has a day of its own.
pub fn of_result(rule: Rule<'_>, whole: &Duty, event: &EventId, on: Date) -> Vec<Duty> {
    let recipients = rule.pack.control_or_floor(&whole.control).map(|own| own.params.people("report_to"));
    let recipients = recipients.unwrap_or_default();
    let told = |who: &Who| match outside(who) {
        Some(about) => keeper(rule.pack).map(|owner| (Kind::Notify, owner, about)).into_iter().collect(),
        None => owners_of(rule.pack, who, None)
            .into_iter()
            .map(|owner| (Kind::Heed, owner, String::new()))
            .collect::<Vec<_>>(),
    };
    let all: BTreeSet<(Kind, Owner, String)> = recipients.iter().flat_map(told).collect();
    let duties = all.into_iter().enumerate().map(|(n, (kind, owner, about))| Duty {
        id: DutyId::new(format!("du-{event}-{n}")),
        kind,
        owner,
        about,
        unit: None,
        began: on,
        due: None,
        late: None,
        ..whole.clone()
    });
    duties.collect()
}

/// A recipient outside the agency, as a duty names it.
fn outside(who: &Who) -> Option<String> {
    match who {
        Who::Party(party) => Some(format!("party:{party}")),
        Who::Organisation(id) => Some(format!("organisation:{id}")),
        _ => None,
    }
}

/// Whether a day is earlier than another; none at all is the latest.
fn is_earlier(one: Option<&DueDay>, other: Option<&DueDay>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.moment < other.moment,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// Duties of those inside who were told: to take note. They have no day of their own.
pub fn heeded(pack: &Pack, told: &Duty) -> Vec<Duty> {
    let inside = told.about.split(' ').filter_map(inside);
    // An office and a role that stands for it are one and the same reader; whoever tells it knows it.
    let unit = told.unit.as_ref();
    let owners: BTreeSet<Owner> =
        inside.flat_map(|who| owners_of(pack, &who, unit)).filter(|owner| *owner != told.owner).collect();
    owners
        .into_iter()
        .enumerate()
        .map(|(n, owner)| Duty {
            id: DutyId::new(format!("{}-{n}", told.id)),
            kind: Kind::Heed,
            owner,
            due: None,
            late: None,
            ..told.clone()
        })
        .collect()
}

/// Whether a notice is one of a change of post, whose day is counted from that change.
pub(super) fn is_counted(pack: &Pack, duty: &Duty) -> bool {
    let own = pack.control_or_floor(&duty.control);
    own.is_some_and(|control| control.kind == regulation::Kind::ChangeNotice)
}

/// The deadlines within which its own control and the floor want the recipients of a notice told.
pub(super) fn deadlines(pack: &Pack, duty: &Duty) -> Vec<Deadline> {
    let floor = pack.floor().into_iter().flat_map(|floor| floor.of_kind(regulation::Kind::ChangeNotice));
    let same = |control: &&Control| addressed(&control.params.people("recipients")).contains(&duty.about);
    let all = pack.control_or_floor(&duty.control).into_iter().chain(floor.filter(same));
    all.filter_map(|control| control.params.deadline("deadline").cloned()).collect()
}

/// Whom a word of a notice means that is told inside.
pub fn inside(word: &str) -> Option<Who> {
    match word.split_once(':') {
        Some(("office", id)) => Some(Who::Office(id.into())),
        Some(("role", id)) => Some(Who::Role(id.into())),
        Some(("relation", id)) => Relation::named(id).map(Who::Relation),
        _ => (word == "head").then_some(Who::Head),
    }
}

/// When a notice is due, counted anew: the earliest of the days by which it is wanted.
pub(super) fn due_of(pack: &Pack, duty: &Duty, calendar: &Calendar) -> Option<DueDay> {
    let start = duty.began.start();
    let days = deadlines(pack, duty).into_iter();
    let days = days.filter_map(|one| clock::due(&one, start, calendar).ok().map(DueDay::from));
    days.min_by_key(|due| due.moment)
}

/// Whether those inside the agency are told by a notice: the head of the unit tells them, and not whoever
/// keeps letters.
pub(super) fn is_inside(about: &str) -> bool {
    ["office:", "role:", "relation:", "head"].iter().any(|word| about.starts_with(word))
}

/// Those who are told in one go: the offices inside together, each body outside by itself.
fn addressed(recipients: &[Who]) -> Vec<String> {
    let (mut inside, mut each) = (Vec::new(), Vec::new());
    for who in recipients {
        match (who, outside(who)) {
            (_, Some(about)) => each.push(about),
            (Who::Office(office), _) => inside.push(format!("office:{office}")),
            (Who::Role(role), _) => inside.push(format!("role:{role}")),
            (Who::Relation(relation), _) => inside.push(format!("relation:{}", relation.word())),
            (Who::Any(several), _) => {
                let any = addressed(several).into_iter();
                let (own, others): (Vec<String>, Vec<String>) = any.partition(|about| is_inside(about));
                inside.extend(own);
                each.extend(others);
            }
            _ => inside.push("head".into()),
        }
    }
    let together = (!inside.is_empty()).then(|| inside.join(" "));
    together.into_iter().chain(each).collect()
}
