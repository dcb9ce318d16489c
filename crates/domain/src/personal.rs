//! Text that belongs to a person and therefore prints nothing.

use alloc::string::String;
use core::fmt;
use serde::{Deserialize, Serialize};
use zeroize::ZeroizeOnDrop;

/// Personal text: a name, a number, a free reason. It has no `Display`, its `Debug` is mute, and
/// the store knows no way to write it except sealed.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ZeroizeOnDrop)]
#[serde(transparent)]
pub struct Personal(String);

impl Personal {
    /// Wraps personal text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the page that may show it or the question that must carry it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn debug_prints_nothing_of_it() {
        assert_eq!(format!("{:?}", Personal::new("A123456789")), "Personal(…)");
    }
}
