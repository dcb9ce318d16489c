//! Taking over a list of units.

use super::{Current, Plan, Step, Unit, UnitRow, is_code, unknown_unit};
use crate::id::{AgencyId, UnitId};
use crate::refusal::{Reason, Refusal};
use crate::regulation::Pack;
use alloc::{collections::BTreeMap, collections::BTreeSet, format, vec::Vec};

/// The identifier of the unit to which an agency gives a code: one that is known by it, or else the code
/// behind the agency's own identifier, so that two agencies may number alike.
pub fn unit_id(agency: &AgencyId, code: &str, known: &[Unit]) -> UnitId {
    let own = || known.iter().find(|unit| unit.id.as_str() == code);
    let scoped = UnitId::new(format!("{agency}-{code}"));
    own().map_or(scoped, |unit| unit.id.clone())
}

/// The difference that a list of units makes.
pub fn units(pack: &Pack, agency: &AgencyId, rows: &[UnitRow], current: &Current) -> Plan {
    let mut plan = Plan::default();
    let mut seen = BTreeSet::new();
    let mut listed: Vec<(usize, Unit)> = Vec::new();
    for row in rows {
        let id = unit_id(agency, &row.id, &current.units);
        let mut faults = faults_of(pack, row);
        faults.extend(current.taken.contains(&id).then(|| Refusal::new(Reason::UnitElsewhere).at("id")));
        faults.extend((!seen.insert(id.clone())).then(|| Refusal::new(Reason::ListedTwice).at("id")));
        if !faults.is_empty() {
            plan.faults.extend(faults.into_iter().map(|fault| (row.line, fault)));
            continue;
        }
        let above = row.above.as_str();
        let unit = Unit {
            id,
            agency: agency.clone(),
            above: (!above.is_empty()).then(|| unit_id(agency, above, &current.units)),
            name: row.name.clone(),
            name_en: if row.name_en.is_empty() { row.name.clone() } else { row.name_en.clone() },
            organisation: row.organisation.clone(),
        };
        listed.push((row.line, unit));
    }
    for (line, unit) in standing(listed, current, &mut plan) {
        match current.units.iter().find(|known| known.id == unit.id) {
            Some(old) if *old == unit => plan.same += 1,
            Some(_) => plan.steps.push((line, Step::UnitChanged(unit))),
            None => plan.steps.push((line, Step::Unit(unit))),
        }
    }
    plan.faults.sort_by_key(|(line, _)| *line);
    plan
}

fn faults_of(pack: &Pack, row: &UnitRow) -> Vec<Refusal> {
    let wanted = [("id", &row.id), ("name", &row.name), ("organisation", &row.organisation)];
    let missing = wanted.into_iter().filter(|(_, text)| text.is_empty());
    let mut faults: Vec<Refusal> =
        missing.map(|(field, _)| Refusal::new(Reason::FieldMissing).at(field)).collect();
    faults.extend(row.broken.then(|| Refusal::new(Reason::Unreadable)));
    let malformed = |bad: bool, field: &str| bad.then(|| Refusal::new(Reason::FieldMalformed).at(field));
    faults.extend(malformed(!row.id.is_empty() && !is_code(&row.id), "id"));
    let unknown = !row.organisation.is_empty() && pack.organisation(&row.organisation).is_none();
    faults.extend(malformed(unknown, "organisation"));
    faults
}

/// Those of the units that can stand where they are listed: what is above is there, and nothing stands below
/// itself. Whoever falls takes along what would hang in the air.
fn standing(mut listed: Vec<(usize, Unit)>, current: &Current, plan: &mut Plan) -> Vec<(usize, Unit)> {
    loop {
        let known = current.units.iter().chain(listed.iter().map(|(_, unit)| unit));
        let places: BTreeMap<&UnitId, Option<&UnitId>> =
            known.map(|unit| (&unit.id, unit.above.as_ref())).collect();
        let falls: Vec<(usize, Refusal)> = listed
            .iter()
            .filter_map(|(line, unit)| {
                let above = unit.above.as_ref()?;
                let fault = match places.contains_key(above) {
                    false => unknown_unit(above.as_str()),
                    true if circles(unit, &places) => Refusal::new(Reason::UnitCircle),
                    true => return None,
                };
                Some((*line, fault.at("above")))
            })
            .collect();
        if falls.is_empty() {
            return listed;
        }
        listed.retain(|(line, _)| !falls.iter().any(|(fallen, _)| fallen == line));
        plan.faults.extend(falls);
    }
}

/// Whether one comes back to a unit on the way up from it.
fn circles(unit: &Unit, places: &BTreeMap<&UnitId, Option<&UnitId>>) -> bool {
    let up = |id: &&UnitId| places.get(id).copied().flatten();
    let way = core::iter::successors(unit.above.as_ref(), |id| up(id));
    way.take(places.len()).any(|id| *id == unit.id)
}
