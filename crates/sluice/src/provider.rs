//! `sluice provider-sim`: the simulated data provider as a process of its own.

use crate::cli::{ProviderArgs, runtime};
use crate::problem::{Done, Problem};
use crate::say;
use gate::simulator::{Mood, Population, Setting, Simulator, serve};
use std::future::Future;
use std::io::Read;
use std::pin::Pin;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use tokio::net::TcpListener;

/// The line that says that the provider listens, with its address.
const READY: &str = "provider ready on http://";

/// Serves a simulated provider until it is told to end.
///
/// # Errors
/// The address is in use, or the mood unknown.
pub fn run(args: &ProviderArgs) -> Done {
    let mood: Mood = args
        .mood
        .parse()
        .map_err(|_| Problem::usage("the mood is one of normal, slow:MS, wrong, down, half, doubtful"))?;
    runtime()?.block_on(async {
        let listener = TcpListener::bind(args.listen).await.map_err(|error| {
            Problem::new(format!("cannot listen on {}: {error}; choose another --listen", args.listen))
        })?;
        let address = listener.local_addr().map_err(|error| Problem::new(error.to_string()))?;
        let simulator = Arc::new(Simulator::new(Arc::new(Population::of(args.seed))));
        simulator.set(Setting { mood, after: 0, count: None });
        say!("{READY}{address}");
        let end: Pin<Box<dyn Future<Output = ()> + Send>> = match args.with_parent {
            true => Box::pin(parent_gone()),
            false => Box::pin(async { tokio::signal::ctrl_c().await.unwrap_or(()) }),
        };
        serve(listener, simulator, end)
            .await
            .map_err(|error| Problem::new(format!("the provider stopped: {error}")))
    })
}

/// Ends when standard input ends, which it does when the parent is gone, however it went.
pub async fn parent_gone() {
    let wait = tokio::task::spawn_blocking(|| {
        let mut rest = Vec::new();
        std::io::stdin().read_to_end(&mut rest).unwrap_or(0)
    });
    wait.await.unwrap_or(0);
}

/// A provider in a process of its own that ends with this one.
pub struct Process {
    child: Child,
    _out: std::io::BufReader<ChildStdout>,
    /// Where it listens.
    pub base: String,
}

impl Process {
    /// Starts this very program as a provider and waits until it listens.
    ///
    /// # Errors
    /// The program cannot be started or says nothing.
    pub fn start(seed: u64) -> Done<Self> {
        let program = std::env::current_exe()
            .map_err(|error| Problem::new(format!("cannot find this program: {error}")))?;
        let mut child = Command::new(program)
            .args(["provider-sim", "--listen", "127.0.0.1:0", "--with-parent", "--seed"])
            .arg(seed.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| Problem::new(format!("cannot start the provider: {error}")))?;
        let out = child.stdout.take().ok_or_else(|| Problem::new("the provider says nothing"))?;
        let mut out = std::io::BufReader::new(out);
        let mut line = String::new();
        std::io::BufRead::read_line(&mut out, &mut line)
            .map_err(|error| Problem::new(format!("the provider says nothing: {error}")))?;
        let address = line
            .trim()
            .strip_prefix(READY)
            .ok_or_else(|| Problem::new("the provider did not start; see its message above"))?;
        let base = format!("http://{address}");
        Ok(Self { child, _out: out, base })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().unwrap_or(());
        self.child.wait().map(|_| ()).unwrap_or(());
    }
}
