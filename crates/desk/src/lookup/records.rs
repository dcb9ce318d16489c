//! Records: lists by person, unit or agency, and one record whole.

use super::draft::light_views;
use crate::view::{ActionView, HistoryView, RecordFilter, RecordPage, RecordRow, RecordView};
use crate::{Answer, Desk, No, Session, Tally, words};
use domain::id::{LogId, PersonId};
use domain::lookup::{Lookup, Sheet, Stamp, State, checks, countersign};
use domain::regulation::{Capacity, PageKind, Words};
use domain::{Personal, Reason, Refusal};
use store::capability::lookup::{After, List, LookupRow, Of, Only};
use store::{Read, Tag};

/// Rows of one page.
const PAGE: usize = 50;
/// As far as the rows of a list are counted; beyond that it says that there are more.
pub(crate) const COUNTED: i64 = 1_000;

/// What was counted to one beyond [`COUNTED`].
pub(crate) fn tally(counted: i64) -> Tally {
    Tally::up_to(COUNTED as usize, usize::try_from(counted).unwrap_or(0))
}

impl Desk {
    /// A page of records: one's own, one's unit's for a supervisor, the agency's for an auditor. A search
    /// by subject is entered before its page is handed out.
    ///
    /// # Errors
    /// The actor may see none; the subject's key cannot be read.
    pub fn records(&self, session: &Session, filter: &RecordFilter) -> Answer<RecordPage> {
        let scope = self.scope(session)?;
        match filter.subject.as_ref().filter(|typed| !typed.expose().trim().is_empty()) {
            Some(typed) => self.find(session, scope, filter, typed),
            None => Ok(self.inner.store.read(|read| self.page(read, session, scope, filter, None))?),
        }
    }

    /// Fifty rows of what a filter names, and how many there are.
    pub(super) fn page(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        scope: Scope,
        filter: &RecordFilter,
        subject: Option<&Tag>,
    ) -> Result<RecordPage, store::Fault> {
        let log = session.actor.log();
        if let Some(code) = filter.code.as_deref().filter(|code| !code.is_empty() && subject.is_none()) {
            let one = read.lookup(&log, &domain::id::LookupId::new(code.trim()))?;
            let one = one.filter(|row| scope.covers(session, &row.lookup));
            let rows = one.iter().map(|row| self.record_row(read, session, row));
            let rows = rows.collect::<Result<Vec<_>, _>>()?;
            return Ok(RecordPage { total: rows.len().into(), rows, next: None });
        }
        let case = filter.case.as_deref().map(str::trim).filter(|case| !case.is_empty());
        let list = List { of: scope.of(session), only: only(filter), case, subject };
        let after = filter.after.as_deref().and_then(read_after);
        let mut rows = read.lookups(&log, &list, after.as_ref(), PAGE as i64 + 1)?;
        let total = tally(read.lookup_count(&log, &list, COUNTED + 1)?);
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next = rows.last().filter(|_| more);
        let next = next.map(|row| format!("{}:{}", row.lookup.at.micros(), row.lookup.id));
        let rows = rows.iter().map(|row| self.record_row(read, session, row));
        Ok(RecordPage { rows: rows.collect::<Result<_, _>>()?, next, total })
    }

    /// What the actor has stamped or finished, newest first.
    ///
    /// # Errors
    /// The store.
    pub fn done(&self, session: &Session) -> Answer<Vec<RecordRow>> {
        let stamped = RecordFilter { state: Some("stamped".into()), ..RecordFilter::default() };
        Ok(self.records(session, &stamped)?.rows)
    }

