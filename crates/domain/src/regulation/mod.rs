//! Regulation packs: an agency's directions as data.
//!
//! A pack is read against one table of kinds ([`kinds`]), checked as a whole, and then asked by typed views:
//! what the rule says about a lookup, an account, a record, and by which clause. Code knows kinds; it knows
//! no agency.

mod catalogue;
mod check;
mod describe;
pub mod diff;
mod error;
mod floor;
mod form;
pub mod kinds;
mod load;
mod pack;
mod read;
mod scenario;
pub mod schema;
mod shared;
mod slip;
#[cfg(test)]
mod tests;
mod tree;
mod value;
mod view;
mod when;

pub use catalogue::Catalogue;
pub use error::PackError;
pub use form::{Field, FileType, FilledBy, Form, FormNotice, FormOption, Risk, Signature, Template, Tick};
pub use kinds::vocabulary::{
    Acknowledge, Adapter, Anchor, AnswerShape, ApplicationObject, Capacity, Channel, Consequence, Counting,
    Event, Factor, FieldType, Force, Holiday, Mask, MaskAt, OffSite, Offset, PageKind, ReasonMode,
    ReasonPart, RecordKind, Relation, ScopeOfConsent, Sensitivity, StepAct, SubjectKind, SubjectType,
    Substitute, Target, TargetAction, Timing, Unit, Unlock,
};
pub use kinds::{KINDS, Kind, ParamSpec, Ty};
pub use load::{Source, canonical, load, load_beside, reload};
pub use pack::{
    Adoption, CitedLaw, Clause, ClauseId, Control, Digest, Header, Met, Office, Organisation, Pack, Plan,
    Policy, Role,
};
pub use scenario::{Act, Expect, Given, GivenCase, Scenario, Step};
pub use shared::{Deadline, Every, Schedule, Who};
pub use tree::{Line, Spot};
pub use value::{Params, Share, Value, Words};
pub use view::{
    AccountApplication, ApprovalChain, Business, ChainStep, ChangeNotice, ChannelRule, Consent, ContractRule,
    CopyPermit, Countersign, CredentialDelivery, DataSource, Dataset, Effective, ExOfficio, Factors,
    Handover, IdleLadder, Inventory, Item, ItemField, LegalBasis, LetterRule, LinkRule, Lockout, Masking,
    NetworkZone, NoSharing, Notice, Pair, PasswordRule, PrintRule, Proxy, Purpose, Reason, RecordSheet,
    Recurring, RequestField, Retention, Rotation, Ruled, Screen, SensitiveTarget, Separation, SessionRule,
    StepOutcome, Subject, Term, Tier, Volume, WorkstationRule,
};
pub use when::{Chosen, Situation, When};

/// The keys of the types that controls share: conditions, people, deadlines and schedules.
pub static SHARED: [&[ParamSpec]; 4] = [when::WHEN, shared::WHO, shared::DEADLINE, shared::SCHEDULE];
