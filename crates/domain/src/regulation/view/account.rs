//! Who may sign in, how, and until when. What is `None` the rule does not set.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::account::enrolment::Method;

use super::super::kinds::Kind;
use super::super::kinds::vocabulary::{Consequence, Factor, Force, Unlock};
use super::super::pack::Pack;
use super::super::shared::{Deadline, Who, word};
use super::super::when::Situation;
use super::Ruled;

/// What failed sign-ins bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lockout {
    /// How many in a row lock the account.
    pub tries: Option<u32>,
    /// For how long.
    pub minutes: Option<u32>,
    /// What opens it again.
    pub unlock: Option<Unlock>,
    /// Who opens it after an application.
    pub unlock_by: Option<Who>,
}

/// How often a password is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// The period; unset where the rule only says regularly.
    pub months: Option<u32>,
    /// Whether the system enforces it.
    pub force: Force,
    /// What follows when it is not done.
    pub consequence: Option<Consequence>,
}

/// What a password must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordRule {
    /// The shortest one, in characters.
    pub min_length: Option<usize>,
    /// How many of capitals, small letters, digits and signs it mixes.
    pub classes: Option<usize>,
    /// How many earlier ones cannot return.
    pub history: Option<usize>,
    /// How often it is changed.
    pub rotation: Option<Rotation>,
    /// It is changed at the first sign-in.
    pub first_login: bool,
    /// It is changed when somebody else may know it.
    pub on_suspicion: bool,
    /// How long it stands at least.
    pub min_age_days: Option<u32>,
}

/// What is shown at sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factors {
    /// The factors in order.
    pub factors: Vec<Factor>,
    /// By when a loss is reported.
    pub lost: Option<Deadline>,
    /// To whom.
    pub lost_to: Option<Who>,
}

/// When a session ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRule {
    /// After so long without an act.
    pub idle_minutes: Option<u32>,
    /// After so long in any case.
    pub absolute_hours: Option<u32>,
    /// How long before that the person is warned.
    pub warn_minutes: Option<u32>,
}

/// How account and password reach their owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialDelivery {
    /// The methods that may be used.
    pub methods: Vec<Method>,
    /// Whether name and secret go by different ways.
    pub apart: bool,
    /// How many hours the link or slip works.
    pub valid_hours: Option<u32>,
    /// Whether nobody but its owner may be given a slip.
    pub own_hand: bool,
}

/// That an account is one person's alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSharing {
    /// How many sessions one account may hold at once.
    pub sessions: Option<u32>,
    /// What is told or lent to nobody, as the rule's own codes.
    pub secrets: Vec<String>,
}

/// Who may suspend without an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExOfficio {
    /// Who.
    pub by: Who,
    /// Whether a reason must be written down.
    pub reason: bool,
}

impl Pack {
    /// Who may suspend without an application.
    pub fn ex_officio(&self, situation: &Situation<'_>) -> Option<Ruled<ExOfficio>> {
        let ruled = self.first(Kind::ExOfficio, situation)?;
        let by = ruled.value.who("by")?.clone();
        let reason = ruled.value.flag("reason").unwrap_or(false);
        Some(ruled.with(ExOfficio { by, reason }))
    }

    /// What failed sign-ins bring.
    pub fn lockout(&self) -> Option<Ruled<Lockout>> {
        let ruled = self.first(Kind::Lockout, &Situation::default())?;
        let p = &ruled.value;
        Some(ruled.with(Lockout {
            tries: p.number("tries"),
            minutes: p.number("minutes"),
            unlock: word(p, "unlock", Unlock::named),
            unlock_by: p.who("unlock_by").cloned(),
        }))
    }

    /// What a password must be.
    pub fn password(&self) -> Option<Ruled<PasswordRule>> {
        let ruled = self.first(Kind::Password, &Situation::default())?;
        let p = &ruled.value;
        let rotation = p.table("rotation").and_then(|r| {
            let force = word(r, "force", Force::named)?;
            Some(Rotation {
                months: r.number("months"),
                force,
                consequence: word(r, "consequence", Consequence::named),
            })
        });
        Some(ruled.with(PasswordRule {
            min_length: p.number("min_length"),
            classes: p.number("classes"),
            history: p.number("history"),
            rotation,
            first_login: p.flag("first_login").unwrap_or(false),
            on_suspicion: p.flag("on_suspicion").unwrap_or(false),
            min_age_days: p.number("min_age_days"),
        }))
    }

    /// How account and password reach their owner.
    pub fn credential_delivery(&self) -> Option<Ruled<CredentialDelivery>> {
        let ruled = self.first(Kind::CredentialDelivery, &Situation::default())?;
        let p = &ruled.value;
        Some(ruled.with(CredentialDelivery {
            methods: p.texts("methods").iter().filter_map(|word| Method::from_word(word)).collect(),
            apart: p.flag("apart").unwrap_or(false),
            valid_hours: p.number("valid_hours"),
            own_hand: p.flag("own_hand").unwrap_or(false),
        }))
    }

    /// That an account is one person's alone.
    pub fn no_sharing(&self) -> Option<Ruled<NoSharing>> {
        let ruled = self.first(Kind::NoSharing, &Situation::default())?;
        let p = &ruled.value;
        let secrets = p.texts("secrets").iter().map(ToString::to_string).collect();
        Some(ruled.with(NoSharing { sessions: p.number("sessions"), secrets }))
    }

    /// What is shown at sign-in.
    pub fn factors(&self) -> Option<Ruled<Factors>> {
        let ruled = self.first(Kind::Factors, &Situation::default())?;
        let p = &ruled.value;
        Some(ruled.with(Factors {
            factors: p.texts("factors").iter().filter_map(|word| Factor::named(word)).collect(),
            lost: p.deadline("lost").cloned(),
            lost_to: p.who("lost_to").cloned(),
        }))
    }

    /// When a session ends.
    pub fn session(&self) -> Option<Ruled<SessionRule>> {
        let ruled = self.first(Kind::Session, &Situation::default())?;
        let p = &ruled.value;
        Some(ruled.with(SessionRule {
            idle_minutes: p.number("idle_minutes"),
            absolute_hours: p.number("absolute_hours"),
            warn_minutes: p.number("warn_minutes"),
        }))
    }
}
