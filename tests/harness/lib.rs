//! The instruments of the stories: a real server, a real browser, a pair of counted hands, an accessibility
//! checker, and a record of every request that the browser made.
//!
//! Nothing here is skipped quietly. A missing browser, driver, checker or binary fails the test and says
//! which package or command brings it.

pub mod axe;
pub mod browser;
pub mod folder;
pub mod hands;
pub mod http;
pub mod mail;
pub mod process;
pub mod server;
pub mod stage;
pub mod traffic;

pub use browser::Browser;
pub use hands::Hands;
pub use server::Server;

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the repository")
}

/// The folder that holds the binaries of the build this process belongs to: `target/debug`.
pub fn binaries() -> PathBuf {
    let this = std::env::current_exe().expect("a process knows its own file");
    this.ancestors().nth(2).expect("a test lies in a folder below the binaries").to_owned()
}

/// The folder of all that is built or fetched: `target`.
pub fn target() -> PathBuf {
    binaries().parent().expect("the binaries lie in the target folder").to_owned()
}
