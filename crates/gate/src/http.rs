//! The HTTP/JSON adapter: one question, one connection, one answer.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::{HeaderValue, Uri};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig};

use crate::wire::{REQUEST_ID, WireEnded, WireQuestion, acknowledged};
use crate::{Answer, BadAddress, EndedRight, GateError, Provider, Question, Secret, check};

/// Largest answer that is read, in bytes.
const ANSWER_MAX: u64 = 1024 * 1024;

/// How long a probe may take.
const PROBE_WAIT: Duration = Duration::from_secs(2);

/// How often a connection is tried for one question.
const ATTEMPTS: u32 = 3;

/// Settings of one provider.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// The base address: `https://host[:port][/path]`, or `http://` to the loopback address.
    pub base: String,
    /// How long a connection may take to come about.
    pub connect: Duration,
    /// How long the whole exchange may take; a question's shorter deadline goes first.
    pub total: Duration,
    /// Sent as `Authorization: Bearer` (RFC 6750), if the provider wants one.
    pub token: Option<Secret>,
    /// The only certificate authorities to trust, as PEM; the common public ones if there is none.
    pub roots: Option<Vec<u8>>,
}

impl HttpSettings {
    /// Settings for this address: 3 s to connect, 20 s in all, no token, public authorities.
    pub fn new(base: impl Into<String>) -> Self {
        Self {
            base: base.into(),
            connect: Duration::from_secs(3),
            total: Duration::from_secs(20),
            token: None,
            roots: None,
        }
    }
}

/// A provider that speaks the contract of [`crate::wire`].
pub struct HttpJson {
    agent: ureq::Agent,
    query: String,
    ended: String,
    health: String,
    authorization: Option<HeaderValue>,
    total: Duration,
}

impl HttpJson {
    /// Takes the settings.
    ///
    /// # Errors
    /// [`BadAddress`], above all for plain HTTP to anywhere but this machine.
    pub fn new(settings: &HttpSettings) -> Result<Self, BadAddress> {
        let base = accepted_base(&settings.base)?;
        let authorization = settings.token.as_ref().map(bearer).transpose()?;
        let agent = ureq::Agent::config_builder()
            // A redirect would disclose the subject a second time, and to someone else.
            .max_redirects(0)
            .max_redirects_will_error(false)
            // The environment must not be able to send questions through a proxy.
            .proxy(None)
            // A provider that closes a kept connection just then looks like one that took the question
            // and fell silent. A fresh connection each time keeps the two apart.
            .max_idle_connections(0)
            .http_status_as_error(false)
            .timeout_connect(Some(settings.connect))
            .timeout_global(Some(settings.total))
            .tls_config(trust(settings.roots.as_deref())?)
            .build()
            .new_agent();
        let (query, health) = (format!("{base}/v1/query"), format!("{base}/healthz"));
        let ended = format!("{base}/v1/rights/ended");
        Ok(Self { agent, query, ended, health, authorization, total: settings.total })
    }

    fn post(&self, to: &str, id: &str, body: &[u8], left: Duration) -> Result<Vec<u8>, Failure> {
        let mut request = self
            .agent
            .post(to)
            .config()
            .timeout_global(Some(left))
            .build()
            .header(REQUEST_ID, id)
            .content_type("application/json");
        if let Some(value) = &self.authorization {
            request = request.header("authorization", value);
        }
        let mut response = request.send(body).map_err(|error| Failure::of(&error))?;
        match response.status().as_u16() {
            200 => {}
            502..=504 => return Err(Failure::Down),
            status => return Err(Failure::Refused(status)),
        }
        let read = response.body_mut().with_config().limit(ANSWER_MAX).read_to_vec();
        read.map_err(|error| match error {
            ureq::Error::BodyExceedsLimit(_) => Failure::TooLarge,
            ureq::Error::Timeout(_) => Failure::Timeout,
            _ => Failure::Down,
        })
    }
}

impl Provider for HttpJson {
    fn ask(&self, question: &Question) -> Result<Answer, GateError> {
        // No part of this message depends on the question's content.
        let body = serde_json::to_vec(&WireQuestion::from(question))
            .map_err(|_| GateError::Malformed("the question cannot be written as JSON".into()))?;
        let budget = question.deadline.min(self.total);
        let started = Instant::now();
        for attempt in 1..=ATTEMPTS {
            let left = budget.saturating_sub(started.elapsed());
            if left.is_zero() {
                break;
            }
            match self.post(&self.query, &question.request_id, &body, left) {
                Ok(bytes) => return check::read(question, &bytes),
                // Nothing was sent, so asking again discloses nothing twice.
                Err(Failure::NotSent) => {
                    tracing::warn!(record = %question.request_id, attempt, "no connection to the provider");
                    if attempt == ATTEMPTS {
                        return Err(GateError::Down);
                    }
                    pause(left.min(Duration::from_millis(50) * attempt));
                }
                Err(Failure::Down) => return Err(GateError::Down),
                Err(Failure::Refused(status)) => return Err(GateError::Refused { status }),
                Err(Failure::Timeout) => break,
                Err(Failure::TooLarge) => {
                    return Err(GateError::Malformed("it is larger than 1 MiB".into()));
                }
                Err(Failure::Protocol) => {
                    return Err(GateError::Malformed("it is not proper HTTP".into()));
                }
            }
        }
        Err(GateError::Timeout { waited: started.elapsed() })
    }