    /// One record with its sheet, its history and what the viewer may do next.
    ///
    /// # Errors
    /// It does not exist for the viewer.
    pub fn record(&self, session: &Session, code: &str) -> Answer<RecordView> {
        let row = self.known(session, code)?;
        let scope = self.scope(session)?;
        if !scope.covers(session, &row.lookup) {
            let unknown = Refusal::new(Reason::RecordUnknown).with("code", code);
            return Err(No::Refused(vec![self.explain(session, unknown)]));
        }
        let log = session.actor.log();
        let rule = self.rule_for(session, &row.lookup.digest);
        let (shown, sheet, note, history) = self.inner.store.read(|read| {
            let shown = self.record_row(read, session, &row)?;
            let sheet = read.sheet(&row)?;
            let note = read.unseal_opt(row.note.as_deref())?;
            let history = history(read, &log, row.lookup.id.as_str())?;
            Ok((shown, sheet, note, history))
        })?;
        let form = self.sheet_form(session, &row.lookup);
        let returned = row.lookup.stamp == Stamp::Returned;
        Ok(RecordView {
            sheet: sheet_lines(&row, &shown, &sheet),
            sheet_title: form.as_ref().map_or_else(|| words::plain(""), |form| form.0.clone()),
            notices: [
                form.map(|form| form.1).unwrap_or_default(),
                rule.pack.sentences(
                    &[PageKind::Form, PageKind::Print],
                    &checks::situation_of(&session.actor, &row.lookup),
                ),
            ]
            .concat(),
            history,
            actions: self.actions(session, &row.lookup),
            returned_note: note.filter(|_| returned).map(|note| note.expose().to_string()),
            basis: words::basis(&rule.pack, &row.lookup.basis),
            reason: free_words(&sheet),
            subject_id: words::masked_subject(&sheet.subject),
            row: shown,
        })
    }

    /// The title and fixed notices of the form that the rule prescribes for a lookup.
    fn sheet_form(&self, session: &Session, lookup: &Lookup) -> Option<(Words, Vec<Words>)> {
        let rule = self.rule_for(session, &lookup.digest);
        let sheet = rule.pack.record_sheet(&session.actor.situation())?;
        let form = rule.pack.form(&sheet.value.form)?;
        let notices = form.notices.iter().map(|notice| notice.text.clone()).collect();
        Some((form.label.clone(), notices))
    }

    fn actions(&self, session: &Session, lookup: &Lookup) -> Vec<ActionView> {
        let mut actions = Vec::new();
        let actor = &session.actor;
        let rule = self.rule_for(session, &lookup.digest);
        if lookup.asker == actor.person {
            if lookup.state == State::Requested || lookup.state == State::Approved {
                let waiting = lookup.state == State::Requested;
                let barred = waiting.then(|| self.explain(session, Refusal::new(Reason::NotYetApproved)));
                actions.push(ActionView { name: "run", barred });
            }
            if lookup.state == State::Answered {
                actions.push(ActionView { name: "review", barred: None });
            }
            if lookup.stamp == Stamp::Returned {
                actions.push(ActionView { name: "correct", barred: None });
            }
        }
        if actor.can(Capacity::Stamp) && lookup.stamp == Stamp::Awaiting {
            let barred = countersign::may_stamp(rule.as_rule(), actor, lookup)
                .err()
                .map(|refusal| self.explain(session, refusal));
            actions.push(ActionView { name: "stamp", barred });
        }
        actions
    }

    /// A row of a list, its sheet opened just far enough to mask the subject.
    pub(crate) fn record_row(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        row: &LookupRow,
    ) -> Result<RecordRow, store::Fault> {
        let lookup = &row.lookup;
        let rule = self.rule_for(session, &lookup.digest);
        let sheet = read.sheet(row)?;
        let (name, id) = (words::masked_name(&sheet.name), words::masked_subject(&sheet.subject));
        Ok(RecordRow {
            code: lookup.id.to_string(),
            at: lookup.at,
            asker: read.person_name(&lookup.asker)?,
            case: row.case_number.clone(),
            purpose: words::purpose(&rule.pack, &lookup.purpose),
            subject: if name.is_empty() { id } else { format!("{name} {id}") },
            items: words::items(&rule.pack, &lookup.items),
            state: state_word(lookup).into(),
            lights: light_views(&lookup.lights),
            flagged: !lookup.lights.all_lit(),
        })
    }

    fn scope(&self, session: &Session) -> Answer<Scope> {
        let actor = &session.actor;
        if actor.can(Capacity::Audit) || actor.can(Capacity::Decide) {
            Ok(Scope::Agency)
        } else if actor.can(Capacity::Stamp) {
            Ok(Scope::Unit)
        } else if actor.can(Capacity::Ask) {
            Ok(Scope::Own)
        } else {
            let refusal = Refusal::new(Reason::NoCapacity);
            Err(No::Refused(vec![self.explain(session, refusal)]))
        }
    }
}

