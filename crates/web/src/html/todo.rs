//! To-do: one list, ordered by when things are due.

use super::frame::Frame;
use super::{fault, ok};
use crate::seat::Seat;
use askama::Template;
use axum::response::Response;
use desk::No;
use desk::view::{DutiesView, RecordRow, StandsForView, TodoItem};
use domain::regulation::{PageKind, Words};
use domain::time::Date;

/// Days of the strip below the list.
const WEEK: i64 = 7;

#[derive(Template)]
#[template(path = "todo.html")]
struct Page {
    f: Frame,
    items: Vec<TodoItem>,
    /// Those for whom one stands in, where what is done in their place is shown.
    deputised: Option<Vec<StandsForView>>,
    /// How many of all that waits is done in somebody's place.
    others: usize,
    done: Option<(Vec<RecordRow>, DutiesView)>,
    sums: Sums,
    week: Vec<(String, usize)>,
    last: Option<String>,
    /// What the rule says to whoever has signed in.
    said: Vec<Words>,
}

/// How many things wait, by when they are due.
#[derive(Default)]
struct Sums {
    overdue: usize,
    today: usize,
    week: usize,
    later: usize,
}

impl Page {
    /// The kind of a line as a locale key.
    fn kind(&self, item: &TodoItem) -> String {
        let kind = crate::api::kind(item.kind);
        format!("todo-{kind}")
    }

    fn step(&self, item: &TodoItem) -> String {
        self.f.t(&format!("{}-step", self.kind(item)))
    }

    fn urgency(&self, item: &TodoItem) -> (&'static str, &'static str) {
        match item.due.as_ref().map(|due| due.days_left) {
            Some(left) if left < 0 => ("bad", "!"),
            Some(0) => ("warn", "\u{25CF}"),
            _ => ("plain", ""),
        }
    }
}

/// Shows what waits; with `?tab=deputy` what one does in the place of those who are away, with `?tab=done`
/// what was done.
pub async fn show(seat: Seat) -> Response {
    match draw(&seat).await {
        Ok(drawn) => ok(&drawn),
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw(seat: &Seat) -> Result<Page, No> {
    let tab = seat.visit.query.get("tab");
    let all = seat.ask(desk::Desk::todo).await?;
    let (others, own): (Vec<_>, Vec<_>) = all.into_iter().partition(|item| item.stands_for.is_some());
    let count = others.len();
    let (items, deputised) = match tab == "deputy" {
        true => (others, Some(seat.ask(desk::Desk::stands_in_for).await?)),
        false => (own, None),
    };
    let done = match tab == "done" {
        true => Some(seat.ask(|desk, session| Ok((desk.done(session)?, desk.duties(session, true)?))).await?),
        false => None,
    };
    let f = Frame::of(seat, "todo-title").await;
    let last =
        seat.session.last_sign_in.as_ref().map(|(at, address)| {
            f.say.fill("todo-last-sign-in", &[("at", &f.stamp(at)), ("address", address)])
        });
    let today = seat.app.desk().now().date();
    let (sums, week) = (sums(&items), week(&f, &items, today));
    let session = &seat.session;
    let said = session.pack.sentences(&[PageKind::SignIn], &session.actor.situation());
    Ok(Page { sums, week, f, items, deputised, others: count, done, last, said })
}

/// How many things are due on each of the next seven days, today first; what is late is due today.
fn week(f: &Frame, items: &[TodoItem], today: Date) -> Vec<(String, usize)> {
    let of_day = |n: i64| {
        let due = items.iter().filter_map(|item| Some(item.due.as_ref()?.days_left.max(0)));
        Some((f.say.day_of_week(&today.plus_days(n)?), due.filter(|left| *left == n).count()))
    };
    (0..WEEK).filter_map(of_day).collect()
}

fn sums(items: &[TodoItem]) -> Sums {
    let mut sums = Sums::default();
    for item in items {
        let place = match item.due.as_ref().map(|due| due.days_left) {
            Some(left) if left < 0 => &mut sums.overdue,
            Some(0) => &mut sums.today,
            Some(left) if left <= 7 => &mut sums.week,
            _ => &mut sums.later,
        };
        *place += 1;
    }
    sums
}
