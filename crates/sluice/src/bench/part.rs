//! Parts of a measurement that stand in processes of their own, so that each one's processor time, memory and
//! flushes are its own: the server, the load, the one who writes through the door.
//!
//! A part reads its order from the first line of standard input, answers lines of JSON on standard output,
//! and ends when standard input ends.

use super::{door, load, server};
use crate::problem::{Done, Problem};
use crate::say;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Which part a process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum PartName {
    /// A server with its store.
    Server,
    /// Clients that ask it.
    Load,
    /// Threads that write through the door of a store.
    Door,
}

impl PartName {
    fn word(self) -> &'static str {
        match self {
            PartName::Server => "server",
            PartName::Load => "load",
            PartName::Door => "door",
        }
    }
}

/// Is a part, until its work is done or standard input ends.
///
/// # Errors
/// What the part says; a sentence on standard error.
pub fn run(part: PartName) -> Done {
    match part {
        PartName::Server => server::run(&order()?),
        PartName::Load => answer(&load::run(&order()?)?),
        PartName::Door => answer(&door::run(&order()?)?),
    }
}

/// The order: the first line of standard input. The rest stays there, so that its end can be waited for.
fn order<T: DeserializeOwned>() -> Done<T> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| broken(&error))?;
    serde_json::from_str(&line).map_err(|error| broken(&error))
}

/// Answers one line.
///
/// # Errors
/// It cannot be written as JSON.
pub fn answer(what: &impl Serialize) -> Done {
    let line = serde_json::to_string(what).map_err(|error| broken(&error))?;
    say!("{line}");
    Ok(())
}

fn broken(error: &impl std::fmt::Display) -> Problem {
    Problem::new(format!("a part of the measurement was not understood: {error}"))
}

/// A part that this process started. It ends with it.
pub struct Part {
    child: Child,
    stdin: Option<ChildStdin>,
    out: BufReader<ChildStdout>,
    name: &'static str,
}

impl Part {
    /// Starts this very program as a part.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(part: PartName, order: &impl Serialize) -> Done<Self> {
        Self::start_under(&[], part, order)
    }

    /// The same under another program, such as one that counts system calls; its words come first.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start_under(words: &[String], part: PartName, order: &impl Serialize) -> Done<Self> {
        let program = std::env::current_exe()
            .map_err(|error| Problem::new(format!("cannot find this program: {error}")))?;
        let program = program.display().to_string();
        let own = [program, "bench-part".into(), part.word().into()];
        let words: Vec<&String> = words.iter().chain(&own).collect();
        let child = Command::new(words[0])
            .args(&words[1..])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| Problem::new(format!("cannot start {}: {error}", words[0])))?;
        Self::with_order(child, part.word(), order)
    }

    fn with_order(mut child: Child, name: &'static str, order: &impl Serialize) -> Done<Self> {
        let mut order = serde_json::to_string(order).map_err(|error| broken(&error))?;
        order.push('\n');
        let (stdin, out) = (child.stdin.take(), child.stdout.take());
        let out = out.ok_or_else(|| Problem::new("a part of the measurement says nothing"))?;
        let mut part = Self { child, stdin, out: BufReader::new(out), name };
        if let Some(stdin) = &mut part.stdin {
            stdin.write_all(order.as_bytes()).map_err(|error| broken(&error))?;
        }
        Ok(part)
    }

    /// Its next answer.
    ///
    /// # Errors
    /// It ended without one; what was wrong it has said on standard error.
    pub fn answer<T: DeserializeOwned>(&mut self) -> Done<T> {
        let mut line = String::new();
        self.out.read_line(&mut line).map_err(|error| broken(&error))?;
        let ended = || Problem::new(format!("the part {} ended; see its message above", self.name));
        if line.is_empty() { Err(ended()) } else { serde_json::from_str(&line).map_err(|e| broken(&e)) }
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Lets it end in its own time and waits for that.
    pub fn end(mut self) {
        self.stdin = None;
        self.child.wait().map(|_| ()).unwrap_or(());
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // Whoever has ended in order is gone by now; anybody else has nothing left to say.
        self.stdin = None;
        self.child.kill().unwrap_or(());
        self.child.wait().map(|_| ()).unwrap_or(());
    }
}
