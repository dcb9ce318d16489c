//! The mail server in the configuration.

use super::secret;
use crate::problem::{Done, Problem};
use desk::letter::Mailer;
use gate::{MailTls, Secret, Smtp, SmtpSettings};
use serde::Deserialize;
use std::path::PathBuf;
use std::sync::Arc;
use web::locale::MailWords;

/// The mail server.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Its name or address.
    pub host: String,
    /// Its port; the usual one for the kind of protection if it is left out.
    pub port: Option<u16>,
    /// `starttls`, `tls`, or `none` on loopback.
    #[serde(default = "default_tls")]
    pub tls: String,
    /// Who signs in there, if it wants that.
    pub user: Option<String>,
    /// A file with the password, readable by its owner only.
    pub password_file: Option<PathBuf>,
    /// A file with the certificates to trust, PEM.
    pub roots_file: Option<PathBuf>,
    /// The sender's address.
    pub from: String,
    /// The address at which people reach the installation.
    pub link: String,
    /// When the digests are due, in Taipei.
    #[serde(default = "default_at")]
    pub at: String,
}

fn default_tls() -> String {
    "starttls".into()
}

fn default_at() -> String {
    "08:00".into()
}

impl Mail {
    /// What sends the mail of this installation.
    ///
    /// # Errors
    /// A value that cannot be meant: one sentence.
    pub fn mailer(&self) -> Done<Mailer> {
        let bad = |text: String| Problem::new(format!("[mail] {text}"));
        let (tls, usual) = match self.tls.as_str() {
            "starttls" => (MailTls::StartTls, 587),
            "tls" => (MailTls::Tls, 465),
            "none" => (MailTls::None, 25),
            other => return Err(bad(format!("tls must be starttls, tls or none, not {other}"))),
        };
        let user = match (&self.user, &self.password_file) {
            (Some(user), Some(file)) => Some((user.clone(), Secret::from(secret(file)?))),
            (None, None) => None,
            _ => return Err(bad("user and password_file belong together".into())),
        };
        if user.is_some() && tls == MailTls::None {
            return Err(bad("a password is sent under TLS only".into()));
        }
        let read = |file: &PathBuf| {
            let name = file.display();
            std::fs::read(file).map_err(|error| Problem::new(format!("cannot read {name}: {error}")))
        };
        let roots = self.roots_file.as_ref().map(read).transpose()?;
        let at = minutes(&self.at).ok_or_else(|| bad("at must be a time of day such as 08:00".into()))?;
        let plain = !self.link.chars().any(|c| c.is_whitespace() || c.is_control());
        if !plain || !["https://", "http://"].iter().any(|scheme| self.link.starts_with(scheme)) {
            return Err(bad("link must be the address of the installation, https://…".into()));
        }
        let (host, from) = (self.host.clone(), self.from.clone());
        let port = self.port.unwrap_or(usual);
        let settings = SmtpSettings { host, port, tls, user, roots, from };
        let smtp = Smtp::new(&settings).map_err(|error| bad(error.to_string()))?;
        let link = self.link.clone();
        Ok(Mailer { post: Arc::new(smtp), wording: Arc::new(MailWords), link, at })
    }
}

/// Minutes after midnight of a time of day.
fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str, most: u16| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>().ok().filter(|number| digits && *number <= most)
    };
    Some(number(hour, 23)? * 60 + number(minute, 59)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "host = \"127.0.0.1\"\ntls = \"none\"\nfrom = \"gate@example.org\"\n\
                        link = \"https://gate.example.org\"\n";

    fn said(text: &str) -> Result<u16, String> {
        let mail: Mail = toml::from_str(text).map_err(|error| error.to_string())?;
        mail.mailer().map(|mailer| mailer.at).map_err(|problem| problem.sentence)
    }

    #[test]
    fn a_time_of_day_is_read() {
        assert_eq!(said(GOOD), Ok(480));
        assert_eq!(said(&format!("{GOOD}at = \"23:59\"\n")), Ok(1_439));
        for bad in ["24:00", "8:00", "08:60", "0800", "+8:00", ""] {
            assert!(said(&format!("{GOOD}at = \"{bad}\"\n")).unwrap_err().contains("08:00"), "{bad}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_in_a_sentence() {
        let without = |line: &str| GOOD.lines().filter(|own| !own.starts_with(line)).collect::<Vec<_>>();
        let with = |line: &str, other: &str| format!("{}\n{other}\n", without(line).join("\n"));
        for (text, word) in [
            (with("tls", "tls = \"ssl\""), "starttls, tls or none"),
            (with("host", "host = \"mail.example.org\""), "loopback"),
            (with("from", "from = \"gate\""), "from"),
            (with("link", "link = \"gate.example.org\""), "link"),
            (format!("{GOOD}user = \"gate\"\n"), "belong together"),
            (format!("{GOOD}port = 0\n"), "port"),
            (format!("{GOOD}pasword_file = \"x\"\n"), "pasword_file"),
            (format!("{GOOD}user = \"gate\"\npassword_file = \"/nowhere\"\n"), "/nowhere"),
            (format!("{GOOD}roots_file = \"/nowhere\"\n"), "/nowhere"),
        ] {
            let sentence = said(&text).unwrap_err();
            assert!(sentence.contains(word), "{word}: {sentence}");
        }
    }
}
