//! Other names for units, and closing them: both from the page of staff.

use super::again;
use crate::seat::Post;
use axum::extract::Path;
use axum::response::Response;
use desk::directory::NameForm;

/// Gives a unit another name.
pub async fn rename(Path(id): Path<String>, post: Post) -> Response {
    let form = NameForm {
        id: id.clone(),
        name: post.form.get("name").to_string(),
        name_en: post.form.get("name_en").to_string(),
        form_key: post.key(),
    };
    match post.seat.ask(move |desk, session| desk.rename_unit(session, &form)).await {
        Ok(()) => super::see("/staff?done=renamed"),
        Err(no) => again(&post, &id, no).await,
    }
}

/// Closes a unit.
pub async fn close(Path(id): Path<String>, post: Post) -> Response {
    let (own, key) = (id.clone(), post.key());
    match post.seat.ask(move |desk, session| desk.close_unit(session, &own, &key)).await {
        Ok(()) => super::see("/staff?done=closed"),
        Err(no) => again(&post, &id, no).await,
    }
}
