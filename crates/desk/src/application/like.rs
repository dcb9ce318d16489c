//! What an empty form is filled like: a template of the rule, an earlier application, what the unit holds, or
//! what a permission opens that is to be renewed.

use crate::{Desk, Session};
use domain::actor::Actor;
use domain::application::attachment::without_files;
use domain::application::route::Staff;
use domain::application::{Action, Answers, Application, Entry, form};
use domain::grant::permission::Permission;
use domain::id::{ApplicationId, LogId, PermissionId, PersonId};
use domain::regulation::{Form, Template};
use std::collections::BTreeSet;
use store::{Fault, Read};

/// Types of fields that say where somebody is reached.
const REACHED_BY: &[&str] = &["phone", "email"];

/// What an empty form is filled like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Like {
    /// Nothing.
    Blank,
    /// What everybody else of the same unit and role holds.
    Unit,
    /// A template of the rule, by its name.
    Template(String),
    /// An earlier application of the actor's.
    Application(ApplicationId),
    /// The application that a permission follows from, to renew it.
    Permission(PermissionId),
}

impl Desk {
    /// The ticks of every permission that a person holds now.
    pub(super) fn running(
        &self,
        read: &mut Read<'_>,
        log: &LogId,
        person: &PersonId,
    ) -> Result<Vec<String>, Fault> {
        let all = read.permissions(log, person)?;
        Ok(all.into_iter().filter(|one| one.runs(self.now())).flat_map(|one| one.items).collect())
    }

    /// The ticks of a form that everybody else with the same role in the unit holds.
    pub(super) fn like_unit(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        form: &Form,
        staff: &Staff,
    ) -> Result<Answers, Fault> {
        let actor = &session.actor;
        let peers = staff.holders.iter().filter(|holder| {
            holder.unit == actor.unit && holder.role == actor.role && holder.person != actor.person
        });
        let mut common: Option<BTreeSet<String>> = None;
        for peer in peers {
            let own: BTreeSet<String> = self.running(read, &actor.log(), &peer.person)?.into_iter().collect();
            common = Some(common.map_or(own.clone(), |common| common.intersection(&own).cloned().collect()));
        }
        Ok(ticked(form, &common.unwrap_or_default()))
    }
}

/// A form as one of the rule's templates begins it; an empty one where its author is not offered it.
pub(super) fn template(
    read: &mut Read<'_>,
    application: &Application,
    form: &Form,
    name: &str,
) -> Result<Answers, Fault> {
    let situation = application.situation();
    let named = |template: &&Template| template.id.as_str() == name;
    let unit = read.unit(&application.unit)?.map(|unit| unit.name).unwrap_or_default();
    let found = form::templates(form, &situation).find(named);
    Ok(found.map(|template| form::begun(form, template, &unit)).unwrap_or_default())
}

/// Where the actor is reached, as their newest application with such a field said it.
pub(super) fn reached(read: &mut Read<'_>, actor: &Actor, form: &Form) -> Result<Answers, Fault> {
    let Some(newest) = read.applications_by(&actor.log(), &actor.person, 1)?.into_iter().next() else {
        return Ok(Answers::new());
    };
    let before = read.answers(&newest.answers)?;
    let asked = form.fields.iter().filter(|field| REACHED_BY.contains(&field.kind.as_str()));
    Ok(asked.filter_map(|field| Some((field.id.clone(), before.get(&field.id)?.clone()))).collect())
}

/// What stood in an earlier application of the actor's, and whether it had files, which are not copied.
pub(super) fn earlier(
    read: &mut Read<'_>,
    session: &Session,
    form: &Form,
    code: &ApplicationId,
) -> Result<(Answers, bool), Fault> {
    let row = read.application(&session.actor.log(), code)?;
    let own = row.filter(|row| row.application.author == session.actor.person);
    let before = own.map_or(Ok(Answers::new()), |row| read.answers(&row.answers))?;
    let count = before.len();
    let kept = without_files(form, before);
    let left = kept.len() < count;
    Ok((kept, left))
}

/// A form that asks for a permission anew: as its owner filled it before, with the ticks that it opens.
pub(super) fn renewal(
    read: &mut Read<'_>,
    session: &Session,
    form: &Form,
    one: &Permission,
) -> Result<Answers, Fault> {
    let mut answers = match &one.application {
        Some(code) => earlier(read, session, form, code)?.0,
        None => Answers::new(),
    };
    answers.extend(ticked(form, &one.items.iter().cloned().collect()));
    let gone = one.stopped.is_some_and(|(why, _)| !why.passes());
    let action = if gone { Action::Create } else { Action::Change };
    answers.extend(form::choice_of(form, action).map(|(field, code)| (field, Entry::text(code))));
    Ok(answers)
}

/// The fields of ticks of a form, with those of these codes that each has.
fn ticked(form: &Form, codes: &BTreeSet<String>) -> Answers {
    let ticks = form.fields.iter().filter(|field| field.kind == "ticks").map(|field| {
        let own = field.options.iter().map(|option| option.code.clone());
        let values = own.filter(|code| codes.contains(code)).collect();
        (field.id.clone(), Entry { values, ..Entry::default() })
    });
    ticks.collect()
}
