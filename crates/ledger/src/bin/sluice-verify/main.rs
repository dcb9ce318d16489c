//! `sluice-verify`: says of an exported log whether it is whole, tampered with (and where), incomplete
//! or stale.
//!
//! It needs no network, no database and nothing of the product but the `ledger` crate, so that an outsider
//! can run it, read it, and build it anew.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::UNIX_EPOCH;

use ledger::note::VerifierKey;
use ledger::policy::Policy;
use ledger::stamp::parse_rfc3339;
use ledger::verify::{Options, VerifyError, verify};

mod folder;

use folder::Folder;

const USAGE: &str = "\
Usage: sluice-verify DIR [options]

Reads every byte of the exported log in DIR again, computes every hash again, and checks the signature.
DIR holds the files vkey and checkpoint and the folder tile (docs/ledger-format.md).

  --vkey FILE         the log's key, got from elsewhere than DIR
  --policy FILE       trusted logs and wanted witnesses, in the c2sp.org/tlog-policy format
  --saved FILE        a checkpoint of this log kept from earlier: its entries must still be there
  --max-age HOURS     stale if no entry or cosignature is newer than that
  --now INSTANT       take this for the present (RFC 3339) instead of the computer's clock
  --json              say it as one JSON object
  --help              say this

Exit codes: 0 whole, 1 tampered, 2 incomplete, 3 stale, 4 wrong usage.
";

/// Exit code for wrong usage.
const WRONG_USAGE: u8 = 4;
/// Exit code if a file is there but cannot be read: then not all is there.
const UNREADABLE: u8 = 2;
/// Logs of more entries than this show how far the reading is.
const SHOW_PROGRESS_FROM: u64 = 50_000;

#[derive(Debug, Default)]
struct Arguments {
    folder: Option<PathBuf>,
    vkey: Option<PathBuf>,
    policy: Option<PathBuf>,
    saved: Option<PathBuf>,
    max_age_hours: Option<u64>,
    now_ms: Option<u64>,
    json: bool,
    help: bool,
}

fn main() -> ExitCode {
    match run(std::env::args_os().skip(1)) {
        Ok(code) => ExitCode::from(code),
        Err(message) => {
            eprintln!("sluice-verify: {message}\n\n{USAGE}");
            ExitCode::from(WRONG_USAGE)
        }
    }
}

fn run(words: impl Iterator<Item = OsString>) -> Result<u8, String> {
    let arguments = parse(words)?;
    if arguments.help {
        say(USAGE);
        return Ok(0);
    }
    let folder = arguments.folder.as_deref().ok_or("which folder?")?;
    if !folder.is_dir() {
        return Err(format!("{} is not a folder", folder.display()));
    }
    let options = options(&arguments)?;
    let report = match verify(&Folder(folder), &options, &mut Progress::default().teller()) {
        Ok(report) => report,
        Err(VerifyError::Read(error)) => {
            eprintln!("sluice-verify: INCOMPLETE: a file could not be read: {error}");
            return Ok(UNREADABLE);
        }
        Err(error) => return Err(error.to_string()),
    };
    if arguments.json {
        let bytes = report.to_json().to_bytes().map_err(|error| error.to_string())?;
        say(&(String::from_utf8_lossy(&bytes) + "\n"));
    } else {
        say(&report.to_text());
    }
    Ok(report.verdict().exit_code())
}

/// Writes to the standard output; a reader that went away early is no failure, as the exit code says it all.
fn say(text: &str) {
    let _ = io::stdout().lock().write_all(text.as_bytes());
}

fn parse(mut words: impl Iterator<Item = OsString>) -> Result<Arguments, String> {
    let mut arguments = Arguments::default();
    while let Some(word) = words.next() {
        let name = word.to_string_lossy().into_owned();
        let mut value = || words.next().ok_or(format!("{name} needs a value"));
        match name.as_str() {
            "--vkey" => once(&mut arguments.vkey, &name, value()?.into())?,
            "--policy" => once(&mut arguments.policy, &name, value()?.into())?,
            "--saved" => once(&mut arguments.saved, &name, value()?.into())?,
            "--max-age" => {
                let hours = value()?.to_str().and_then(|text| text.parse().ok());
                once(&mut arguments.max_age_hours, &name, hours.ok_or("--max-age takes a number of hours")?)?;
            }
            "--now" => {
                let instant = value()?.to_str().and_then(parse_rfc3339);
                once(&mut arguments.now_ms, &name, instant.ok_or("--now takes an instant of RFC 3339")?)?;
            }
            "--json" => arguments.json = true,
            "--help" | "-h" => arguments.help = true,
            _ if name.starts_with('-') => return Err(format!("there is no option {name}")),
            _ => once(&mut arguments.folder, "DIR", word.into())?,
        }
    }
    if arguments.vkey.is_some() && arguments.policy.is_some() {
        return Err("give --vkey or --policy, not both".into());
    }
    if arguments.now_ms.is_some() && arguments.max_age_hours.is_none() {
        return Err("--now is for --max-age".into());
    }
    Ok(arguments)
}

fn once<T>(slot: &mut Option<T>, name: &str, value: T) -> Result<(), String> {
    if slot.replace(value).is_some() { Err(format!("{name} is given twice")) } else { Ok(()) }
}

fn options(arguments: &Arguments) -> Result<Options, String> {
    let policy = match (&arguments.vkey, &arguments.policy) {
        (Some(path), _) => {
            let key = VerifierKey::parse(text_of(path)?.trim());
            let key = key.map_err(|error| format!("{}: {error}", path.display()))?;
            Some(Policy::of_logs(vec![key]))
        }
        (_, Some(path)) => {
            let policy =
                Policy::parse(&text_of(path)?).map_err(|error| format!("{}: {error}", path.display()))?;
            if policy.logs().is_empty() {
                return Err(format!("{}: the policy names no log", path.display()));
            }
            Some(policy)
        }
        _ => None,
    };
    let saved = arguments.saved.as_deref().map(bytes_of).transpose()?;
    let not_before_ms = arguments.max_age_hours.map(|hours| {
        let now = arguments.now_ms.unwrap_or_else(clock_ms);
        now.saturating_sub(hours.saturating_mul(3_600_000))
    });
    Ok(Options { policy, saved, not_before_ms })
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn text_of(path: &Path) -> Result<String, String> {
    String::from_utf8(bytes_of(path)?).map_err(|_| format!("{}: this is not text", path.display()))
}

/// The computer's clock, in milliseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "the age of a log is asked for, and nobody gave the present")]
fn clock_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Says on the standard error how far the reading of a large log is.
#[derive(Debug, Default)]
struct Progress {
    told_percent: u64,
}

impl Progress {
    fn teller(mut self) -> impl FnMut(u64, u64) {
        move |done, all| {
            let percent = (u128::from(done) * 100 / u128::from(all.max(1))) as u64;
            if all >= SHOW_PROGRESS_FROM && percent >= self.told_percent + 5 {
                self.told_percent = percent;
                eprintln!("read {done} of {all} entries ({percent} %)");
            }
        }
    }
}
