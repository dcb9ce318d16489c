//! The gate without its record: the same process, the same check of the token, the same provider, an answer
//! in JSON, and nothing written. What the ledger costs is the distance to this.

use super::super::world::PROVIDER_SECONDS;
use crate::problem::{Done, Problem};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use desk::{Desk, No};
use domain::actor::Place;
use domain::lookup::checks::dataset_of;
use domain::regulation::{AnswerShape, Pack};
use gate::{ItemQuery, Question, Shape, SubjectKey};
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;

/// Serves until `end`; `announce` is told the address once it listens.
///
/// # Errors
/// The port cannot be had.
pub async fn serve(
    desk: Desk,
    listen: SocketAddr,
    end: impl Future<Output = ()> + Send + 'static,
    announce: impl FnOnce(SocketAddr) -> Done,
) -> Done {
    let taken = |error: std::io::Error| Problem::new(format!("cannot listen on {listen}: {error}"));
    let listener = TcpListener::bind(listen).await.map_err(taken)?;
    let local = listener.local_addr().map_err(taken)?;
    let routes = Router::new().route("/api/v1/lookups", post(ask)).with_state(desk);
    let service = routes.into_make_service_with_connect_info::<SocketAddr>();
    announce(local)?;
    tokio::select! {
        served = axum::serve(listener, service) => served.map_err(taken),
        () = end => Ok(()),
    }
}

async fn ask(
    State(desk): State<Desk>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|text| text.strip_prefix("Bearer ")).unwrap_or_default().to_owned();
    let asked = tokio::task::spawn_blocking(move || disclose(&desk, &token, &peer, &body)).await;
    match asked {
        Ok(Ok(answer)) => ([(CONTENT_TYPE, "application/json")], answer).into_response(),
        Ok(Err(status)) => status.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn disclose(desk: &Desk, token: &str, peer: &SocketAddr, body: &[u8]) -> Result<String, StatusCode> {
    let (address, place) = (peer.ip().to_string(), Place::Zone("office".into()));
    let session = desk.token_session(token, &address, place).map_err(|no| match no {
        No::Refused(_) => StatusCode::UNAUTHORIZED,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    })?;
    let asked: Value = serde_json::from_slice(body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let slot = desk.gate().reserve().map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    let answer = slot.ask(question(&session.pack, &asked)).map_err(|_| StatusCode::BAD_GATEWAY)?;
    serde_json::to_string(&answer).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

/// The question as the gate would put it.
fn question(pack: &Pack, asked: &Value) -> Question {
    let text = |name: &str| asked.get(name).and_then(Value::as_str).unwrap_or_default();
    let items = asked.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let codes: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
    let dataset = codes.first().map_or("", |code| dataset_of(code));
    let ruled = pack.dataset(dataset);
    let items = codes.iter().filter_map(|code| {
        let item = pack.item(code)?.value;
        Some(ItemQuery {
            shape: match item.shape {
                AnswerShape::Record => Shape::Record,
                AnswerShape::List => Shape::List,
                AnswerShape::Verdict => Shape::Verdict,
                AnswerShape::Fact => Shape::Fact,
            },
            fields: item.fields.iter().map(|field| field.id.clone()).collect(),
            id: item.id.clone(),
        })
    });
    Question {
        request_id: text("case").into(),
        source: ruled.as_ref().map(|dataset| dataset.value.source.clone()).unwrap_or_default(),
        dataset: dataset.into(),
        subject: SubjectKey::new(ruled.map_or("other", |d| d.value.subject.kind.word()), text("subject")),
        request: BTreeMap::new(),
        items: items.collect(),
        deadline: Duration::from_secs(PROVIDER_SECONDS),
    }
}
