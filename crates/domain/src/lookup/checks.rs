//! The small checks that a lookup must pass, each one question to one control of the regulation.
//!
//! A check answers the clauses it found obeyed, or the refusal. Whatever a regulation does not
//! carry is not asked: an absent control permits.

use super::Lookup;
use super::ask::{Ask, Facts};
use super::explanation::CaseFacts;
use crate::actor::Actor;
use crate::grant::scope;
use crate::link::{self, Standing};
use crate::refusal::{Help, Reason, Refusal};
use crate::regulation::{
    Business, Capacity, ClauseId, Consequence, Pack, ReasonPart, ScopeOfConsent, Situation, Target,
};
use crate::time::{Date, Instant};
use alloc::collections::BTreeSet;
use alloc::{format, string::String, string::ToString, vec, vec::Vec};

/// The clauses obeyed, or the refusal.
pub type Check = Result<Vec<ClauseId>, Refusal>;

/// The situation that controls' conditions are asked about.
pub fn situation<'a>(actor: &'a Actor, ask: &'a Ask) -> Situation<'a> {
    Situation {
        dataset: ask.items.first().map(|item| dataset_of(item)),
        purpose: Some(&ask.purpose),
        basis: Some(&ask.basis),
        ..actor.situation()
    }
}

/// The same with what the case says: whose work it is, and which plan that belongs to.
pub fn situation_in<'a>(
    pack: &'a Pack,
    actor: &'a Actor,
    ask: &'a Ask,
    case: Option<&'a CaseFacts>,
) -> Situation<'a> {
    let business = case.map(|case| case.business.as_str());
    let plan = business.and_then(|business| pack.plan_of(business));
    Situation { business, plan, ..situation(actor, ask) }
}

/// The situation of a lookup that exists.
pub fn situation_of<'a>(actor: &'a Actor, lookup: &'a Lookup) -> Situation<'a> {
    Situation {
        dataset: lookup.items.first().map(|item| dataset_of(item)),
        purpose: Some(&lookup.purpose),
        basis: Some(&lookup.basis),
        held_roles: &lookup.held_roles,
        ..actor.situation()
    }
}

/// The dataset part of `dataset/item`.
pub fn dataset_of(item: &str) -> &str {
    item.split('/').next().unwrap_or(item)
}

/// Whether the role may look up at all.
pub fn capacity(actor: &Actor, capacity: Capacity) -> Check {
    if actor.can(capacity) {
        return Ok(vec![]);
    }
    Err(Refusal::new(Reason::NoCapacity).helped_by(Help::Holder(Capacity::Stamp)))
}

/// Whether the request comes from where the rule wants it.
pub fn place(pack: &Pack, situation: &Situation<'_>, actor: &Actor) -> Check {
    let Some(zone) = pack.network_zone(situation) else { return Ok(vec![]) };
    if !zone.value.refuses_off_site() || actor.place.is_in(&zone.value.zone) {
        return Ok(zone.clauses);
    }
    Err(Refusal::new(Reason::OffSite).under_first(&zone.clauses).with("zone", &zone.value.zone))
}

/// Whether there is a link by which the data can be obtained. A rule that says nothing about links wants
/// none; but where there was one, nobody goes by a link that is over.
pub fn link(pack: &Pack, situation: &Situation<'_>, links: &[Standing], today: Date) -> Check {
    let channel = pack.channel(situation).filter(|rule| rule.value.link_test || rule.value.link_application);
    let clauses = channel.as_ref().map(|rule| rule.clauses.clone()).unwrap_or_default();
    let helped = |refusal: Refusal| {
        let keeper = pack.link_keepers().into_iter().next().unwrap_or_default();
        Err(refusal.at("items").helped_by(Help::Role(keeper)))
    };
    let Some(way) = link::way(links) else {
        return match links.iter().filter_map(|link| link.until).max() {
            _ if links.is_empty() && channel.is_none() => Ok(vec![]),
            _ if links.is_empty() => helped(Refusal::new(Reason::LinkMissing).under_first(&clauses)),
            until => {
                let term = pack.link_rule().map(|rule| rule.clauses).unwrap_or_default();
                let ended = Refusal::new(Reason::LinkEnded).under_first(&[term, clauses].concat());
                helped(ended.with("on", until.unwrap_or(today).to_string()))
            }
        };
    };
    match channel.filter(|rule| rule.value.link_test && !way.passed) {
        Some(_) => helped(Refusal::new(Reason::LinkUntested).under_first(&clauses)),
        None => Ok(clauses),
    }
}

