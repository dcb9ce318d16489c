//! Duties: what people owe, saying that it is done, and the clocks that open, move and call them late.

mod answers;
mod clocks;
mod heads;

pub use clocks::Clocks;
pub(crate) use clocks::{ROUND, named};

use crate::application::{FileForm, FileOut, attachment};
use crate::grant::obligation;
use crate::lookup::due_view;
use crate::view::{DutiesView, DutyView, FileView, TodoItem, TodoKind};
use crate::{Answer, Desk, No, Session, Tally, carry, words};
use domain::application::route::Holder;
pub(crate) use domain::duty::clauses;
use domain::duty::{self, Absent, Closing, Duty, Kind, Owner, State, certificate, notice, recur};
use domain::grant::permission;
use domain::id::{DutyId, PersonId};
use domain::letter;
use domain::regulation::{ApplicationObject, Capacity, ClauseId, Pack, Who, Words};
use domain::time::Date;
use domain::{Personal, Reason, Refusal};
use std::collections::BTreeSet;
use store::capability::duty::{DutyPage, DutyRow};
use store::{Fault, Read};

/// Duties of one list, and of one page of those of others.
const SHOWN: i64 = 200;

/// Which page of the list of duties is shown.
#[derive(Clone, Debug, Default)]
pub struct DutyQuery {
    /// What was done; else what is owed.
    pub done: bool,
    /// Of this kind only.
    pub kind: Option<Kind>,
    /// Behind this place, as the page before names it.
    pub after: Option<String>,
}

/// Reads the place that a page names as its end.
fn place(text: &str) -> Option<(i64, String)> {
    let (at, id) = text.split_once(':')?;
    Some((at.parse().ok()?, id.into()))
}

/// What somebody says when a duty is done.
#[derive(Clone, Debug, Default)]
pub struct DutyForm {
    /// For training its title and proof, else what was done.
    pub note: Personal,
    /// Hours that are shown, where it is measured in hours.
    pub hours: Option<u32>,
    /// Number, day and way, where it is done by a letter.
    pub letter: letter::Said,
    /// Files that show it, such as a certificate.
    pub files: Vec<FileForm>,
    /// The key under which this is carried out once.
    pub form_key: String,
}

impl Desk {
    /// The duties that the actor owes, those of the unit for its head, those of the agency for whoever
    /// oversees it; with `done`, those that the actor closed and what was done there.
    ///
    /// # Errors
    /// The store.
    pub fn duties(&self, session: &Session, done: bool) -> Answer<DutiesView> {
        self.duty_list(session, &DutyQuery { done, ..DutyQuery::default() })
    }

    /// A page of the same, with a filter by kind. The actor's own stand on the first page.
    ///
    /// # Errors
    /// The store.
    pub fn duty_list(&self, session: &Session, query: &DutyQuery) -> Answer<DutiesView> {
        let (actor, log, done) = (&session.actor, session.actor.log(), query.done);
        let (wide, head) = (actor.oversees(), actor.can(Capacity::Stamp));
        Ok(self.inner.store.read(|read| {
            let mut rows = match (query.after.is_some(), done) {
                (true, _) => vec![],
                (false, true) => read.duties_closed(&log, &actor.person, SHOWN)?,
                (false, false) => self.owed(read, session)?,
            };
            rows.retain(|row| query.kind.is_none_or(|kind| row.duty.kind == kind));
            let own = self.duty_views(read, session, &rows)?;
            let page = DutyPage {
                unit: (!wide).then_some(&actor.unit),
                done,
                kind: query.kind,
                after: query.after.as_deref().and_then(place),
                most: SHOWN + 1,
            };
            let mut all = if wide || head { read.duty_page(&log, &page)? } else { vec![] };
            let more = all.len() > SHOWN as usize;
            all.truncate(SHOWN as usize);
            let last = all.last().filter(|_| more).map(|row| row.place(done));
            let next = last.map(|(at, id)| format!("{at}:{id}"));
            all.retain(|row| !rows.iter().any(|own| own.duty.id == row.duty.id));
            let others = self.duty_views(read, session, &all)?;
            Ok(DutiesView { own, others, watches: wide || head, next })
        })?)
    }