/// Whose records the actor may see.
#[derive(Clone, Copy)]
pub(super) enum Scope {
    Own,
    Unit,
    Agency,
}

impl Scope {
    fn of<'a>(self, session: &'a Session) -> Of<'a> {
        match self {
            Scope::Own => Of::Asker(&session.actor.person),
            Scope::Unit => Of::Unit(&session.actor.unit),
            Scope::Agency => Of::Agency,
        }
    }

    /// The word in the entry of a search.
    pub(super) fn word(self) -> &'static str {
        match self {
            Scope::Own => "own",
            Scope::Unit => "unit",
            Scope::Agency => "agency",
        }
    }

    fn covers(self, session: &Session, lookup: &Lookup) -> bool {
        match self {
            Scope::Own => lookup.asker == session.actor.person,
            Scope::Unit => lookup.unit == session.actor.unit || lookup.asker == session.actor.person,
            Scope::Agency => true,
        }
    }
}

/// The one word that a person looks for: the stamp's, once the data is there.
fn state_word(lookup: &Lookup) -> &'static str {
    match (lookup.state, lookup.stamp) {
        (_, Stamp::Returned) => "returned",
        (_, Stamp::Anomaly) => "anomaly",
        (State::Answered | State::NotObtained | State::Unknown, Stamp::Awaiting) => "awaiting",
        (State::Answered, Stamp::Stamped) => "stamped",
        (state, _) => state.word(),
    }
}

/// Which rows a filter asks for. A word is that of a state or, once the data is there, of a stamp.
fn only(filter: &RecordFilter) -> Only {
    let word = filter.state.as_deref().unwrap_or_default();
    match (State::from_word(word), Stamp::from_word(word)) {
        (Some(state), _) => Only::State(state),
        (None, Some(stamp)) => Only::Stamp(stamp),
        (None, None) => Only::All,
    }
}

/// Where a page begins, as an address names it; what names nothing begins at the newest.
pub(crate) fn read_after(text: &str) -> Option<After> {
    let (at, id) = text.split_once(':')?;
    Some(After { at: at.parse().ok()?, id: id.into() })
}

fn free_words(sheet: &Sheet) -> String {
    let mut words: Vec<&str> = [&sheet.purpose_text, &sheet.basis_text, &sheet.outside_reason]
        .into_iter()
        .map(Personal::expose)
        .filter(|text| !text.is_empty())
        .collect();
    words.extend(sheet.corrections.iter().map(Personal::expose));
    words.join(" / ")
}

/// The lines of the sheet that the system fills, each by the term that the regulation may have a word for.
fn sheet_lines(row: &LookupRow, shown: &RecordRow, sheet: &Sheet) -> Vec<(&'static str, Words)> {
    let at = shown.at;
    let day = domain::time::roc::RocDate::from(at.date()).slashed();
    vec![
        ("user", words::plain(&shown.asker)),
        ("case", words::plain(&row.case_number)),
        ("purpose", join(&shown.purpose, &free_words(sheet))),
        ("record_sheet", words::plain(&format!("{day} {}", at.clock()))),
    ]
}

/// Everything that happened to a record, oldest first.
pub(crate) fn history(
    read: &mut Read<'_>,
    log: &LogId,
    code: &str,
) -> Result<Vec<HistoryView>, store::Fault> {
    let entries = read.entries_of_record(log, code)?;
    let view = |entry: store::EntryRow| {
        Ok(HistoryView {
            act: entry.act,
            outcome: entry.outcome,
            at: entry.at,
            who: read.person_name(&PersonId::new(entry.person))?,
            index: entry.index,
        })
    };
    entries.into_iter().map(view).collect()
}

fn join(word: &Words, text: &str) -> Words {
    match text.is_empty() {
        true => word.clone(),
        false => Words::new(format!("{} / {text}", word.zh), format!("{} / {text}", word.en)),
    }
}