    fn end_right(&self, right: &EndedRight) -> Result<(), GateError> {
        let body = serde_json::to_vec(&WireEnded::from(right))
            .map_err(|_| GateError::Malformed("the message cannot be written as JSON".into()))?;
        let (wait, started) = (right.deadline.min(self.total), Instant::now());
        // One attempt: whoever tells it comes again.
        match self.post(&self.ended, &right.id, &body, wait) {
            Ok(bytes) => acknowledged(right, &bytes),
            Err(Failure::NotSent | Failure::Down) => Err(GateError::Down),
            Err(Failure::Refused(status)) => Err(GateError::Refused { status }),
            Err(Failure::Timeout) => Err(GateError::Timeout { waited: started.elapsed() }),
            Err(Failure::TooLarge | Failure::Protocol) => {
                Err(GateError::Malformed("it is no acknowledgement".into()))
            }
        }
    }

    fn probe(&self) -> Result<(), GateError> {
        let started = Instant::now();
        let asked = self.agent.get(&self.health).config().timeout_global(Some(PROBE_WAIT)).build().call();
        match asked.map(|response| response.status().as_u16()) {
            Ok(200) => Ok(()),
            Ok(502..=504) => Err(GateError::Down),
            Ok(status) => Err(GateError::Refused { status }),
            Err(ureq::Error::Timeout(_)) => Err(GateError::Timeout { waited: started.elapsed() }),
            Err(_) => Err(GateError::Down),
        }
    }
}

/// What became of one attempt.
enum Failure {
    /// There was never a connection: not a byte left this machine.
    NotSent,
    Timeout,
    Down,
    Refused(u16),
    TooLarge,
    Protocol,
}

impl Failure {
    /// Only errors that cannot come from an open connection count as "not sent"; every doubtful case
    /// counts as sent, because a wrong guess here would be a second disclosure.
    fn of(error: &ureq::Error) -> Self {
        match error {
            ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => Self::NotSent,
            ureq::Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect) => Self::NotSent,
            ureq::Error::Io(io) if io.kind() == std::io::ErrorKind::ConnectionRefused => Self::NotSent,
            ureq::Error::Timeout(_) => Self::Timeout,
            ureq::Error::Protocol(_) | ureq::Error::Http(_) | ureq::Error::LargeResponseHeader(..) => {
                Self::Protocol
            }
            _ => Self::Down,
        }
    }
}

/// Waits without a busy loop; nothing is ever sent on the channel.
fn pause(time: Duration) {
    let (_keep, silence) = std::sync::mpsc::channel::<()>();
    let _ = silence.recv_timeout(time);
}

fn accepted_base(base: &str) -> Result<&str, BadAddress> {
    let uri: Uri = base.parse().map_err(|_| BadAddress::Form)?;
    let authority = uri.authority().ok_or(BadAddress::Form)?;
    if authority.as_str().contains('@') || base.contains(['?', '#']) || authority.host().is_empty() {
        return Err(BadAddress::Form);
    }
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if is_loopback(authority.host()) => {}
        Some("http") => return Err(BadAddress::PlainHttp),
        _ => return Err(BadAddress::Form),
    }
    Ok(base.trim_end_matches('/'))
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn bearer(token: &Secret) -> Result<HeaderValue, BadAddress> {
    let mut value =
        HeaderValue::from_str(&format!("Bearer {}", token.reveal())).map_err(|_| BadAddress::Token)?;
    value.set_sensitive(true);
    Ok(value)
}

fn trust(roots: Option<&[u8]>) -> Result<TlsConfig, BadAddress> {
    let builder = TlsConfig::builder();
    let Some(pem) = roots else { return Ok(builder.root_certs(RootCerts::WebPki).build()) };
    let mut certificates: Vec<Certificate<'static>> = Vec::new();
    for item in ureq::tls::parse_pem(pem) {
        match item.map_err(|_| BadAddress::Certificates)? {
            PemItem::Certificate(certificate) => certificates.push(certificate),
            _ => return Err(BadAddress::Certificates),
        }
    }
    if certificates.is_empty() {
        return Err(BadAddress::Certificates);
    }
    Ok(builder.root_certs(RootCerts::Specific(Arc::new(certificates))).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(base: &str) -> Option<BadAddress> {
        HttpJson::new(&HttpSettings::new(base)).err()
    }

    #[test]
    fn plain_http_goes_to_this_machine_only() {
        for base in ["http://127.0.0.1:9", "http://127.8.0.1", "http://[::1]:9/x", "http://localhost:9/"] {
            assert_eq!(refused(base), None, "{base}");
        }
        for base in [
            "http://10.0.0.5",
            "http://provider.example",
            "http://127.0.0.1.example",
            "http://localhost.example",
            "http://[::2]",
            "http://0.0.0.0",
        ] {
            assert_eq!(refused(base), Some(BadAddress::PlainHttp), "{base}");
        }
        assert_eq!(refused("https://provider.example:8443/ris"), None);
    }

    #[test]
    fn strange_addresses_tokens_and_certificates_are_refused() {
        for base in [
            "",
            "provider",
            "/x",
            "ftp://127.0.0.1",
            "https://",
            "https://u:p@h",
            "https://h?x=1",
            "http://127.0.0.1@evil.example",
            "https://h#x",
        ] {
            assert_eq!(refused(base), Some(BadAddress::Form), "{base}");
        }
        let token = HttpSettings { token: Some("a\nb".into()), ..HttpSettings::new("https://h") };
        assert_eq!(HttpJson::new(&token).err(), Some(BadAddress::Token));
        let roots = HttpSettings { roots: Some(b"nothing".to_vec()), ..HttpSettings::new("https://h") };
        assert_eq!(HttpJson::new(&roots).err(), Some(BadAddress::Certificates));
    }
}
