//! People of the demonstration who came, moved and left, so that duties stand in the lists.

use crate::demo::cases::session;
use crate::demo::cast::CAST;
use crate::problem::{Done, Problem};
use desk::directory::{PostForm, Roster};
use desk::{Desk, Session};
use domain::directory::post::Cause;
use domain::id::{LogId, PersonId, UnitId};
use domain::time::Date;

/// Lists that keepers import, each with the login of its keeper.
const LISTS: &[(&str, &str)] = &[
    (
        "yang-lc",
        "id,name,unit,role\n\
         C01,倪家豪,lc-disease,custodian\n\
         U09,石文彬,lc-disease,user\n",
    ),
    ("kao-tp", "id,name,unit,role\nU12,游雅文,tp-disease,user\n"),
];

/// Posts that change: the keeper, whose, why, and the new unit.
const CHANGES: &[(&str, &str, Cause, &str)] = &[
    ("yang-lc", "lienchiang-U09", Cause::Transfer, "lc-nangan"),
    ("kao-tp", "taipei-U12", Cause::Leave, ""),
];

/// People of Kaohsiung for whom an older system had opened the same twice, so that an inventory finds them.
const TWICE: &[(&str, &str)] = &[("lin", "kh-relief"), ("wu", "kh-relief"), ("chou", "kh-sanmin")];

/// Imports the lists and changes the posts.
///
/// # Errors
/// The store; a list or a change that the rule refuses.
pub fn come_and_go(desk: &Desk) -> Done {
    for (keeper, text) in LISTS {
        let keeper = seat(desk, keeper)?;
        let roster = || {
            Roster::from_csv(text.as_bytes(), false)
                .map_err(|refusal| Problem::new(format!("a list of the demonstration: {refusal:?}")))
        };
        let seen = desk.import(&keeper, roster()?, None)?;
        desk.import(&keeper, roster()?, Some(&seen.seal))?;
    }
    let today: Date = desk.now().date();
    for (keeper, person, cause, unit) in CHANGES {
        let keeper = seat(desk, keeper)?;
        let posts = desk.staff(&keeper)?.posts;
        let Some(post) = posts.into_iter().find(|post| post.person == *person) else { continue };
        let form = PostForm {
            post: post.id,
            cause: Some(*cause),
            on: Some(today),
            unit: (*unit).into(),
            role: post.role_id,
            form_key: String::new(),
        };
        desk.change_post(&keeper, &form)?;
    }
    let again = TWICE.iter().map(|(person, unit)| {
        desk.whole_permission("kaohsiung", &PersonId::new(*person), &UnitId::new(*unit))
    });
    desk.take_over(&LogId::new("kaohsiung"), again.flatten().collect())?;
    Ok(())
}

fn seat(desk: &Desk, login: &str) -> Done<Session> {
    let member = CAST.iter().find(|member| member.login == login);
    session(desk, member.ok_or_else(|| Problem::new(format!("{login} is not of the cast")))?)
}
