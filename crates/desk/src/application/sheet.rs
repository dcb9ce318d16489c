//! The form of an application as its page shows it: field by field, with what stands in each.

use super::whole::{Whole, names};
use crate::regulation::activation;
use crate::view::{ColumnView, FieldView, LeftView, OptionView, VersionView};
use crate::{Desk, Session};
use domain::application::attachment::KIND;
use domain::application::{Answers, Application, Entry, State, Verdict, form, hinge};
use domain::regulation::{Field, FilledBy, Form, Pack, PageKind, Risk, Words};
use std::collections::BTreeSet;
use store::capability::application::ApplicationRow as Row;
use store::{Fault, Read};

/// Characters of a field whose form sets no length.
const LENGTH: usize = 2_000;

impl Desk {
    /// Whether what is still written began under another version of the rule, and what of it has no place
    /// in the form now in force.
    pub(super) fn amended(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        written: Row,
        now: &Application,
    ) -> Result<Option<Vec<LeftView>>, Fault> {
        let written = match written.application.version {
            0 => written,
            _ => read.put_forward(written)?,
        };
        if written.application.digest == session.rule.digest {
            return Ok(None);
        }
        let answers = read.answers(&written.answers)?;
        let form = session.pack.form(&now.form);
        Ok(Some(
            form.map(|form| self.left(session, &written.application, form, &answers)).unwrap_or_default(),
        ))
    }

    /// What of an earlier application has no place in a form of the rule in force.
    pub(super) fn left(
        &self,
        session: &Session,
        earlier: &Application,
        form: &Form,
        answers: &Answers,
    ) -> Vec<LeftView> {
        let rule = self.rule_for(session, &earlier.digest);
        let Some(former) = rule.pack.form(&earlier.form) else { return vec![] };
        let left = form::left_behind(former, form, answers, &earlier.situation());
        let view = |left: form::LeftBehind<'_>| LeftView {
            label: left.field.label.clone(),
            parts: left.parts.into_iter().cloned().collect(),
        };
        left.into_iter().map(view).collect()
    }

    /// What stood in the version before: for whoever still writes what was put forward last, for whoever
    /// reads the one before.
    fn before(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        application: &Application,
    ) -> Result<Option<Answers>, Fault> {
        let own = application.author == session.actor.person;
        let before = match application.state.is_open_to_author() && own {
            true => application.version,
            false => application.version.saturating_sub(1),
        };
        if before == 0 { Ok(None) } else { read.answers_of(&application.id, before) }
    }

    /// The fields in the order of the form, also those that are not asked as it is filled in now.
    pub(super) fn fields(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        whole: &Whole,
        form: Option<&Form>,
        answers: &Answers,
        versions: &[VersionView],
    ) -> Result<Vec<FieldView>, Fault> {
        let Some(form) = form else { return Ok(vec![]) };
        let application = &whole.row.application;
        let before = self.before(read, session, application)?;
        let returned = whole.stamps.iter().rev().find(|row| row.stamp.verdict == Verdict::Return);
        let faulty = returned.filter(|_| application.state == State::Returned);
        let faulty = faulty.map(|row| row.stamp.fields.clone()).unwrap_or_default();
        let mut held = BTreeSet::new();
        for person in &application.people {
            held.extend(self.running(read, &session.actor.log(), person)?);
        }
        let situation = application.situation();
        let asked = form::asked(form, answers, &situation);
        let mut views = Vec::new();
        for field in &form.fields {
            let own = field.filled_by == FilledBy::User;
            let entry = match own {
                true => answers.get(&field.id).cloned().unwrap_or_default(),
                false => Entry::text(self.filled(read, field, application)?),
            };
            let was = before.as_ref().filter(|_| own);
            let was = was.map(|all| all.get(&field.id).cloned().unwrap_or_default());
            let was = was.filter(|was| *was != entry);
            let mut shown = |entry| self.field(read, application, (field, &held), entry, versions);
            let before = was.map(&mut shown).transpose()?.map(Box::new);
            let faulty = faulty.contains(&field.id);
            let hinge = hinge::of(form, field, &situation);
            let asked = asked.iter().any(|own| own.id == field.id);
            let view = FieldView { changed: before.is_some(), before, faulty, asked, hinge, ..shown(entry)? };
            views.push(view);
        }
        Ok(views)
    }

    /// A field with what stands in it, or stood.
    fn field(
        &self,
        read: &mut Read<'_>,
        application: &Application,
        (field, held): (&Field, &BTreeSet<String>),
        entry: Entry,
        versions: &[VersionView],
    ) -> Result<FieldView, Fault> {
        let files = match field.kind.as_str() {
            KIND => self.files(read, &application.id, &entry.values)?,
            _ => vec![],
        };
        let view = FieldView { files, ..field_view(field, entry, held) };
        Ok(match field.kind.as_str() {
            activation::FIELD => activation::field(view, versions, application.state.is_open_to_author()),
            _ => view,
        })
    }

    /// What the system knows for a field: days, people, accounts, the unit.
    fn filled(&self, read: &mut Read<'_>, field: &Field, application: &Application) -> Result<String, Fault> {
        Ok(match field.kind.as_str() {
            "date" => application.at.date().to_string(),
            "person" => names(read, application.people.iter())?.join(" "),
            "account" => {
                let accounts = application.people.iter().map(|person| read.account_of_person(person));
                let accounts = accounts.collect::<Result<Vec<_>, _>>()?.into_iter().flatten();
                accounts.map(|row| row.account.login).collect::<Vec<_>>().join(" ")
            }
            "unit" => read.unit(&application.unit)?.map(|unit| unit.name).unwrap_or_default(),
            _ => String::new(),
        })
    }
}

