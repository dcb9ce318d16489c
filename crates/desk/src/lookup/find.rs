//! Finding records by whom they are about.

use super::records::Scope;
use crate::view::{RecordFilter, RecordPage};
use crate::{Answer, Desk, Session, carry};
use domain::identity::business_number::BusinessNumber;
use domain::identity::national_id::NationalId;
use domain::lookup::search;
use domain::time::Date;
use domain::{Personal, Reason, Refusal};

/// Most characters of a key that is no number with a check digit.
const KEY_MAX: usize = 80;

impl Desk {
    /// A page of the records about somebody. It leaves only after the search has its entry.
    pub(super) fn find(
        &self,
        session: &Session,
        scope: Scope,
        filter: &RecordFilter,
        typed: &Personal,
    ) -> Answer<RecordPage> {
        let subject = match self.searched(session, typed) {
            Ok(subject) => subject,
            Err(refusal) => return Err(self.refuse(session, "lookup.search", vec![refusal])),
        };
        let (actor, event, now) = (&session.actor, carry::event(), self.now());
        let (page, _) = self.inner.store.look(|read| {
            let tag = read.tag(&actor.log(), "subject", subject.expose())?;
            let page = self.page(read, session, scope, filter, Some(&tag))?;
            let (rows, whose) = (page.rows.len() as i64, scope.word());
            let entry = search::decide(&session.rule, actor, &subject, whose, rows, &event, now);
            Ok((page, vec![entry]))
        })?;
        Ok(page)
    }

    /// The typed key as one of the regulation's datasets has it: the first kind that it can be read as.
    fn searched(&self, session: &Session, typed: &Personal) -> Result<Personal, Refusal> {
        let datasets = session.pack.datasets();
        let mut kinds: Vec<&str> = datasets.iter().map(|dataset| dataset.value.subject.ty.word()).collect();
        // Text can be anything, so it is tried after all that has a shape of its own.
        kinds.sort_by_key(|kind| !has_shape(kind));
        let mut read = kinds.into_iter().map(|kind| subject_key(kind, typed, self.now().date()));
        let first = read.next().unwrap_or_else(|| subject_key("text", typed, self.now().date()));
        first.or_else(|refusal| read.find_map(Result::ok).ok_or(refusal))
    }
}

fn has_shape(kind: &str) -> bool {
    matches!(kind, "national-id" | "business-number")
}

/// A typed key as a dataset of this kind wants it: a number is folded and its check digit checked.
pub(super) fn subject_key(kind: &str, typed: &Personal, today: Date) -> Result<Personal, Refusal> {
    if typed.expose().trim().is_empty() {
        return Ok(Personal::default());
    }
    let malformed =
        |problem: &str| Refusal::new(Reason::FieldMalformed).at("subject").with("problem", problem);
    match kind {
        "national-id" => NationalId::parse(typed.expose())
            .map(|id| Personal::new(id.expose()))
            .map_err(|error| malformed(error.key())),
        "business-number" => BusinessNumber::parse(typed.expose(), today)
            .map(|number| Personal::new(number.as_str()))
            .map_err(|_| malformed("check-digit")),
        _ => {
            let text = domain::identity::fold(typed.expose()).trim().to_string();
            let broken = text.chars().any(char::is_control) || text.chars().count() > KEY_MAX;
            if broken { Err(malformed("length")) } else { Ok(Personal::new(text)) }
        }
    }
}
