//! The configuration of an installation. The example in the operator's handbook is its reference.

mod mail;

use crate::problem::{Done, Problem};
use domain::period::Edition;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use store::KeyringPlace;

pub use mail::Mail;

/// A configuration file. Unknown keys are errors, so that a misspelt one is never ignored.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Certificate chain and key; wanted beyond loopback.
    pub tls: Option<Tls>,
    /// The database and its keyring.
    pub store: StoreConfig,
    /// Networks that count as places, such as the office.
    #[serde(default)]
    pub zone: Vec<Zone>,
    /// Proxies whose forwarded addresses are believed.
    #[serde(default)]
    pub proxies: Vec<String>,
    /// Who may read the metrics, besides this machine.
    #[serde(default)]
    pub metrics_from: Vec<String>,
    /// Data providers, by the source ids of the packs.
    #[serde(default)]
    pub provider: Vec<Provider>,
    /// The mail server; without it no mail is sent.
    pub mail: Option<Mail>,
    /// Machines that may act for a person over the API.
    #[serde(default)]
    pub token: Vec<Token>,
    /// Tables of the office calendar that were issued after this program.
    #[serde(default)]
    pub calendars: Vec<PathBuf>,
    /// Questions that may be under way at providers at once.
    #[serde(default = "default_places")]
    pub provider_places: usize,
    /// Seconds a provider may take.
    #[serde(default = "default_seconds")]
    pub provider_seconds: u64,
    /// Whom staff call about security.
    #[serde(default)]
    pub contact: String,
    /// A folder of packs that are loaded at the start and while it serves.
    pub packs: Option<PathBuf>,
}

/// Certificate chain and private key, both PEM.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The certificate chain.
    pub certificate: PathBuf,
    /// The private key, readable by its owner only.
    pub key: PathBuf,
}

/// The database and its keyring.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreConfig {
    /// `sqlite:///path/to/file`, or `postgresql://user@host:port/database` with parameters.
    pub url: String,
    /// A folder outside the data folder, readable by its owner only.
    pub keyring: PathBuf,
    /// Whether every node has this very folder mounted; needed before nodes on several machines start.
    #[serde(default)]
    pub keyring_shared: bool,
    /// What log origins begin with, such as the host name of the installation.
    pub origin: String,
}

impl StoreConfig {
    /// How the store is opened.
    pub fn open_with(&self) -> store::Config {
        let (url, origin_prefix) = (self.url.clone(), self.origin.clone());
        store::Config { url, keyring: self.keyring_place(), origin_prefix }
    }

    /// Where the keys are, and whether other machines have them too.
    fn keyring_place(&self) -> KeyringPlace {
        match self.keyring_shared {
            true => KeyringPlace::Shared(self.keyring.clone()),
            false => KeyringPlace::Folder(self.keyring.clone()),
        }
    }
}

/// A named network.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// The zone's name in the packs.
    pub name: String,
    /// Address ranges.
    pub networks: Vec<String>,
}

/// A data provider.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// The source's id in the packs.
    pub source: String,
    /// Its address; plain HTTP on loopback only.
    pub url: String,
    /// A file with the bearer token, readable by its owner only.
    pub token_file: Option<PathBuf>,
    /// A file with the certificates to trust, PEM.
    pub roots_file: Option<PathBuf>,
}

/// A machine that acts for a person.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// A file with the token, readable by its owner only.
    pub file: PathBuf,
    /// The machine's address.
    pub address: String,
    /// The assignment the person acts under.
    pub assignment: String,
}

fn default_places() -> usize {
    32
}

fn default_seconds() -> u64 {
    10
}

