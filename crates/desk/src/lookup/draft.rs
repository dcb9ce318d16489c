//! The new-lookup page: what a case number fills in, what may not be chosen, and why.

use super::facts::{held, wants_consent};
use crate::view::{CaseView, ChoiceView, DraftView, LightView, PartyView, RefusalView};
use crate::{Answer, Desk, No, Session, carry, words};
use domain::case::{Case, Party};
use domain::grant::scope;
use domain::lookup::ask::{self, Ask, Facts};
use domain::lookup::checks;
use domain::lookup::explanation::Lights;
use domain::regulation::{Business, Capacity, ClauseId, PageKind, ReasonPart, Ruled, Timing};
use domain::{Reason, Refusal};

/// Cases offered again on the empty page.
const RECENT: i64 = 5;

impl Desk {
    /// The page for a case number, or the empty page.
    ///
    /// # Errors
    /// The number is not known; the regulation may allow a lookup without a case all the same.
    pub fn draft(&self, session: &Session, case_number: Option<&str>) -> Answer<DraftView> {
        let number = case_number.unwrap_or_default().trim().to_string();
        let log = session.actor.log();
        let (case, parties) = self.inner.store.read(|read| {
            let case = if number.is_empty() { None } else { read.case(&log, &number)? };
            let parties = match &case {
                Some(case) => read.parties(&case.id)?,
                None => vec![],
            };
            Ok((case, parties))
        })?;
        if case.is_none() && !number.is_empty() {
            let unknown = Refusal::new(Reason::CaseUnknown).at("case").with("number", &number);
            return Err(No::Refused(vec![self.explain(session, unknown)]));
        }
        let business = case.as_ref().and_then(|case| session.pack.business(&case.business));
        let preset = preset(business.as_ref(), &number, &parties);
        let (facts, held) = self.inner.store.read(|read| {
            let facts = self.lookup_facts(read, session, &preset, case.as_ref())?;
            Ok((facts, held(read, session, self.now())?))
        })?;
        let lights = ask::lights(&session.pack, &session.actor, &preset, &facts, self.now());
        let situation = checks::situation_in(&session.pack, &session.actor, &preset, facts.case.as_ref());
        let stamp = session.pack.countersign(&situation);
        let dataset = session.pack.datasets().first();
        Ok(DraftView {
            purposes: self.purposes(session, business.as_ref(), &held),
            bases: self.bases(session, business.as_ref()),
            items: self.items(session, business.as_ref(), &held),
            parties: parties.iter().enumerate().map(|(n, party)| party_view(n, party)).collect(),
            lights: if case.is_some() { light_views(&lights) } else { vec![] },
            subject_label: dataset
                .as_ref()
                .map_or_else(|| words::plain(""), |d| d.value.subject.label.clone()),
            words_required: session.pack.reason(&situation).is_some_and(|reason| words_wanted(&reason.value)),
            stamp_before: stamp.is_some_and(|stamp| stamp.value.timing == Timing::Before),
            barred: self.barred(session, &preset, &facts),
            notices: [
                dataset.map(|dataset| dataset.value.notices.clone()).unwrap_or_default(),
                session.pack.sentences(&[PageKind::Lookup], &situation),
            ]
            .concat(),
            recent: self.recent(session)?,
            today: self.today(session)?,
            form_key: carry::random_hex::<16>(),
            case: case.map(|case| self.case_view(session, case)).transpose()?,
        })
    }

    fn today(&self, session: &Session) -> Answer<usize> {
        let since = self.now().date().start();
        let (log, person) = (session.actor.log(), session.actor.person.clone());
        Ok(self.inner.store.read(|read| read.lookups_since(&log, &person, since))?)
    }

    fn recent(&self, session: &Session) -> Answer<Vec<CaseView>> {
        let (log, unit) = (session.actor.log(), session.actor.unit.clone());
        let cases = self.inner.store.read(|read| read.cases(&log, &unit, RECENT))?;
        cases.into_iter().map(|case| self.case_view(session, case)).collect()
    }

    /// A case as lists show it.
    pub(crate) fn case_view(&self, session: &Session, case: Case) -> Answer<CaseView> {
        let officer = self.inner.store.read(|read| read.person_name(&case.officer))?;
        let business = session.pack.business(&case.business);
        Ok(CaseView {
            business: business.map_or_else(|| words::plain(&case.business), |b| b.value.word),
            number: case.number,
            officer,
            received: case.received,
            closed: case.closed,
        })
    }

    /// Why nothing can be asked at all, whatever is typed: role, place, consent, overdue stamps.
    fn barred(&self, session: &Session, preset: &Ask, facts: &Facts) -> Option<RefusalView> {
        let (pack, actor) = (&session.pack, &session.actor);
        let situation = &checks::situation(actor, preset);
        let refusal = checks::capacity(actor, Capacity::Ask)
            .and_then(|_| checks::place(pack, situation, actor))
            .and_then(|_| checks::stamps(pack, situation, facts))
            .and_then(|_| match wants_consent(session) {
                true => checks::consent(pack, situation, facts, self.now()),
                false => Ok(vec![]),
            })
            .err()?;
        Some(self.explain(session, refusal))
    }