/// Whether stamps are overdue under a rule that blocks new lookups until they are given.
pub fn stamps(pack: &Pack, situation: &Situation<'_>, facts: &Facts) -> Check {
    let Some(stamp) = pack.countersign(situation) else { return Ok(vec![]) };
    let blocks = stamp.value.consequence == Some(Consequence::BlockNewLookups);
    if !blocks || facts.overdue_stamps == 0 {
        return Ok(vec![]);
    }
    Err(Refusal::new(Reason::StampsOverdue)
        .under_first(&stamp.clauses)
        .with("count", facts.overdue_stamps.to_string())
        .helped_by(Help::Role(stamp.value.by_role().into())))
}

/// Whether the purpose is permitted and explained where it wants words.
pub fn purpose(pack: &Pack, ask: &Ask) -> Check {
    let Some(purpose) = pack.purpose(&ask.purpose) else {
        let clauses = pack.purposes().into_iter().next().map(|p| p.clauses).unwrap_or_default();
        return Err(Refusal::new(Reason::PurposeNotPermitted).under_first(&clauses).at("purpose"));
    };
    if purpose.value.extra_text && ask.purpose_text.expose().trim().is_empty() {
        return Err(Refusal::new(Reason::FieldMissing).under_first(&purpose.clauses).at("purpose_text"));
    }
    Ok(purpose.clauses)
}

/// Whether the legal basis is in the list, written out where it must be, and consented to by the
/// head where it must be.
pub fn basis(pack: &Pack, ask: &Ask, facts: &Facts, day: Date) -> Check {
    let Some(basis) = pack.legal_basis(&ask.basis).filter(|basis| basis.value.may_be_chosen(day.civil()))
    else {
        let clauses = pack.legal_bases().into_iter().next().map(|b| b.clauses).unwrap_or_default();
        return Err(Refusal::new(Reason::BasisUnknown).under_first(&clauses).at("basis"));
    };
    if basis.value.extra_text && ask.basis_text.expose().trim().is_empty() {
        return Err(Refusal::new(Reason::BasisTextMissing).under_first(&basis.clauses).at("basis_text"));
    }
    if basis.value.head_consent && !facts.head_consent {
        return Err(Refusal::new(Reason::BasisNeedsHead)
            .under_first(&basis.clauses)
            .at("basis")
            .helped_by(Help::Holder(Capacity::Decide)));
    }
    // A list of bases serves many clauses; this lookup obeys the one that its own basis stands in.
    Ok(basis.clauses.into_iter().take(1).collect())
}

/// Whether `item` is approved: for the business of the case, or, where no case is known, for every
/// business there is. Otherwise leaving the case number out would open more than naming one.
pub fn approved(pack: &Pack, business: Option<&Business>, item: &str) -> bool {
    let has = |business: &Business| business.items.iter().any(|own| own == item);
    match business {
        Some(business) => has(business),
        None => pack.businesses().iter().all(|business| has(&business.value)),
    }
}

/// Whether every item exists and is among those approved.
pub fn items(pack: &Pack, ask: &Ask, facts: &Facts) -> Check {
    if ask.items.is_empty() {
        return Err(Refusal::new(Reason::NoItems).at("items"));
    }
    let datasets: BTreeSet<&str> = ask.items.iter().map(|item| dataset_of(item)).collect();
    if datasets.len() > 1 {
        return Err(Refusal::new(Reason::SeveralDatasets).at("items"));
    }
    let business = facts.case.as_ref().and_then(|case| pack.business(&case.business));
    let first = || pack.businesses().into_iter().next();
    let scope = business.clone().or_else(first).map(|b| b.clauses).unwrap_or_default();
    let mut clauses = if business.is_some() { scope.clone() } else { vec![] };
    for code in &ask.items {
        let item = pack.item(code);
        let approved = approved(pack, business.as_ref().map(|b| &b.value), code);
        match item.filter(|_| approved) {
            Some(item) => clauses.extend(item.clauses),
            None => {
                return Err(Refusal::new(Reason::ItemNotApproved)
                    .under_first(&scope)
                    .at("items")
                    .with("item", code));
            }
        }
    }
    Ok(clauses)
}

/// Whether the actor did in time what they owe for their rights, and holds one for every item that the rule
/// ties to one. Rights that are suspended for a while are not said to be missing as well.
pub fn rights(
    pack: &Pack,
    situation: &Situation<'_>,
    items: &[String],
    (permitted, owed): (&[String], &[String]),
) -> Check {
    let late = owed.iter().filter_map(|control| pack.obligation(control)).find(|late| late.value.bars());
    match late {
        Some(late) => {
            let refusal = Refusal::new(Reason::ObligationLate).under_first(&late.clauses);
            Err(refusal.helped_by(Help::Yourself))
        }
        None => permission(pack, situation, items, permitted),
    }
}

