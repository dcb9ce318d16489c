//! Tiles and entry bundles as C2SP `tlog-tiles` has them: which exist for a size, how they are named, what
//! they hold.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::hash::{HASH_BYTES, Hash};
use crate::leaf::MAX_LEAF_BYTES;

/// Levels of the binary tree that one tile covers.
pub const TILE_HEIGHT: u8 = 8;
/// Hashes in a full tile, and entries in a full bundle.
pub const TILE_WIDTH: u64 = 256;
/// The highest tile level that a path may name (C2SP `tlog-tiles`).
const MAX_LEVEL: u8 = 63;

/// What a file of the `tile/` folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Entry bundles: `tile/entries/…`.
    Entries,
    /// Hashes of that tile level: `tile/<level>/…`.
    Hashes(u8),
}

impl Kind {
    /// The tile level that this kind is aligned with: bundles lie beside level 0.
    #[must_use]
    pub fn level(self) -> u8 {
        match self {
            Self::Entries => 0,
            Self::Hashes(level) => level,
        }
    }
}

/// The name of one tile or bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TilePath {
    /// Entries, or hashes of a level.
    pub kind: Kind,
    /// Position among the tiles of its level, from 0.
    pub index: u64,
    /// How many entries or hashes it holds: 256 if full, 1 to 255 if partial.
    pub width: u16,
}

impl TilePath {
    /// The tile or bundle of that index in a log of `size` entries, or nothing if it would be empty.
    #[must_use]
    pub fn at(kind: Kind, index: u64, size: u64) -> Option<Self> {
        let in_level = hashes_in_level(kind.level(), size);
        let before = index.checked_mul(TILE_WIDTH)?;
        let width = in_level.checked_sub(before)?.min(TILE_WIDTH);
        let width = u16::try_from(width).ok().filter(|width| *width > 0)?;
        Some(Self { kind, index, width })
    }

    /// Whether the tile holds all 256.
    #[must_use]
    pub fn is_full(&self) -> bool {
        u64::from(self.width) == TILE_WIDTH
    }

    /// Index, within its level, of the first hash or entry held.
    #[must_use]
    pub fn first(&self) -> u64 {
        self.index * TILE_WIDTH
    }

    /// The path below the log's prefix, such as `tile/0/x001/x234/067` or `tile/entries/000.p/7`.
    #[must_use]
    pub fn path(&self) -> String {
        let kind = match self.kind {
            Kind::Entries => String::from("entries"),
            Kind::Hashes(level) => format!("{level}"),
        };
        let mut number = format!("{:03}", self.index % 1000);
        let mut rest = self.index / 1000;
        while rest > 0 {
            number = format!("x{:03}/{number}", rest % 1000);
            rest /= 1000;
        }
        if self.is_full() {
            format!("tile/{kind}/{number}")
        } else {
            format!("tile/{kind}/{number}.p/{}", self.width)
        }
    }

    /// Reads a path. Every tile has exactly one, so what [`TilePath::path`] would not write is refused.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let kind = match kind {
            "entries" => Kind::Entries,
            level => Kind::Hashes(level.parse().ok().filter(|level| *level <= MAX_LEVEL)?),
        };
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (number, width.parse().ok()?),
            None => (rest, 256),
        };
        let mut index = 0_u64;
        for group in number.split('/') {
            let digits = group.strip_prefix('x').unwrap_or(group);
            index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
        }
        // Indices whose first hash is beyond 2^64 − 1 leaves cannot be.
        index.checked_mul(TILE_WIDTH)?;
        let parsed = Self { kind, index, width };
        ((1..=256).contains(&width) && parsed.path() == path).then_some(parsed)
    }
}

/// How many hashes tile level `level` has in a log of `size` entries: `floor(size / 256^level)`.
#[must_use]
pub fn hashes_in_level(level: u8, size: u64) -> u64 {
    size.checked_shr(u32::from(level) * u32::from(TILE_HEIGHT)).unwrap_or(0)
}

/// How many tiles, full and partial, a level has in a log of `size` entries.
#[must_use]
pub fn tiles_in_level(level: u8, size: u64) -> u64 {
    hashes_in_level(level, size).div_ceil(TILE_WIDTH)
}

/// How many hash tile levels a log of `size` entries has.
#[must_use]
pub fn levels(size: u64) -> u8 {
    let mut level = 0;
    while hashes_in_level(level, size) > 0 {
        level += 1;
    }
    level
}

/// Every tile and bundle of a log of `size` entries: the bundles first, then the hash tiles level by level.
pub fn tiles(size: u64) -> impl Iterator<Item = TilePath> {
    let kinds = core::iter::once(Kind::Entries).chain((0..levels(size)).map(Kind::Hashes));
    kinds
        .flat_map(move |kind| (0..tiles_in_level(kind.level(), size)).map(move |index| (kind, index)))
        .filter_map(move |(kind, index)| TilePath::at(kind, index, size))
}

/// The content of a tile: its hashes one after another.
#[must_use]
pub fn tile_bytes(hashes: &[Hash]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(hashes.len() * HASH_BYTES);
    for hash in hashes {
        bytes.extend_from_slice(&hash.0);
    }
    bytes
}

