//! Mail: the interface by which it leaves, and SMTP.
//!
//! A mail says only that something waits; whoever hands one over has seen to it that it names nobody. One
//! connection takes one mail: there are few of them, and none waits for another.

use crate::Secret;
use lettre::address::{Address, Envelope};
use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Mailbox, Message, SinglePart};
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{
    Certificate, CertificateStore, SmtpConnection, TlsParameters, TlsVersion,
};
use lettre::transport::smtp::extension::ClientId;
use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long one step of the exchange may take.
const STEP: Duration = Duration::from_secs(8);

/// How a certificate begins in PEM.
const PEM: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// A mail as it is handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Its identifier; the same mail has the same one however often it is handed over.
    pub id: String,
    /// Where to. It prints nothing.
    pub to: Secret,
    /// Its subject.
    pub subject: String,
    /// Its text, in lines.
    pub body: String,
    /// The language of both, as mail names languages.
    pub language: &'static str,
    /// When it was written, in seconds since 1970.
    pub written: u64,
}

/// Why a mail did not surely leave.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// No server was reached, or it spoke to nobody: the next mail would fare the same.
    #[error("the mail server cannot be reached: {0}")]
    Away(String),
    /// The server said no to this mail.
    #[error("the mail server refused: {0}")]
    Refused(String),
    /// It may have been taken: the answer did not come.
    #[error("the mail server did not answer to the end: {0}")]
    Doubtful(String),
}

impl PostError {
    /// Whether the server surely does not have the mail.
    pub fn is_sure(&self) -> bool {
        !matches!(self, Self::Doubtful(_))
    }
}

/// Whatever takes mail away. An implementation blocks its thread, and not for long.
pub trait Post: Send + Sync {
    /// Hands one mail over, once.
    ///
    /// # Errors
    /// See [`PostError`].
    fn send(&self, mail: &Mail) -> Result<(), PostError>;
}

/// How the connection to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailTls {
    /// It begins plain and goes on under TLS, or not at all (RFC 3207).
    StartTls,
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// None; to this machine only.
    None,
}

/// Settings of a mail server.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: MailTls,
    /// Who signs in there, if it wants that.
    pub user: Option<(String, Secret)>,
    /// The only certificate authorities to trust, as PEM; the common public ones if there is none.
    pub roots: Option<Vec<u8>>,
    /// The sender's address.
    pub from: String,
}

/// What is wrong with the settings of a mail server, in one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadMail(String);

/// A mail server that is spoken to by SMTP (RFC 5321).
pub struct Smtp {
    server: (String, u16),
    tls: Option<(TlsParameters, MailTls)>,
    user: Option<Credentials>,
    from: Mailbox,
    domain: String,
}

impl Smtp {
    /// Takes the settings; no connection is made yet.
    ///
    /// # Errors
    /// [`BadMail`], above all for a connection without TLS to anywhere but this machine.
    pub fn new(settings: &SmtpSettings) -> Result<Self, BadMail> {
        let bad = |text: String| Err(BadMail(text));
        let SmtpSettings { host, port, tls, user, roots, from } = settings;
        if host.is_empty() || host.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return bad("host is no name of a mail server".into());
        }
        if *port == 0 {
            return bad("port must be 1 to 65535".into());
        }
        if *tls == MailTls::None && !is_here(host) {
            return bad("tls = \"none\" is for a mail server on loopback only".into());
        }
        let Ok(address) = from.parse::<Address>() else {
            return bad(format!("from is no address: {from}"));
        };
        let tls = match tls {
            MailTls::None => None,
            kind => Some((trust(host, roots.as_deref())?, *kind)),
        };
        let user = user.as_ref();
        Ok(Self {
            server: (host.clone(), *port),
            tls,
            user: user.map(|(name, word)| Credentials::new(name.clone(), word.reveal().into())),
            domain: address.domain().into(),
            from: Mailbox::new(None, address),
        })
    }

    fn connected(&self) -> Result<SmtpConnection, lettre::transport::smtp::Error> {
        let hello = ClientId::Domain(self.domain.clone());
        let server = (self.server.0.as_str(), self.server.1);
        let wrapped = self.tls.as_ref().filter(|(_, kind)| *kind == MailTls::Tls);
        let wrapped = wrapped.map(|(parameters, _)| parameters);
        let mut connection = SmtpConnection::connect(server, Some(STEP), &hello, wrapped, None)?;
        if let Some((parameters, MailTls::StartTls)) = &self.tls {
            connection.starttls(parameters, &hello)?;
        }
        if let Some(user) = &self.user {
            connection.auth(DEFAULT_MECHANISMS, user)?;
        }
        Ok(connection)
    }

    fn composed(&self, mail: &Mail, to: Address) -> Result<Message, lettre::error::Error> {
        let written: SystemTime = UNIX_EPOCH + Duration::from_secs(mail.written);
        // Base64 keeps every line plain and short, whatever the server can take.
        let part = SinglePart::builder()
            .header(ContentType::TEXT_PLAIN)
            .header(ContentTransferEncoding::Base64)
            .header(ContentLanguage(mail.language))
            .body(mail.body.clone());
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .date(written)
            .message_id(Some(format!("<{}@{}>", mail.id, self.domain)))
            .subject(mail.subject.clone())
            .header(AutoSubmitted)
            .singlepart(part)
    }
}