    /// What the actor owes, and those owe for whom the actor stands in today.
    pub(crate) fn owed(&self, read: &mut Read<'_>, session: &Session) -> Result<Vec<DutyRow>, Fault> {
        let (actor, log) = (&session.actor, session.actor.log());
        let mut owners: BTreeSet<Owner> = Owner::of(&actor.person, &actor.role, &actor.unit).into();
        let absent = self.absent(read, session)?;
        owners.extend(absent.iter().flat_map(|one| one.owners.iter().cloned()));
        let mut rows = Vec::new();
        for owner in owners {
            rows.extend(read.duties_of(&log, &owner, SHOWN)?);
        }
        rows.retain(|row| row.duty.is_owed_by(actor, &absent));
        rows.sort_by_key(|row| row.duty.due.as_ref().map_or(i64::MAX, |due| due.moment.micros()));
        Ok(rows)
    }

    /// Those for whom the actor stands in today, with all that they owe something as.
    pub(crate) fn absent(&self, read: &mut Read<'_>, session: &Session) -> Result<Vec<Absent>, Fault> {
        let away = self.standing_in(read, session)?;
        if away.is_empty() {
            return Ok(vec![]);
        }
        let holders = read.holders(&session.actor.log(), self.now().date())?;
        let owners = |person: &PersonId| {
            let own = holders.iter().filter(|holder| holder.person == *person);
            own.flat_map(|holder| Owner::of(person, &holder.role, &holder.unit)).collect()
        };
        Ok(away.into_iter().map(|one| Absent { owners: owners(&one.person), person: one.person }).collect())
    }

    /// One duty, for whoever owes it or watches over it.
    ///
    /// # Errors
    /// There is none that the actor may see.
    pub fn duty(&self, session: &Session, id: &str) -> Answer<DutyView> {
        let found = self.inner.store.read(|read| {
            let seen = self.seen(read, session, &DutyId::new(id))?;
            seen.map(|(row, absent)| self.duty_view(read, session, &row, &absent)).transpose()
        })?;
        found.ok_or_else(|| self.refuse(session, "duty.show", vec![Refusal::new(Reason::RecordUnknown)]))
    }

    /// A duty that the actor may see, with those for whom they stand in.
    fn seen(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        id: &DutyId,
    ) -> Result<Option<(DutyRow, Vec<Absent>)>, Fault> {
        let actor = &session.actor;
        let Some(row) = read.duty(&actor.log(), id)? else { return Ok(None) };
        let absent = self.absent(read, session)?;
        let head = actor.can(Capacity::Stamp) && row.duty.unit.as_ref() == Some(&actor.unit);
        let closed = row.duty.closed.as_ref().is_some_and(|(by, _)| *by == actor.person);
        let sees = row.duty.is_owed_by(actor, &absent) || head || closed || actor.oversees();
        Ok(sees.then_some((row, absent)))
    }

    /// A file that shows that a duty was done, for those who may see the duty. It leaves after its entry.
    ///
    /// # Errors
    /// The duty or the file does not exist for the viewer.
    pub fn certificate(&self, session: &Session, id: &str, file: &str) -> Answer<FileOut> {
        let id = DutyId::new(id);
        let found = self.inner.store.read(|read| {
            let Some((row, _)) = self.seen(read, session, &id)? else { return Ok(None) };
            let own = read.certificates(&id)?.into_iter().find(|own| own.attachment.id.as_str() == file);
            Ok(own.map(|own| (row.duty, own)))
        })?;
        let Some((duty, own)) = found else {
            let unknown = Refusal::new(Reason::RecordUnknown);
            return Err(No::Refused(vec![self.explain(session, unknown)]));
        };
        let (rule, actor, at) = (&session.rule, &session.actor, (&carry::event(), self.now()));
        self.file_out(&own, certificate::read(rule, actor, &duty, &own.attachment, at))
    }

