//! What is known when a control is asked for: a condition on anything else is never met, so that the control
//! would stand in the rule and bind nobody. The same goes for events that no deadline is counted from.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::error::{Errors, Place, listed};
use super::super::kinds::Kind;
use super::super::kinds::vocabulary::Event;
use super::super::pack::Control;
use super::super::shared::Deadline;
use super::super::value::Params;
use super::{param, place};

/// What is known of somebody at the screen.
const OF_ACTOR: &[&str] = &["role", "unit", "place"];
/// What is known of a lookup.
const OF_LOOKUP: &[&str] = &["role", "unit", "place", "dataset", "purpose", "basis"];
/// What is known when somebody asks: of the case too.
const OF_ASKING: &[&str] = &["role", "unit", "place", "dataset", "purpose", "basis", "business", "plan"];
/// What is known of a change of post.
const OF_CHANGE: &[&str] = &["role", "unit", "cause"];
/// What is known of an application.
pub(super) const OF_APPLICATION: &[&str] = &["role", "unit", "object"];
/// What is known of an application for an account: that is what people work with at the screen.
const OF_ACCOUNT: &[&str] = &["role", "unit", "object", "channel"];
/// What is known of somebody who owes something for themselves.
const OF_PERSON: &[&str] = &["role", "unit"];
/// What is known of a form that is filled in, beside the application.
pub(super) const OF_FORM: &[&str] = &["action", "answer"];
/// It is asked for once for the whole agency, or for all of its pages.
const NOTHING: &[&str] = &[];

pub(super) fn check(control: &Control, errors: &mut Errors) {
    conditions(control, errors);
    deadlines(control, errors);
}

/// The facts that are known when a control is asked for; none where nobody asks for it yet.
fn facts(control: &Control) -> Option<&'static [&'static str]> {
    Some(match control.kind {
        Kind::Consent | Kind::Screen | Kind::ExOfficio | Kind::Workstation => OF_ACTOR,
        Kind::NetworkZone | Kind::RecordSheet | Kind::Countersign => OF_LOOKUP,
        Kind::Reason | Kind::SensitiveTarget => OF_ASKING,
        Kind::ChangeNotice => OF_CHANGE,
        Kind::AccountApplication => OF_ACCOUNT,
        // Without a form nobody applies for it: it is only told.
        Kind::ApprovalChain if control.params.has("form") => OF_APPLICATION,
        Kind::Training | Kind::Undertaking => OF_PERSON,
        Kind::Source | Kind::Dataset | Kind::LegalBases | Kind::PermittedUses | Kind::BusinessScope => {
            NOTHING
        }
        Kind::Password | Kind::Lockout | Kind::Factors | Kind::Session => NOTHING,
        Kind::NoSharing | Kind::CredentialDelivery | Kind::AdminTiers | Kind::Separation => NOTHING,
        Kind::Inventory | Kind::IdleLadder | Kind::Handover | Kind::Contractor => NOTHING,
        Kind::LinkReview | Kind::Housekeeping | Kind::OfficeDuty | Kind::PeriodicReport => NOTHING,
        Kind::Channel | Kind::Letter => NOTHING,
        _ => return None,
    })
}

fn conditions(control: &Control, errors: &mut Errors) {
    let Some(when) = &control.when else { return };
    let known = facts(control);
    let is_known = |fact: &&str| known.map_or(!OF_FORM.contains(fact), |known| known.contains(fact));
    let unknown: Vec<&str> = when.facts().into_iter().filter(|fact| !is_known(fact)).collect();
    let Some(fact) = unknown.first() else { return };
    let name = control.kind.spec().name;
    let message = format!("control `{}` would never apply: nothing is known of `{fact}` there", control.id);
    let remedy = match known {
        None => "Only the fields of a form hang on what is chosen in it.".into(),
        Some([]) => format!("Leave `when` out: a `{name}` holds for the whole agency."),
        Some(known) => format!("The condition of a `{name}` may ask for {}.", listed(known)),
    };
    errors.add(&param(control, "when"), message, remedy);
}

/// The events from which a deadline of a control is counted here; none where nobody counts it yet.
fn counted_from(kind: Kind, name: &str) -> Option<&'static [Event]> {
    Some(match (kind, name) {
        (Kind::Countersign, "deadline") => &[Event::Lookup, Event::Request, Event::PeriodEnd],
        (Kind::ChangeNotice, "deadline") => &[Event::Change, Event::Leave, Event::Absence],
        (Kind::IdleLadder, "suspend_after" | "cancel_after") => &[Event::LastUse, Event::LastSignIn],
        (Kind::IdleLadder, "warn_before") => &[Event::Suspension],
        (Kind::ApprovalChain, "renew_before" | "renew_by") => &[Event::Expiry],
        (Kind::Source, "ended_rights") => &[Event::Change, Event::Leave, Event::Expiry, Event::Suspension],
        (Kind::Undertaking, "within") | (Kind::ApprovalChain, "silence") => &[],
        _ => return None,
    })
}

fn deadlines(control: &Control, errors: &mut Errors) {
    let steps = control.params.tables("steps");
    let all = steps.chain([&control.params]).collect::<Vec<&Params>>();
    for (params, name) in
        all.into_iter().flat_map(|params| params.iter().map(move |(name, _)| (params, name)))
    {
        let (Some(deadline), Some(known)) = (params.deadline(name), counted_from(control.kind, name)) else {
            continue;
        };
        let at = Place { line: params.line_of(name), ..place(control) };
        counted(control, (name, deadline), known, &at, errors);
    }
}

fn counted(
    control: &Control,
    (name, deadline): (&str, &Deadline),
    known: &[Event],
    at: &Place,
    errors: &mut Errors,
) {
    let Some(from) = deadline.from.filter(|from| !known.contains(from)) else {
        let batch = control.params.has("batch");
        if deadline.from == Some(Event::PeriodEnd) && !batch {
            let remedy = "Add `batch`, or count it from the `lookup`.";
            errors.add(at, format!("`{name}` is counted from the end of a period that there is not"), remedy);
        }
        return;
    };
    let words: Vec<&str> = known.iter().map(|event| event.word()).collect();
    let remedy = match words.is_empty() {
        true => String::from("Leave `from` out: it runs from the day on which it is owed."),
        false => format!("Count it from {}, or leave `from` out.", listed(&words)),
    };
    errors.add(at, format!("`{name}` is not counted from `{}` here", from.word()), remedy);
}
