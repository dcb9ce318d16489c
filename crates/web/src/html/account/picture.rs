//! The picture from which an authenticator reads its secret: squares in a grid, drawn by the server.

use domain::Personal;
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write;

/// Empty squares around it, without which no camera finds it.
const MARGIN: usize = 4;

/// A picture, as an SVG path over a square of so many units.
pub struct Picture {
    /// The length of a side.
    pub side: usize,
    /// The path of all dark squares.
    pub path: String,
}

impl Picture {
    /// The picture of a text; none if it is too long for one.
    pub fn of(text: &Personal) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text.expose(), EcLevel::M).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (at, colour) in code.into_colors().into_iter().enumerate() {
            if colour == Color::Dark {
                let (x, y) = (at % width + MARGIN, at / width + MARGIN);
                // Writing to a text cannot fail.
                let _ = write!(path, "M{x} {y}h1v1h-1z");
            }
        }
        Some(Self { side: width + 2 * MARGIN, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corner_has_its_mark_and_the_margin_is_empty() {
        let picture = Picture::of(&Personal::new("otpauth://totp/Sluice:chen?secret=ABC")).unwrap();
        assert!(picture.side > 21 + 2 * MARGIN);
        for x in 4..11 {
            assert!(picture.path.contains(&format!("M{x} 4h1v1h-1z")), "the upper edge of the finder");
        }
        assert!(!picture.path.contains("M3 ") && !picture.path.contains(" 3h1"));
        assert!(Picture::of(&Personal::new("x".repeat(4_000))).is_none());
    }
}