    /// Says that a duty is done.
    ///
    /// # Errors
    /// It is somebody else's, or closed already, or words are missing.
    pub fn fulfil(&self, session: &Session, id: &str, form: &DutyForm) -> Answer<()> {
        let (actor, log, event) = (&session.actor, session.actor.log(), carry::event());
        let sent_event = carry::event();
        let once = carry::once(&form.form_key, &format!("{id} {:?} {:?}", form.hours, form.letter));
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(());
        }
        let files = form.files.iter().map(|file| file.upload(self.now())).collect::<Result<Vec<_>, _>>();
        let files = files.map_err(|refusal| No::Refused(vec![self.explain(session, refusal)]))?;
        self.carry_out(session, "duty.fulfil", |read| {
            let Some(row) = read.duty(&log, &DutyId::new(id))? else {
                return Ok(Err(vec![Refusal::new(Reason::RecordUnknown)]));
            };
            let rule = self.rule_for(session, &row.duty.digest);
            let rule = rule.as_rule();
            let follows = match row.duty.kind {
                Kind::Notify => notice::heeded(rule.pack, &row.duty),
                _ => vec![],
            };
            let clauses = clauses(rule.pack, &row.duty);
            let returns = obligation::returning(read, &log, &session.pack, &row.duty, self.now())?;
            let mut keys = vec![row.duty.key(&log)];
            keys.extend(returns.iter().map(|one| permission::key(&log, &one.person)));
            let seen = read.revs(keys)?;
            let absent = self.absent(read, session)?;
            let note = Personal::new(form.note.expose().trim());
            let wanted = letter::wanted(rule.pack, &row.duty);
            let letter = wanted.map(|wanted| (wanted, form.letter.clone(), sent_event.clone()));
            let (duty, hours) = (row.duty, form.hours);
            let files = files.clone();
            let closing = Closing { duty, absent, note, hours, letter, follows, files, returns };
            let decided = duty::fulfil(rule, actor, closing, &clauses, seen, &event, self.now());
            Ok(decided.map(|decision| decision.once(once.clone())))
        })?;
        Ok(())
    }

    /// The lines of the to-do list that duties make. What is far off yet waits in the list of duties.
    pub(crate) fn duty_items(&self, session: &Session) -> Answer<Vec<TodoItem>> {
        let (actor, now) = (&session.actor, self.now());
        let (head, whole) = (actor.can(Capacity::Stamp), actor.can(Capacity::Decide));
        let (rows, views, late, asked, standing, absent) = self.inner.store.read(|read| {
            let rows = self.owed(read, session)?;
            let views = self.duty_views(read, session, &rows)?;
            let watches = head || whole || actor.can(Capacity::Administer);
            let (late, open) = match watches {
                true => (
                    read.overdue_duties(&actor.log(), now)?,
                    read.open_of_kind(&actor.log(), Kind::Inventory)?,
                ),
                false => (vec![], vec![]),
            };
            let asked = self.asked_inventories(read, session, open)?;
            let asked = self.duty_views(read, session, &asked)?;
            Ok((rows, views, late, asked, self.deputised(read, session)?, self.absent(read, session)?))
        })?;
        // An application that waits has a line of its own, with the day by which it is to be answered; so has
        // a password.
        let near = |row: &DutyRow| {
            let soon = row.duty.due.is_none() || recur::is_near(&row.duty, now);
            soon && !matches!(row.duty.kind, Kind::Answer | Kind::Password)
        };
        let own = rows.iter().zip(&views).filter(|(row, _)| near(row));
        let theirs = |row: &DutyRow| row.duty.stood_for(&absent).filter(|_| !row.duty.is_own(actor));
        let whose = |row: &DutyRow| theirs(row).and_then(|person| standing.get(person));
        let mut items: Vec<TodoItem> =
            own.map(|(row, view)| TodoItem { stands_for: whose(row).cloned(), ..item(view) }).collect();
        items.extend(asked.iter().map(item));
        let watched = |duty: &&Duty| whole || (head && duty.unit.as_ref() == Some(&actor.unit));
        let others = |duty: &&Duty| !rows.iter().any(|own| own.duty.id == duty.id);
        let late = late.iter().filter(watched).filter(others).count();
        if late > 0 {
            let (count, href) = (Tally::from(late), "/duties".into());
            items.push(TodoItem { count, href, ..TodoItem::blank(TodoKind::LateDuties) });
        }
        Ok(items)
    }

    /// The clauses of duties that are late, one for each.
    pub(crate) fn late_clauses(&self, session: &Session) -> Answer<Vec<ClauseId>> {
        let (log, now) = (session.actor.log(), self.now());
        let late = self.inner.store.read(|read| read.overdue_duties(&log, now))?;
        let own = |duty: Duty| {
            let rule = self.rule_for(session, &duty.digest);
            clauses(rule.as_rule().pack, &duty)
        };
        Ok(late.into_iter().flat_map(own).collect())
    }

    pub(crate) fn duty_views(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        rows: &[DutyRow],
    ) -> Result<Vec<DutyView>, Fault> {
        let absent = self.absent(read, session)?;
        rows.iter().map(|row| self.duty_view(read, session, row, &absent)).collect()
    }

    fn duty_view(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        row: &DutyRow,
        absent: &[Absent],
    ) -> Result<DutyView, Fault> {
        let duty = &row.duty;
        let rule = self.rule_for(session, &duty.digest);
        let pack = rule.as_rule().pack;
        let clause = clauses(pack, duty).first().and_then(|id| self.cite(session, id));
        let unit = duty.unit.as_ref().map(|unit| read.unit(unit)).transpose()?.flatten();
        let person = duty.person.as_ref().map(|person| read.person_name(person)).transpose()?;
        let open = duty.state == State::Open;
        let mine = duty.is_owed_by(&session.actor, absent);
        let closed = match &duty.closed {
            Some((by, at)) => Some((read.person_name(by)?, *at)),
            None => None,
        };
        let note = read.unseal_opt(row.note.as_deref())?;
        Ok(DutyView {
            id: duty.id.to_string(),
            kind: duty.kind,
            label: label(pack, duty),
            text: text(pack, duty),
            told: self.told(read, session, pack, duty)?,
            person: person.unwrap_or_default(),
            unit: unit.map(|unit| unit.name).unwrap_or_default(),
            owner: self.owner_words(read, pack, &duty.owner)?,
            clause,
            due: duty.due.as_ref().map(|due| due_view(due.moment, self.now())),
            behind: recur::missing_year(pack, duty, &self.calendar(&session.actor.log()))
                .and_then(|year| Date::new(year - 1, 12, 31)),
            calendar: duty.due.as_ref().and_then(|due| due.calendar.clone()),
            began: duty.began,
            hours: duty.hours.map(|hours| (hours.credited, hours.wanted)),
            state: duty.state.word(),
            late: duty.is_late(self.now()),
            closed,
            note: note.map(|note| note.expose().to_string()).unwrap_or_default(),
            letter: self.letter_view(read, session, &rule, duty)?,
            files: self.certificates(read, duty)?,
            certificate: certificate::is_taken(duty).then(|| certificate::is_wanted(pack, duty)),
            may: open && mine && !duty.kind.has_page(),
            href: href(duty),
            way_back: (duty.kind == Kind::Ended).then(|| renewal(&duty.about)),
            form_key: carry::random_hex::<16>(),
        })
    }

    /// The files that were sent for a duty.
    fn certificates(&self, read: &mut Read<'_>, duty: &Duty) -> Result<Vec<FileView>, Fault> {
        if !certificate::is_taken(duty) {
            return Ok(vec![]);
        }
        read.certificates(&duty.id)?.iter().map(|row| attachment::shown(read, row)).collect()
    }

    /// Whom a notice goes to, in words: a head, or whoever stands to the person in a relation, by the role
    /// and the names of those who hold it today.
    fn told(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        pack: &Pack,
        duty: &Duty,
    ) -> Result<Vec<(Option<String>, Words)>, Fault> {
        let mut told = Vec::new();
        for word in duty.about.split(' ') {
            let who = notice::inside(word).filter(|who| matches!(who, Who::Head | Who::Relation(_)));
            let Some(owner) = who.and_then(|who| duty::owner_of(pack, &who, duty.unit.as_ref())) else {
                told.extend(recipient(pack, word));
                continue;
            };
            let words = self.owner_words(read, pack, &owner)?;
            let meant = |one: &&Holder| Owner::of(&one.person, &one.role, &one.unit).contains(&owner);
            let holders = read.holders(&session.actor.log(), self.now().date())?;
            // Who holds it in several units is one person.
            let people: BTreeSet<PersonId> =
                holders.iter().filter(meant).map(|one| one.person.clone()).collect();
            let names = people.iter().map(|person| read.person_name(person));
            let names: String = names.map(|name| Ok(format!(" {}", name?))).collect::<Result<_, Fault>>()?;
            told.push((None, Words::new(format!("{}{names}", words.zh), format!("{}{names}", words.en))));
        }
        Ok(told)
    }

    /// Who owes it, in the pack's words: somebody's name, or a role with the unit.
    pub(crate) fn owner_words(
        &self,
        read: &mut Read<'_>,
        pack: &Pack,
        owner: &Owner,
    ) -> Result<Words, Fault> {
        let role = |role: &str| pack.role(role).map_or_else(|| words::plain(role), |role| role.word.clone());
        Ok(match owner {
            Owner::Person(person) => words::plain(&read.person_name(person)?),
            Owner::Role(name) => role(name),
            Owner::RoleIn(name, unit) => {
                let (word, unit) = (role(name), read.unit(unit)?);
                let (zh, en) = unit.map(|unit| (unit.name, unit.name_en)).unwrap_or_default();
                Words::new(format!("{zh} {}", word.zh), format!("{}, {en}", word.en))
            }
        })
    }
}

