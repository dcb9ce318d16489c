//! The simulator over HTTP, as a process of its own.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Json, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::answer::{Act, Reply};
use super::listener::{Cuttable, Peer};
use super::mood::Setting;
use super::station::Simulator;
use crate::wire::{REQUEST_ID, WireEnded, WireQuestion};

/// Largest question that is read, in bytes.
const QUESTION_MAX: usize = 64 * 1024;

/// What the provider's side allows itself for a question; its asker gives up earlier.
const PATIENCE: Duration = Duration::from_secs(600);

/// Serves the simulator until `shutdown` comes; questions under way are then dropped.
///
/// Routes: `POST /v1/query` and `POST /v1/rights/ended` as in [`crate::wire`], `GET /healthz`, and for this
/// machine alone `POST /mood` (a [`Setting`]) and `GET /log` (request ids with their counts).
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    simulator: Arc<Simulator>,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let routes = Router::new()
        .route("/v1/query", post(query))
        .route("/v1/rights/ended", post(ended))
        .route("/healthz", get(health))
        .route("/mood", post(mood))
        .route("/log", get(log))
        .layer(DefaultBodyLimit::max(QUESTION_MAX))
        .with_state(simulator);
    let service = routes.into_make_service_with_connect_info::<Peer>();
    tokio::select! {
        served = axum::serve(Cuttable(listener), service) => served,
        () = shutdown => Ok(()),
    }
}

async fn query(
    State(simulator): State<Arc<Simulator>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    headers: HeaderMap,
    Json(question): Json<WireQuestion>,
) -> Response {
    let id = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    if id != Some(question.request_id.as_str()) {
        return (StatusCode::BAD_REQUEST, "the request id in header and body differ\n").into_response();
    }
    sent(simulator.reply(&question.into_question(PATIENCE)), &peer).await
}

async fn ended(
    State(simulator): State<Arc<Simulator>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    headers: HeaderMap,
    Json(message): Json<WireEnded>,
) -> Response {
    let id = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    if id != Some(message.request_id.as_str()) {
        return (StatusCode::BAD_REQUEST, "the request id in header and body differ\n").into_response();
    }
    sent(simulator.end(&message), &peer).await
}

/// Does what was decided, when it is time.
async fn sent(Reply { delay, act }: Reply, peer: &Peer) -> Response {
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    match act {
        Act::Send(bytes) => {
            let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
            (headers, bytes).into_response()
        }
        Act::Unavailable => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Act::HangUp => {
            peer.cut();
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn health(State(simulator): State<Arc<Simulator>>) -> StatusCode {
    if simulator.is_down() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK }
}

async fn mood(
    State(simulator): State<Arc<Simulator>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Json(setting): Json<Setting>,
) -> StatusCode {
    if !peer.address.ip().is_loopback() {
        return StatusCode::FORBIDDEN;
    }
    simulator.set(setting);
    StatusCode::NO_CONTENT
}

async fn log(State(simulator): State<Arc<Simulator>>, ConnectInfo(peer): ConnectInfo<Peer>) -> Response {
    if !peer.address.ip().is_loopback() {
        return StatusCode::FORBIDDEN.into_response();
    }
    let requests = simulator.log();
    let total: u64 = requests.values().sum();
    Json(serde_json::json!({ "total": total, "requests": requests })).into_response()
}

/// A simulator that runs on a thread of this process, on a free port of the loopback address, until it
/// is dropped. For tests that want real HTTP.
pub struct Running {
    address: SocketAddr,
    simulator: Arc<Simulator>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Starts it; it answers when this returns.
    ///
    /// # Errors
    /// When no port or no thread is to be had.
    pub fn start(simulator: Arc<Simulator>) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&simulator);
        let thread = std::thread::Builder::new().name("simulator".into()).spawn(move || {
            let ended = runtime.block_on(async move {
                let listener = TcpListener::from_std(listener)?;
                // A dropped sender ends it as well as a sent stop.
                serve(listener, served, async { drop(stopped.await) }).await
            });
            if let Err(error) = ended {
                tracing::error!(%error, "the simulator ended");
            }
        })?;
        Ok(Self { address, simulator, stop: Some(stop), thread: Some(thread) })
    }

    /// The base address for [`crate::HttpSettings`].
    #[must_use]
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The simulator, to set its mood and read its log.
    #[must_use]
    pub fn simulator(&self) -> &Simulator {
        &self.simulator
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of that thread has been reported there.
            drop(thread.join());
        }
    }
}
