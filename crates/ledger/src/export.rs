//! The static layout of a log: the files that `tlog-tiles` names, below one folder, with the log's key.
//!
//! ```text
//! vkey                     the log's verifier key and a newline
//! checkpoint               the signed checkpoint
//! tile/entries/000 …       what was written, 256 entries a bundle
//! tile/0/000 …             the hashes over it
//! ```

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::convert::Infallible;
use core::fmt;

use crate::frontier::Frontier;
use crate::hash::{Hash, leaf_hash};
use crate::leaf::MAX_LEAF_BYTES;
use crate::tile::{EntryTooLong, Kind, TILE_WIDTH, TilePath, append_entry, hashes_in_level, tile_bytes};

/// Name of the file with the log's verifier key.
pub const VKEY_FILE: &str = "vkey";
/// Name of the file with the signed checkpoint.
pub const CHECKPOINT_FILE: &str = "checkpoint";
/// No file of a layout is longer, in bytes: a full bundle of the longest entries.
pub const MAX_FILE_BYTES: usize = 256 * (2 + MAX_LEAF_BYTES);

/// The files of a layout, wherever they lie. Paths are relative, with `/` between their parts.
pub trait Files {
    /// What can go wrong when reading.
    type Error;

    /// The paths of all files, in any order.
    ///
    /// # Errors
    /// If they cannot be listed.
    fn list(&self) -> Result<Vec<String>, Self::Error>;

    /// Puts the content of a file in place of what the vector held, and says whether there is such a file.
    /// Of a file longer than [`MAX_FILE_BYTES`] it is enough to give one byte more than that, since no such
    /// file belongs to a layout.
    ///
    /// # Errors
    /// If it is there but cannot be read.
    fn read(&self, path: &str, into: &mut Vec<u8>) -> Result<bool, Self::Error>;
}

/// A layout in memory.
impl Files for BTreeMap<String, Vec<u8>> {
    type Error = Infallible;

    fn list(&self) -> Result<Vec<String>, Infallible> {
        Ok(self.keys().cloned().collect())
    }

    fn read(&self, path: &str, into: &mut Vec<u8>) -> Result<bool, Infallible> {
        into.clear();
        let file = self.get(path);
        into.extend_from_slice(file.map_or(&[], Vec::as_slice));
        Ok(file.is_some())
    }
}

/// Why a layout could not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteError<E> {
    /// An entry is too long for a bundle.
    Entry(EntryTooLong),
    /// The sink refused a file.
    Sink(E),
}

