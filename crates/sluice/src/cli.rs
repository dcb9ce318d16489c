//! The commands and what they are called with.

use crate::bench::{self, BenchArgs, PartName};
use crate::pack::command::PackCommand;
use crate::problem::{Done, Problem};
use crate::{account, demo, directory, ledger, link, pack, provider, serve};
use clap::{Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// The governed gate between staff and register data.
#[derive(Parser)]
#[command(name = "sluice", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start a demonstration: packs, a synthetic population, a cast of people, a provider.
    Demo(DemoArgs),
    /// Serve an installation.
    Serve {
        /// The configuration file.
        #[arg(long)]
        config: PathBuf,
    },
    /// Start a simulated data provider in a process of its own.
    ProviderSim(ProviderArgs),
    /// Write, check, compare, test and load regulation packs.
    #[command(subcommand)]
    Pack(PackCommand),
    /// List and export logs.
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Hand out codes with which people set up their accounts.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Set agencies up, and take over lists of their units and people.
    #[command(subcommand)]
    Directory(DirectoryCommand),
    /// Take over links to providers that were there before.
    #[command(subcommand)]
    Link(LinkCommand),
    /// Measure the gate beside its baselines on this machine, and write the figures down.
    Bench(BenchArgs),
    /// One part of a measurement, in a process of its own.
    #[command(hide = true)]
    BenchPart {
        /// Which part.
        part: PartName,
    },
}

/// What `demo` is called with.
#[derive(clap::Args, Clone)]
pub struct DemoArgs {
    /// Where the database is kept; the keyring stands beside it, never in it.
    #[arg(long, default_value = "demo-data")]
    pub data: PathBuf,
    /// A PostgreSQL database in its place: postgresql://user@host/database. Several may serve one.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// Where to listen; plain HTTP is served on loopback only.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Start over: the data folder and its keyring are removed first.
    #[arg(long)]
    pub fresh: bool,
    /// The seed of population, cast and history.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Months of synthetic lookups before today.
    #[arg(long, default_value_t = 3)]
    pub months: u32,
    /// A folder of packs of your own: each gets an agency with one person for every role.
    #[arg(long, value_name = "DIR")]
    pub packs: Option<PathBuf>,
}

/// What `provider-sim` is called with.
#[derive(clap::Args, Clone)]
pub struct ProviderArgs {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8090")]
    pub listen: SocketAddr,
    /// The seed of the population.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How it behaves: normal, slow:MS, wrong, down, half, doubtful.
    #[arg(long, default_value = "normal")]
    pub mood: String,
    /// End when standard input ends, so that it never outlives the process that started it.
    #[arg(long)]
    pub with_parent: bool,
}

#[derive(Subcommand)]
enum LedgerCommand {
    /// Name the logs, one a line.
    Logs {
        #[command(flatten)]
        from: LedgerArgs,
    },
    /// Write a log as static files with its verifier key.
    Export {
        #[command(flatten)]
        from: LedgerArgs,
        /// The log's name.
        #[arg(long)]
        log: String,
        /// The folder to write; it must be empty or absent.
        #[arg(long)]
        out: PathBuf,
    },
}

#[derive(Subcommand)]
enum DirectoryCommand {
    /// Set an agency up under a regulation that is in force.
    Agency(AgencyArgs),
    /// Give an agency another name; its id, which names its log, stays.
    Rename(RenameArgs),
    /// Compare a list of units or people with what is known, and with --confirm take it over.
    Import(ImportArgs),
}

/// What `directory rename` is called with.
#[derive(clap::Args, Clone)]
pub struct RenameArgs {
    /// Whose directory.
    #[command(flatten)]
    pub from: LedgerArgs,
    /// The agency's id.
    #[arg(long)]
    pub id: String,
    /// Its official name from now on.
    #[arg(long)]
    pub name: String,
    /// Its name in English; the official one where it is left out.
    #[arg(long, default_value = "")]
    pub name_en: String,
}

/// What `directory agency` is called with.
#[derive(clap::Args, Clone)]
pub struct AgencyArgs {
    /// Whose directory.
    #[command(flatten)]
    pub from: LedgerArgs,
    /// Its id, which names its log: small letters, digits and dashes.
    #[arg(long)]
    pub id: String,
    /// Its official name.
    #[arg(long)]
    pub name: String,
    /// Its name in English.
    #[arg(long)]
    pub name_en: Option<String>,
    /// The id of the regulation that it stands under.
    #[arg(long)]
    pub pack: String,
}

/// What `directory import` is called with.
#[derive(clap::Args, Clone)]
pub struct ImportArgs {
    /// Whose directory.
    #[command(flatten)]
    pub from: LedgerArgs,
    /// The agency.
    #[arg(long)]
    pub agency: String,
    /// Everybody of the agency is listed: whoever is missing has left.
    #[arg(long)]
    pub whole: bool,
    /// Carry the differences out.
    #[arg(long)]
    pub confirm: bool,
    /// A CSV file with a heading: id,name,unit,role,… or id,name,organisation,…
    pub file: PathBuf,
}

