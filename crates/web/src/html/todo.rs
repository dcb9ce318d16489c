//! 待辦 / To-do: one list, ordered by when things are due.

use super::frame::Frame;
use super::{fault, ok};
use crate::seat::Seat;
use askama::Template;
use axum::response::Response;
use desk::view::{RecordRow, TodoItem, TodoKind};

#[derive(Template)]
#[template(path = "todo.html")]
struct Page {
    f: Frame,
    items: Vec<TodoItem>,
    done: Option<Vec<RecordRow>>,
    /// How many are overdue, due today, within seven days, later.
    sums: [usize; 4],
    last: Option<String>,
}

impl Page {
    /// The kind of a line as a locale key.
    fn kind(&self, item: &TodoItem) -> String {
        let kind = match item.kind {
            TodoKind::Returned => "returned",
            TodoKind::Approved => "approved",
            TodoKind::Countersign => "countersign",
            TodoKind::Approve => "approve",
            TodoKind::AwaitingStamp => "awaiting-stamp",
            TodoKind::ConsentMissing => "consent-missing",
            TodoKind::ConsentEnding => "consent-ending",
        };
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

/// Shows what waits, or with `?tab=done` what was done.
pub async fn show(seat: Seat) -> Response {
    let done = seat.visit.query.get("tab") == "done";
    let items = match seat.ask(desk::Desk::todo).await {
        Ok(items) => items,
        Err(no) => return fault::refused(&seat, no, None).await,
    };
    let done = match done {
        true => match seat.ask(desk::Desk::done).await {
            Ok(rows) => Some(rows),
            Err(no) => return fault::refused(&seat, no, None).await,
        },
        false => None,
    };
    let f = Frame::of(&seat, "todo-title").await;
    let last = seat.session.last_sign_in.as_ref().map(|(at, address)| {
        f.say.fill("todo-last-sign-in", &[("at", &f.stamp(at)), ("address", address)])
    });
    ok(&Page { sums: sums(&items), f, items, done, last })
}

fn sums(items: &[TodoItem]) -> [usize; 4] {
    let mut sums = [0; 4];
    for item in items {
        let place = match item.due.as_ref().map(|due| due.days_left) {
            Some(left) if left < 0 => 0,
            Some(0) => 1,
            Some(left) if left <= 7 => 2,
            _ => 3,
        };
        sums[place] += 1;
    }
    sums
}