fn field_view(field: &Field, entry: Entry, held: &BTreeSet<String>) -> FieldView {
    let option = |option: &domain::regulation::FormOption| OptionView {
        code: option.code.clone(),
        label: option.label.clone(),
        group: option.group.clone().unwrap_or_default(),
        high: option.risk == Risk::High,
        text: option.text,
        chosen: entry.values.contains(&option.code),
        words: entry.words.get(&option.code).cloned().unwrap_or_default(),
        held: field.kind == "ticks" && held.contains(&option.code),
        off: false,
        becomes: vec![],
        left_out: false,
    };
    let column = |column: &Field| ColumnView {
        id: column.id.clone(),
        label: column.label.clone(),
        kind: column.kind.clone(),
        required: column.required,
        by_system: column.filled_by == FilledBy::System,
        most: column.max_length.unwrap_or(LENGTH),
        options: column.options.iter().map(|own| (own.code.clone(), own.label.clone())).collect(),
    };
    FieldView {
        id: field.id.clone(),
        label: field.label.clone(),
        kind: field.kind.clone(),
        required: field.required,
        by_system: field.filled_by == FilledBy::System,
        help: field.help.clone(),
        most: field.max_length.unwrap_or(LENGTH),
        options: field.options.iter().map(option).collect(),
        columns: field.columns.iter().map(column).collect(),
        files: vec![],
        accept: field.accept.iter().map(|own| own.extension.clone()).collect(),
        most_kilobytes: field.max_bytes() / 1024,
        most_files: field.max_files(),
        entry,
        changed: false,
        before: None,
        faulty: false,
        asked: true,
        hinge: None,
    }
}

/// The sentences that stand on a form, and those that the rule wants on the page of an application.
pub(super) fn notices(pack: &Pack, form: Option<&Form>, application: &Application) -> Vec<Words> {
    let notices = form.into_iter().flat_map(|form| &form.notices);
    let told = pack.sentences(&[PageKind::Application, PageKind::Form], &application.situation());
    notices.map(|notice| notice.text.clone()).chain(told).collect()
}

/// The templates that a form which is begun offers.
pub(super) fn templates(form: Option<&Form>, application: &Application) -> Vec<(String, Words)> {
    let situation = application.situation();
    let begun = form.filter(|_| application.id.as_str().is_empty());
    let offered = begun.into_iter().flat_map(|form| form::templates(form, &situation));
    offered.map(|template| (template.id.clone(), template.label.clone())).collect()
}

/// The first field that its author still has to fill in.
pub(super) fn first_empty(fields: &[FieldView]) -> Option<String> {
    let mut own = fields.iter().filter(|field| field.asked && field.required && !field.by_system);
    own.find(|field| field.entry.is_empty()).map(|field| field.id.clone())
}