impl<E: fmt::Display> fmt::Display for WriteError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry(error) => fmt::Display::fmt(error, f),
            Self::Sink(error) => write!(f, "a file of the layout could not be written: {error}"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for WriteError<E> {}

/// Writes the tiles and bundles of a log from its entries in order. Each file goes to the sink once, as soon
/// as it is full, so that a log of any size needs the memory of a few tiles.
#[derive(Debug, Clone, Default)]
pub struct Writer {
    frontier: Frontier,
    bundle: Vec<u8>,
    /// The hashes of the unfinished tile of each level.
    tiles: Vec<Vec<Hash>>,
}

impl Writer {
    /// A writer for a log from its first entry.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next entry; the sink gets a path and the file's content for each file that it fills.
    ///
    /// # Errors
    /// If the entry is too long, or the sink fails.
    pub fn push<E>(
        &mut self,
        entry: &[u8],
        mut sink: impl FnMut(&str, &[u8]) -> Result<(), E>,
    ) -> Result<(), WriteError<E>> {
        append_entry(&mut self.bundle, entry).map_err(WriteError::Entry)?;
        let tiles = &mut self.tiles;
        self.frontier.push_noting(leaf_hash(entry), |level, _, hash| {
            if tiles.len() == usize::from(level) {
                tiles.push(Vec::new());
            }
            tiles[usize::from(level)].push(hash);
        });
        self.flush(TILE_WIDTH, &mut sink).map_err(WriteError::Sink)
    }

    /// Writes what is left over as partial files; gives the size and the root, which the caller compares with
    /// the checkpoint that it puts beside them.
    ///
    /// # Errors
    /// If the sink fails.
    pub fn finish<E>(
        mut self,
        mut sink: impl FnMut(&str, &[u8]) -> Result<(), E>,
    ) -> Result<(u64, Hash), WriteError<E>> {
        self.flush(1, &mut sink).map_err(WriteError::Sink)?;
        Ok((self.frontier.size(), self.frontier.root()))
    }

    /// Writes and empties every tile that has at least that many hashes, and the bundle beside the lowest.
    fn flush<E>(
        &mut self,
        at_least: u64,
        sink: &mut impl FnMut(&str, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let size = self.frontier.size();
        for (level, hashes) in (0_u8..).zip(&mut self.tiles) {
            if (hashes.len() as u64) < at_least {
                continue;
            }
            // The unfinished tile is the last one that has any hashes at this size.
            let index = (hashes_in_level(level, size) - 1) / TILE_WIDTH;
            if let Some(tile) = TilePath::at(Kind::Hashes(level), index, size) {
                sink(&tile.path(), &tile_bytes(hashes))?;
                if level == 0 {
                    sink(&TilePath { kind: Kind::Entries, ..tile }.path(), &self.bundle)?;
                    self.bundle.clear();
                }
            }
            hashes.clear();
        }
        Ok(())
    }
}

/// The tiles and bundles of a log in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryLayout {
    /// The files by path.
    pub files: BTreeMap<String, Vec<u8>>,
    /// How many entries they hold.
    pub size: u64,
    /// The root over these.
    pub root: Hash,
}

/// Makes a layout in memory, for tests and small logs.
///
/// # Errors
/// If an entry is too long.
pub fn tiles_in_memory<'a>(
    entries: impl IntoIterator<Item = &'a [u8]>,
) -> Result<MemoryLayout, EntryTooLong> {
    let mut files = BTreeMap::new();
    let mut writer = Writer::new();
    let mut keep = |path: &str, bytes: &[u8]| {
        files.insert(path.to_owned(), bytes.to_vec());
        Ok::<(), Infallible>(())
    };
    let narrow = |error| match error {
        WriteError::Entry(error) => error,
        WriteError::Sink(never) => match never {},
    };
    for entry in entries {
        writer.push(entry, &mut keep).map_err(narrow)?;
    }
    let (size, root) = writer.finish(&mut keep).map_err(narrow)?;
    Ok(MemoryLayout { files, size, root })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tile::{parse_tile, tiles};
    use crate::tree::{HashSource, MemoryTree};

    #[test]
    fn exactly_the_files_of_the_size_are_written_with_the_hashes_of_the_tree() {
        for size in [0_u64, 1, 2, 255, 256, 257, 511, 512, 700, 65_536, 65_793] {
            let entries: Vec<[u8; 8]> = (0..size).map(u64::to_be_bytes).collect();
            let made = tiles_in_memory(entries.iter().map(|entry| &entry[..])).unwrap();
            let tree: MemoryTree = entries.iter().map(|entry| leaf_hash(entry)).collect();
            assert_eq!((made.size, made.root), (size, tree.root()));
            assert_eq!(made.files.len(), tiles(size).count(), "size {size}");
            for tile in tiles(size) {
                let bytes = &made.files[&tile.path()];
                match tile.kind {
                    Kind::Entries => assert_eq!(bytes.len(), usize::from(tile.width) * 10),
                    Kind::Hashes(level) => {
                        let range = tile.first()..tile.first() + u64::from(tile.width);
                        assert_eq!(
                            parse_tile(bytes, tile.width).unwrap(),
                            tree.hashes(level, range).unwrap()
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn entries_too_long_for_a_bundle_are_refused() {
        let long = [0; MAX_LEAF_BYTES + 1];
        assert_eq!(tiles_in_memory([&long[..]]).map(|made| made.size), Err(EntryTooLong));
        assert!(tiles_in_memory([&long[1..]]).is_ok());
    }
}