fn item(view: &DutyView) -> TodoItem {
    TodoItem {
        kind: TodoKind::Duty(view.kind),
        count: Tally::from(1),
        label: view.label.clone(),
        subject: view.person.clone(),
        clause: view.clause.clone(),
        due: view.due.clone(),
        href: view.href.clone(),
        ..TodoItem::blank(TodoKind::Duty(view.kind))
    }
}

/// What the rule calls it; empty where it has no word of its own.
fn label(pack: &Pack, duty: &Duty) -> Words {
    let own = match duty.kind {
        Kind::Compensate => pack.compensation_under(&duty.control),
        _ => pack.recurring().into_iter().find(|ruled| ruled.control == duty.control),
    };
    own.and_then(|ruled| ruled.value.word).unwrap_or_default()
}

/// The sentences that are signed, for an undertaking: its own, and those that its form always has. With the
/// version of the rule they are the entry's own.
fn text(pack: &Pack, duty: &Duty) -> Vec<Words> {
    let own = pack.control_or_floor(&duty.control).filter(|_| duty.kind == Kind::Undertake);
    let Some(own) = own else { return vec![] };
    let form = own.params.text("form").and_then(|id| pack.form(id));
    let fixed = form.into_iter().flat_map(|form| form.notices.iter().map(|notice| notice.text.clone()));
    own.params.words("text").cloned().into_iter().chain(fixed).collect()
}

