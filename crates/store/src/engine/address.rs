//! Database addresses: which engine one names, and what must hold before anything is sent there.

use super::Opener;
use super::postgres::PostgresServer;
use super::sqlite::SqliteFile;
use crate::fault::Fault;
use crate::random;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How an address must look, said after "the database address".
const FORMS: &str = "must be sqlite:/// and a path, postgresql://user@host/database, or :memory:";

/// What an address names.
pub(crate) struct Place {
    /// The engine.
    pub(crate) opener: Arc<dyn Opener>,
    /// The folder of the data, where there is one on this machine: keys must not lie in it.
    pub(crate) data: Option<PathBuf>,
    /// A file to be removed when the store closes.
    pub(crate) scratch: Option<PathBuf>,
}

impl Place {
    /// Reads an address; nothing is opened yet.
    ///
    /// # Errors
    /// If no engine has such addresses, or a file that it names cannot be read.
    pub(crate) fn of(url: &str) -> Result<Self, Fault> {
        if url.starts_with("postgresql://") || url.starts_with("postgres://") {
            let server = PostgresServer::at(url)?;
            return Ok(Self { opener: Arc::new(server), data: None, scratch: None });
        }
        if url == ":memory:" {
            let name = format!("sluice-{}.db", random::hex(&random::bytes::<12>()?));
            let path = std::env::temp_dir().join(name);
            let file = SqliteFile { path: path.clone(), durable: false };
            return Ok(Self { opener: Arc::new(file), data: None, scratch: Some(path) });
        }
        let path = url.strip_prefix("sqlite://").filter(|path| !path.is_empty());
        let path = PathBuf::from(path.ok_or(Fault::Address(FORMS))?);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let data = Some(folder.to_path_buf());
        Ok(Self { opener: Arc::new(SqliteFile { path, durable: true }), data, scratch: None })
    }
}

/// An address as it may be shown: without a password and without parameters.
pub(crate) fn shown(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.into() };
    let rest = rest.split_once('?').map_or(rest, |(place, _)| place);
    match rest.rsplit_once('@') {
        Some((user, place)) => {
            let name = user.split_once(':').map_or(user, |(name, _)| name);
            format!("{scheme}://{name}@{place}")
        }
        None => format!("{scheme}://{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for (url, safe) in [
            ("postgresql://u:secret@h:1/d?passwordfile=/x", "postgresql://u@h:1/d"),
            ("postgresql://u@h/d", "postgresql://u@h/d"),
            ("sqlite:///a/b.db", "sqlite:///a/b.db"),
            (":memory:", ":memory:"),
        ] {
            assert_eq!(shown(url), safe);
        }
    }

    #[test]
    fn what_names_no_engine_is_refused() {
        for url in ["nonsense", "sqlite://", "mysql://elsewhere"] {
            assert!(matches!(Place::of(url), Err(Fault::Address(_))), "{url}");
        }
    }
}
