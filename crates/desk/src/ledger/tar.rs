//! The few lines of the ustar format (POSIX.1-1988) that a download of small files needs.
//!
//! A log's tiles are at most a few hundred kilobytes with short ASCII paths, so neither long names
//! nor large sizes occur, and a library for all of tar would be larger than the rest of the desk.

const BLOCK: usize = 512;

/// An archive that grows in memory.
pub(super) struct Builder(Vec<u8>);

impl Builder {
    /// An empty archive.
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a file. The path has at most a hundred bytes, as all paths of a log have.
    pub(super) fn add(&mut self, path: &str, bytes: &[u8]) {
        self.0.extend_from_slice(&header(path, bytes.len()));
        self.0.extend_from_slice(bytes);
        let padding = (BLOCK - bytes.len() % BLOCK) % BLOCK;
        self.0.resize(self.0.len() + padding, 0);
    }

    /// The finished archive: two empty blocks end it.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.0.resize(self.0.len() + 2 * BLOCK, 0);
        self.0
    }
}

fn header(path: &str, size: usize) -> [u8; BLOCK] {
    debug_assert!(path.len() <= 100, "paths of a log are short");
    let mut block = [0u8; BLOCK];
    let mut put = |at: usize, text: &str| {
        block[at..at + text.len()].copy_from_slice(text.as_bytes());
    };
    put(0, path);
    put(100, "0000444\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{size:011o}\0"));
    put(136, "00000000000\0");
    // The checksum is taken with eight spaces in its own place.
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\x0000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    let text = format!("{sum:06o}\0 ");
    block[148..156].copy_from_slice(text.as_bytes());
    block
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::process::{Command, Stdio};

    #[test]
    fn the_system_tar_reads_it() {
        let mut archive = Builder::new();
        archive.add("log/checkpoint", b"origin\n1\n");
        archive.add("log/tile/0/000", &[7u8; 700]);
        let bytes = archive.finish();
        let mut tar = Command::new("tar")
            .args(["-xOf", "-", "log/tile/0/000"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        tar.stdin.take().unwrap().write_all(&bytes).unwrap();
        let out = tar.wait_with_output().unwrap();
        assert!(out.status.success());
        assert_eq!(out.stdout, vec![7u8; 700]);
    }
}
