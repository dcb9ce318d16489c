//! The step by which somebody signs what they owe, or says that it is done.

use super::World;
use super::application::NOTE;
use super::came::{Came, came};
use crate::problem::{Done, Problem};
use desk::application::FileForm;
use desk::duty::DutyForm;
use domain::Personal;
use domain::duty::{Kind, certificate};
use domain::letter::Said;
use domain::regulation::Step;

impl World<'_> {
    /// Closes the duty of a kind that the actor owes, the one that is due first.
    pub(super) fn sign(&self, step: &Step) -> Done<Came> {
        let session = self.session(&step.actor, step.place.as_deref())?;
        // A gate that runs makes its round each minute; what is owed from now on is opened by that.
        self.desk.tick()?;
        let kind = step.duty.as_deref().map_or(Some(Kind::Undertake), Kind::from_word);
        let owed = self.desk.duties(&session, false)?.own;
        let Some(duty) = owed.into_iter().find(|own| Some(own.kind) == kind) else {
            let word = step.duty.as_deref().unwrap_or(Kind::Undertake.word());
            return Err(Problem::new(format!("`{}` owes no duty of the kind `{word}`", step.actor)));
        };
        let file = || FileForm::of(certificate::FIELD, Personal::new("story.pdf"), b"%PDF-1.7");
        let form = DutyForm {
            note: Personal::new(step.note.as_deref().unwrap_or(NOTE)),
            hours: duty.hours.map(|(credited, wanted)| wanted.saturating_sub(credited)),
            letter: duty.letter.map_or_else(Said::default, |letter| Said {
                number: "S-1".into(),
                on: Some(self.desk.now().date()),
                channel: letter.channels.first().cloned().unwrap_or_default(),
            }),
            files: duty.certificate.map(|_| file()).into_iter().collect(),
            form_key: String::new(),
        };
        came(self.desk.fulfil(&session, &duty.id, &form))
    }
}
