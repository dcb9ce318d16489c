//! The timed result. These views alone hold whole personal data.

use domain::Personal;
use domain::lookup::answer::Ending;
use domain::regulation::Words;
use domain::time::Instant;

/// The timed result. This is the only view that holds whole personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultView {
    /// The record code.
    pub code: String,
    /// How it ended; none while it waits for the stamp that the rule wants first.
    pub ending: Option<Ending>,
    /// The answer, item by item.
    pub items: Vec<ItemView>,
    /// Seconds the answer stays visible; none when the rule sets no time.
    pub visible_seconds: u32,
    /// Seconds before the end when the warning comes.
    pub warn_seconds: u32,
    /// How often the time can be extended.
    pub extensions: u32,
    /// Minutes in which it can be viewed again.
    pub review_minutes: u32,
    /// Freshness notice of the source.
    pub freshness: Words,
    /// Notices of the dataset.
    pub notices: Vec<Words>,
    /// The case number, for the next person of the same case.
    pub case: String,
    /// When it was answered.
    pub at: Instant,
    /// What stands behind the text: unit, name, address, time.
    pub watermark: String,
    /// Whether the rule leaves the visible time to the house.
    pub time_is_policy: bool,
}

/// One item of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemView {
    /// The pack's word for the item.
    pub word: Words,
    /// What the columns are called.
    pub columns: Vec<Words>,
    /// The rows; one for a record.
    pub rows: Vec<Vec<Personal>>,
    /// `record`, `list`, `verdict` or `fact`.
    pub shape: &'static str,
    /// The verdict, for that shape.
    pub verdict: Option<bool>,
    /// As of which day the source says.
    pub as_of: Option<String>,
    /// A doubt about this item, a locale key `doubt-…`.
    pub doubt: Option<String>,
    /// Whether it was asked but did not come.
    pub missing: bool,
}
