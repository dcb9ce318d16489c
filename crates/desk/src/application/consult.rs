//! Asking colleagues for their opinion on an application, and answering.

use super::whole::{Whole, route};
use crate::view::QuestionView;
use crate::{Answer, Desk, Session, carry};
use domain::application::consult::{self, Question};
use domain::id::{ApplicationId, PersonId, QuestionId};
use domain::regulation::{ApprovalChain, Ruled};
use domain::{Actor, Personal, Reason, Refusal};
use std::collections::BTreeSet;
use store::capability::application::ApplicationRow;
use store::capability::application::question::QuestionRow;
use store::{Fault, Read};

/// Colleagues who are offered to be asked.
const ASKABLE: usize = 200;
/// Open questions to one person that are looked through.
const LOOKED_THROUGH: i64 = 200;

/// A question as it is asked.
#[derive(Clone, Debug)]
pub struct ConsultForm {
    /// Who is asked, by their identifiers.
    pub colleagues: Vec<String>,
    /// The words.
    pub question: Personal,
    /// The key under which this is carried out once.
    pub form_key: String,
}

/// What somebody who was asked says.
#[derive(Clone, Debug)]
pub struct ReplyForm {
    /// Which question.
    pub question: String,
    /// Whether an opinion is given, and not declined.
    pub given: bool,
    /// The words.
    pub opinion: Personal,
}

impl Desk {
    /// Asks colleagues for their opinion on an application that the actor has.
    ///
    /// # Errors
    /// The actor does not have it; somebody cannot be asked; words are missing.
    pub fn consult(&self, session: &Session, code: &str, form: &ConsultForm) -> Answer<()> {
        let (log, id, event) = (session.actor.log(), ApplicationId::new(code.trim()), carry::event());
        let request = format!("{code} {:?}", form.colleagues);
        let once = carry::once(&form.form_key, &request);
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(());
        }
        let people: BTreeSet<PersonId> =
            form.colleagues.iter().map(|one| PersonId::new(one.trim())).collect();
        let people: Vec<PersonId> = people.into_iter().collect();
        let words = Personal::new(form.question.expose().trim());
        let question = QuestionId::new(carry::random_id("qu"));
        self.carry_out(session, "application.consult", |read| {
            let Some(row) = read.application(&log, &id)? else {
                return Ok(Err(vec![Refusal::new(Reason::ApplicationUnknown)]));
            };
            let asked: Vec<Question> = read.questions(&id)?.into_iter().map(|row| row.question).collect();
            let facts = self.stamp_facts(read, session, row)?;
            let (rule, asks) = (self.rule_for(session, &facts.application.digest), (&people[..], &words));
            let (actor, when) = (&session.actor, (&event, self.now()));
            let decided = consult::ask(rule.as_rule(), actor, (&facts, &asked), asks, &question, when);
            Ok(decided.map(|decision| decision.once(once.clone())))
        })?;
        Ok(())
    }

    /// Answers what the actor was asked, or declines to.
    ///
    /// # Errors
    /// Somebody else was asked; an answer is of no more use; words are missing.
    pub fn reply(&self, session: &Session, code: &str, form: &ReplyForm) -> Answer<()> {
        let (id, words) = (form.question.trim(), Personal::new(form.opinion.expose().trim()));
        let application = ApplicationId::new(code.trim());
        self.move_application(session, code, "application.reply", |read, rule, facts, event| {
            let mut asked = read.questions(&application)?.into_iter().map(|row| row.question);
            let Some(question) = asked.find(|question| question.id.as_str() == id) else {
                return Ok(Err(vec![Refusal::new(Reason::RecordUnknown).with("code", id)]));
            };
            let (about, said) = ((&facts, &question), (form.given, &words));
            Ok(consult::reply(rule, &session.actor, about, said, event, self.now()))
        })
    }

    /// Applications on which somebody waits for the actor's opinion.
    pub(crate) fn asked(&self, read: &mut Read<'_>, session: &Session) -> Result<Vec<ApplicationRow>, Fault> {
        let (log, me) = (session.actor.log(), &session.actor.person);
        let mut rows: Vec<ApplicationRow> = Vec::new();
        for own in read.questions_to(&log, me, LOOKED_THROUGH)? {
            let row = read.application(&log, &own.application)?;
            let known = rows.iter().any(|row| row.application.id == own.application);
            rows.extend(row.filter(|row| !known && own.question.is_open(&row.application)));
        }
        Ok(rows)
    }

    /// What was asked in this version, and said.
    pub(super) fn questions(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        whole: &Whole,
        chain: Option<&Ruled<ApprovalChain>>,
    ) -> Result<Vec<QuestionView>, Fault> {
        let (application, me) = (&whole.row.application, &session.actor.person);
        let stamps = whole.given();
        let route = chain.map(|chain| route(&session.pack, &chain.value, whole, &stamps));
        // What somebody at a blind step asks would tell what they think.
        let shown = |question: &Question| {
            let veiled = route.as_ref().is_some_and(|route| route.is_veiled(question.step));
            question.version == application.version && (!veiled || question.by == *me || question.to == *me)
        };
        let own = whole.questions.iter().filter(|row| shown(&row.question));
        let view = |read: &mut Read<'_>, row: &QuestionRow| -> Result<QuestionView, Fault> {
            let question = &row.question;
            let opinion = read.unseal_opt(row.opinion.as_deref())?;
            Ok(QuestionView {
                id: question.id.to_string(),
                by: read.person_name(&question.by)?,
                to: read.person_name(&question.to)?,
                words: read.unseal(&row.words)?.expose().to_string(),
                at: question.at,
                reply: question.reply.map(|reply| (reply.given, reply.at)),
                opinion: opinion.map(|words| words.expose().to_string()).unwrap_or_default(),
                open: question.is_open(application),
                mine: question.to == session.actor.person && question.is_open(application),
            })
        };
        own.map(|row| view(read, row)).collect()
    }
}

/// Colleagues who can be asked for an opinion: identifier and name.
pub(super) fn askable(
    read: &mut Read<'_>,
    actor: &Actor,
    whole: &Whole,
) -> Result<Vec<(String, String)>, Fault> {
    let application = &whole.row.application;
    let mut people: Vec<&PersonId> = whole.staff.holders.iter().map(|holder| &holder.person).collect();
    people.sort();
    people.dedup();
    let open = |person: &PersonId| {
        let mut all = whole.questions.iter().map(|row| &row.question);
        all.any(|question| question.to == *person && question.is_open(application))
    };
    people.retain(|own| **own != actor.person && !application.concerns(own) && !open(own));
    let people = people.into_iter().take(ASKABLE);
    people.map(|own| Ok((own.to_string(), read.person_name(own)?))).collect()
}
