//! Applications: the list, the form, and the page on which those along the chain act.

use super::frame::Frame;
use super::settings::day;
use super::{fault, letter, ok, page, see, status_of_no};
use crate::form::Form;
use crate::seat::{Post, Seat};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use desk::No;
use desk::application::{ApplicationForm, Like, StampForm};
use desk::view::{
    AbsencesView, ApplicationView, ApplicationsView, ChangedPart, FieldView, OptionView, RefusalView,
    StepState,
};
use domain::application::{Answers, Verdict};
use domain::letter::Came;
use domain::regulation::diff::{Bearing, Detail};
use domain::time::Date;
use domain::{Personal, Reason, Refusal};

/// What a page says was done, by the word that its address carries.
const DONE: [&str; 6] = ["saved", "submitted", "stamped", "withdrawn", "cancelled", "reminded"];

#[derive(Template)]
#[template(path = "applications.html")]
struct List {
    f: Frame,
    all: ApplicationsView,
    away: AbsencesView,
    typed: Form,
}

#[derive(Template)]
#[template(path = "application.html")]
struct Page {
    f: Frame,
    a: ApplicationView,
    typed: Form,
}

impl Page {
    /// The options of a field under their headings, in the order of the form.
    fn groups<'a>(&self, field: &'a FieldView) -> Vec<(String, Vec<&'a OptionView>)> {
        let mut groups: Vec<(String, Vec<&OptionView>)> = Vec::new();
        for option in &field.options {
            let heading = self.f.w(&option.group).to_string();
            match groups.iter_mut().find(|(own, _)| *own == heading) {
                Some((_, options)) => options.push(option),
                None => groups.push((heading, vec![option])),
            }
        }
        groups
    }

    /// A day of the form as people write it; what is none stays as it was typed.
    fn date(&self, text: &str) -> String {
        Date::parse_iso(text).map_or_else(|| text.to_string(), |day| self.f.short_day(&day))
    }

    /// The text of a field as a page shows it.
    fn shown(&self, field: &FieldView) -> String {
        match field.kind.as_str() {
            "date" => self.date(field.text()),
            _ => field.text().to_string(),
        }
    }

    fn step_state(&self, state: &StepState) -> (&'static str, &'static str, &'static str) {
        match state {
            StepState::Past => ("ok", "\u{2713}", "application-step-past"),
            StepState::Now => ("run", "\u{25B8}", "application-step-now"),
            StepState::Later => ("none", "\u{25CB}", "application-step-later"),
        }
    }

    /// The verdict that is not the way on: asked for in a form of its own, with words.
    fn is_no(&self, verdict: &Verdict) -> bool {
        matches!(verdict, Verdict::Object | Verdict::Return | Verdict::Refuse)
    }

    /// What is to be said about a changed part of a rule; a part about which nothing else is said has one
    /// line.
    fn details(&self, part: &ChangedPart) -> Vec<(usize, Detail)> {
        let nothing = Detail { name: String::new(), old: None, new: None, bearing: None };
        let all = if part.details.is_empty() { vec![nothing] } else { part.details.clone() };
        all.into_iter().enumerate().collect()
    }

    /// How a new value binds: the tone of its tag and its word.
    fn bearing(&self, bearing: &Bearing) -> (&'static str, &'static str) {
        match bearing {
            Bearing::Stricter => ("none", "bearing-stricter"),
            Bearing::Laxer => ("warn", "bearing-laxer"),
            Bearing::Both => ("warn", "bearing-both"),
        }
    }

    /// Whether writing begins in a field: one that is to be mended, or the first that is still empty.
    fn focused(&self, field: &FieldView) -> bool {
        field.faulty || self.a.focus.as_ref() == Some(&field.id)
    }

    /// Whether it can be sent back now.
    fn returns(&self) -> bool {
        self.a.verdicts.contains(&Verdict::Return)
    }

    /// The name of a field in what is sent.
    fn name(&self, field: &FieldView) -> String {
        format!("{}.{}", if field.kind == "date" { "d" } else { "v" }, field.id)
    }
}