/// Reads a configuration file.
///
/// # Errors
/// It cannot be read, or says something that cannot be understood, with the line.
pub fn read(path: &Path) -> Done<Config> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Problem::new(format!("cannot read the configuration {name}: {error}")))?;
    let config: Config = toml::from_str(&text).map_err(|error| Problem::new(format!("{name}: {error}")))?;
    let most = desk::watch::MOST_PROVIDER_SECONDS;
    match (1..=most).contains(&config.provider_seconds) {
        true => Ok(config),
        false => Err(Problem::new(format!("{name}: provider_seconds must be 1 to {most}"))),
    }
}

/// Reads a secret from a file that only its owner can read.
///
/// # Errors
/// The file cannot be read, or others could read it too.
pub fn secret(path: &Path) -> Done<String> {
    owner_only(path)?;
    let name = path.display();
    let unreadable = |error: std::io::Error| Problem::new(format!("cannot read {name}: {error}"));
    Ok(std::fs::read_to_string(path).map_err(unreadable)?.trim().to_string())
}

/// Whether nobody but its owner can read a file.
///
/// # Errors
/// The file is missing, or others could read it too.
pub fn owner_only(path: &Path) -> Done {
    use std::os::unix::fs::PermissionsExt;
    let name = path.display();
    let unreadable = |error: std::io::Error| Problem::new(format!("cannot read {name}: {error}"));
    let mode = std::fs::metadata(path).map_err(unreadable)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(Problem::new(format!("{name} can be read by others; run chmod 600 {name}")));
    }
    Ok(())
}

/// Reads a table of the office calendar.
///
/// # Errors
/// The file cannot be read, or is no whole table: one sentence with file and line.
pub fn calendar(path: &Path) -> Done<Edition> {
    let unread = |why: String| Problem::new(format!("{}: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| unread(error.to_string()))?;
    Edition::parse(&text).map_err(|error| unread(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_the_office_calendar_is_read_whole_or_not_at_all() {
        let path = std::env::temp_dir().join(format!("sluice-calendar-{}", std::process::id()));
        let text = include_str!("../../domain/calendar/ROC-116.csv");
        for (text, read) in [(text.to_string(), true), (text.replace("2027-03-02,0", "2027-03-02,x"), false)]
        {
            std::fs::write(&path, text).unwrap();
            let came = calendar(&path);
            assert_eq!(came.is_ok(), read, "{:?}", came.map(|edition| edition.id).map_err(|e| e.sentence));
        }
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_misspelt_key_is_named() {
        let text = "listen = \"127.0.0.1:1\"\nlissten = 2\n[store]\nurl=\"\"\nkeyring=\"\"\norigin=\"\"\n";
        let error = toml::from_str::<Config>(text).unwrap_err().to_string();
        assert!(error.contains("lissten"), "{error}");
    }

    #[test]
    fn the_example_of_the_operators_handbook_is_read() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operator.md");
        let text = std::fs::read_to_string(page).unwrap();
        let example = text.split("```toml\n").nth(1).and_then(|rest| rest.split_once("```")).unwrap().0;
        let config: Config = toml::from_str(example).unwrap();
        assert!(config.packs.is_some() && config.tls.is_some() && !config.token.is_empty());
    }

    #[test]
    fn a_provider_is_given_no_longer_than_other_nodes_reckon_with() {
        let path = std::env::temp_dir().join(format!("sluice-config-{}", std::process::id()));
        let rest = "listen = \"127.0.0.1:1\"\n[store]\nurl=\"\"\nkeyring=\"\"\norigin=\"\"\n";
        for (seconds, taken) in [(0, false), (1, true), (120, true), (121, false)] {
            std::fs::write(&path, format!("provider_seconds = {seconds}\n{rest}")).unwrap();
            assert_eq!(read(&path).is_ok(), taken, "{seconds}");
        }
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_secret_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let path = std::env::temp_dir().join(format!("sluice-secret-{}", std::process::id()));
        std::fs::write(&path, "token\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(secret(&path).unwrap_err().sentence.contains("chmod 600"));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(secret(&path).unwrap(), "token");
        std::fs::remove_file(path).unwrap();
    }
}
