//! What `sluice pack` is called with.

use super::{check, coverage, diff, draft, list, load, replay, test};
use crate::cli::LedgerArgs;
use crate::problem::Done;
use clap::Subcommand;
use std::path::PathBuf;

/// The commands about packs.
#[derive(Subcommand)]
pub enum PackCommand {
    /// Lay out a small complete pack to go on from.
    New(draft::NewArgs),
    /// Check packs; every fault is named with file and line. Exits with 0 or 1.
    Check {
        /// Folders that hold a `pack.toml`.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Say what an amendment changes. Exits with 0 if nothing, 1 if something, 2 if it cannot tell.
    Diff {
        /// As JSON, one object a part that differs.
        #[arg(long)]
        json: bool,
        /// The older version: a folder that holds a `pack.toml`, or a shipped pack, `id@version`.
        old: PathBuf,
        /// The newer version, named likewise.
        new: PathBuf,
    },
    /// List the packs that ship with the product.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Run the scenarios of packs through the gate. Exits with 0 or 1.
    Test {
        /// Folders that hold a `pack.toml`; the shipped packs if none is named.
        paths: Vec<PathBuf>,
    },
    /// Say for each clause by what it is met and whether that was seen carried out.
    Coverage {
        /// As JSON, one object a clause.
        #[arg(long)]
        json: bool,
        /// Folders that hold a `pack.toml`; the shipped packs if none is named.
        paths: Vec<PathBuf>,
    },
    /// Put a pack into force from its own date, in an installation that serves or stands still.
    Load {
        /// Where to.
        #[command(flatten)]
        to: LedgerArgs,
        /// Check it and say what it changes, and change nothing.
        #[arg(long)]
        dry_run: bool,
        /// The folder that holds its `pack.toml`.
        folder: PathBuf,
    },
    /// Decide the lookups of the past again under another version, and say whom it would affect.
    Replay {
        /// Whose.
        #[command(flatten)]
        of: LedgerArgs,
        /// The folder of the version to decide under.
        #[arg(long, value_name = "FOLDER")]
        pack: PathBuf,
        /// The first day to decide again, such as 2026-01-01; all that is kept if it is left out.
        #[arg(long, value_name = "DATE")]
        since: Option<String>,
        /// As one JSON object.
        #[arg(long)]
        json: bool,
    },
}

/// Carries one of them out.
///
/// # Errors
/// What the command says in one sentence.
pub fn run(command: PackCommand) -> Done {
    match command {
        PackCommand::New(args) => draft::run(&args),
        PackCommand::Check { paths } => check::run(&paths),
        PackCommand::Diff { json, old, new } => diff::run(json, &old, &new),
        PackCommand::List { json } => list::run(json),
        PackCommand::Test { paths } => test::run(&paths),
        PackCommand::Coverage { json, paths } => coverage::run(json, &paths),
        PackCommand::Load { to, dry_run, folder } => load::run(&to, dry_run, &folder),
        PackCommand::Replay { of, pack, since, json } => replay::run(&of, &pack, since.as_deref(), json),
    }
}
