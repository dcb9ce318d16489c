//! Applications: the list, the form, and the page on which those along the chain act.

pub(in crate::html) mod read;

use super::again::{self, after};
use super::frame::Frame;
use super::{download, fault, ok, see};
use crate::form::Form;
use crate::seat::{Post, Seat};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use desk::application::{ApplicationForm, ConsultForm, FileForm, Like, Pages, ReplyForm};
use desk::view::{
    ApplicationView, ApplicationsView, BecomesView, ChangedPart, ColumnView, FieldView, KeptView, OptionView,
    OutcomeView, RightView, StepState,
};
use desk::{Desk, No, Session};
use domain::Personal;
use domain::application::Verdict;
use domain::application::hinge::Hinge;
use domain::id::PersonId;
use domain::regulation::diff::{Bearing, Detail};
use domain::regulation::{Value, Words};
use domain::time::Date;

/// What a page says was done, by the word that its address carries.
const DONE: [&str; 10] = [
    "saved",
    "submitted",
    "stamped",
    "withdrawn",
    "cancelled",
    "reminded",
    "claimed",
    "released",
    "asked",
    "replied",
];

/// The type of fields and columns that hold a day.
const DATE: &str = "date";

#[derive(Template)]
#[template(path = "applications.html")]
struct List {
    f: Frame,
    all: ApplicationsView,
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
            DATE => self.date(field.text()),
            _ => field.text().to_string(),
        }
    }

    /// What stands in a cell as a page shows it: days as people write them, what was chosen by its words.
    fn said(&self, column: &ColumnView, text: &str) -> String {
        match column.chosen(text) {
            Some(label) => self.f.w(label).to_string(),
            None if column.kind == DATE => self.date(text),
            None => text.to_string(),
        }
    }

    /// By which names a cell is known: in errors, from one; in what is sent, from zero.
    fn place(&self, field: &FieldView, row: &usize, column: &ColumnView) -> String {
        format!("{}.{}.{}", field.id, row + 1, column.id)
    }

    fn cell_name(&self, field: &FieldView, row: &usize, column: &ColumnView) -> String {
        format!("{}.{}.{row}.{}", if column.kind == DATE { "td" } else { "t" }, field.id, column.id)
    }

    /// The headings that name a cell: those of its column and of its row.
    fn heads(&self, field: &FieldView, row: &usize, column: &ColumnView) -> String {
        format!("h-{}.{} r-{}.{}", field.id, column.id, field.id, row + 1)
    }

    fn has_dates(&self, field: &FieldView) -> bool {
        field.columns.iter().any(|column| column.kind == DATE && !column.by_system)
    }

    fn step_state(&self, state: &StepState) -> (&'static str, &'static str, &'static str) {
        match state {
            StepState::Past => ("ok", "\u{2713}", "application-step-past"),
            StepState::Now => ("run", "\u{25B8}", "application-step-now"),
            StepState::Later => ("none", "\u{25CB}", "application-step-later"),
        }
    }

    /// How long it is kept, in a sentence.
    fn keeping(&self, kept: &KeptView) -> String {
        let on = kept.kept.day().map(|on| self.f.day(&on)).unwrap_or_default();
        self.f.with(&format!("application-kept-{}", kept.kept.word()), "on", &on)
    }

    /// The verdict that is not the way on: asked for in a form of its own, with words.
    fn is_no(&self, verdict: &Verdict) -> bool {
        matches!(verdict, Verdict::Object | Verdict::Return | Verdict::Refuse)
    }

    /// What is to be said about a changed part of a rule; a part about which nothing else is said has one
    /// line.
    fn details(&self, part: &ChangedPart) -> Vec<(usize, Detail)> {
        let nothing = Detail::new("", None, None);
        let all = if part.details.is_empty() { vec![nothing] } else { part.details.clone() };
        all.into_iter().enumerate().collect()
    }

    /// What something was, or is; nothing where it was not there.
    fn told(&self, name: &str, words: &Option<Words>, value: &Option<Value>) -> String {
        match (value, words) {
            (Some(value), _) => self.f.say.whole(name, value),
            (None, Some(words)) => self.f.w(words).to_string(),
            (None, None) => "–".into(),
        }
    }

    /// How a new value binds: the tone of its tag and its word.
    fn bearing(&self, bearing: &Bearing) -> (&'static str, &'static str) {
        match bearing {
            Bearing::Stricter => ("none", "bearing-stricter"),
            Bearing::Laxer => ("warn", "bearing-laxer"),
            Bearing::Both => ("warn", "bearing-both"),
        }
    }

    /// Whether it is mended: some fields are named as faulty, and the others are folded away.
    fn mends(&self) -> bool {
        self.a.fields.iter().any(|field| field.faulty)
    }

    /// Whether writing begins in a field: the first that is to be mended, or the first that is still empty.
    fn focused(&self, field: &FieldView) -> bool {
        let faulty = self.a.fields.iter().find(|field| field.faulty).map(|field| &field.id);
        faulty.or(self.a.focus.as_ref()) == Some(&field.id)
    }

    /// Whether an option is the first of its field.
    fn is_first(&self, field: &FieldView, option: &OptionView) -> bool {
        field.options.first().is_some_and(|first| first.code == option.code)
    }

    /// What becomes of a tick: the tone of its tag and its shape.
    fn becomes(&self, becomes: &BecomesView) -> (&'static str, &'static str) {
        match becomes.word {
            "added" => ("ok", "+"),
            "kept" => ("none", "="),
            _ => ("warn", "\u{2212}"),
        }
    }

    /// The options of a field as a reviewer reads them: what comes, what goes, then what stays.
    fn ordered<'a>(&self, field: &'a FieldView) -> Vec<&'a OptionView> {
        let rank = |option: &&OptionView| match option.becomes.first().map(|one| one.word) {
            Some("added") => 0,
            Some("taken") => 1,
            _ => 2,
        };
        let mut options: Vec<&OptionView> = field.options.iter().collect();
        options.sort_by_key(rank);
        options
    }

    /// On what a field hangs, as the script reads it.
    fn hinge(&self, hinge: &Hinge) -> String {
        serde_json::to_string(hinge).unwrap_or_default()
    }

    /// Whether its form takes files.
    fn takes_files(&self) -> bool {
        self.a.fields.iter().any(|field| field.kind == "attachment")
    }

    /// What a field takes, in a sentence.
    fn file_hint(&self, field: &FieldView) -> String {
        let (types, most) = (field.accept.join(" "), field.most_kilobytes.to_string());
        let count = field.most_files.to_string();
        self.f.say.fill("attachment-hint", &[("types", &types), ("most", &most), ("files", &count)])
    }

    /// What a browser offers to choose from.
    fn accept(&self, field: &FieldView) -> String {
        field.accept.iter().map(|ending| format!(".{ending}")).collect::<Vec<_>>().join(",")
    }

    /// Whether a first day can be set with some result.
    fn sets_day(&self) -> Option<&(Date, Date)> {
        self.a.outcomes.iter().find_map(|own| own.effective.as_ref())
    }

    /// Between which days a first day lies, in a sentence.
    fn effective_hint(&self, from: &Date, until: &Date) -> String {
        let (from, until) = (self.f.day(from), self.f.day(until));
        self.f.say.fill("application-effective-hint", &[("from", from.as_str()), ("until", until.as_str())])
    }

    /// What can be given: the value and the words of each button, and whether it is a way on. What the form
    /// prints goes before the usual words.
    fn gives(&self) -> Vec<(String, String, bool)> {
        let usual = |verdict: &Verdict| {
            let words = self.f.k("application-give", verdict.word()).to_string();
            (verdict.word().to_string(), words, !self.is_no(verdict))
        };
        let printed = |own: &OutcomeView| {
            let value = format!("{}:{}", own.verdict.word(), own.code);
            (value, self.f.w(&own.word).to_string(), !self.is_no(&own.verdict))
        };
        let mut gives: Vec<_> = match self.a.outcomes.is_empty() {
            true => self.a.verdicts.iter().map(usual).collect(),
            false => self.a.outcomes.iter().map(printed).collect(),
        };
        // The first button is the one that a key presses: a way on, whatever a form prints first.
        gives.sort_by_key(|(_, _, on)| !on);
        gives
    }

    /// Whether it can be sent back now.
    fn returns(&self) -> bool {
        self.a.verdicts.contains(&Verdict::Return)
    }

    /// In what right somebody acts; nothing where it is their own.
    fn right(&self, right: &RightView) -> String {
        match (&right.stands_for, &right.delegated_by) {
            (Some(away), _) => self.f.with("application-deputy", "name", away),
            (None, Some(head)) => self.f.with("application-delegate", "name", head),
            (None, None) => String::new(),
        }
    }

    /// The name of a field in what is sent.
    fn name(&self, field: &FieldView) -> String {
        format!("{}.{}", if field.kind == DATE { "d" } else { "v" }, field.id)
    }
}

