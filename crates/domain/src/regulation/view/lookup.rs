//! The heart: how one lookup is asked, written down and countersigned.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::kinds::Kind;
use super::super::kinds::vocabulary::{
    Capacity, Consequence, ReasonMode, ReasonPart, Substitute, Target, TargetAction, Timing,
};
use super::super::pack::Pack;
use super::super::shared::{Deadline, Schedule, Who, word};
use super::super::when::Situation;
use super::Ruled;

/// The sheet that records a lookup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordSheet {
    /// The id of its form.
    pub form: String,
    /// Whether it comes before or after the data.
    pub timing: Timing,
    /// Who fills it in; whoever asks where unset.
    pub by: Option<Who>,
    /// What may stand in its place.
    pub substitute: Option<Substitute>,
    /// By when it is filled in.
    pub deadline: Option<Deadline>,
}

/// What a lookup must state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The parts.
    pub require: Vec<ReasonPart>,
    /// Whether one is enough.
    pub mode: ReasonMode,
    /// Reasons that say nothing.
    pub vague: Vec<String>,
    /// The shortest reason, in characters.
    pub min_length: Option<u32>,
    /// The longest reason, in characters.
    pub max_length: Option<u32>,
}

/// The stamp on a lookup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Countersign {
    /// When it is given.
    pub timing: Timing,
    /// Who gives it.
    pub by: Who,
    /// The roles of the pack whose holders that can be.
    pub roles: Vec<String>,
    /// By when.
    pub deadline: Option<Deadline>,
    /// How often sheets are stamped together.
    pub batch: Option<Schedule>,
    /// How long a stamp before the lookup lets it run; unset where the rule is silent.
    pub valid_hours: Option<u32>,
    /// How many lookups one stamp before carries.
    pub uses: u32,
    /// What follows when the deadline has passed.
    pub consequence: Option<Consequence>,
    /// What may stand in its place.
    pub substitute: Option<Substitute>,
    /// Each sheet must be opened before it is stamped.
    pub open_each: bool,
}

/// What happens to lookups of people close to the one who asks, or protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SensitiveTarget {
    /// How they stand to the one who asks.
    pub relations: Vec<Target>,
    /// What happens.
    pub action: TargetAction,
    /// Up to which degree blood relatives count.
    pub blood_degree: Option<u8>,
    /// Up to which degree relatives by marriage count.
    pub in_law_degree: Option<u8>,
    /// Who is told.
    pub report_to: Vec<Who>,
}

/// Lookups for people without an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// Who looks up for them.
    pub by: Who,
    /// Who may ask; anyone where unset.
    pub for_whom: Option<Who>,
    /// The id of the slip's form.
    pub form: Option<String>,
    /// Who approves the slip first.
    pub approval: Option<Who>,
    /// Whether the requester signs for the answer.
    pub receipt: bool,
}

/// How many lookups are too many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// How many.
    pub at_most: u32,
    /// In which span: `hour`, `day`, `week`, `month`.
    pub per: String,
    /// What follows beyond it.
    pub over: Consequence,
    /// Counted for one subject over all who ask.
    pub same_subject: bool,
}

impl Countersign {
    /// The first role that may stamp; empty where no role of the pack may.
    pub fn by_role(&self) -> &str {
        self.roles.first().map_or("", String::as_str)
    }

    /// Whether the rule says by when it is given.
    pub fn is_due(&self) -> bool {
        self.deadline.is_some() || self.batch.is_some()
    }

    /// Whether a holder of this role may stamp.
    pub fn is_by(&self, role: &str) -> bool {
        self.roles.iter().any(|own| own == role)
    }
}

impl SensitiveTarget {
    /// Whether such lookups are refused.
    pub fn refuses(&self) -> bool {
        self.action == TargetAction::Refuse
    }
}

impl Reason {
    /// Whether all parts are needed.
    pub fn all(&self) -> bool {
        self.mode == ReasonMode::All
    }
}

