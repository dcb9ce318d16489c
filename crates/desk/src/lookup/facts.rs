//! What a lookup's rule needs to know, read in one snapshot.

use crate::directory::{contract, workstation};
use crate::link::standing as standing_links;
use crate::{Desk, Session, Tally};
use domain::Personal;
use domain::case::Case;
use domain::grant::{self, Consent, Covers, permission, scope};
use domain::lookup::ask::{Ask, ConsentFacts, Facts};
use domain::lookup::countersign;
use domain::lookup::explanation::CaseFacts;
use domain::regulation::{Consequence, ScopeOfConsent};
use domain::time::Instant;
use store::{Fault, Read};

/// Rows read to find overdue sheets; more than these are as blocking as all of them.
const SHEETS_MAX: i64 = 200;

impl Desk {
    /// Reads the facts for `ask` by the session's actor, about the case that was read in the same snapshot.
    pub(crate) fn lookup_facts(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        ask: &Ask,
        case: Option<&Case>,
    ) -> Result<Facts, Fault> {
        let actor = &session.actor;
        let (log, now) = (actor.log(), self.now());
        let number = ask.case_number.trim();
        let case_key = domain::case::key(&log, number);
        let of_unit = Covers::Unit(actor.unit.clone());
        let of_case = Covers::Case(number.into());
        let (owed, late) = self.what_bars(read, session)?;
        let (links, mut keys) = standing_links(read, &log, &ask.items, now.date())?;
        let (contracts, of_contracts) = contract::standing(read, session)?;
        let (machine, of_machine) = workstation::machine(read, session, now.date())?;
        keys.extend(late.into_iter().chain(of_contracts).chain(of_machine));
        keys.extend([
            case_key,
            grant::key(&log, &Covers::Agency),
            grant::key(&log, &of_unit),
            grant::key(&log, &of_case),
            permission::key(&log, &actor.person),
            actor.key(),
        ]);
        let seen = read.revs(keys)?;
        let is_party = match case {
            Some(case) if !ask.subject.is_empty() => read.is_party(&log, &case.id, &ask.subject)?,
            _ => false,
        };
        let mut consents = read.consents(&log, &Covers::Agency)?;
        let mut for_case = read.consents(&log, &of_case)?;
        let rule = session.pack.consent(&actor.situation());
        let each_case = rule.is_some_and(|rule| rule.value.scope == ScopeOfConsent::Case);
        consents.extend(read.consents(&log, &of_unit)?);
        let wanted = if each_case { &for_case } else { &consents };
        let consent = standing(wanted, now);
        let stamp = session.pack.countersign(&actor.situation());
        let blocks = stamp.is_some_and(|s| s.value.consequence == Some(Consequence::BlockNewLookups));
        consents.append(&mut for_case);
        Ok(Facts {
            case: case.map(|case| case_facts(case, is_party)),
            case_id: case.map(|case| case.id.clone()),
            relation: relation(read, session, &ask.subject)?,
            consent,
            head_consent: consents
                .iter()
                .any(|c| c.in_force(now) && c.basis.as_deref() == Some(ask.basis.as_str())),
            overdue_stamps: match blocks {
                true => u32::try_from(self.overdue(read, session, now)?.n).unwrap_or(u32::MAX),
                false => 0,
            },
            permitted: permitted(read, session, (&ask.items, &ask.purpose), now)?,
            owed,
            contracts,
            machine,
            links,
            seen,
        })
    }

    /// How many sheets of the unit wait for a stamp beyond the time that the rule allows.
    pub(crate) fn overdue(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        now: Instant,
    ) -> Result<Tally, Fault> {
        let actor = &session.actor;
        let stamp = session.pack.countersign(&actor.situation());
        let Some(stamp) = stamp.filter(|stamp| stamp.value.is_due()) else {
            return Ok(Tally::default());
        };
        let waiting = read.awaiting_since(&actor.log(), &actor.unit, SHEETS_MAX)?;
        let calendar = self.calendar(&actor.log());
        let late =
            |at: &&Instant| countersign::due(&stamp.value, **at, &calendar).is_some_and(|due| now >= due);
        // Who asked first is late first, so nobody behind the first who is not late can be.
        let n = waiting.iter().take_while(late).count();
        // The oldest come first, so there is more only where all that was read is late.
        Ok(Tally { n, more: n >= SHEETS_MAX as usize })
    }
}