#[derive(Subcommand)]
enum LinkCommand {
    /// Take a link over that was there before; it is marked as such, and its term is the rule's.
    TakeOver(EarlierArgs),
}

/// What `link take-over` is called with.
#[derive(clap::Args, Clone)]
pub struct EarlierArgs {
    /// Where it is entered.
    #[command(flatten)]
    pub from: LedgerArgs,
    /// The agency whose link it is.
    #[arg(long)]
    pub agency: String,
    /// A dataset of the rule that is reached by it; all of them where none is named.
    #[arg(long)]
    pub dataset: Vec<String>,
    /// The body that provides the data.
    #[arg(long)]
    pub provider: String,
    /// The authority for which the link is.
    #[arg(long)]
    pub linking_agency: Option<String>,
    /// Who holds the data without being that authority.
    #[arg(long)]
    pub holding_agency: Option<String>,
    /// Who uses the data.
    #[arg(long)]
    pub using_agency: Option<String>,
    /// The identifier of the officer in charge.
    #[arg(long)]
    pub officer: String,
    /// The day on which it was approved.
    #[arg(long, value_name = "DAY")]
    pub approved: String,
    /// The day on which its test was passed.
    #[arg(long, value_name = "DAY")]
    pub tested: Option<String>,
}

#[derive(Subcommand)]
enum AccountCommand {
    /// Hand out a code to somebody who is entered in the directory. It is printed once.
    Invite(InviteArgs),
}

/// What `account invite` is called with.
#[derive(clap::Args, Clone)]
pub struct InviteArgs {
    /// Where they are entered.
    #[command(flatten)]
    pub from: LedgerArgs,
    /// The person's identifier.
    #[arg(long)]
    pub person: String,
    /// The name to sign in with; a reset keeps the one that the account has.
    #[arg(long, required_unless_present = "reset")]
    pub login: Option<String>,
    /// How the code reaches them, by the word of their regulation.
    #[arg(long, value_parser = ["enrolment-link", "sealed-slip", "in-person", "registered-mail"])]
    pub method: Option<String>,
    /// For somebody who cannot get into their account any more; it closes until they have set it up anew.
    #[arg(long, requires = "reason")]
    pub reset: bool,
    /// Why it is reset.
    #[arg(long)]
    pub reason: Option<String>,
}

/// Whose logs: those of an installation, or those of a demonstration.
#[derive(clap::Args, Clone)]
pub struct LedgerArgs {
    /// The configuration file of an installation.
    #[arg(long, required_unless_present = "data", conflicts_with_all = ["data", "database"])]
    pub config: Option<PathBuf>,
    /// The data folder of a demonstration.
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// The database of the demonstration, if it is not in its folder.
    #[arg(long, value_name = "URL", requires = "data")]
    pub database: Option<String>,
}

/// Reads the command line, carries the command out, and says in one sentence if it cannot.
pub fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("sluice: {problem}");
            ExitCode::from(problem.code)
        }
    }
}

fn run(command: Command) -> Done {
    match command {
        Command::Demo(args) => demo::run(&args),
        Command::Serve { config } => serve::run(&config),
        Command::ProviderSim(args) => provider::run(&args),
        Command::Pack(command) => pack::command::run(command),
        Command::Ledger(LedgerCommand::Logs { from }) => ledger::logs(&from),
        Command::Ledger(LedgerCommand::Export { from, log, out }) => ledger::export(&from, &log, &out),
        Command::Account(AccountCommand::Invite(args)) => account::invite(&args),
        Command::Directory(DirectoryCommand::Agency(args)) => directory::agency(&args),
        Command::Directory(DirectoryCommand::Rename(args)) => directory::rename(&args),
        Command::Directory(DirectoryCommand::Import(args)) => directory::import(&args),
        Command::Link(LinkCommand::TakeOver(args)) => link::take_over(&args),
        Command::Bench(args) => bench::run(&args),
        Command::BenchPart { part } => bench::part::run(part),
    }
}

/// A runtime for the parts that serve.
///
/// # Errors
/// The system gives no threads.
pub fn runtime() -> Done<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::new(format!("no threads to serve with: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_are_those_of_an_installation_or_of_a_demonstration() {
        let taken =
            |words: &[&str]| Cli::try_parse_from([&["sluice", "ledger", "logs"], words].concat()).is_ok();
        assert!(taken(&["--config", "a.toml"]) && taken(&["--data", "a"]));
        assert!(taken(&["--data", "a", "--database", "postgresql://x@y/z"]));
        for words in [vec![], vec!["--config", "a", "--data", "b"], vec!["--database", "postgresql://x@y/z"]]
        {
            assert!(!taken(&words), "{words:?}");
        }
    }

    #[test]
    fn a_first_code_wants_a_sign_in_name_and_a_reset_a_reason() {
        let taken = |words: &str| {
            let words = format!("sluice account invite --data a --person p {words}");
            Cli::try_parse_from(words.split_whitespace()).is_ok()
        };
        assert!(taken("--login lin") && taken("--reset --reason lost"));
        assert!(taken("--login lin --method sealed-slip"));
        for words in ["", "--reset", "--login lin --method pigeon"] {
            assert!(!taken(words), "{words}");
        }
    }
}
