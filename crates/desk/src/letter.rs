//! Letters as drafts, and how people want to be told by mail that something waits.

mod draft;
mod post;

pub use post::{Mailer, Outgoing, Text, Urgent, Waiting, Wording};

use crate::view::MailView;
use crate::{Answer, Desk, Session, carry};
use domain::letter::{self, Language, Setting};
use domain::regulation::Capacity;
use domain::{Personal, Reason, Refusal};

/// How somebody wants to be told, as the form says it.
#[derive(Clone, Debug, Default)]
pub struct MailForm {
    /// Where to; empty for nowhere.
    pub email: Personal,
    /// Whether each working morning brings one mail.
    pub digest: bool,
    /// Whether what is urgent brings one at once.
    pub urgent: bool,
    /// The word of the language.
    pub language: String,
}

impl Desk {
    /// How the actor is told by mail, and for whoever runs the accounts how the outbox stands.
    ///
    /// # Errors
    /// The store.
    pub fn mail(&self, session: &Session) -> Answer<MailView> {
        let (actor, log) = (&session.actor, session.actor.log());
        let watches = actor.can(Capacity::Administer);
        let (setting, count) = self.inner.store.read(|read| {
            let count = if watches { Some(read.count_mail()?) } else { None };
            Ok((read.letter_setting_open(&log, &actor.person)?, count))
        })?;
        let Setting { address, digest, urgent, language } = setting;
        Ok(MailView {
            address,
            digest,
            urgent,
            language: language.word(),
            sends: self.mailer().is_some(),
            outbox: count.map(|count| (count.waiting, count.given_up)),
        })
    }

    /// Changes how the actor is told by mail. What changes nothing enters nothing.
    ///
    /// # Errors
    /// The address cannot be one, or there is no such language.
    pub fn set_mail(&self, session: &Session, form: &MailForm) -> Answer<()> {
        let (actor, log) = (&session.actor, session.actor.log());
        let Some(language) = Language::from_word(&form.language) else {
            let refusal = Refusal::new(Reason::FieldMalformed).at("mail-language");
            return Err(self.refuse(session, "letter.settle", vec![refusal]));
        };
        let address = Personal::new(form.email.expose().trim());
        let setting = Setting { address, digest: form.digest, urgent: form.urgent, language };
        let held = self.inner.store.read(|read| read.letter_setting_open(&log, &actor.person))?;
        if held == setting {
            return Ok(());
        }
        let event = carry::event();
        self.carry_out(session, "letter.settle", |read| {
            let seen = read.rev(&letter::key(&log, &actor.person))?;
            Ok(letter::settle(actor, setting.clone(), seen, &event, self.now()))
        })?;
        Ok(())
    }
}