impl Pack {
    /// The sheet that a lookup needs in a situation.
    pub fn record_sheet(&self, situation: &Situation<'_>) -> Option<Ruled<RecordSheet>> {
        let ruled = self.first(Kind::RecordSheet, situation)?;
        let p = &ruled.value;
        let timing = word(p, "timing", Timing::named)?;
        Some(ruled.with(RecordSheet {
            form: p.string("form"),
            timing,
            by: p.who("by").cloned(),
            substitute: word(p, "substitute", Substitute::named),
            deadline: p.deadline("deadline").cloned(),
        }))
    }

    /// What a lookup must state in a situation.
    pub fn reason(&self, situation: &Situation<'_>) -> Option<Ruled<Reason>> {
        let ruled = self.first(Kind::Reason, situation)?;
        let p = &ruled.value;
        Some(ruled.with(Reason {
            require: p.texts("require").iter().filter_map(|word| ReasonPart::named(word)).collect(),
            mode: word(p, "mode", ReasonMode::named).unwrap_or(ReasonMode::All),
            vague: p.texts("vague"),
            min_length: p.number("min_length"),
            max_length: p.number("max_length"),
        }))
    }

    /// The stamp that a lookup needs in a situation.
    pub fn countersign(&self, situation: &Situation<'_>) -> Option<Ruled<Countersign>> {
        let ruled = self.first(Kind::Countersign, situation)?;
        let p = &ruled.value;
        let (timing, by) = (word(p, "timing", Timing::named)?, p.who("by")?.clone());
        Some(ruled.with(Countersign {
            timing,
            roles: self.roles_meant(&by, Capacity::Stamp),
            by,
            deadline: p.deadline("deadline").cloned(),
            batch: p.schedule("batch").cloned(),
            valid_hours: p.number("valid_hours"),
            uses: p.number("uses").unwrap_or(1),
            consequence: word(p, "consequence", Consequence::named),
            substitute: word(p, "substitute", Substitute::named),
            open_each: p.flag("open_each").unwrap_or(false),
        }))
    }

    /// Every rule on sensitive people that applies, the most special first.
    pub fn sensitive_targets(&self, situation: &Situation<'_>) -> Vec<Ruled<SensitiveTarget>> {
        let all = self.ruled(Kind::SensitiveTarget, situation).into_iter();
        all.filter_map(|ruled| {
            let p = &ruled.value;
            let action = word(p, "action", TargetAction::named)?;
            Some(ruled.with(SensitiveTarget {
                relations: p.texts("relations").iter().filter_map(|word| Target::named(word)).collect(),
                action,
                blood_degree: p.number("blood_degree"),
                in_law_degree: p.number("in_law_degree"),
                report_to: p.people("report_to"),
            }))
        })
        .collect()
    }

    /// Every rule on lookups for others that applies.
    pub fn proxies(&self, situation: &Situation<'_>) -> Vec<Ruled<Proxy>> {
        let all = self.ruled(Kind::Proxy, situation).into_iter();
        all.filter_map(|ruled| {
            let p = &ruled.value;
            let by = p.who("by")?.clone();
            Some(ruled.with(Proxy {
                by,
                for_whom: p.who("for_whom").cloned(),
                form: p.text("form").map(String::from),
                approval: p.who("approval").cloned(),
                receipt: p.flag("receipt").unwrap_or(false),
            }))
        })
        .collect()
    }

    /// Every limit on the number of lookups that applies.
    pub fn volumes(&self, situation: &Situation<'_>) -> Vec<Ruled<Volume>> {
        let all = self.ruled(Kind::Volume, situation).into_iter();
        all.filter_map(|ruled| {
            let p = &ruled.value;
            let (at_most, over) = (p.number("at_most")?, word(p, "over", Consequence::named)?);
            let same_subject = p.flag("same_subject").unwrap_or(false);
            Some(ruled.with(Volume { at_most, per: p.string("per"), over, same_subject }))
        })
        .collect()
    }
}