/// Shows what waits, what one wrote, and what one may apply for.
pub async fn list(seat: Seat) -> Response {
    let page = |name: &str| Some(seat.visit.query.get(name).to_string()).filter(|page| !page.is_empty());
    let pages = Pages { own: page("own"), others: page("others") };
    match seat.ask(move |desk, session| desk.applications(session, &pages)).await {
        Ok(all) => ok(&List { f: Frame::of(&seat, "applications-title").await, all }),
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

/// Shows an empty form, one filled like an earlier one, or what was typed when the session ended.
pub async fn new(seat: Seat) -> Response {
    let query = &seat.visit.query;
    let object = query.get("object").to_string();
    let held = held(&seat).await.map(|form| read::form(&form, None, today(&seat)));
    let typed = held.is_some();
    let like = match (held, query.get("like"), query.get("renew")) {
        (Some(form), ..) => Like::Typed(form.answers, form.people.into_iter().map(PersonId::new).collect()),
        (None, "", "") => Like::Blank,
        (None, "unit", _) => Like::Unit,
        (None, "", permission) => Like::Permission(permission.into()),
        (None, other, _) => match other.strip_prefix("template:") {
            Some(name) => Like::Template(name.into()),
            None => Like::Application(other.into()),
        },
    };
    let asked = seat.ask(move |desk, session| desk.blank_application(session, &object, &like)).await;
    match asked {
        Ok(view) => ok(&with_banner(draw(&seat, view).await, typed, "")),
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

/// What was typed on this page when the session ended.
async fn held(seat: &Seat) -> Option<Form> {
    if seat.visit.held.is_none() { None } else { seat.held_form().await }
}

fn today(seat: &Seat) -> Date {
    seat.app.desk().now().date()
}

/// Shows one application, an earlier version of it, or what was typed in it when the session ended.
pub async fn show(seat: Seat, Path(code): Path<String>) -> Response {
    let (done, version) = (seat.visit.query.get("done"), seat.visit.query.get("version").to_string());
    let held = if version.is_empty() { held(&seat).await } else { None };
    // Only the form of the application itself says what it is for; words beside a stamp have their own.
    let form = held.clone().filter(|form| form.has("object"));
    let form = form.map(|form| read::form(&form, Some(code.clone()), today(&seat)));
    let typed = form.is_some();
    let found = seat.ask(move |desk, session| match (version.as_str(), form) {
        ("", Some(form)) => desk.application_typed(session, &code, &form),
        ("", None) => desk.application(session, &code),
        // What is no number was never put forward.
        (version, _) => desk.application_version(session, &code, version.parse().unwrap_or_default()),
    });
    match found.await {
        Ok(view) => {
            let typed = typed && view.edit;
            let mut drawn = with_banner(draw(&seat, view).await, typed, done);
            drawn.typed = held.unwrap_or_default();
            ok(&drawn)
        }
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

/// A page that says what was done, or that what was typed is not kept yet.
fn with_banner(mut page: Page, typed: bool, done: &str) -> Page {
    page.f.banner = match (typed, DONE.contains(&done)) {
        (true, _) if page.takes_files() => Some(page.f.t("application-typed-files")),
        (true, _) => Some(page.f.t("application-typed")),
        (false, true) => Some(page.f.t(&format!("application-done-{done}"))),
        (false, false) => None,
    };
    page
}

/// The page of an application as it is, with what was typed on it.
async fn drawn(post: &Post, code: &str) -> Result<Page, No> {
    let own = code.to_string();
    let view = post.seat.ask(move |desk, session| desk.application(session, &own)).await?;
    Ok(Page { typed: post.form.clone(), ..draw(&post.seat, view).await })
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
    let typed = read::form(&post.form, code, today(&post.seat));
    let sent = ApplicationForm { files: read::files(&post.files), ..typed };
    let (word, form) = (if sent.submit { "submitted" } else { "saved" }, sent.clone());
    let first = post.seat.ask(move |desk, session| desk.write_application(session, &form)).await;
    let refused = match first {
        Ok(code) => return see(&format!("/applications/{code}?done={word}")),
        Err(No::Refused(views)) if sent.submit || !sent.files.is_empty() => views,
        Err(no) => return fault::refused(&post.seat, no, Some(&post.form)).await,
    };
    // What cannot go on its way is kept all the same, and shown with what is to be mended.
    let faulty = |file: &FileForm| refused.iter().any(|one| one.refusal.field.as_ref() == Some(&file.field));
    let (files, form_key) =
        (sent.files.iter().filter(|file| !faulty(file)), format!("{}-kept", sent.form_key));
    let draft = ApplicationForm { files: files.cloned().collect(), submit: false, form_key, ..sent };
    match post.seat.ask(move |desk, session| desk.write_application(session, &draft)).await {
        Ok(code) => again::again(&post, No::Refused(refused), drawn(&post, &code), |page| &mut page.f).await,
        Err(_) => fault::refused(&post.seat, No::Refused(refused), Some(&post.form)).await,
    }
}

/// Gives a stamp.
pub async fn stamp(Path(code): Path<String>, post: Post) -> Response {
    let sent = read::stamp(&post.form, post.key(), today(&post.seat)).map_err(No::from);
    moved(code, post, "stamped", move |desk, session, code| desk.stamp_application(session, code, &sent?))
        .await
}

/// Reminds those whose turn it is.
pub async fn remind(Path(code): Path<String>, post: Post) -> Response {
    moved(code, post, "reminded", |desk, session, code| desk.remind_application(session, code)).await
}

/// Takes the step on, or takes it over.
pub async fn claim(Path(code): Path<String>, post: Post) -> Response {
    moved(code, post, "claimed", |desk, session, code| desk.claim_application(session, code)).await
}

/// Lets go of the step, or lifts what somebody else took on.
pub async fn release(Path(code): Path<String>, post: Post) -> Response {
    moved(code, post, "released", |desk, session, code| desk.release_application(session, code)).await
}

/// Asks colleagues for their opinion.
pub async fn consult(Path(code): Path<String>, post: Post) -> Response {
    let form = ConsultForm {
        colleagues: post.form.all("colleagues"),
        question: Personal::new(post.form.get("question")),
        form_key: post.key(),
    };
    moved(code, post, "asked", move |desk, session, code| desk.consult(session, code, &form)).await
}

/// Answers what one was asked, or declines to.
pub async fn reply(Path(code): Path<String>, post: Post) -> Response {
    let form = ReplyForm {
        question: post.form.get("id").to_string(),
        given: post.form.get("act") != "decline",
        opinion: Personal::new(post.form.get("opinion")),
    };
    moved(code, post, "replied", move |desk, session, code| desk.reply(session, code, &form)).await
}

/// Takes an application back.
pub async fn withdraw(Path(code): Path<String>, post: Post) -> Response {
    moved(code, post, "withdrawn", |desk, session, code| desk.withdraw_application(session, code)).await
}

/// Gives an application up.
pub async fn cancel(Path(code): Path<String>, post: Post) -> Response {
    moved(code, post, "cancelled", |desk, session, code| desk.cancel_application(session, code)).await
}

/// The page of an application after something was done, or refused.
async fn moved(
    code: String,
    post: Post,
    done: &str,
    act: impl FnOnce(&Desk, &Session, &str) -> desk::Answer<()> + Send + 'static,
) -> Response {
    let own = code.clone();
    let came = post.seat.ask(move |desk, session| act(desk, session, &own)).await;
    let target = format!("/applications/{code}?done={done}");
    after(&post, came, &target, drawn(&post, &code), |page| &mut page.f).await
}

/// Hands out a file that travels with an application, after its entry, to be kept and not shown.
pub async fn attachment(seat: Seat, Path((code, id)): Path<(String, String)>) -> Response {
    match seat.ask(move |desk, session| desk.attachment(session, &code, &id)).await {
        Ok(file) => download(file.name.expose(), "application/octet-stream", file.bytes),
        Err(no) => fault::refused(&seat, no, None).await,
    }
}
