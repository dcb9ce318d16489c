//! Putting versions into force: by the operator's hand, or once the agencies under them have approved.

use super::in_force::{self, Rules};
use super::{Checked, affected};
use crate::view::{ChangedPart, FieldView, OptionView, TodoItem, TodoKind, VersionView};
use crate::{Answer, Desk, No, Session, carry, words};
use domain::activation::{self, Version};
use domain::application::{Application, State, submit};
use domain::id::{AgencyId, LogId};
use domain::regulation::diff::{Difference, diff};
use domain::regulation::{ApplicationObject, Form, Header, Pack};
use domain::time::Date;
use store::{Fault, Read, WriteError};

/// The type of a field that names a version.
pub(crate) const FIELD: &str = "regulation";
/// Applications among which those about a version are looked for, the newest first.
const LOOKED_THROUGH: i64 = 500;

/// What became of a version that was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loaded {
    /// It was there before, in force or waiting.
    Known,
    /// It is in force from its day on.
    InForce,
    /// It waits until the agencies under it have approved.
    Waiting,
}

impl Desk {
    /// Puts a pack into force from its own date on, or lays it before the agencies under it where the
    /// version in force wants that. The same bytes twice are one version.
    ///
    /// # Errors
    /// The store.
    pub fn activate(&self, checked: Checked) -> Answer<Loaded> {
        self.put(checked, |_, _| Ok(()))
    }

    /// As [`Desk::activate`], if `may` allows it beside all that are there and all that wait, which is asked
    /// again whenever another node was faster.
    pub(super) fn put<E: From<No>>(
        &self,
        checked: Checked,
        may: impl Fn(&Rules, &[Version]) -> Result<(), E>,
    ) -> Result<Loaded, E> {
        let Checked { pack, rule, files } = checked;
        let from = pack.header.effective_from.map_or_else(|| self.now().date(), Date::from);
        let Header { id, version, .. } = pack.header;
        let version = Version { rule, pack: id, version, from, files };
        let key = activation::key(&version.pack);
        let mut loaded = Loaded::Known;
        while !self.has(&version.rule.digest) {
            let read = self.inner.store.read(|read| {
                let agencies = asked(read, &version.pack, self.now().date())?;
                Ok((read.rev(&key)?, read.proposals()?, agencies))
            });
            let (seen, waiting, agencies) = read.map_err(No::from)?;
            self.refresh_rules()?;
            let waits = waiting.iter().any(|other| other.rule.digest == version.rule.digest);
            if waits || self.has(&version.rule.digest) {
                break;
            }
            may(&self.rules(), &waiting)?;
            let governed = !agencies.is_empty()
                && self.in_force(&version.pack).is_some_and(|rule| rule.pack.activation_form().is_some());
            let (event, now) = (carry::event(), self.now());
            let decision = match governed {
                true => activation::propose(version.clone(), seen, &event, now),
                false => activation::activate(version.clone(), seen, &event, now),
            };
            loaded = if governed { Loaded::Waiting } else { Loaded::InForce };
            match self.inner.store.write(decision) {
                // Another node that starts at the same moment was faster, perhaps with these very bytes.
                Ok(_) | Err(WriteError::Stale) => self.refresh_rules()?,
                Err(other) => return Err(No::from(other).into()),
            }
        }
        Ok(loaded)
    }

    /// Enters what an agency approved, and puts it into force after the last one.
    ///
    /// # Errors
    /// The store; the watch tries again.
    pub(crate) fn enact(&self, log: &LogId, application: &Application) -> Answer<()> {
        let waiting = self.inner.store.read(|read| read.proposals())?;
        self.refresh_rules()?;
        let own = waiting.into_iter().filter(|version| application.items.contains(&version.rule.digest));
        for version in own.filter(|version| !self.has(&version.rule.digest)) {
            self.clocked(|read| {
                let seen = read.rev(&activation::key(&version.pack))?;
                let given = read.approvals(&version.rule.digest)?;
                let mut open = asked(read, &version.pack, self.now().date())?;
                open.retain(|agency| !given.contains(agency));
                let Some(agency) = open.iter().find(|agency| LogId::of(agency) == *log) else {
                    return Ok(None);
                };
                let (event, now) = (carry::event(), self.now());
                Ok(activation::approve(version.clone(), application, agency, &open, seen, &event, now))
            })?;
        }
        self.refresh_rules()
    }

    /// The versions of the session's rule that wait to be approved, with what they change.
    ///
    /// # Errors
    /// The store, or bytes in it that are no pack any more.
    pub(crate) fn waiting_versions(
        &self,
        read: &mut Read<'_>,
        session: &Session,
    ) -> Result<Vec<VersionView>, Fault> {
        let all = read.proposals()?.into_iter();
        let waiting =
            all.filter(|version| version.pack == session.pack.header.id && !self.has(&version.rule.digest));
        let weigh = affected::may_weigh(session);
        let view = |version| version_view(&version, &session.pack, &session.rule.name, weigh);
        waiting.map(view).collect()
    }

