//! What the tests of several capabilities begin with: a small agency of a harbour, and people who act in it.

use crate::actor::{Actor, Channel, Place};
use crate::decision::RuleRef;
use crate::id::{AgencyId, AssignmentId, PersonId, UnitId};
use crate::regulation::Pack;
use alloc::format;
use alloc::vec::Vec;

/// The text of a small rule: its head, its organisation and the role that reads data, then what is given.
macro_rules! harbour {
    ($rest:literal) => {
        concat!(
            r#"schema = 1

[pack]
id = "harbour"
version = "1"
title = "港務資料使用要點"
title_en = "Directions on harbour data"
short_title = "港務要點"
short_title_en = "Harbour directions"
issuer = "港務局"
issuer_en = "Harbour Bureau"
effective_from = 2024-01-01

[[organisation]]
id = "bureau"
word = "港務局"
word_en = "Harbour Bureau"

[[role]]
id = "reader"
word = "調閱員"
word_en = "reader"
capacities = ["ask"]
"#,
            $rest
        )
    };
}
pub(crate) use harbour;

/// The rule as entries name it.
pub fn reference() -> RuleRef {
    RuleRef { name: "harbour@1".into(), digest: "ab".repeat(32) }
}

/// Somebody who acts under a role of the rule, in a unit of the agency.
pub fn actor(pack: &Pack, person: &str, unit: &str, role: &str) -> Actor {
    Actor {
        person: PersonId::new(person),
        assignment: AssignmentId::new(format!("{person}-{role}")),
        unit: UnitId::new(unit),
        agency: AgencyId::new("harbour"),
        organisation: "bureau".into(),
        role: role.into(),
        held_roles: Vec::new(),
        capacities: pack.capacities(role).to_vec(),
        place: Place::Elsewhere,
        channel: Channel::Page,
    }
}
