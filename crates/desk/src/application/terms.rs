//! What a rule says of an application for an account, as its page shows it, and what it is compared with.

use crate::view::{AccountTermsView, FieldView};
use crate::{Desk, Session, words};
use domain::application::account::{self, Beside};
use domain::application::{Action, Application, State, chain, form};
use domain::decision::Seen;
use domain::regulation::{ApplicationObject, Form, Pack, Who};
use store::{Fault, Read};

/// Applications of one state among which those of the same people are looked for.
const LOOKED_THROUGH: i64 = 1_000;

/// What an application for an account is held against: what those whom it is for hold, and where its rule
/// wants it compared, what else is asked for them.
pub(super) fn beside(
    read: &mut Read<'_>,
    session: &Session,
    application: &Application,
) -> Result<(Beside, Vec<Seen>), Fault> {
    let mut beside = Beside::default();
    let log = session.actor.log();
    for person in
        application.people.iter().filter(|_| application.object == ApplicationObject::Account.word())
    {
        beside.held.extend(read.permissions(&log, person)?);
    }
    if !account::is_compared(&session.pack, application) {
        return Ok((beside, vec![]));
    }
    let seen = read.revs(account::compared(&log, application))?;
    for state in [State::Running, State::Approved] {
        let rows = read.applications_in(&log, state, LOOKED_THROUGH)?;
        beside.others.extend(rows.into_iter().map(|row| row.application));
    }
    Ok((beside, seen))
}

impl Desk {
    /// What the rule says of an application for an account beside its chain; nothing of any other.
    pub(super) fn terms(&self, pack: &Pack, application: &Application) -> Option<AccountTermsView> {
        let terms = account::terms(pack, application)?;
        let cite = |clauses: &[domain::regulation::ClauseId]| {
            clauses.first().and_then(|id| words::cite_in(pack, id))
        };
        let who = |who: &Option<Who>| who.as_ref().map(|who| words::who(pack, who));
        let chain = chain(pack, &application.object, &application.situation());
        let term = chain.and_then(|chain| chain.value.term);
        let own = &terms.value;
        Some(AccountTermsView {
            clause: cite(&terms.clauses),
            actions: own.actions.iter().filter_map(|word| Action::from_word(word)).collect(),
            term: term.map(|term| (term.months, cite(&term.clauses))),
            duplicate_check: own.duplicate_check,
            carried_out_by: who(&own.carried_out_by),
            paper_kept: own.paper_kept.clone(),
            covering_letter: own.covering_letter,
            filed_with: who(&own.filed_with),
        })
    }
}

/// Fields as they are offered: what the rule does not let be applied for cannot be chosen.
pub(super) fn offered(
    fields: Vec<FieldView>,
    form: Option<&Form>,
    terms: Option<&AccountTermsView>,
) -> Vec<FieldView> {
    let Some((form, terms)) = form.zip(terms).filter(|(_, terms)| !terms.actions.is_empty()) else {
        return fields;
    };
    let off: Vec<(String, String)> = [Action::Create, Action::Change, Action::Cancel]
        .into_iter()
        .filter(|action| !terms.actions.contains(action))
        .filter_map(|action| form::choice_of(form, action))
        .collect();
    let mut fields = fields;
    for field in &mut fields {
        for option in &mut field.options {
            option.off = off.contains(&(field.id.clone(), option.code.clone()));
        }
    }
    fields
}
