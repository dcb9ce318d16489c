//! What was measured on, in words that fit any machine, and whether all is there that the measurement needs.

use super::baseline::sqlite;
use crate::problem::{Done, Problem};
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use store::cluster::Cluster;

/// The machine and what runs on it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Machine {
    /// The processor's own name.
    pub processor: String,
    /// How many of its threads this program may use.
    pub threads: usize,
    /// Mebibytes of memory.
    pub memory_mib: u64,
    /// The kernel's release.
    pub kernel: String,
    /// The kind of file system that the databases lie on.
    pub file_system: String,
    /// How many programs wanted a processor in the minute before.
    pub load_before: String,
    /// The version of SQLite that is built in.
    pub sqlite: String,
    /// The version of the PostgreSQL server.
    pub postgres: String,
    /// The version of the compiler that made this program.
    pub rustc: String,
}

impl Machine {
    /// Looks at this machine; the data lie in that folder.
    pub fn look(data: &Path, cluster: &Cluster) -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let field = |text: &str, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split_once(':').map_or(String::new(), |(_, value)| value.trim().to_owned())
        };
        let processor = field(&read("/proc/cpuinfo"), "model name");
        let memory = field(&read("/proc/meminfo"), "MemTotal");
        let memory = memory.split(' ').next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or_default();
        let version = Command::new(cluster.programs().join("postgres")).arg("--version").output();
        let version = version.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
        Self {
            processor: if processor.is_empty() { std::env::consts::ARCH.into() } else { processor },
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            memory_mib: memory / 1_024,
            kernel: read("/proc/sys/kernel/osrelease").trim().into(),
            file_system: file_system(data, &read("/proc/self/mounts")),
            load_before: read("/proc/loadavg").split(' ').next().unwrap_or_default().into(),
            sqlite: sqlite::version().into(),
            postgres: postgres(&version.unwrap_or_default()),
            rustc: env!("SLUICE_RUSTC").into(),
        }
    }

    /// The same as sentences.
    pub fn lines(&self) -> Vec<String> {
        vec![
            format!("{}, {} threads, {} MiB of memory", self.processor, self.threads, self.memory_mib),
            format!("Linux {}, databases on {}", self.kernel, self.file_system),
            format!("SQLite {} (built in), {}, rustc {}", self.sqlite, self.postgres, self.rustc),
            format!("load of the machine in the minute before: {}", self.load_before),
        ]
    }
}

/// What the server says of itself, without its program's name.
fn postgres(said: &str) -> String {
    said.trim().replacen("postgres (PostgreSQL)", "PostgreSQL", 1)
}

/// The kind of the file system that holds a folder: the longest place of the list that the folder lies in.
fn file_system(folder: &Path, mounts: &str) -> String {
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.into());
    let places = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        Some((words.next()?, words.next()?))
    });
    let holding = places.filter(|(place, _)| folder.starts_with(place));
    holding.max_by_key(|(place, _)| place.len()).map_or_else(String::new, |(_, kind)| kind.to_owned())
}

/// A program that the measurement needs.
///
/// # Errors
/// It is not installed; the sentence names its package.
pub fn program(name: &str, package: &str) -> Done<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    found.ok_or_else(|| {
        Problem::new(format!("{name} is not installed: apt-get install {package} (make bench does so)"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_mount_tells_the_file_system() {
        let mounts = "/dev/a / ext4 rw 0 0\ntmpfs /run tmpfs rw 0 0\n/dev/b /usr xfs rw 0 0\n";
        assert_eq!(file_system(Path::new("/usr"), mounts), "xfs");
        assert_eq!(file_system(Path::new("/"), mounts), "ext4");
    }

    #[test]
    fn versions_are_told_as_people_say_them() {
        let said = "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n";
        assert_eq!(postgres(said), "PostgreSQL 15.18 (Debian 15.18-0+deb12u1)");
        assert!(env!("SLUICE_RUSTC").starts_with(|first: char| first.is_ascii_digit()));
    }

    #[test]
    fn a_missing_program_is_told_with_its_package() {
        let problem = program("no-such-program", "some-package").unwrap_err();
        assert!(problem.sentence.contains("apt-get install some-package"), "{problem}");
    }
}
