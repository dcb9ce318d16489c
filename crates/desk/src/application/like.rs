//! What an empty form is filled like: a template of the rule, an earlier application, what the unit holds, or
//! what a permission opens that is to be renewed.

use super::whole::Crews;
use crate::grant::knows;
use crate::view::LeftView;
use crate::{Desk, Session};
use domain::actor::Actor;
use domain::application::attachment::without_files;
use domain::application::route::Staff;
use domain::application::{Action, Answers, Application, Entry, form};
use domain::grant::permission::Permission;
use domain::id::{ApplicationId, LogId, PermissionId, PersonId};
use domain::regulation::{Field, Form, Template};
use std::collections::BTreeSet;
use store::capability::application::ApplicationRow as Row;
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
    /// An earlier application that the actor may see.
    Application(ApplicationId),
    /// The application that a permission follows from, to renew it.
    Permission(PermissionId),
    /// What its author typed before and could not send, with those it is for.
    Typed(Answers, Vec<PersonId>),
}

/// What an empty form begins with.
#[derive(Default)]
pub(super) struct Begun {
    pub(super) answers: Answers,
    /// Whom it is for; its author where nobody is named.
    pub(super) people: Vec<PersonId>,
    /// Whether there were files, which are not copied.
    pub(super) files_left: bool,
    /// What has no place in the form.
    pub(super) left_behind: Vec<LeftView>,
}

impl Desk {
    /// What an empty form of an application begins with.
    pub(super) fn begun(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        (form, staff): (&Form, &Staff),
        like: &Like,
        application: &Application,
    ) -> Result<Begun, Fault> {
        let filled = |answers: Answers| Begun { answers, ..Begun::default() };
        Ok(match like {
            Like::Blank => Begun::default(),
            Like::Typed(answers, people) => Begun { people: people.clone(), ..filled(answers.clone()) },
            Like::Unit => filled(self.like_unit(read, session, form, staff)?),
            Like::Template(name) => filled(template(read, application, form, name)?),
            Like::Application(code) => {
                let begun = self.earlier_like(read, session, form, code)?;
                let people = begun.people.into_iter().filter(|one| staff.is_of(one, &application.unit));
                Begun { people: people.collect(), ..begun }
            }
            Like::Permission(id) => {
                let one = read.permission(&session.actor.log(), id)?.filter(|one| knows(session, one));
                one.map_or(Ok(Begun::default()), |one| self.renewal(read, session, form, &one))?
            }
        })
    }

    /// What stood in an earlier application that the actor may see. Where somebody else is reached is theirs,
    /// and so is whom they asked for.
    fn earlier_like(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        form: &Form,
        code: &ApplicationId,
    ) -> Result<Begun, Fault> {
        let Some(row) = read.application(&session.actor.log(), code)? else { return Ok(Begun::default()) };
        let whole = self.whole(read, session, &mut Crews::default(), row.clone())?;
        if !self.may_see(session, &whole) {
            return Ok(Begun::default());
        }
        let own = row.application.author == session.actor.person;
        let Row { application, answers } = if own { row } else { whole.row };
        let before = read.answers(&answers)?;
        let count = before.len();
        let mut answers = without_files(form, before.clone());
        let files_left = answers.len() < count;
        let reach = |name: &String| form.field(name).is_some_and(is_reach);
        answers.retain(|name, _| own || !reach(name));
        let left_behind = self.left(session, &application, form, &before);
        let people = if own { application.people } else { vec![] };
        Ok(Begun { answers, people, files_left, left_behind })
    }

    /// A form that asks for a permission anew: as its application was filled, with the ticks that it opens.
    fn renewal(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        form: &Form,
        one: &Permission,
    ) -> Result<Begun, Fault> {
        let mut begun = match &one.application {
            Some(code) => self.earlier_like(read, session, form, code)?,
            None => Begun::default(),
        };
        begun.answers.extend(ticked(form, &one.items.iter().cloned().collect()));
        let gone = one.stopped.is_some_and(|(why, _)| !why.passes());
        let action = if gone { Action::Create } else { Action::Change };
        let choice = form::choice_of(form, action).map(|(field, code)| (field, Entry::text(code)));
        begun.answers.extend(choice);
        Ok(Begun { people: vec![one.person.clone()], files_left: false, ..begun })
    }

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
    let Some(newest) = read.applications_by(&actor.log(), &actor.person, None, 1)?.into_iter().next() else {
        return Ok(Answers::new());
    };
    let before = read.answers(&newest.answers)?;
    let asked = form.fields.iter().filter(|field| is_reach(field));
    Ok(asked.filter_map(|field| Some((field.id.clone(), before.get(&field.id)?.clone()))).collect())
}

fn is_reach(field: &Field) -> bool {
    REACHED_BY.contains(&field.kind.as_str())
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
