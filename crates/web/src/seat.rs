//! Somebody signed in, and the forms they send.

use crate::App;
use crate::form::Form;
use crate::guard::{csrf, held, intake};
use crate::html::{fault, prove, see, session as door};
use crate::locale::Speech;
use crate::upload::{self, File};
use crate::visit::Visit;
use axum::body::{Bytes, HttpBody};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use desk::{Answer, Desk, No, Session};
use domain::Personal;
use std::sync::Arc;

/// A request of somebody who is signed in.
#[derive(Clone)]
pub struct Seat {
    /// What requests share.
    pub app: App,
    /// The request.
    pub visit: Arc<Visit>,
    /// The session.
    pub session: Arc<Session>,
    /// The reader's language, in the words of the regulation.
    pub say: Speech,
}

impl Seat {
    /// A seat for a session.
    pub fn new(app: App, visit: Arc<Visit>, session: Session) -> Self {
        let say = Speech::of(visit.lang, &session.pack);
        Self { app, visit, session: Arc::new(session), say }
    }

    /// Calls the desk for this session.
    pub async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Desk, &Session) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        let session = self.session.clone();
        self.app.call(move |desk| ask(desk, &session)).await
    }

    /// The form that was held for this page when the session ended, once.
    pub async fn held_form(&self) -> Option<Form> {
        held::take(&self.app, &self.visit, &self.session).await
    }

    /// Whether the role carries a capacity.
    pub fn can(&self, capacity: domain::regulation::Capacity) -> bool {
        self.session.actor.can(capacity)
    }
}

/// Whose session the cookie names, if it still runs.
async fn session_of(app: &App, visit: &Visit) -> Result<Option<Session>, No> {
    let Some(token) = visit.token.clone() else { return Ok(None) };
    let place = visit.place.clone();
    app.call(move |desk| desk.session(&token, place)).await
}

/// Where a password is changed.
const PASSWORD: &str = "/password";

/// Whether a session whose password must be changed first is led there from this page. Signing out, staying
/// and asking what a key does go on.
fn kept_back(session: &Session, visit: &Visit) -> bool {
    const OPEN: [&str; 5] = [PASSWORD, "/sign-out", "/post", "/session/extend", "/help"];
    session.password_due && !OPEN.contains(&visit.path.as_str())
}

impl FromRequestParts<App> for Seat {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let visit =
            Arc::<Visit>::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        match session_of(app, &visit).await {
            Ok(Some(session)) if kept_back(&session, &visit) => Err(Redirect::to(PASSWORD).into_response()),
            Ok(Some(session)) => Ok(Self::new(app.clone(), visit, session)),
            Ok(None) => {
                let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
                Err(Redirect::to(&format!("/sign-in?next={}", crate::form::encode(target))).into_response())
            }
            Err(no) => Err(fault::no(app, &visit, no).await),
        }
    }
}

/// A form that somebody signed in has sent from one of this site's own pages.
pub struct Post {
    /// Who sent it.
    pub seat: Seat,
    /// What was sent.
    pub form: Form,
    /// The files that were sent with it.
    pub files: Vec<File>,
}

impl Post {
    /// The key under which a double click is carried out once.
    pub fn key(&self) -> String {
        self.form.get("form_key").to_string()
    }
}

/// A form that anybody has sent from one of this site's own pages: the sign-in form.
pub struct OpenPost {
    /// The request.
    pub visit: Arc<Visit>,
    /// What was sent.
    pub form: Form,
    /// The files that were sent with it.
    pub files: Vec<File>,
}

impl FromRequest<App> for OpenPost {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit =
            Arc::<Visit>::from_request_parts(&mut parts, app).await.map_err(IntoResponse::into_response)?;
        if !visit.from_here {
            return Err(fault::page(app, &visit, StatusCode::FORBIDDEN, "fault-forged").await);
        }
        if upload::is_multipart(&parts.headers) && intake::takes_files(&parts) {
            return match upload::read(Request::from_parts(parts, body)).await {
                Ok((form, files)) => Ok(Self { visit, form, files }),
                Err(error) => Err(fault::page(app, &visit, StatusCode::BAD_REQUEST, error.key()).await),
            };
        }
        if !is_form(&parts.headers, body.size_hint().lower()) {
            return Err(fault::page(app, &visit, StatusCode::UNSUPPORTED_MEDIA_TYPE, "form-type").await);
        }
        // The guard has read the body within its limits already.
        let bytes = axum::body::to_bytes(body, intake::MAX_UPLOAD).await.unwrap_or(Bytes::new());
        match Form::parse(&bytes) {
            Ok(form) => Ok(Self { visit, form, files: vec![] }),
            Err(error) => Err(fault::page(app, &visit, StatusCode::BAD_REQUEST, error.key()).await),
        }
    }
}

impl FromRequest<App> for Post {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let OpenPost { visit, form, files } = OpenPost::from_request(request, app).await?;
        let sent = visit.csrf.clone().unwrap_or_else(|| form.get("csrf").to_string());
        let mut session = match session_of(app, &visit).await {
            Ok(Some(session)) => session,
            Ok(None) => {
                // Whose form it was, the token still tells; without a token it was nobody's.
                let kept = held::keep(app, &visit, form).await;
                return Err(door::ended(app, &visit, kept).await);
            }
            Err(no) => return Err(fault::no(app, &visit, no).await),
        };
        if !csrf::token_matches(&sent, &session.csrf) {
            let kept = held::keep(app, &visit, form).await;
            return Err(fault::kept(app, &visit, StatusCode::FORBIDDEN, "fault-token", kept).await);
        }
        if kept_back(&session, &visit) {
            let kept = held::keep(app, &visit, form).await;
            return Err(fault::handed(&visit, see(PASSWORD), kept));
        }
        if prove::goes_back(&form) {
            return Err(prove::back(app, &visit, form).await);
        }
        session.proof = Personal::new(prove::code(&form));
        Ok(Self { seat: Seat::new(app.clone(), visit, session), form, files })
    }
}

fn is_form(headers: &HeaderMap, length: u64) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE) else { return length == 0 };
    let kind = kind.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