    /// Every use of the rule; those that no permission reaches stay visible and disabled.
    fn purposes(
        &self,
        session: &Session,
        business: Option<&Ruled<Business>>,
        held: &[Vec<String>],
    ) -> Vec<ChoiceView> {
        let pack = &session.pack;
        let preset = business.and_then(|b| b.value.purpose.clone());
        let barred = |code: &str| {
            let tied = scope::is_use_tied(pack, code);
            let open = !tied || held.iter().any(|codes| scope::serves(pack, codes, code));
            let refusal = Refusal::new(Reason::PermissionUse).under_first(&account_clauses(session));
            (!open).then(|| self.explain(session, refusal.at("purpose")))
        };
        let view = |purpose: Ruled<domain::regulation::Purpose>| ChoiceView {
            preset: preset.as_deref() == Some(purpose.value.code.as_str()),
            barred: barred(&purpose.value.code),
            code: purpose.value.code,
            word: purpose.value.word,
            text_required: purpose.value.extra_text,
        };
        session.pack.purposes().into_iter().map(view).collect()
    }

    fn bases(&self, session: &Session, business: Option<&Ruled<Business>>) -> Vec<ChoiceView> {
        let preset = business.and_then(|b| b.value.basis.clone());
        let view = |basis: Ruled<domain::regulation::LegalBasis>| ChoiceView {
            preset: preset.as_deref() == Some(basis.value.code.as_str()),
            code: basis.value.code,
            word: basis.value.word,
            text_required: basis.value.extra_text,
            barred: None,
        };
        let (bases, today) = (session.pack.legal_bases().into_iter(), self.now().date());
        bases.filter(|basis| basis.value.may_be_chosen(today.civil())).map(view).collect()
    }

    /// Every item of the rule; those that the business may not have stay visible and disabled.
    fn items(
        &self,
        session: &Session,
        business: Option<&Ruled<Business>>,
        held: &[Vec<String>],
    ) -> Vec<ChoiceView> {
        let mut views = Vec::new();
        let chain = account_clauses(session);
        let first = session.pack.businesses().into_iter().next();
        let scope = business.or(first.as_ref()).map(|b| b.clauses.clone()).unwrap_or_default();
        for dataset in session.pack.datasets() {
            for item in &dataset.value.items {
                let code = format!("{}/{}", dataset.value.id, item.id);
                let approved = checks::approved(&session.pack, business.map(|b| &b.value), &code);
                let opens = |codes: &Vec<String>| scope::opened(&session.pack, codes).contains(&code);
                let open = !scope::is_tied(&session.pack, &code) || held.iter().any(opens);
                let against = match (approved, open) {
                    (false, _) => Some((Reason::ItemNotApproved, &scope)),
                    (true, false) => Some((Reason::NoPermission, &chain)),
                    (true, true) => None,
                };
                let barred = against.map(|(reason, clauses)| {
                    let refusal = Refusal::new(reason).under_first(clauses).with("item", &code);
                    self.explain(session, refusal)
                });
                views.push(ChoiceView {
                    preset: open && business.is_some_and(|b| b.value.minimal.contains(&code)),
                    word: item.label.clone(),
                    text_required: false,
                    barred,
                    code,
                });
            }
        }
        views
    }
}

/// The clauses under which accounts are applied for.
fn account_clauses(session: &Session) -> Vec<ClauseId> {
    scope::clauses(&session.pack, &session.actor.situation())
}

/// Whether words are wanted in any case, and not only where no case number is given.
fn words_wanted(reason: &domain::regulation::Reason) -> bool {
    let only = reason.require.len() == 1;
    reason.require.contains(&ReasonPart::Reason) && (reason.all() || only)
}

/// The request as the case presets it, for its first person.
fn preset(business: Option<&Ruled<Business>>, number: &str, parties: &[Party]) -> Ask {
    let business = business.map(|business| &business.value);
    Ask {
        case_number: number.into(),
        purpose: business.and_then(|b| b.purpose.clone()).unwrap_or_default(),
        purpose_text: domain::Personal::default(),
        basis: business.and_then(|b| b.basis.clone()).unwrap_or_default(),
        basis_text: domain::Personal::default(),
        subject: parties.first().map(|party| party.subject.clone()).unwrap_or_default(),
        name: domain::Personal::default(),
        role: String::new(),
        outside_reason: domain::Personal::default(),
        items: business.map(|b| b.minimal.clone()).unwrap_or_default(),
    }
}

fn party_view(place: usize, party: &Party) -> PartyView {
    PartyView {
        number: place + 1,
        name: words::masked_name(&party.name),
        id: words::masked_subject(&party.subject),
        role: party.role.clone(),
    }
}

/// The lights with their names.
pub(crate) fn light_views(lights: &Lights) -> Vec<LightView> {
    lights.named().into_iter().map(|(name, lit)| LightView { name, lit }).collect()
}
