//! What an application changes of what those it is for hold, for those who approve the difference only.

use super::whole::{Whole, names};
use crate::grant::held_by;
use crate::view::{BecomesView, FieldView, OptionView};
use crate::{Desk, Session, words};
use domain::application::{Application, State, outcome};
use domain::grant::change::{self, Becomes};
use domain::grant::permission;
use domain::id::PersonId;
use domain::regulation::ApplicationObject;
use domain::time::Date;
use std::collections::BTreeMap;
use store::{Fault, Read};

/// The type of a field whose ticks open something.
const TICKS: &str = "ticks";

impl Desk {
    /// Fields as those read them who approve them, or look back: what is asked alone, and each tick with what
    /// becomes of it. What is held and not on the form any more is taken away, too.
    pub(super) fn differing(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        whole: &Whole,
        mut fields: Vec<FieldView>,
    ) -> Result<Vec<FieldView>, Fault> {
        fields.retain(|field| field.asked);
        let stamps = whole.given();
        let (approved, _) = outcome::approved(&whole.row.application, stamps.iter());
        let left_out =
            |code: &String| whole.row.application.items.contains(code) && !approved.items.contains(code);
        let mut becomes = self.becomes(read, session, &approved)?;
        for field in fields.iter_mut().filter(|field| field.kind == TICKS) {
            for option in &mut field.options {
                option.becomes = becomes.remove(&option.code).unwrap_or_default();
                option.left_out = left_out(&option.code);
            }
        }
        let Some(field) = fields.iter_mut().find(|field| field.kind == TICKS) else { return Ok(fields) };
        let gone = becomes.into_iter().map(|(code, becomes)| OptionView {
            label: permission::word_of(&session.pack, &code).unwrap_or_else(|| words::plain(&code)),
            code,
            becomes,
            ..OptionView::default()
        });
        field.options.extend(gone);
        Ok(fields)
    }

    /// What becomes of each tick; nothing where nobody holds anything, for then everything is new.
    fn becomes(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        application: &Application,
    ) -> Result<BTreeMap<String, Vec<BecomesView>>, Fault> {
        let shown = application.state.is_on_its_way() || application.state == State::Done;
        if !shown || application.object != ApplicationObject::Account.word() {
            return Ok(BTreeMap::new());
        }
        let held = held_by(read, &session.actor.log(), &application.people)?;
        let mut all: BTreeMap<String, BTreeMap<Becomes, Vec<PersonId>>> = BTreeMap::new();
        for person in &application.people {
            for (code, becomes) in change::of(application, person, &held, self.now()) {
                all.entry(code).or_default().entry(becomes).or_default().push(person.clone());
            }
        }
        if all.values().flat_map(BTreeMap::keys).all(|becomes| *becomes == Becomes::Added) {
            return Ok(BTreeMap::new());
        }
        let mut view = |(becomes, people): (Becomes, Vec<PersonId>)| {
            let some = people.iter().filter(|_| people.len() < application.people.len());
            Ok(BecomesView { word: becomes.word(), people: names(read, some)? })
        };
        let mut views = BTreeMap::new();
        for (code, each) in all {
            views.insert(code, each.into_iter().map(&mut view).collect::<Result<_, Fault>>()?);
        }
        Ok(views)
    }

    /// The end of what a change keeps, for an application that is not over: a change lengthens nothing.
    pub(super) fn keeps_end(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        application: &Application,
    ) -> Result<Option<Date>, Fault> {
        let over = matches!(application.state, State::Done | State::Refused | State::Cancelled);
        let about_accounts = application.object == ApplicationObject::Account.word();
        if over || !about_accounts {
            return Ok(None);
        }
        let held = held_by(read, &session.actor.log(), &application.people)?;
        let end = |person: &PersonId| {
            let own = held.iter().filter(|one| one.person == *person && one.unit == application.unit);
            change::kept_until(&own.collect::<Vec<_>>(), application, self.now())
        };
        Ok(application.people.iter().filter_map(end).min().map(|end| end.date()))
    }
}