/// The hashes of a tile of the given width, or nothing if the length is another.
#[must_use]
pub fn parse_tile(bytes: &[u8], width: u16) -> Option<Vec<Hash>> {
    if bytes.len() != usize::from(width) * HASH_BYTES {
        return None;
    }
    bytes.chunks_exact(HASH_BYTES).map(Hash::from_slice).collect()
}

/// An entry of more than 65,535 bytes, which no bundle can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryTooLong;

impl fmt::Display for EntryTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an entry holds at most {MAX_LEAF_BYTES} bytes")
    }
}

impl core::error::Error for EntryTooLong {}

/// Appends one entry to a bundle: its length in two bytes, big-endian, then its bytes.
///
/// # Errors
/// If the entry is too long; the bundle is then as it was.
pub fn append_entry(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), EntryTooLong> {
    let length = u16::try_from(entry.len()).map_err(|_| EntryTooLong)?;
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
    Ok(())
}

/// Reads a bundle entry by entry. An item is an error where the bytes end inside an entry, and the last.
#[derive(Debug, Clone)]
pub struct BundleEntries<'a> {
    rest: &'a [u8],
}

/// The entries of a bundle in order.
#[must_use]
pub fn bundle_entries(bundle: &[u8]) -> BundleEntries<'_> {
    BundleEntries { rest: bundle }
}

/// A bundle ends in the middle of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CutBundle;

impl<'a> Iterator for BundleEntries<'a> {
    type Item = Result<&'a [u8], CutBundle>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let split = self
            .rest
            .split_first_chunk::<2>()
            .and_then(|(length, rest)| rest.split_at_checked(usize::from(u16::from_be_bytes(*length))));
        let Some((entry, rest)) = split else {
            self.rest = &[];
            return Some(Err(CutBundle));
        };
        self.rest = rest;
        Some(Ok(entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        let path = |kind, index, width| TilePath { kind, index, width }.path();
        assert_eq!(path(Kind::Hashes(0), 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(path(Kind::Hashes(1), 0, 17), "tile/1/000.p/17");
        assert_eq!(path(Kind::Entries, 273, 112), "tile/entries/273.p/112");
        assert_eq!(path(Kind::Entries, 1000, 256), "tile/entries/x001/000");
    }

    #[test]
    fn other_spellings_are_refused() {
        for path in [
            "tile/0/0",
            "tile/00/000",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/x000/001",
            "tile/0/1000",
            "tile/64/000",
            "tile/-1/000",
            "tile/0/000/",
            "tile/0/x001",
            "tile/0/001/x000",
            "tile/0",
            "/tile/0/000",
            "tile/0/+01",
            "tile/entries/",
            "tile/Entries/000",
            "tile/0/000.p/+5",
            "tile/0//000",
            "tile/0/x072/x057/x594/x037/x927/936",
        ] {
            assert_eq!(TilePath::parse(path), None, "{path}");
        }
    }

    #[test]
    fn a_log_of_seventy_thousand_has_the_tiles_of_the_specification() {
        let all: Vec<_> = tiles(70_000).collect();
        let of = |kind| all.iter().filter(move |tile| tile.kind == kind);
        assert_eq!(of(Kind::Entries).count(), 274);
        assert_eq!(of(Kind::Hashes(0)).filter(|tile| tile.is_full()).count(), 273);
        assert_eq!(of(Kind::Hashes(0)).next_back().map(|tile| tile.width), Some(112));
        assert_eq!(of(Kind::Hashes(1)).map(|tile| tile.width).collect::<Vec<_>>(), [256, 17]);
        assert_eq!(of(Kind::Hashes(2)).map(|tile| tile.width).collect::<Vec<_>>(), [1]);
        assert_eq!(all.len(), 274 + 274 + 2 + 1);
        assert_eq!(tiles(0).count(), 0);
        assert_eq!(levels(u64::MAX), 8);
    }

    #[test]
    fn bundles_give_back_their_entries() {
        let entries: [&[u8]; 3] = [b"one", b"", &[7; 65_535]];
        let mut bundle = Vec::new();
        for entry in entries {
            append_entry(&mut bundle, entry).unwrap();
        }
        assert_eq!(bundle_entries(&bundle).collect::<Result<Vec<_>, _>>().unwrap(), entries);
        assert_eq!(append_entry(&mut bundle, &[0; 65_536]), Err(EntryTooLong));
        bundle.pop();
        let read: Vec<_> = bundle_entries(&bundle).collect();
        assert_eq!(read, [Ok(&b"one"[..]), Ok(&b""[..]), Err(CutBundle)]);
    }

    #[test]
    fn tiles_of_another_length_are_refused() {
        let hashes = [crate::hash::leaf_hash(b"a"), crate::hash::leaf_hash(b"b")];
        let bytes = tile_bytes(&hashes);
        assert_eq!(parse_tile(&bytes, 2).as_deref(), Some(&hashes[..]));
        assert_eq!(parse_tile(&bytes, 1), None);
        assert_eq!(parse_tile(&bytes[1..], 2), None);
    }

    proptest! {
        #[test]
        fn every_path_reads_back(
            level in 0_u8..=63,
            index in 0_u64..1 << 55,
            width in 1_u16..=256,
            entries: bool,
        ) {
            let kind = if entries { Kind::Entries } else { Kind::Hashes(level) };
            let tile = TilePath { kind, index, width };
            prop_assert_eq!(TilePath::parse(&tile.path()), Some(tile));
        }
    }
}
