//! The one binary of the gate.

use std::process::ExitCode;

fn main() -> ExitCode {
    sluice::cli::main()
}
