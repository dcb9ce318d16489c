//! What people owe by a day: notices of change, lists of handing over, and everything that returns.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::kinds::Kind;
use super::super::kinds::vocabulary::{Anchor, Consequence, Unit};
use super::super::pack::{Control, Pack};
use super::super::shared::{Deadline, Every, Schedule, Who, word};
use super::super::value::Words;
use super::super::when::{Situation, When};
use super::{Ruled, said};

/// Who is told when somebody's standing changes, and by when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeNotice {
    /// Whose change is told.
    pub of: Vec<String>,
    /// Which changes count; all where the rule names none.
    pub causes: Vec<String>,
    /// Who is told.
    pub recipients: Vec<Who>,
    /// By when; unset where the rule is silent.
    pub deadline: Option<Deadline>,
    /// How.
    pub channels: Vec<String>,
}

/// What a list of handing over must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// Whether everything is handed over by a list.
    pub by_list: bool,
    /// For which ends of a post; any where it names none.
    pub causes: Vec<String>,
    /// Whether the account stays open until it is.
    pub blocks_closing: bool,
    /// Who signs after giver and receiver, in order; the supervisor where it names nobody.
    pub signers: Vec<Who>,
}

/// Something that returns, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurring {
    /// The kind of control that wants it.
    pub kind: Kind,
    /// What the rule calls it, where it has a word of its own.
    pub word: Option<Words>,
    /// When.
    pub schedule: Schedule,
    /// Whether it is owed once under each version of the rule, and never again.
    pub once: bool,
    /// Who does it; unset where the rule is silent.
    pub by: Option<Who>,
    /// Whom it is owed by, each of them for themselves; empty where it is done once for all.
    pub each: Vec<Who>,
    /// Hours in one period, where it is measured in hours.
    pub hours: Option<u32>,
    /// Whether a certificate is filed with each entry about it.
    pub evidence: bool,
    /// By when it is done that is owed once, counted from the day on which it is.
    pub within: Option<Deadline>,
    /// What follows when it is late.
    pub consequence: Option<Consequence>,
    /// Whether nobody who owes it looks anything up before it is done under this text.
    pub before_lookup: bool,
    /// For whom it holds of those whom it is owed by; for all where the rule makes no condition.
    pub when: Option<When>,
}

impl Recurring {
    /// Whether it is owed by holders of a role in units that are this in the rule's list of organisations.
    pub fn holds_for(&self, role: &str, organisation: &str) -> bool {
        let situation = Situation { role: Some(role), unit: Some(organisation), ..Situation::default() };
        self.when.as_ref().is_none_or(|when| when.holds(&situation) == Some(true))
    }
}

/// What going through the accounts looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inventory {
    /// The findings.
    pub findings: Vec<String>,
    /// Who does it.
    pub by: Option<Who>,
    /// Who closes it.
    pub sign_off: Option<Who>,
}

/// When an account that nobody uses is suspended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdleLadder {
    /// Unused for so long: suspended.
    pub suspend_after: Option<Deadline>,
    /// Unused for so long: closed.
    pub cancel_after: Option<Deadline>,
    /// How long before either somebody is told.
    pub warn_before: Option<Deadline>,
    /// Whether the system does it; otherwise it is proposed.
    pub forced: bool,
    /// Whether an application on the same form gives back exactly what was suspended.
    pub restores: bool,
}

/// What is asked of contractors' people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractRule {
    /// Whose people they are.
    pub of: Vec<Who>,
    /// Whether they act only under a contract with a term of confidentiality.
    pub confidentiality: bool,
    /// Whether their posts end with the contract.
    pub ends_with_contract: bool,
    /// Who signs contracts for the agency.
    pub signers: Vec<Who>,
}

impl ContractRule {
    /// Whether a contract has to be there at all.
    pub fn asks(&self) -> bool {
        self.confidentiality || self.ends_with_contract
    }
}

/// How many may hold a role, and within what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// The role.
    pub role: String,
    /// So many.
    pub at_most: Option<usize>,
    /// Whether they are counted unit by unit.
    pub per_unit: bool,
    /// The role is there only in a unit with so many who look up; where both are set, either is enough.
    pub unit_users: Option<usize>,
    /// The role is there only in an agency with so many who look up.
    pub agency_users: Option<usize>,
}

/// Kinds that return, with the parameters that hold their schedule, their doer, and those who each owe it.
const RETURNING: [(Kind, &str, Option<&str>, Option<&str>); 9] = [
    (Kind::Inventory, "schedule", Some("by"), None),
    (Kind::LinkReview, "schedule", Some("by"), None),
    (Kind::Housekeeping, "schedule", Some("by"), None),
    (Kind::OfficeDuty, "schedule", Some("who"), None),
    (Kind::Contractor, "review", None, None),
    (Kind::Workstation, "check", None, None),
    (Kind::PeriodicReport, "schedule", Some("by"), None),
    (Kind::Training, "schedule", None, Some("whom")),
    (Kind::Undertaking, "renew", None, Some("whom")),
];

impl Pack {
    /// Notices of change. Those of the floor are owed beside the rule's own: they go to other people.
    pub fn change_notices(&self, situation: &Situation<'_>) -> Vec<Ruled<ChangeNotice>> {
        let own = self.applicable(Kind::ChangeNotice, situation);
        let below = self.floor().map(|floor| floor.applicable(Kind::ChangeNotice, situation));
        own.into_iter().chain(below.unwrap_or_default()).map(notice).collect()
    }

