//! Asking the provider, entering what came of it, and only then showing it.

use crate::view::ResultView;
use crate::{Answer, Desk, Session, carry};
use domain::lookup::answer::{self, Came, Ending};
use domain::lookup::{Lookup, checks};
use domain::regulation::{AnswerShape, Pack};
use domain::{Actor, Personal, Seen};
use gate::{Answer as Data, GateError, ItemQuery, Question, Shape, Slot, SubjectKey};
use std::collections::BTreeMap;
use std::time::Duration;
use store::{Parked, Read};

/// A lookup that is entered and may be asked.
pub(crate) struct Asked<'a> {
    /// The lookup.
    pub(crate) lookup: &'a Lookup,
    /// The revision of its row since the entry.
    pub(crate) rev: i64,
    /// The case number.
    pub(crate) case: &'a str,
}

impl Desk {
    /// Asks the provider for a lookup whose entry is durable.
    ///
    /// If what came cannot be entered, nothing of it is shown.
    pub(crate) fn disclose(
        &self,
        session: &Session,
        asked: &Asked<'_>,
        subject: &Personal,
        slot: Slot,
    ) -> Answer<ResultView> {
        let lookup = asked.lookup;
        let question = self.question(&session.pack, lookup, subject);
        let result = slot.ask(question);
        let ending = ending(&result);
        let data = result.ok();
        let body = data.as_ref().and_then(|data| serde_json::to_string(data).ok());
        let body = Personal::new(body.unwrap_or_default());
        let came = Came {
            ending,
            rows: data.as_ref().map_or(0, |d| u32::try_from(d.rows()).unwrap_or(u32::MAX)),
            items: data
                .as_ref()
                .map(|d| d.items().iter().map(|item| item.item.clone()).collect())
                .unwrap_or_default(),
            body: body.clone(),
        };
        self.enter_answer(session, asked, &came, data.is_some())?;
        Ok(self.result_view(session, (lookup, asked.case), Some(ending), data.as_ref()))
    }

    /// The second entry, with the answer parked beside it. Nothing may overtake it, so a revision that is no
    /// longer the newest is simply read again.
    fn enter_answer(
        &self,
        session: &Session,
        &Asked { lookup, rev, .. }: &Asked<'_>,
        came: &Came,
        keep: bool,
    ) -> Answer<()> {
        let park = || keep.then(|| self.parked(session, lookup, &came.body)).flatten();
        let key = lookup.key(&session.actor.log());
        let decide = |seen: Seen| {
            let (actor, now) = (&session.actor, self.now());
            answer::decide(&session.rule, actor, lookup, seen, came, &carry::event(), now)
        };
        let first = decide(Seen { key: key.clone(), rev });
        let again = |read: &mut Read<'_>| Ok(Ok(decide(read.rev(&key)?)));
        self.carry_on(session, "lookup.answer", first, park, again)?;
        Ok(())
    }

    /// The answer for a second look, sealed under the secret that only this session holds; none where the
    /// rule allows no second look.
    fn parked(&self, session: &Session, lookup: &Lookup, body: &Personal) -> Option<Parked> {
        let minutes = screen_minutes(&session.pack, &session.actor);
        if minutes == 0 {
            return None;
        }
        let expires = self.now().plus_minutes(minutes.into());
        let sealed = Parked::seal(lookup.id.as_str(), session.key.bytes(), body.expose().as_bytes(), expires);
        // The answer may be shown all the same; only the second look is lost.
        sealed
            .inspect_err(
                |fault| tracing::warn!(record = %lookup.id, %fault, "the answer could not be parked"),
            )
            .ok()
    }

    fn question(&self, pack: &Pack, lookup: &Lookup, subject: &Personal) -> Question {
        let dataset = lookup.items.first().map_or("", |item| checks::dataset_of(item));
        let ruled = pack.dataset(dataset);
        let source = ruled.as_ref().map(|d| d.value.source.clone()).unwrap_or_default();
        let kind = ruled.map_or("other", |d| d.value.subject.kind.word());
        let items = lookup.items.iter().filter_map(|code| {
            let item = pack.item(code)?.value;
            Some(ItemQuery {
                id: item.id.clone(),
                shape: shape(item.shape),
                fields: item.fields.iter().map(|field| field.id.clone()).collect(),
            })
        });
        let seconds = self.inner.setup.provider_seconds;
        Question {
            request_id: lookup.id.to_string(),
            source,
            dataset: dataset.into(),
            subject: SubjectKey::new(kind, subject.expose()),
            request: BTreeMap::new(),
            items: items.collect(),
            deadline: Duration::from_secs(seconds.clamp(1, crate::watch::MOST_PROVIDER_SECONDS)),
        }
    }

    /// The view of a lookup that waits for its stamp.
    pub(crate) fn requested(&self, session: &Session, lookup: &Lookup, case: &str) -> ResultView {
        self.result_view(session, (lookup, case), None, None)
    }
}

/// Minutes in which an answer can be seen again; zero where the rule leaves it unset.
pub(crate) fn screen_minutes(pack: &Pack, actor: &Actor) -> u32 {
    pack.screen(&actor.situation()).and_then(|screen| screen.value.review_minutes).unwrap_or(0)
}

fn shape(shape: AnswerShape) -> Shape {
    match shape {
        AnswerShape::Record => Shape::Record,
        AnswerShape::List => Shape::List,
        AnswerShape::Verdict => Shape::Verdict,
        AnswerShape::Fact => Shape::Fact,
    }
}

fn ending(result: &Result<Data, GateError>) -> Ending {
    match result {
        Ok(Data::Found { .. }) => Ending::Found,
        Ok(Data::NotFound) => Ending::NotFound,
        Ok(Data::Doubtful { .. }) => Ending::Doubtful,
        Ok(Data::Partial { .. }) => Ending::Partial,
        Err(GateError::Timeout { .. }) => Ending::TimedOut,
        Err(GateError::Malformed(_)) => Ending::Malformed,
        Err(_) => Ending::Down,
    }
}

/// How a parked answer ended, told from the answer itself.
pub(crate) fn ending_of(data: &Data) -> Ending {
    match data {
        Data::Found { .. } => Ending::Found,
        Data::NotFound => Ending::NotFound,
        Data::Doubtful { .. } => Ending::Doubtful,
        Data::Partial { .. } => Ending::Partial,
    }
}
