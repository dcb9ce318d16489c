//! Which files are there, and which of them do not belong.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::export::{CHECKPOINT_FILE, VKEY_FILE};
use crate::report::Report;
use crate::tile::{Kind, TilePath};

/// The tiles and bundles that are there: for each, the widths in which it lies there.
#[derive(Debug, Default)]
pub(super) struct Inventory {
    widths: BTreeMap<(Kind, u64), Vec<u16>>,
}

impl Inventory {
    /// Sorts the listed files of a log of that size, and reports those that do not belong to it.
    pub(super) fn take(listed: Vec<String>, size: u64, report: &mut Report) -> Self {
        let mut inventory = Self::default();
        for path in listed {
            if path == VKEY_FILE || path == CHECKPOINT_FILE {
                continue;
            }
            match TilePath::parse(&path).filter(|tile| belongs(tile, size)) {
                Some(tile) => inventory.widths.entry((tile.kind, tile.index)).or_default().push(tile.width),
                None => report.found(&path, None, "This file does not belong to the log."),
            }
        }
        inventory
    }

    /// Narrower versions of a tile, left from when the log was smaller; they must agree with the tile.
    pub(super) fn earlier(&self, tile: &TilePath) -> Vec<TilePath> {
        let widths = self.widths.get(&(tile.kind, tile.index)).map_or(&[][..], Vec::as_slice);
        let earlier = widths.iter().filter(|width| **width < tile.width);
        earlier.map(|width| TilePath { width: *width, ..*tile }).collect()
    }
}

/// Whether a log of that size has, or once had, this tile.
fn belongs(tile: &TilePath, size: u64) -> bool {
    TilePath::at(tile.kind, tile.index, size).is_some_and(|now| tile.width <= now.width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_of_the_size_and_earlier_ones_belong_and_nothing_else() {
        let belonging =
            ["vkey", "checkpoint", "tile/0/000", "tile/0/000.p/9", "tile/0/001.p/44", "tile/1/000.p/1"];
        let stray = [
            "tile/0/001.p/45",
            "tile/0/001",
            "tile/1/000.p/2",
            "tile/2/000.p/1",
            "tile/0/002",
            "notes.txt",
            "vkey2",
            "tile/0/0",
            "tile/entries/002.p/1",
        ];
        let mut report = Report::default();
        let listed = belonging.iter().chain(&stray).map(|path| String::from(*path)).collect();
        let inventory = Inventory::take(listed, 300, &mut report);
        let found: Vec<&str> = report.findings.iter().map(|finding| finding.place.file.as_str()).collect();
        assert_eq!(found, stray);
        let full = TilePath { kind: Kind::Hashes(0), index: 0, width: 256 };
        assert_eq!(inventory.earlier(&full), [TilePath { width: 9, ..full }]);
        assert_eq!(inventory.earlier(&TilePath { index: 1, width: 44, ..full }), []);
    }
}