impl Post for Smtp {
    fn send(&self, mail: &Mail) -> Result<(), PostError> {
        // The errors of composing could repeat the address, so they are not passed on.
        let Ok(to) = mail.to.reveal().parse::<Address>() else {
            return Err(PostError::Refused("the address cannot be read".into()));
        };
        let envelope = Envelope::new(Some(self.from.email.clone()), vec![to.clone()]);
        let (Ok(message), Ok(envelope)) = (self.composed(mail, to), envelope) else {
            return Err(PostError::Refused("the mail cannot be put together".into()));
        };
        let mut connection = self.connected().map_err(|error| PostError::Away(error.to_string()))?;
        let sent = connection.send(&envelope, &message.formatted());
        // What the server says now changes nothing any more.
        connection.quit().map(drop).unwrap_or_default();
        match sent {
            Ok(_) => Ok(()),
            // The reply may repeat the address, so its number is all that is passed on.
            // It was never sent: the server cannot take such an address.
            Err(error) if error.is_client() => {
                Err(PostError::Refused("this server cannot take the mail".into()))
            }
            Err(error) => Err(match error.status() {
                Some(code) => PostError::Refused(code.to_string()),
                None => PostError::Doubtful("the connection broke off".into()),
            }),
        }
    }
}

/// Whether a host is this machine.
fn is_here(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn trust(host: &str, roots: Option<&[u8]>) -> Result<TlsParameters, BadMail> {
    let mut builder = TlsParameters::builder(host.into()).set_min_tls_version(TlsVersion::Tlsv12);
    if let Some(pem) = roots {
        // What holds none is read without a fault, and would trust nobody.
        let some = pem.windows(PEM.len()).any(|window| window == PEM);
        let root = Certificate::from_pem(pem).ok().filter(|_| some);
        let root = root.ok_or_else(|| BadMail("roots_file holds no certificate in PEM".into()))?;
        builder = builder.certificate_store(CertificateStore::None).add_root_certificate(root);
    }
    builder.build_rustls().map_err(|error| BadMail(format!("TLS cannot be set up: {error}")))
}

/// Says that nobody wrote this by hand, so that nobody's machine answers (RFC 3834).
#[derive(Clone, Debug)]
struct AutoSubmitted;

/// The language of the text (RFC 3282).
#[derive(Clone, Debug)]
struct ContentLanguage(&'static str);

macro_rules! header {
    ($kind:ident, $name:literal, $value:expr) => {
        impl lettre::message::header::Header for $kind {
            fn name() -> lettre::message::header::HeaderName {
                lettre::message::header::HeaderName::new_from_ascii_str($name)
            }

            fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Err("this header is only written".into())
            }

            fn display(&self) -> lettre::message::header::HeaderValue {
                let value: fn(&Self) -> String = $value;
                lettre::message::header::HeaderValue::new(Self::name(), value(self))
            }
        }
    };
}

header!(AutoSubmitted, "Auto-Submitted", |_| "auto-generated".into());
header!(ContentLanguage, "Content-Language", |own| own.0.into());

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(host: &str, tls: MailTls) -> SmtpSettings {
        let (host, from) = (host.into(), "gate@example.org".into());
        SmtpSettings { host, port: 25, tls, user: None, roots: None, from }
    }

    #[test]
    fn without_tls_nothing_leaves_this_machine() {
        for host in ["127.0.0.1", "::1", "[::1]", "localhost"] {
            assert!(Smtp::new(&settings(host, MailTls::None)).is_ok(), "{host}");
        }
        for host in ["mail.example.org", "192.0.2.1", "localhost.example.org"] {
            assert!(Smtp::new(&settings(host, MailTls::None)).is_err(), "{host}");
            assert!(Smtp::new(&settings(host, MailTls::StartTls)).is_ok(), "{host}");
        }
    }

    #[test]
    fn what_cannot_work_is_said_in_a_sentence() {
        let said = |change: fn(&mut SmtpSettings)| {
            let mut own = settings("mail.example.org", MailTls::Tls);
            change(&mut own);
            Smtp::new(&own).map(drop).unwrap_err().to_string()
        };
        assert!(said(|own| own.host = "a b".into()).contains("host"));
        assert!(said(|own| own.port = 0).contains("port"));
        assert!(said(|own| own.from = "gate".into()).contains("from is no address"));
        assert!(said(|own| own.roots = Some(b"nonsense".to_vec())).contains("roots_file"));
    }

    #[test]
    fn a_dead_server_is_away_and_says_nothing_of_the_address() {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        drop(taken);
        let smtp = Smtp::new(&SmtpSettings { port, ..settings("127.0.0.1", MailTls::None) }).unwrap();
        let mail = Mail {
            id: "ma-1".into(),
            to: Secret::new("chen@example.org"),
            subject: String::new(),
            body: String::new(),
            language: "en",
            written: 0,
        };
        let failed = smtp.send(&mail).unwrap_err();
        assert!(matches!(failed, PostError::Away(_)) && failed.is_sure());
        assert!(!failed.to_string().contains("chen") && !format!("{mail:?}").contains("chen"));
        let nobody = smtp.send(&Mail { to: Secret::new("nobody"), ..mail }).unwrap_err();
        assert!(matches!(nobody, PostError::Refused(_)));
    }
}
