//! Processes that end with the test, and all that they started with them.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// A process in a group of its own; the whole group ends when this is dropped.
pub struct Process {
    child: Child,
    output: PathBuf,
}

impl Process {
    /// Starts `command`; what it prints goes to the file `output`.
    pub fn start(mut command: Command, output: &Path) -> Self {
        let file = File::create(output).unwrap_or_else(|e| panic!("{}: {e}", output.display()));
        let errors = file.try_clone().expect("a file can be shared");
        command.stdin(Stdio::null()).stdout(file).stderr(errors).process_group(0);
        let child = command.spawn().unwrap_or_else(|e| panic!("{command:?} does not start: {e}"));
        Self { child, output: output.to_owned() }
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// All it has printed so far.
    pub fn printed(&self) -> String {
        std::fs::read(&self.output)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child can be asked")
    }

    /// Waits until it ends; `None` after `patience`.
    pub fn wait(&mut self, patience: Duration) -> Option<ExitStatus> {
        let start = Instant::now();
        while start.elapsed() < patience {
            if let Some(status) = self.ended() {
                return Some(status);
            }
            pause(Duration::from_millis(20));
        }
        self.ended()
    }

    /// Asks it to end, as a service manager does, and says how it did; `None` if it had to be killed.
    pub fn stop(&mut self) -> Option<ExitStatus> {
        signal(&format!("{}", self.id()), "TERM");
        let status = self.wait(Duration::from_secs(10));
        self.kill();
        status
    }

    /// Ends it and all that it started at once, as a power cut does.
    pub fn kill(&mut self) {
        signal(&format!("-{}", self.id()), "KILL");
        // The group is gone by now; this is for a system whose shell has no such `kill`.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The shell knows `kill` on every system, and the tests need no unsafe code for it.
fn signal(whom: &str, name: &str) {
    let command = format!("kill -s {name} -- {whom}");
    Command::new("sh").args(["-c", &command]).stdout(Stdio::null()).stderr(Stdio::null()).status().ok();
}

/// Waits; where there is something to wait *for*, wait for that instead.
pub fn pause(time: Duration) {
    let (_keep, never) = mpsc::channel::<()>();
    never.recv_timeout(time).ok();
}

/// A port of the loopback that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("the loopback has a free port");
    listener.local_addr().expect("a listener has an address").port()
}

/// The file of a program on the search path.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}
