//! How an answer may be seen, printed and copied.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::kinds::Kind;
use super::super::kinds::vocabulary::MaskAt;
use super::super::pack::Pack;
use super::super::shared::{Deadline, Who};
use super::super::when::Situation;
use super::Ruled;

/// How long an answer can be seen. What is `None` the rule does not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    /// How long it stays on the screen.
    pub visible_seconds: Option<u32>,
    /// How long before the end the person is warned.
    pub warn_seconds: Option<u32>,
    /// How often it can be prolonged.
    pub extensions: Option<u32>,
    /// How long it can be seen again without asking the provider.
    pub review_minutes: Option<u32>,
    /// Hidden as soon as the page loses the focus.
    pub hide_when_away: bool,
}

/// How much of values is shown at some place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masking {
    /// Leading characters of a name that stay; the whole name where unset.
    pub name_keep: Option<usize>,
    /// Leading characters of a number that stay.
    pub id_keep: Option<usize>,
    /// How much of an address stays: `none`, `county`, `town`, `village`, `road`, `all`.
    pub address_keep: Option<String>,
    /// How much of a date stays: `none`, `year`, `month`, `day`.
    pub date_keep: Option<String>,
    /// Whether the rest can be opened, with an entry.
    pub reveal: bool,
}

/// Whether and how an answer is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintRule {
    /// Whether it may be printed; unset where the rule is silent.
    pub allowed: Option<bool>,
    /// Every page carries who, when and the record code.
    pub watermark: bool,
    /// The person confirms that the print went into the case file.
    pub case_file: bool,
    /// By when they confirm.
    pub confirm_within: Option<Deadline>,
    /// Who looks at it first.
    pub reviewed_by: Option<Who>,
    /// The print says that it serves no other use.
    pub no_other_use: bool,
}

/// Who must approve a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyPermit {
    /// Who approves.
    pub by: Who,
    /// The id of the application's form.
    pub form: Option<String>,
    /// How long the permit stands.
    pub valid_days: Option<u32>,
    /// Whose copies need it; everyone's where empty.
    pub whom: Vec<Who>,
}

impl Pack {
    /// How long an answer can be seen in a situation.
    pub fn screen(&self, situation: &Situation<'_>) -> Option<Ruled<Screen>> {
        let ruled = self.first(Kind::Screen, situation)?;
        let p = &ruled.value;
        Some(ruled.with(Screen {
            visible_seconds: p.number("visible_seconds"),
            warn_seconds: p.number("warn_seconds"),
            extensions: p.number("extensions"),
            review_minutes: p.number("review_minutes"),
            hide_when_away: p.flag("hide_when_away").unwrap_or(false),
        }))
    }

    /// How much is shown at some place.
    pub fn masking(&self, at: MaskAt, situation: &Situation<'_>) -> Option<Ruled<Masking>> {
        let all = self.ruled(Kind::Masking, situation);
        let ruled = all.into_iter().find(|m| m.value.texts("at").iter().any(|word| word == at.word()))?;
        let p = &ruled.value;
        Some(ruled.with(Masking {
            name_keep: p.number("name_keep"),
            id_keep: p.number("id_keep"),
            address_keep: p.text("address_keep").map(String::from),
            date_keep: p.text("date_keep").map(String::from),
            reveal: p.text("reveal") != Some("never"),
        }))
    }

    /// Whether and how an answer is printed in a situation.
    pub fn print(&self, situation: &Situation<'_>) -> Option<Ruled<PrintRule>> {
        let ruled = self.first(Kind::Print, situation)?;
        let p = &ruled.value;
        let flag = |name: &str| p.flag(name).unwrap_or(false);
        Some(ruled.with(PrintRule {
            allowed: p.flag("allowed"),
            watermark: flag("watermark"),
            case_file: flag("case_file"),
            confirm_within: p.deadline("confirm_within").cloned(),
            reviewed_by: p.who("reviewed_by").cloned(),
            no_other_use: flag("no_other_use"),
        }))
    }

    /// Who must approve a copy in a situation.
    pub fn copy_permit(&self, situation: &Situation<'_>) -> Option<Ruled<CopyPermit>> {
        let ruled = self.first(Kind::CopyPermit, situation)?;
        let p = &ruled.value;
        let by = p.who("by")?.clone();
        let form = p.text("form").map(String::from);
        Some(ruled.with(CopyPermit { by, form, valid_days: p.number("valid_days"), whom: p.people("whom") }))
    }
}