/// A recipient outside, by the word of the pack or one that the locale speaks; or an office or role inside.
fn recipient(pack: &Pack, word: &str) -> Option<(Option<String>, Words)> {
    let (kind, id) = word.split_once(':')?;
    let own = match kind {
        "office" => pack.office(id).map(|own| &own.word),
        "role" => pack.role(id).map(|own| &own.word),
        "organisation" => pack.organisation(id).map(|own| &own.word),
        _ => return Some((Some(id.to_string()), words::plain(id))),
    };
    Some((None, own.cloned().unwrap_or_else(|| words::plain(id))))
}

/// The page on which a permission is asked for anew.
pub(crate) fn renewal(permission: &str) -> String {
    format!("/applications/new?object={}&renew={permission}", ApplicationObject::Account.word())
}

/// The page on which a duty is done.
fn href(duty: &Duty) -> String {
    match duty.kind {
        Kind::HandOver => format!("/handovers/{}", duty.about),
        Kind::Inventory => format!("/inventory/{}", duty.id),
        Kind::Attest | Kind::SignOff => format!("/inventory/{}", duty.about),
        Kind::Renew => renewal(&duty.about),
        Kind::Contract => "/contracts".into(),
        Kind::Password => "/password".into(),
        Kind::Separate => "/exceptions".into(),
        Kind::Deputy => "/absences".into(),
        Kind::LinkReview => format!("/link-reviews/{}", duty.id),
        Kind::RenewLink | Kind::UnusedLink => format!("/links/{}", duty.about),
        Kind::Answer => format!("/applications/{}", duty.about.split(' ').next().unwrap_or_default()),
        _ => format!("/duties/{}", duty.id),
    }
}
