//! When a hash and what lies below it differ: which of the two was changed.

use alloc::vec::Vec;

use super::VerifyError;
use super::edge::Edge;
use super::walk::Walk;
use crate::export::Files;
use crate::hash::Hash;
use crate::report::Position;
use crate::tile::{Kind, TILE_WIDTH, TilePath, parse_tile};
use crate::tree::root_of;

impl<F: Files> Walk<'_, F> {
    /// Compares computed with claimed hashes, reports what differs, and decides which side is right.
    pub(super) fn settle(
        &mut self,
        tile: &TilePath,
        computed: &[Option<Hash>],
        claimed: &[Hash],
    ) -> Result<Vec<Option<Hash>>, VerifyError<F::Error>> {
        let differs = |at: &usize| computed[*at].is_some_and(|hash| hash != claimed[*at]);
        let wrong: Vec<usize> = (0..claimed.len()).filter(differs).collect();
        let all_claimed = || claimed.iter().copied().map(Some).collect();
        let Some(first) = wrong.first() else { return Ok(all_claimed()) };
        let vouched = self.is_vouched_for(tile, claimed)?;
        let position = Some(Position::Hash(*first as u64));
        match vouched {
            Some(true) => {
                for at in &wrong {
                    self.blame_below(tile, *at);
                }
                return Ok(all_claimed());
            }
            Some(false) => self.report.found(
                &tile.path(),
                position,
                "This hash fits neither what lies below it nor what is recorded above it: it was changed.",
            ),
            None => self.report.found(
                &tile.path(),
                position,
                "This hash and what lies below it differ, and too much is missing to tell which was changed.",
            ),
        }
        Ok(computed.iter().zip(claimed).map(|(computed, claimed)| computed.or(Some(*claimed))).collect())
    }

    /// Reports that what lies below a tile that is right is wrong.
    fn blame_below(&mut self, tile: &TilePath, at: usize) {
        let index = tile.first() + at as u64;
        let Kind::Hashes(level @ 1..) = tile.kind else {
            let Some(bundle) = TilePath::at(Kind::Entries, tile.index, self.checkpoint.size) else { return };
            let sentence = "This entry is not the one that the log recorded: it was changed.";
            self.report.found(&bundle.path(), Some(Position::Entry(index)), sentence);
            return;
        };
        let Some(below) = TilePath::at(Kind::Hashes(level - 1), index, self.checkpoint.size) else { return };
        let sentence = "This tile, with all that lies below it, is not the one that the log recorded.";
        self.report.found(&below.path(), None, sentence);
    }

    /// Whether a tile's hashes are what the signed root stands for, as far as the files next above can tell.
    fn is_vouched_for(
        &mut self,
        tile: &TilePath,
        claimed: &[Hash],
    ) -> Result<Option<bool>, VerifyError<F::Error>> {
        let size = self.checkpoint.size;
        if !tile.is_full() {
            return Ok(self.edge_root_of_files()?.map(|root| root == self.checkpoint.root));
        }
        let (above, within) = (tile.index / TILE_WIDTH, tile.index % TILE_WIDTH);
        let Some(parent) = TilePath::at(Kind::Hashes(tile.kind.level() + 1), above, size) else {
            return Ok(None);
        };
        let recorded = self.hashes_of_file(&parent)?.and_then(|hashes| hashes.get(within as usize).copied());
        Ok(recorded.map(|recorded| recorded == root_of(claimed)))
    }

    /// The root that the files at the right edge stand for, whatever lies below them.
    fn edge_root_of_files(&self) -> Result<Option<Hash>, VerifyError<F::Error>> {
        let mut edge = Edge::of(self.checkpoint.size);
        for level in 0..crate::tile::levels(self.checkpoint.size) {
            let Some(tile) = edge.wanted(level) else { continue };
            let Some(hashes) = self.hashes_of_file(&tile)? else { return Ok(None) };
            let hashes: Vec<_> = hashes.into_iter().map(Some).collect();
            edge.offer(level, tile.index, &hashes);
        }
        Ok(edge.root())
    }

    /// Reads a hash tile out of turn, without counting it again.
    fn hashes_of_file(&self, tile: &TilePath) -> Result<Option<Vec<Hash>>, VerifyError<F::Error>> {
        let mut bytes = Vec::new();
        let is_there = self.files.read(&tile.path(), &mut bytes).map_err(VerifyError::Read)?;
        Ok(is_there.then(|| parse_tile(&bytes, tile.width)).flatten())
    }
}