    /// The versions that a form names: of one that is being written all that wait, of one that was put
    /// forward those that it is about.
    pub(crate) fn versions_of(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        form: Option<&Form>,
        application: &Application,
        open: bool,
    ) -> Result<Vec<VersionView>, Fault> {
        if form.is_none_or(|form| form.fields.iter().all(|field| field.kind != FIELD)) {
            return Ok(vec![]);
        }
        if open {
            return self.waiting_versions(read, session);
        }
        let before = self.rule_for(session, &application.digest);
        let all = read.proposals()?.into_iter();
        let own = all.filter(|version| application.items.contains(&version.rule.digest));
        let weigh = affected::may_weigh(session);
        own.map(|version| version_view(&version, &before.pack, &before.rule.name, weigh)).collect()
    }

    /// The digests of the versions that wait, where a form asks for one.
    pub(crate) fn waiting_for(
        &self,
        read: &mut Read<'_>,
        pack: &Pack,
        form: &Form,
    ) -> Result<Vec<String>, Fault> {
        match form.fields.iter().any(|field| field.kind == FIELD) {
            true => {
                let own = read.proposals()?.into_iter().filter(|version| version.pack == pack.header.id);
                Ok(own.map(|own| own.rule.digest).filter(|digest| !self.has(digest)).collect())
            }
            false => Ok(vec![]),
        }
    }

    /// Versions that nobody of the agency has applied for, for those who may.
    pub(crate) fn version_items(&self, session: &Session) -> Answer<Vec<TodoItem>> {
        let object = ApplicationObject::Activation.word();
        let Ok((form, chain)) = submit::may_apply(session.as_rule(), &session.actor, object) else {
            return Ok(vec![]);
        };
        let log = session.actor.log();
        let (waiting, asked) = self.inner.store.read(|read| {
            let waiting = self.waiting_versions(read, session)?;
            let asked = match waiting.is_empty() {
                true => vec![],
                false => read.applications(&log, None, LOOKED_THROUGH)?,
            };
            Ok((waiting, asked))
        })?;
        let over = [State::Refused, State::Cancelled];
        let asked_for = |version: &VersionView| {
            asked.iter().map(|row| &row.application).any(|one| {
                one.object == object && one.items.contains(&version.digest) && !over.contains(&one.state)
            })
        };
        let item = |version: VersionView| TodoItem {
            about: version.name,
            label: form.label.clone(),
            clause: chain.clauses.first().and_then(|id| self.cite(session, id)),
            href: format!("/applications/new?object={object}"),
            ..TodoItem::blank(TodoKind::VersionWaiting)
        };
        Ok(waiting.into_iter().filter(|version| !asked_for(version)).map(item).collect())
    }
}

/// The agencies that have a say about a version of a rule: those under it in which anybody works.
fn asked(read: &mut Read<'_>, pack: &str, today: Date) -> Result<Vec<AgencyId>, Fault> {
    let mut asked = Vec::new();
    for agency in read.agencies()?.into_iter().filter(|agency| agency.pack == pack) {
        if !read.holders(&LogId::of(&agency.id), today)?.is_empty() {
            asked.push(agency.id);
        }
    }
    Ok(asked)
}

/// A field that names a version, as a choice among those that wait; the only one there is is chosen from
/// the start.
pub(crate) fn field(field: FieldView, versions: &[VersionView], open: bool) -> FieldView {
    let only = open && versions.len() == 1;
    let option = |version: &VersionView| OptionView {
        code: version.digest.clone(),
        label: words::plain(&version.name),
        chosen: only || field.entry.values.contains(&version.digest),
        ..OptionView::default()
    };
    let options = versions.iter().map(option).collect();
    FieldView { kind: "choice".into(), options, ..field }
}

/// A version as pages show it, with everything in which it differs from the one before.
fn version_view(version: &Version, before: &Pack, name: &str, weigh: bool) -> Result<VersionView, Fault> {
    let pack = in_force::parse(version)?;
    let part = |one: Difference| ChangedPart {
        change: one.change.word(),
        part: one.part,
        kind: one.kind,
        id: one.id,
        clauses: one.clauses.iter().filter_map(|id| words::cite_in(&pack, id)).collect(),
        details: one.details,
    };
    Ok(VersionView {
        name: version.rule.name.clone(),
        digest: version.rule.digest.clone(),
        from: version.from,
        before: name.into(),
        parts: diff(before, &pack).into_iter().map(part).collect(),
        weigh,
    })
}
