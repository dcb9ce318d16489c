//! A server: its address, what it must be like, and how connections to it are set up.

use super::guards::GUARDS;
use super::{Postgres, Warning};
use crate::engine::{BEGIN_WRITE, COMMIT, Engine, Opener, Role};
use crate::fault::Fault;
use crate::keyring::read_private;
use ::postgres::config::{Config, Host, SslMode};
use ::postgres::error::Error;
use ::postgres::{Client, NoTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{CertificateError, ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// After how long without an acknowledgement a connection counts as lost.
const SILENCE: Duration = Duration::from_secs(15);
/// Writers at once: enough that one log's slow commit does not hold up all others.
const LANES: usize = 4;
/// Connections for those who tend.
const TENDERS: usize = 4;
/// The oldest version that is tested.
const OLDEST: i32 = 15;

/// How every connection is set up. Plans never scan a table that has an index for the question: the tables
/// may be empty when a plan is made and full when it is used.
const SETTINGS: &str = "SET client_min_messages = warning; SET lock_timeout = '10s'; \
    SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'; \
    SET jit = off; SET enable_seqscan = off; SET bytea_output = hex; \
    SELECT set_config('synchronous_commit', CASE WHEN current_setting('synchronous_commit') = 'remote_apply' \
    THEN 'remote_apply' ELSE 'on' END, false)";
const READER: &str = "SET default_transaction_read_only = on";
const WRITER: &str = "SET plan_cache_mode = force_generic_plan";

/// What a server says of itself. Text must be ordered by its bytes, as SQLite orders it. Where the collation
/// is named has changed from version to version.
const NATURE: &str = "SELECT current_setting('server_version_num')::int4 AS version, \
    pg_encoding_to_char(encoding)::text AS encoding, COALESCE(to_jsonb(d) ->> 'datlocale', \
    to_jsonb(d) ->> 'daticulocale', datcollate::text) AS collation, \
    ('a' > 'B' AND 'ab' > 'a-c') AS plain, pg_is_in_recovery() AS standby, \
    COALESCE(has_schema_privilege(current_schema(), 'CREATE'), false) AS makes_tables, \
    current_setting('fsync') = 'on' AS flushes \
    FROM pg_database d WHERE datname = current_database()";

/// The first half of the advisory lock by which nodes see each other: `SLUI` in ASCII. With a second half of
/// nought it is the lock of those who make tables, and says nothing about whose keys they have.
const NODES: i32 = 0x534C_5549;
const ENTER: &str = "SELECT pg_advisory_lock_shared($1::int4, $2::int4)::text";
const OTHERS: &str = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 \
    AND classid = $1::int8::oid AND objid <> $2::int8::oid AND objid <> 0 \
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

/// A commit that writes something waits for the standby, and with it for all that was committed before.
const SETTLE: &str = "INSERT INTO lease (name, holder, until) VALUES ('settle', '', 0) \
    ON CONFLICT (name) DO UPDATE SET until = lease.until + 1";

/// A server and a database on it.
pub(crate) struct PostgresServer {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    /// The file of the authorities to trust, for messages.
    roots: String,
    /// Host, port and database, for messages.
    place: String,
}

impl PostgresServer {
    /// The server that an address names: `postgresql://user[:password]@host[:port]/database`, with the
    /// parameters of libpq that the client library knows, `sslrootcert` for the authorities to trust, and
    /// `passwordfile` for a file that holds nothing but the password.
    pub(crate) fn at(url: &str) -> Result<Self, Fault> {
        let (url, own) = own_parameters(url);
        let mut config: Config =
            url.parse().map_err(|_| Fault::Address("is no address that PostgreSQL clients understand"))?;
        let place = place(&config);
        let wrong = |why: String| Fault::Server { place: place.clone(), why };
        if config.get_user().is_none() || config.get_dbname().is_none() {
            return Err(Fault::Address("must name a user and a database"));
        }
        if let Some(file) = &own.passwordfile {
            let bytes = read_private(Path::new(file)).map_err(|fault| match fault {
                Fault::Keyring(why) => wrong(format!("has its password where it is no secret: {why}")),
                other => other,
            })?;
            let bytes =
                bytes.ok_or_else(|| wrong(format!("has its password in {file}, which is missing")))?;
            config.password(bytes.trim_ascii_end());
        }
        // An address of its own is where the connection goes, whatever the host is called.
        let near = config.get_hosts().iter().all(is_here)
            && config.get_hostaddrs().iter().all(std::net::IpAddr::is_loopback);
        let mode = config.get_ssl_mode();
        if (!near || mode == SslMode::Require) && (own.sslrootcert.is_none() || mode == SslMode::Disable) {
            let when = if near { "with sslmode" } else { "beyond this machine" };
            return Err(wrong(format!(
                "is reached {when}, where only TLS is spoken: add ?sslrootcert= and the file with the \
                 certificate of its authority"
            )));
        }
        let tls = own.sslrootcert.as_deref().map(connector).transpose().map_err(wrong)?;
        config.ssl_mode(if tls.is_some() { SslMode::Require } else { SslMode::Disable });
        config.application_name("sluice").connect_timeout(CONNECT);
        config.tcp_user_timeout(SILENCE).keepalives_idle(SILENCE);
        Ok(Self { config, tls, roots: own.sslrootcert.unwrap_or_default(), place })
    }

    fn connect(&self, role: Role) -> Result<Postgres, Fault> {
        let warning = Warning::default();
        let (mut config, heard) = (self.config.clone(), Arc::clone(&warning));
        config.notice_callback(move |notice| {
            *heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(notice.message().to_owned());
        });
        let client = match &self.tls {
            Some(tls) => config.connect(tls.clone()),
            None => config.connect(NoTls),
        };
        let mut client = client.map_err(|error| self.unreached(&error))?;
        self.examine(&mut client, role)?;
        let settings = if role == Role::Writer { WRITER } else { READER };
        let set = client.batch_execute(SETTINGS).and_then(|()| client.batch_execute(settings));
        set.map_err(|error| self.unreached(&error))?;
        Ok(Postgres::new(client, warning))
    }

    /// Refuses a server whose version, order of text or role would betray the rules of the portable text.
    fn examine(&self, client: &mut Client, role: Role) -> Result<(), Fault> {
        let row = client.query_one(NATURE, &[]).map_err(|error| self.unreached(&error))?;
        let nature = Nature {
            version: row.get::<_, i32>("version") / 10_000,
            encoding: row.get("encoding"),
            collation: row.get("collation"),
            plain: row.get("plain"),
            standby: row.get("standby"),
            makes_tables: row.get("makes_tables"),
        };
        if role == Role::Writer && !row.get::<_, bool>("flushes") {
            tracing::warn!(place = self.place, "the server runs with fsync off: a power cut loses entries");
        }
        let user = self.config.get_user().unwrap_or_default();
        nature.amiss(role, user).map_or(Ok(()), |why| Err(self.wrong(why)))
    }

    fn wrong(&self, why: String) -> Fault {
        Fault::Server { place: self.place.clone(), why }
    }

    /// Why a connection could not be had, in words that say what to do.
    fn unreached(&self, error: &Error) -> Fault {
        let code = error.code().map_or("", |code| code.code());
        let user = self.config.get_user().unwrap_or_default();
        let database = self.config.get_dbname().unwrap_or_default();
        self.wrong(match code {
            "28P01" | "28000" => format!("refuses user {user}: check the name, the password and pg_hba.conf"),
            "3D000" => format!(
                "has no database {database}: make one with TEMPLATE template0 ENCODING 'UTF8' \
                 LC_COLLATE 'C' LC_CTYPE 'C'"
            ),
            "42501" => format!("does not let user {user} work in database {database}: make it the owner"),
            "53300" => "takes no more connections: raise max_connections or start fewer nodes".into(),
            "57P03" => "is starting or stopping; try again".into(),
            "53100" => "has a full disk".into(),
            "" => match certificate_fault(error) {
                Some(fault) => self.unproven(fault),
                None => format!("cannot be reached: {}", reason(error)),
            },
            other => format!("refuses the connection (SQLSTATE {other})"),
        })
    }

    /// What is wrong with the server's certificate.
    fn unproven(&self, fault: &CertificateError) -> String {
        let roots = &self.roots;
        let what = match fault {
            CertificateError::UnknownIssuer => format!("was signed by no authority in {roots}"),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "is not made out to this host: call the host as the certificate does".into()
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired".into(),
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "is not valid yet".into()
            }
            other => format!("cannot be used ({other:?})"),
        };
        format!("shows a certificate that {what}")
    }
}

/// The fault of a certificate, if it was for that that no connection came about.
fn certificate_fault(error: &Error) -> Option<&CertificateError> {
    let mut source: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = source {
        let io = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(rustls::Error::InvalidCertificate(fault)) = io.and_then(|inner| inner.downcast_ref()) {
            return Some(fault);
        }
        source = error.source();
    }
    None
}

/// What must hold of a server and of one of its databases.
struct Nature {
    version: i32,
    encoding: String,
    /// The name of the order of text.
    collation: String,
    /// Whether text is ordered by its bytes.
    plain: bool,
    standby: bool,
    /// Whether the user may make tables.
    makes_tables: bool,
}

impl Nature {
    /// The first thing that is not as it must be, and what to do about it.
    fn amiss(&self, role: Role, user: &str) -> Option<String> {
        let Self { version, encoding, collation, .. } = self;
        if *version < OLDEST {
            return Some(format!("is version {version}; version {OLDEST} or newer is needed"));
        }
        if encoding != "UTF8" || !self.plain {
            return Some(format!(
                "has a database with encoding {encoding} and collation {collation}; make one with \
                 TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
            ));
        }
        match role {
            Role::Writer if self.standby => Some("is a standby; name the primary".into()),
            Role::Writer if !self.makes_tables => {
                Some(format!("does not let user {user} make tables: make it the owner of the database"))
            }
            Role::Writer | Role::Reader => None,
        }
    }
}

impl Opener for PostgresServer {
    fn open(&self, role: Role) -> Result<Box<dyn Engine>, Fault> {
        Ok(Box::new(self.connect(role)?))
    }

    fn guards(&self) -> &'static [&'static str] {
        GUARDS
    }

    fn before_migrating(&self) -> &'static [&'static str] {
        &["SELECT pg_advisory_xact_lock(1397511497, 0)::text"]
    }

    fn lanes(&self) -> usize {
        LANES
    }

    fn tenders(&self) -> usize {
        TENDERS
    }

    fn assure(&self, engine: &mut dyn Engine) -> Result<(), Fault> {
        engine.run(BEGIN_WRITE, &[])?;
        engine.run(SETTLE, &[])?;
        engine.run(COMMIT, &[])?;
        Ok(())
    }

    fn present(&self, keyring: &str) -> Result<Option<Box<dyn Engine>>, Fault> {
        let mut node = self.connect(Role::Writer)?;
        let digest = ledger::hash::sha256(keyring.as_bytes()).0;
        // A positive number, so that it reads the same as the unsigned one that the server lists.
        let own = i32::from_be_bytes([digest[0] & 0x7F, digest[1], digest[2], digest[3]]);
        let lost = |error: Error| self.unreached(&error);
        node.client.query_one(ENTER, &[&NODES, &own]).map_err(lost)?;
        let row = node.client.query_one(OTHERS, &[&i64::from(NODES), &i64::from(own)]).map_err(lost)?;
        if row.get::<_, i64>(0) > 0 {
            let why = "is in use by a node with another keyring, or with one that is not declared as shared: \
                       let all nodes use one folder and set keyring_shared = true on each";
            return Err(self.wrong(why.into()));
        }
        Ok(Some(Box::new(node)))
    }
}