/// Whether the actor holds a permission for every item that the rule ties to one, and for the use.
fn permission(pack: &Pack, situation: &Situation<'_>, items: &[String], permitted: &[String]) -> Check {
    let purpose = situation.purpose.unwrap_or_default();
    let of_use = scope::is_use_tied(pack, purpose);
    let tied = |item: &&String| (of_use || scope::is_tied(pack, item)) && !permitted.contains(item);
    let Some(missing) = items.iter().find(tied) else {
        return Ok(vec![]);
    };
    let clauses = scope::clauses(pack, situation);
    let (reason, field) = match scope::is_limited(pack, missing, purpose) {
        true => (Reason::PermissionUse, "purpose"),
        false => (Reason::NoPermission, "items"),
    };
    Err(Refusal::new(reason).under_first(&clauses).at(field).with("item", missing))
}

/// Whether somebody who is not a party of the case is looked up with a reason, and whether a case
/// number is given where the rule wants one.
pub fn subject(pack: &Pack, situation: &Situation<'_>, ask: &Ask, facts: &Facts) -> Check {
    if ask.subject.is_empty() {
        return Err(Refusal::new(Reason::FieldMissing).at("subject"));
    }
    let outside = facts.case.as_ref().is_none_or(|case| !case.subject_is_party);
    let clauses = pack.reason(situation).map(|r| r.clauses).unwrap_or_default();
    if outside && ask.outside_reason.expose().trim().is_empty() {
        return Err(Refusal::new(Reason::NotAParty).under_first(&clauses).at("outside_reason"));
    }
    Ok(vec![])
}

/// Whether the request states what the rule wants stated, in words an auditor can check.
pub fn reason(pack: &Pack, situation: &Situation<'_>, ask: &Ask) -> Check {
    let Some(rule) = pack.reason(situation) else { return Ok(vec![]) };
    let text = ask.words();
    let stated = |what: &ReasonPart| match what {
        ReasonPart::CaseNumber | ReasonPart::DocumentNumber => !ask.case_number.trim().is_empty(),
        ReasonPart::Reason => !text.trim().is_empty(),
    };
    let wanted = &rule.value.require;
    let enough = match rule.value.all() {
        true => wanted.iter().all(stated),
        false => wanted.is_empty() || wanted.iter().any(stated),
    };
    if !enough {
        let wants_words = wanted.contains(&ReasonPart::Reason) && text.trim().is_empty();
        let field = if wants_words { "purpose_text" } else { "case" };
        return Err(Refusal::new(Reason::FieldMissing).under_first(&rule.clauses).at(field));
    }
    if let Some(vague) = rule.value.vague.iter().find(|vague| text.trim() == vague.as_str()) {
        return Err(Refusal::new(Reason::ReasonVague)
            .under_first(&rule.clauses)
            .at("purpose_text")
            .with("text", vague));
    }
    let most = rule.value.max_length.unwrap_or(500);
    let least = rule.value.min_length.unwrap_or(0);
    if !text.trim().is_empty() && text.trim().chars().count() < least as usize {
        return Err(Refusal::new(Reason::ReasonVague)
            .under_first(&rule.clauses)
            .at("purpose_text")
            .with("text", text.trim()));
    }
    if text.chars().count() > most as usize {
        return Err(Refusal::new(Reason::FieldTooLong)
            .under_first(&rule.clauses)
            .at("purpose_text")
            .with("most", format!("{most}")));
    }
    Ok(rule.clauses)
}

/// Whether the subject is somebody whom the actor must leave to others.
pub fn target(pack: &Pack, situation: &Situation<'_>, facts: &Facts) -> Check {
    let Some(relation) = facts.relation.as_deref().and_then(Target::named) else {
        return Ok(vec![]);
    };
    let rule = pack
        .sensitive_targets(situation)
        .into_iter()
        .find(|rule| rule.value.relations.contains(&relation) && rule.value.refuses());
    match rule {
        None => Ok(vec![]),
        Some(rule) => Err(Refusal::new(Reason::SensitiveTarget)
            .under_first(&rule.clauses)
            .at("subject")
            .with("relation", relation.word())
            .helped_by(Help::Holder(Capacity::Stamp))),
    }
}

/// Whether the consent that the rule wants before use exists and still runs.
pub fn consent(pack: &Pack, situation: &Situation<'_>, facts: &Facts, now: Instant) -> Check {
    let Some(rule) = pack.consent(situation) else { return Ok(vec![]) };
    if rule.value.scope == ScopeOfConsent::None {
        return Ok(vec![]);
    }
    let refuse = |reason| {
        Err(Refusal::new(reason)
            .under_first(&rule.clauses)
            .helped_by(Help::Role(rule.value.by_role().into())))
    };
    match &facts.consent {
        None if rule.value.application.is_some() => refuse(Reason::ConsentAppliedFor),
        None => refuse(Reason::ConsentMissing),
        Some(consent) if consent.until.is_some_and(|until| now >= until) => refuse(Reason::ConsentEnded),
        Some(_) => Ok(rule.clauses),
    }
}