fn case_facts(case: &Case, subject_is_party: bool) -> CaseFacts {
    CaseFacts {
        business: case.business.clone(),
        officer: case.officer.clone(),
        received: case.received,
        closed: case.closed,
        subject_is_party,
    }
}

/// The standing consent that runs longest; where none runs any more, the one that ended last, so
/// that the answer can say that it ended.
pub(crate) fn standing(consents: &[Consent], now: Instant) -> Option<ConsentFacts> {
    let end = |consent: &Consent| match (consent.ended, consent.until) {
        (Some(ended), Some(until)) => Some(ended.min(until)),
        (ended, until) => ended.or(until),
    };
    consents
        .iter()
        .filter(|consent| consent.basis.is_none() && consent.from <= now)
        .map(end)
        .max_by_key(|until| until.unwrap_or(Instant::from_micros(i64::MAX)))
        .map(|until| ConsentFacts { until })
}

/// How the subject stands to the one who asks, as far as the personnel data tell.
fn relation(read: &mut Read<'_>, session: &Session, subject: &Personal) -> Result<Option<String>, Fault> {
    if subject.is_empty() {
        return Ok(None);
    }
    let staff = read.staff_with(subject)?;
    Ok(match staff {
        Some(person) if person == session.actor.person => Some("self".into()),
        Some(_) => Some("colleague".into()),
        None => None,
    })
}

/// Those of the items that the actor's permissions let them look up for a use, where the rule ties anything
/// of it to one.
pub(crate) fn permitted(
    read: &mut Read<'_>,
    session: &Session,
    (items, purpose): (&[String], &str),
    now: Instant,
) -> Result<Vec<String>, Fault> {
    let pack = &session.pack;
    if !scope::is_use_tied(pack, purpose) && !items.iter().any(|item| scope::is_tied(pack, item)) {
        return Ok(vec![]);
    }
    let held = held(read, session, now)?;
    let covered = |item: &&String| held.iter().any(|codes| scope::covers(pack, codes, item, purpose));
    Ok(items.iter().filter(covered).cloned().collect())
}

/// The ticks of each permission that the actor may use now in the unit.
pub(crate) fn held(read: &mut Read<'_>, session: &Session, now: Instant) -> Result<Vec<Vec<String>>, Fault> {
    let actor = &session.actor;
    let all = read.permissions(&actor.log(), &actor.person)?;
    let running = all.into_iter().filter(|one| one.runs(now) && one.unit == actor.unit);
    Ok(running.map(|one| one.items).collect())
}

/// Whether the regulation wants a standing consent of the unit.
pub(crate) fn wants_consent(session: &Session) -> bool {
    session
        .pack
        .consent(&session.actor.situation())
        .is_some_and(|consent| consent.value.scope != ScopeOfConsent::None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::{ConsentId, PersonId};
    use domain::time::Date;

    fn at(hour: u8) -> Instant {
        Instant::at(Date::new(2026, 3, 2).unwrap(), hour, 0)
    }

    fn consent(until: Option<Instant>, ended: Option<Instant>) -> Consent {
        Consent {
            id: ConsentId::new("consent"),
            covers: Covers::Agency,
            basis: None,
            by: PersonId::new("head"),
            from: at(8),
            until,
            ended,
        }
    }

    fn ends(consents: &[Consent]) -> Option<Option<Instant>> {
        standing(consents, at(12)).map(|facts| facts.until)
    }

    #[test]
    fn the_consent_that_runs_longest_stands() {
        let short = consent(Some(at(13)), None);
        let long = consent(Some(at(18)), None);
        let open = consent(None, None);
        assert_eq!(ends(&[]), None);
        assert_eq!(ends(&[long.clone(), short.clone()]), Some(Some(at(18))));
        assert_eq!(ends(&[long, open, short]), Some(None));
    }

    #[test]
    fn one_that_ended_is_remembered_but_never_hides_one_that_runs() {
        let early = consent(Some(at(18)), Some(at(10)));
        let lapsed = consent(Some(at(11)), None);
        assert_eq!(ends(&[early.clone(), lapsed.clone()]), Some(Some(at(11))));
        assert_eq!(ends(&[early, consent(Some(at(13)), None), lapsed]), Some(Some(at(13))));
    }

    #[test]
    fn a_consent_for_one_legal_basis_or_for_later_is_no_standing_one() {
        let narrow = Consent { basis: Some("emergency".into()), ..consent(None, None) };
        let later = Consent { from: at(13), ..consent(None, None) };
        assert_eq!(ends(&[narrow, later]), None);
    }
}