/// Shows what waits, what one wrote, and what one may apply for.
pub async fn list(seat: Seat) -> Response {
    match lists(&seat, Form::default()).await {
        Ok(mut drawn) => {
            if seat.visit.query.get("done") == "away" {
                drawn.f.banner = Some(drawn.f.t("application-done-away"));
            }
            ok(&drawn)
        }
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn lists(seat: &Seat, typed: Form) -> Result<List, No> {
    let all = seat.ask(desk::Desk::applications).await?;
    let away = seat.ask(desk::Desk::absences).await?;
    Ok(List { f: Frame::of(seat, "applications-title").await, all, away, typed })
}

/// Records that somebody will be away, and who acts meanwhile.
pub async fn be_away(post: Post) -> Response {
    let today = post.seat.app.desk().now().date();
    let read = |field: &str| {
        let missing = || Refusal::new(Reason::FieldMissing).at(field);
        day(post.form.get(field), today, field).and_then(|day| day.ok_or_else(missing))
    };
    let came = match (read("from"), read("until")) {
        (Ok(from), Ok(until)) => {
            let deputy = post.form.get("deputy").to_string();
            post.seat.ask(move |desk, session| desk.be_away(session, &deputy, from, until)).await
        }
        (from, until) => {
            let refusals = [from.err(), until.err()].into_iter().flatten();
            let view = |refusal| RefusalView { refusal, clause: None, helpers: vec![] };
            Err(No::Refused(refusals.map(view).collect()))
        }
    };
    let views = match came {
        Ok(()) => return see("/applications?done=away"),
        Err(No::Refused(views)) => views,
        Err(no) => return fault::refused(&post.seat, no, Some(&post.form)).await,
    };
    match lists(&post.seat, post.form.clone()).await {
        Ok(mut drawn) => {
            drawn.f.refuse(&views);
            page(status_of_no(&No::Refused(views)), &drawn)
        }
        Err(no) => fault::refused(&post.seat, no, Some(&post.form)).await,
    }
}

/// Shows an empty form, or one filled like an earlier one.
pub async fn new(seat: Seat) -> Response {
    let query = &seat.visit.query;
    let object = query.get("object").to_string();
    let like = match (query.get("like"), query.get("renew")) {
        ("", "") => Like::Blank,
        ("unit", _) => Like::Unit,
        ("", permission) => Like::Permission(permission.into()),
        (other, _) => match other.strip_prefix("template:") {
            Some(name) => Like::Template(name.into()),
            None => Like::Application(other.into()),
        },
    };
    let asked = seat.ask(move |desk, session| desk.blank_application(session, &object, &like)).await;
    match asked {
        Ok(view) => ok(&draw(&seat, view).await),
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

/// Shows one application.
pub async fn show(seat: Seat, Path(code): Path<String>) -> Response {
    let done = seat.visit.query.get("done").to_string();
    match seat.ask(move |desk, session| desk.application(session, &code)).await {
        Ok(view) => {
            let mut drawn = draw(&seat, view).await;
            if DONE.contains(&done.as_str()) {
                drawn.f.banner = Some(drawn.f.t(&format!("application-done-{done}")));
            }
            ok(&drawn)
        }
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw(seat: &Seat, view: ApplicationView) -> Page {
    let mut f = Frame::of(seat, "application-title").await;
    f.title = f.w(&view.row.label).to_string();
    Page { f, a: view, typed: Form::default() }
}

/// Keeps a new form, or puts it forward.
pub async fn begin(post: Post) -> Response {
    write(post, None).await
}

/// Keeps a form that exists, or puts it forward.
pub async fn carry_on(Path(code): Path<String>, post: Post) -> Response {
    write(post, Some(code)).await
}

async fn write(post: Post, code: Option<String>) -> Response {
    let today = post.seat.app.desk().now().date();
    let sent = read(&post.form, code, today);
    let (word, form) = (if sent.submit { "submitted" } else { "saved" }, sent.clone());
    let first = post.seat.ask(move |desk, session| desk.write_application(session, &form)).await;
    let refused = match first {
        Ok(code) => return see(&format!("/applications/{code}?done={word}")),
        Err(No::Refused(views)) if sent.submit => views,
        Err(no) => return fault::refused(&post.seat, no, Some(&post.form)).await,
    };
    // What cannot go on its way is kept all the same, and shown with what is to be mended.
    let draft = ApplicationForm { submit: false, form_key: format!("{}-kept", sent.form_key), ..sent };
    match post.seat.ask(move |desk, session| desk.write_application(session, &draft)).await {
        Ok(code) => again(&post, &code, refused).await,
        Err(_) => fault::refused(&post.seat, No::Refused(refused), Some(&post.form)).await,
    }
}

/// The page once more, with what was refused.
async fn again(post: &Post, code: &str, refused: Vec<RefusalView>) -> Response {
    let code = code.to_string();
    match post.seat.ask(move |desk, session| desk.application(session, &code)).await {
        Ok(view) => {
            let mut drawn = draw(&post.seat, view).await;
            drawn.f.refuse(&refused);
            drawn.typed = post.form.clone();
            page(status_of_no(&No::Refused(refused)), &drawn)
        }
        Err(no) => fault::refused(&post.seat, no, Some(&post.form)).await,
    }
}

/// Gives a stamp.
pub async fn stamp(Path(code): Path<String>, post: Post) -> Response {
    let Some(verdict) = Verdict::from_word(post.form.get("verdict")) else {
        let refusal = Refusal::new(Reason::FieldMissing).at("verdict");
        let view = RefusalView { refusal, clause: None, helpers: vec![] };
        return again(&post, &code, vec![view]).await;
    };
    let letter = match letter::said(&post.form, post.seat.app.desk().now().date()) {
        Ok(said) => Came { number: said.number, on: said.on },
        Err(refusal) => {
            let view = RefusalView { refusal, clause: None, helpers: vec![] };
            return again(&post, &code, vec![view]).await;
        }
    };
    let sent = StampForm {
        verdict,
        note: Personal::new(post.form.get("note")),
        fields: post.form.all("fields"),
        letter,
        form_key: post.key(),
    };
    let own = code.clone();
    match post.seat.ask(move |desk, session| desk.stamp_application(session, &own, &sent)).await {
        Ok(()) => see(&format!("/applications/{code}?done=stamped")),
        Err(No::Refused(views)) => again(&post, &code, views).await,
        Err(no) => fault::refused(&post.seat, no, Some(&post.form)).await,
    }
}

/// Reminds those whose turn it is.
pub async fn remind(Path(code): Path<String>, post: Post) -> Response {
    let own = code.clone();
    match post.seat.ask(move |desk, session| desk.remind_application(session, &own)).await {
        Ok(()) => see(&format!("/applications/{code}?done=reminded")),
        Err(No::Refused(views)) => again(&post, &code, views).await,
        Err(no) => fault::refused(&post.seat, no, None).await,
    }
}

/// Takes an application back.
pub async fn withdraw(Path(code): Path<String>, post: Post) -> Response {
    let own = code.clone();
    match post.seat.ask(move |desk, session| desk.withdraw_application(session, &own)).await {
        Ok(()) => see(&format!("/applications/{code}?done=withdrawn")),
        Err(No::Refused(views)) => again(&post, &code, views).await,
        Err(no) => fault::refused(&post.seat, no, None).await,
    }
}

/// Gives an application up.
pub async fn cancel(Path(code): Path<String>, post: Post) -> Response {
    let own = code.clone();
    match post.seat.ask(move |desk, session| desk.cancel_application(session, &own)).await {
        Ok(()) => see(&format!("/applications/{code}?done=cancelled")),
        Err(No::Refused(views)) => again(&post, &code, views).await,
        Err(no) => fault::refused(&post.seat, no, None).await,
    }
}

/// Reads a form: `v.field` are values, `d.field` days, `w.field.code` words behind a choice, and
/// `t.field.row.column` cells of a table.
fn read(form: &Form, code: Option<String>, today: Date) -> ApplicationForm {
    let mut answers = Answers::new();
    for (name, value) in form.fields().map(|(name, value)| (name, value.trim())) {
        let Some((kind, rest)) = name.split_once('.') else { continue };
        if value.is_empty() {
            continue;
        }
        let parts: Vec<&str> = rest.split('.').collect();
        match (kind, &parts[..]) {
            ("v", [field]) => answers.entry((*field).into()).or_default().values.push(value.into()),
            ("d", [field]) => {
                let read = day(value, today, field).ok().flatten();
                let text = read.map_or_else(|| value.to_string(), |day| day.to_string());
                answers.entry((*field).into()).or_default().values.push(text);
            }
            ("w", [field, option]) => {
                let entry = answers.entry((*field).into()).or_default();
                entry.words.insert((*option).into(), value.into());
            }
            ("t", [field, row, column]) => {
                let Some(row) = row.parse().ok().filter(|row: &usize| *row < 200) else { continue };
                let rows = &mut answers.entry((*field).into()).or_default().rows;
                rows.resize_with(rows.len().max(row + 1), Default::default);
                rows[row].insert((*column).into(), value.into());
            }
            _ => {}
        }
    }
    for entry in answers.values_mut() {
        entry.rows.retain(|row| !row.is_empty());
        let chosen = entry.values.clone();
        entry.words.retain(|code, _| chosen.contains(code));
    }
    answers.retain(|_, entry| !entry.is_empty());
    ApplicationForm {
        code,
        object: form.get("object").to_string(),
        people: form.all("people"),
        answers,
        submit: form.get("act") == "submit",
        form_key: form.get("form_key").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_reads_as_values_words_days_and_rows() {
        let fields = [
            ("v.reason", " 審查 "),
            ("v.permissions", "a"),
            ("v.permissions", "b"),
            ("w.permissions.a", "詳"),
            ("w.permissions.z", "not chosen"),
            ("d.from", "113/01/22"),
            ("d.until", "soon"),
            ("t.list.0.name", "甲"),
            ("t.list.5.name", "乙"),
            ("t.list.900.name", "too far"),
            ("v.empty", ""),
            ("act", "submit"),
        ];
        let today = Date::parse_iso("2024-01-22").unwrap();
        let read = read(&Form::of(&fields), None, today);
        assert_eq!(read.answers["reason"].value(), "審查");
        assert_eq!(read.answers["permissions"].values, ["a", "b"]);
        assert_eq!(read.answers["permissions"].words.len(), 1);
        assert_eq!(read.answers["from"].value(), "2024-01-22");
        assert_eq!(read.answers["until"].value(), "soon", "what is no day is kept as it was typed");
        assert_eq!(read.answers["list"].rows.len(), 2);
        assert!(read.submit && !read.answers.contains_key("empty"));
    }
}
