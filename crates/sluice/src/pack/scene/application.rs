//! The steps of applications: putting one forward, and what those along the chain give.

use super::came::{Came, came};
use super::{AGENCY, World};
use crate::problem::{Done, Problem};
use desk::application::{ApplicationForm, FileForm};
use domain::Personal;
use domain::application::act::Give;
use domain::application::{Answers, Application, Ruling, State, Verdict, chain, form, invented, situation};
use domain::id::{ApplicationId, LogId};
use domain::letter::Came as Letter;
use domain::regulation::{Act, FilledBy, Form, Situation, Step};

/// The words that go with what is given, where a scenario has none of its own.
pub(super) const NOTE: &str = "As this story has it";

impl World<'_> {
    /// Puts a form forward in which every field has something; once more, where it was sent back.
    pub(super) fn apply(&mut self, step: &Step) -> Done<Came> {
        let session = self.session(&step.actor, step.place.as_deref())?;
        let (actor, object) = (&session.actor, step.object());
        let situation = situation(object, &actor.role, &actor.organisation);
        let own = chain(&session.pack, object, &situation).and_then(|own| own.value.form);
        let own = own.and_then(|id| session.pack.form(&id));
        let own = own.ok_or_else(|| Problem::new(format!("nobody can apply for `{object}` here")))?;
        let answers = invented::filled(own, step.answers(own), &situation, self.desk.now().date());
        let files = files(own, &answers, &situation);
        let returned = self.last_application()?.filter(|last| {
            last.author == actor.person && last.object == object && last.state.is_open_to_author()
        });
        let sent = ApplicationForm {
            code: returned.map(|last| last.id.to_string()),
            object: object.into(),
            people: step.people.clone(),
            answers,
            files,
            submit: true,
            ..ApplicationForm::default()
        };
        came(self.desk.write_application(&session, &sent).map(|code| self.applied = Some(code)))
    }

    /// Gives the verdict that a step names at the step of the chain that has the application.
    pub(super) fn give(&self, step: &Step) -> Done<Came> {
        let session = self.session(&step.actor, step.place.as_deref())?;
        let last = self.last_application()?.ok_or_else(|| Problem::new("nothing was applied for before"))?;
        let verdict = match step.act {
            Act::Refuse => Verdict::Refuse,
            Act::SendBack => Verdict::Return,
            // What is approved and not done waits to be carried out.
            _ if last.state == State::Approved => Verdict::CarryOut,
            _ => Verdict::Agree,
        };
        let give = Give {
            note: Personal::new(step.note.as_deref().unwrap_or(NOTE)),
            ruling: Ruling { outcome: step.result.clone(), ..Ruling::default() },
            // A body outside answers by a letter; at every other step it is not asked for.
            letter: Letter { number: "S-1".into(), on: Some(self.desk.now().date()) },
            ..Give::of(verdict)
        };
        came(self.desk.stamp_application(&session, last.id.as_str(), &give.into()))
    }

    /// The application that was put forward last.
    fn last_application(&self) -> Done<Option<Application>> {
        let Some(code) = &self.applied else { return Ok(None) };
        let (log, id) = (LogId::new(AGENCY), ApplicationId::new(code.as_str()));
        let row = self.desk.store().read(|read| read.application(&log, &id))?;
        Ok(row.map(|row| row.application))
    }

    /// Whether the last application stands where a step says.
    pub(super) fn application_state(&self, wanted: &str) -> Result<(), String> {
        let last = self.last_application().map_err(|problem| problem.sentence)?;
        let found = last.map_or("unknown", |last| last.state.word());
        if found == wanted { Ok(()) } else { Err(format!("the state is {found}, not {wanted}")) }
    }
}

/// A file for every field that has to have one.
fn files(own: &Form, answers: &Answers, situation: &Situation<'_>) -> Vec<FileForm> {
    let asked = form::asked(own, answers, situation).into_iter();
    let wanted = asked.filter(|field| field.required && field.filled_by == FilledBy::User);
    let file = |field: &domain::regulation::Field| {
        let kind = field.accept.first()?;
        let name = Personal::new(format!("story.{}", kind.extension));
        Some(FileForm::of(&field.id, name, kind.starts.first()?))
    };
    wanted.filter_map(file).collect()
}
