//! A page drawn again after a form was sent: what was typed stays, and each fault stands at its field.

use super::frame::Frame;
use super::{fault, page, prove, see, status_of_no};
use crate::form::Form;
use crate::seat::Post;
use askama::Template;
use axum::response::Response;
use desk::{Answer, No};
use domain::time::Date;
use domain::time::input::day;
use domain::{Reason, Refusal};

/// Goes on to `target` where it was done; where it was refused, draws the page again and says why.
pub async fn after<P: Template>(
    post: &Post,
    came: Answer<()>,
    target: &str,
    drawn: impl Future<Output = Result<P, No>>,
    frame: impl FnOnce(&mut P) -> &mut Frame,
) -> Response {
    match came {
        Ok(()) => see(target),
        Err(no) => again(post, no, drawn, frame).await,
    }
}

/// Draws a page again and says why it was refused; what is no refusal is told on a page of its own. Where
/// nothing stands against it but that it asks again who acts, that is asked.
pub async fn again<P: Template>(
    post: &Post,
    no: No,
    drawn: impl Future<Output = Result<P, No>>,
    frame: impl FnOnce(&mut P) -> &mut Frame,
) -> Response {
    if let Some(asked) = prove::again(post, &no).await {
        return asked;
    }
    let No::Refused(views) = no else { return fault::refused(&post.seat, no, Some(&post.form)).await };
    match drawn.await {
        Ok(mut view) => {
            frame(&mut view).refuse(&views);
            page(status_of_no(&No::Refused(views)), &view)
        }
        Err(no) => fault::refused(&post.seat, no, Some(&post.form)).await,
    }
}

/// A day that was typed and has to be there.
///
/// # Errors
/// The field is empty, or holds no day.
pub fn one_day(form: &Form, today: Date, field: &str) -> Result<Date, Refusal> {
    day(form.get(field), today, field)?.ok_or_else(|| Refusal::new(Reason::FieldMissing).at(field))
}

/// Two days that were typed, or what is wrong with either.
///
/// # Errors
/// A field is empty, or holds no day.
pub fn days(post: &Post, fields: [&str; 2]) -> Answer<[Date; 2]> {
    let today = post.seat.app.desk().now().date();
    match fields.map(|field| one_day(&post.form, today, field)) {
        [Ok(first), Ok(last)] => Ok([first, last]),
        wrong => Err(No::refused(wrong.into_iter().filter_map(Result::err))),
    }
}
