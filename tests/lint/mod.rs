//! Checks on what people read, whether it stands in a locale file or on a page: words and masks.

pub mod glossary;
pub mod mask;