/// Parameters that are ours and not the client library's.
#[derive(Default)]
struct Own {
    sslrootcert: Option<String>,
    passwordfile: Option<String>,
}

/// Takes our own parameters out of an address.
fn own_parameters(url: &str) -> (String, Own) {
    let Some((place, query)) = url.split_once('?') else { return (url.into(), Own::default()) };
    let (mut own, mut others) = (Own::default(), Vec::new());
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some(("sslrootcert", file)) => own.sslrootcert = Some(file.into()),
            Some(("passwordfile", file)) => own.passwordfile = Some(file.into()),
            // Whoever is asked for a certificate is always asked for a good one.
            Some(("sslmode", "verify-full" | "verify-ca")) => others.push("sslmode=require"),
            _ => others.push(pair),
        }
    }
    let rest = if others.is_empty() { String::new() } else { format!("?{}", others.join("&")) };
    (format!("{place}{rest}"), own)
}

fn place(config: &Config) -> String {
    let host = config.get_hosts().first().map_or("?".into(), |host| match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(path) => path.display().to_string(),
    });
    let port = config.get_ports().first().copied().unwrap_or(5432);
    format!("{host}:{port}/{}", config.get_dbname().unwrap_or_default())
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            let address = name.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
            name == "localhost" || address.is_ok_and(|address| address.is_loopback())
        }
    }
}

fn connector(file: &str) -> Result<MakeRustlsConnect, String> {
    let unread = |why: &str| format!("is to be trusted by {file}, which {why}");
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(file).map_err(|_| unread("cannot be read"))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|_| unread("is no PEM file"))?;
        roots.add(certificate).map_err(|_| unread("holds a certificate that is no authority"))?;
    }
    if roots.is_empty() {
        return Err(unread("holds no certificate"));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|_| unread("cannot be used"))?;
    Ok(MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// The innermost reason of an error that did not come from the server.
fn reason(error: &Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    match innermost.downcast_ref::<std::io::Error>() {
        Some(io) => io.kind().to_string(),
        None => innermost.to_string(),
    }
}

#[cfg(test)]
#[path = "server_tests.rs"]
mod tests;