    /// What a list of handing over must have.
    pub fn handover(&self, situation: &Situation<'_>) -> Option<Ruled<Handover>> {
        let ruled = self.first(Kind::Handover, situation)?;
        let flag = |name| ruled.value.flag(name).unwrap_or(false);
        let signers = ruled.value.people("signers");
        let (by_list, blocks_closing) = (flag("by_list"), flag("blocks_closing"));
        let causes = ruled.value.texts("causes").to_vec();
        Some(ruled.with(Handover { by_list, causes, blocks_closing, signers }))
    }

    /// Everything of the rule and its floor that returns by a period.
    pub fn recurring(&self) -> Vec<Ruled<Recurring>> {
        RETURNING.iter().flat_map(|of| self.returning(*of)).collect()
    }

    /// What follows when somebody is late with a duty under this control, where anything does.
    pub fn obligation(&self, control: &str) -> Option<Ruled<Consequence>> {
        self.obligations().into_iter().find(|ruled| ruled.control == control)
    }

    /// What follows when somebody is late: with what returns, or with changing a password.
    fn obligations(&self) -> Vec<Ruled<Consequence>> {
        let recurring = self.recurring().into_iter();
        let recurring = recurring.filter_map(|ruled| ruled.value.consequence.map(|own| ruled.with(own)));
        let password = self.password().and_then(|ruled| {
            let follows = ruled.value.rotation.as_ref()?.consequence?;
            Some(ruled.with(follows))
        });
        recurring.chain(password).collect()
    }

    /// Whether anybody could be barred from looking up because a duty of theirs is late.
    pub fn has_obligations(&self) -> bool {
        self.obligations().iter().any(|ruled| ruled.value.bars())
    }

    fn returning(
        &self,
        (kind, schedule, by, each): (Kind, &str, Option<&str>, Option<&str>),
    ) -> Vec<Ruled<Recurring>> {
        let read = self.ruled_for_anybody(kind).into_iter().filter_map(|(ruled, when)| {
            let p = &ruled.value;
            // An undertaking that is never renewed is signed once, and anew when the rule changes.
            let once = kind == Kind::Undertaking && !p.has(schedule);
            let before_lookup = kind == Kind::Undertaking && p.flag("before_lookup") == Some(true);
            let bars = before_lookup.then_some(Consequence::BlockNewLookups);
            let recurring = Recurring {
                kind,
                word: p.words("word").cloned(),
                schedule: if once { for_ever() } else { p.schedule(schedule)?.clone() },
                once,
                by: by.and_then(|by| p.who(by)).cloned(),
                each: each.map(|each| p.people(each)).unwrap_or_default(),
                hours: p.number("hours"),
                evidence: p.flag("evidence").unwrap_or(false),
                within: p.deadline("within").cloned(),
                consequence: word(p, "consequence", Consequence::named).or(bars),
                before_lookup,
                when,
            };
            Some(ruled.with(recurring))
        });
        read.filter(|ruled| ruled.value.schedule != Schedule::Irregular).collect()
    }

    /// What is asked of contractors' people.
    pub fn contractor(&self) -> Option<Ruled<ContractRule>> {
        let ruled = self.first(Kind::Contractor, &Situation::default())?;
        let p = &ruled.value;
        let flag = |name| p.flag(name).unwrap_or(false);
        Some(ruled.with(ContractRule {
            of: p.people("of"),
            confidentiality: flag("confidentiality"),
            ends_with_contract: flag("ends_with_contract"),
            signers: p.people("signers"),
        }))
    }

    /// What going through the accounts looks for, under the control of that id.
    pub fn inventory(&self) -> Option<Ruled<Inventory>> {
        let ruled = self.first(Kind::Inventory, &Situation::default())?;
        let p = &ruled.value;
        Some(ruled.with(Inventory {
            findings: p.texts("findings"),
            by: p.who("by").cloned(),
            sign_off: p.who("sign_off").cloned(),
        }))
    }

    /// When an account that nobody uses is suspended.
    pub fn idle_ladder(&self) -> Option<Ruled<IdleLadder>> {
        let ruled = self.first(Kind::IdleLadder, &Situation::default())?;
        let p = &ruled.value;
        Some(ruled.with(IdleLadder {
            suspend_after: p.deadline("suspend_after").cloned(),
            cancel_after: p.deadline("cancel_after").cloned(),
            warn_before: p.deadline("warn_before").cloned(),
            forced: p.flag("forced").unwrap_or(false),
            restores: p.text("restore") == Some("same-form"),
        }))
    }

    /// How many may hold a role, where the rule counts them.
    pub fn tier_of(&self, role: &str) -> Option<Ruled<Tier>> {
        let ruled = self.first(Kind::AdminTiers, &Situation::default())?;
        let tier =
            ruled.value.tables("tiers").find(|tier| tier.text("role") == Some(role)).map(|tier| Tier {
                role: role.into(),
                at_most: tier.number("at_most"),
                per_unit: tier.text("per") == Some("unit"),
                unit_users: tier.number("unit_users"),
                agency_users: tier.number("agency_users"),
            });
        tier.map(|tier| ruled.with(tier))
    }
}

/// A period that outlasts everybody.
fn for_ever() -> Schedule {
    let (every, unit, anchor) = (100, Unit::Year, Some(Anchor::Rolling));
    Schedule::Every(Box::new(Every {
        every,
        unit,
        anchor,
        holiday: None,
        month: None,
        day: None,
        weekday: None,
    }))
}

fn notice(control: &Control) -> Ruled<ChangeNotice> {
    let p = &control.params;
    said(
        control,
        ChangeNotice {
            of: p.texts("of"),
            causes: p.texts("causes"),
            recipients: p.people("recipients"),
            deadline: p.deadline("deadline").cloned(),
            channels: p.texts("channels"),
        },
    )
}
