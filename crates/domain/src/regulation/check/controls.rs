//! Values that each fit their type and yet cannot be: a chain without end, a warning longer than what it
//! warns of.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::error::{Errors, Place};
use super::super::kinds::vocabulary::{Capacity, Consequence, ScopeOfConsent};
use super::super::kinds::{Kind, Ty};
use super::super::pack::{Control, Pack};
use super::super::shared::{Who, word};
use super::super::value::Params;
use super::{account, known, outcomes, param, place, separation};

/// Kinds of which only one can apply at a time, so that a second without `when` would never be looked at.
const ONE_AT_A_TIME: &[Kind] = &[
    Kind::NetworkZone,
    Kind::Consent,
    Kind::RecordSheet,
    Kind::Reason,
    Kind::Countersign,
    Kind::Screen,
    Kind::Print,
    Kind::Lockout,
    Kind::Password,
    Kind::Factors,
    Kind::Session,
];

pub(super) fn check(pack: &Pack, errors: &mut Errors) {
    let mut seen: BTreeMap<(Kind, String), &Control> = BTreeMap::new();
    for control in pack.controls.iter().filter(|control| control.sound) {
        one(pack, control, errors);
        known::check(control, errors);
        if let Some(scope) = competes(pack, control)
            && let Some(first) = seen.insert((control.kind, scope), control)
        {
            let message =
                format!("control `{}` would never apply: `{}` applies always", control.id, first.id);
            let remedy = "Join the two, or say with `when` to what each applies.";
            errors.add(&place(control), message, remedy);
        }
    }
    answerable(pack, errors);
}

/// What a lookup must name, so that a pack with a dataset and without these answers nobody.
const NAMED_BY_LOOKUPS: &[Kind] = &[Kind::LegalBases, Kind::PermittedUses];

/// Whether anybody could ever look something up. A control that was read with a fault may be the one.
fn answerable(pack: &Pack, errors: &mut Errors) {
    let Some(dataset) = pack.of_kind(Kind::Dataset).next().filter(|_| errors.is_empty()) else { return };
    for kind in NAMED_BY_LOOKUPS.iter().filter(|kind| pack.of_kind(**kind).next().is_none()) {
        let name = kind.spec().name;
        let message = format!("every lookup of `{}` would be refused: there is no `{name}`", dataset.id);
        let remedy =
            format!("Add a control of the kind `{name}`; where the rule names none, `policy = true`.");
        errors.add(&place(dataset), message, remedy);
    }
}

/// Within what a control without `when` is the only one: nothing for kinds that may stand side by side.
fn competes(pack: &Pack, control: &Control) -> Option<String> {
    if control.when.is_some() || pack.instead.contains(&control.id) {
        return None;
    }
    match control.kind {
        Kind::ApprovalChain => Some(control.params.string("object")),
        Kind::Retention if control.params.text("record") != Some("other") => {
            Some(control.params.string("record"))
        }
        kind if ONE_AT_A_TIME.contains(&kind) => Some(String::new()),
        _ => None,
    }
}

fn one(pack: &Pack, control: &Control, errors: &mut Errors) {
    match control.kind {
        Kind::AccountApplication => account::check(pack, control, errors),
        Kind::Handover => account::handover(pack, control, errors),
        Kind::Factors => account::factors(control, errors),
        Kind::Password => account::password(control, errors),
        Kind::ApprovalChain => chain(pack, control, errors),
        Kind::Countersign => countersign(pack, control, errors),
        Kind::Dataset => dataset(control, errors),
        Kind::BusinessScope => businesses(control, errors),
        Kind::Consent => consent(pack, control, errors),
        Kind::Retention => retention(control, errors),
        Kind::Programme => samples(control, errors),
        Kind::Sanctions => sanctions(control, errors),
        Kind::Lockout => account::lockout(pack, control, errors),
        Kind::Separation => separation::check(pack, control, errors),
        Kind::Letter if !control.params.has("template") && !control.params.has("subject") => {
            errors.add(&place(control), "the letter has no text", "Add `template` or `subject`.");
        }
        Kind::Screen => less(control, "warn_seconds", "visible_seconds", errors),
        Kind::Reason => at_most(control, "min_length", "max_length", errors),
        Kind::Session => {
            let minutes = |name: &str, each: i64| control.params.number::<i64>(name).map(|n| n * each);
            let bad = |a: Option<i64>, b: Option<i64>| matches!((a, b), (Some(a), Some(b)) if a > b);
            if bad(minutes("idle_minutes", 1), minutes("absolute_hours", 60)) {
                let remedy = "Let the idle time be the shorter one.";
                errors.add(
                    &param(control, "idle_minutes"),
                    "a session would end before it could be idle so long",
                    remedy,
                );
            }
            less(control, "warn_minutes", "idle_minutes", errors);
        }
        Kind::Undertaking => undertaking(pack, control, errors),
        Kind::Training => follows(control, &["schedule"], errors),
        Kind::IdleLadder => ladder(control, errors),
        Kind::CrossSource if control.params.text("with") == control.params.text("without") => {
            let remedy = "Name the dataset that should have been asked too.";
            errors.add(&param(control, "without"), "a dataset cannot be missing beside itself", remedy);
        }
        _ => {}
    }
    lists(control, errors);
}

/// A required list that is empty says nothing.
fn lists(control: &Control, errors: &mut Errors) {
    for spec in control.kind.spec().params.iter().filter(|spec| spec.required) {
        if control.params.has(spec.name)
            && matches!(spec.ty, Ty::List(_))
            && control.params.list(spec.name).is_empty()
        {
            let what = if spec.name == "steps" {
                "a chain without steps has no end".into()
            } else {
                format!("`{}` is empty", spec.name)
            };
            errors.add(&param(control, spec.name), what, format!("Name at least one. {}", spec.what));
        }
    }
}

fn less(control: &Control, small: &str, large: &str, errors: &mut Errors) {
    if let (Some(a), Some(b)) = (control.params.number::<i64>(small), control.params.number::<i64>(large))
        && a >= b
    {
        let message = format!("`{small}` is {a}, which is not below `{large}`, {b}");
        errors.add(&param(control, small), message, format!("Let `{small}` be less than `{large}`."));
    }
}

fn at_most(control: &Control, small: &str, large: &str, errors: &mut Errors) {
    bounds(&control.params, small, large, &place(control), errors);
}

fn bounds(params: &Params, small: &str, large: &str, within: &Place, errors: &mut Errors) {
    if let (Some(a), Some(b)) = (params.number::<i64>(small), params.number::<i64>(large))
        && a > b
    {
        let at = Place { line: params.line_of(small), ..within.clone() };
        let message = format!("`{small}` is {a}, more than `{large}`, {b}");
        errors.add(&at, message, format!("Let `{small}` be at most `{large}`."));
    }
}

/// What an application brings about, so that a chain without a form would bring it about for nobody.
const APPLIED_FOR: &[&str] = &["account", "unlock", "link"];

fn chain(pack: &Pack, control: &Control, errors: &mut Errors) {
    activation(pack, control, errors);
    let object = control.params.text("object").unwrap_or_default();
    // The form may be the one of the floor, which is not known here.
    let formless = !control.params.has("form") && pack.header.parent.is_none();
    let formless = formless && !control.params.list("steps").is_empty();
    if formless && APPLIED_FOR.contains(&object) {
        let message = format!("nobody could apply for `{object}`: the chain has no form");
        errors.add(&place(control), message, "Name its `form`.");
    }
    let steps: Vec<&Params> = control.params.tables("steps").collect();
    for step in &steps {
        let at = Place { line: step.line(), ..place(control) };
        let beside = step.people("side_by_side").len();
        if step.has("who") == step.has("side_by_side") {
            let remedy = "Give each step either `who` or `side_by_side`.";
            errors.add(&at, "a step of the chain does not say who acts", remedy);
        }
        if step.number::<usize>("quorum").is_some_and(|quorum| quorum > beside) {
            errors.add(&at, "the quorum is larger than those who are asked", format!("At most {beside}."));
        }
        if step.has("silence") && !step.has("silence_then") {
            errors.add(&at, "the step says when it is silent, not what follows", "Add `silence_then`.");
        }
    }
    outcomes::check(pack, control, &steps, errors);
    if let Some(last) = steps.last()
        && !matches!(last.text("act"), None | Some("decide" | "carry-out"))
    {
        let at = Place { line: last.line(), ..place(control) };
        errors.add(
            &at,
            "the chain has no end: its last step decides nothing",
            "Let the last step `decide` or `carry-out`.",
        );
    }
}

/// A version that nobody can name is approved by nobody.
fn activation(pack: &Pack, control: &Control, errors: &mut Errors) {
    if control.params.text("object") != Some("activation") {
        return;
    }
    let form = control.params.text("form").and_then(|id| pack.form(id));
    let names =
        form.is_some_and(|form| form.fields.iter().any(|field| field.kind == "regulation" && field.required));
    if !names {
        let remedy = "Name a `form` with a required field of the type `regulation`.";
        errors.add(&place(control), "nobody could say which version is to be put in force", remedy);
    }
    if control.when.is_some() {
        let remedy = "Leave `when` out: an agency that it does not apply to could never amend its rule.";
        errors.add(&param(control, "when"), "not every agency could approve a version", remedy);
    }
    let outside = control.params.tables("steps").find(|step| {
        let own = step.who("who").into_iter().cloned().chain(step.people("side_by_side"));
        own.into_iter().any(|who| matches!(who, Who::Party(_) | Who::Organisation(_)))
    });
    if let Some(step) = outside {
        let at = Place { line: step.line(), ..place(control) };
        let remedy = "Let somebody of the agency hold the step.";
        errors.add(&at, "a version would wait for a body outside, which cannot act here", remedy);
    }
}

fn countersign(pack: &Pack, control: &Control, errors: &mut Errors) {
    let timing = control.params.text("timing").unwrap_or_default();
    if timing == "batch" && !control.params.has("batch") {
        errors.add(
            &place(control),
            "a batch has no period",
            "Add `batch = { every = 1, unit = \"month\" }`.",
        );
    }
    for name in
        ["valid_hours", "uses"].into_iter().filter(|name| timing != "before" && control.params.has(name))
    {
        let message = format!("`{name}` means nothing where the stamp comes {timing}");
        errors.add(&param(control, name), message, "It belongs to `timing = \"before\"`.");
    }
    if timing != "batch" && control.params.has("batch") {
        errors.add(
            &param(control, "batch"),
            "`batch` means nothing here",
            "It belongs to `timing = \"batch\"`.",
        );
    }
    follows(control, &["deadline", "batch"], errors);
    let Some(by) = control.params.who("by") else { return };
    for role in by.roles() {
        if pack.role(role).is_some() && !pack.capacities(role).contains(&Capacity::Stamp) {
            let message = format!("role `{role}` stamps here but has not the capacity `stamp`");
            errors.add(&param(control, "by"), message, "Add `stamp` to its `capacities`.");
        }
    }
    // A floor names no roles of its own, and an office that is not there has its error already.
    let judged =
        !pack.roles.is_empty() && !matches!(by, Who::Office(office) if pack.office(office).is_none());
    let meant = pack.roles_meant(by, Capacity::Stamp);
    let could = |role: &String| pack.capacities(role).contains(&Capacity::Stamp);
    if judged && by.roles().is_empty() && !meant.iter().any(could) {
        let remedy = "Name a role with the capacity `stamp`, or give one the office or the capacities that \
                      it needs: `stamp`, and for the head `decide` too.";
        errors.add(&param(control, "by"), "no role of this pack could give the stamp", remedy);
    }
}

/// Whoever signs reads what: the sentence of the rule, or those that stand on its form.
fn undertaking(pack: &Pack, control: &Control, errors: &mut Errors) {
    follows(control, &["within", "renew"], errors);
    let consequence = word(&control.params, "consequence", Consequence::named);
    if control.params.flag("before_lookup") == Some(true) && consequence.is_some_and(|own| !own.bars()) {
        let remedy = "Leave the consequence out: whoever has not signed looks nothing up. Or name `suspend`.";
        errors.add(&param(control, "consequence"), "the consequence is milder than `before_lookup`", remedy);
    }
    // A form that is not there has its error already.
    let form = control.params.text("form").map(|id| pack.form(id));
    let silent = match form {
        Some(form) => form.is_some_and(|form| form.notices.is_empty()),
        None => true,
    };
    if silent && !control.params.has("text") {
        let remedy = "Add `text`, or name a `form` with a `[[notice]]`: that is what people read and sign.";
        errors.add(&place(control), "the undertaking says nothing that could be signed", remedy);
    }
}

/// A consequence follows something that can be late, by one of these parameters.
fn follows(control: &Control, days: &[&str], errors: &mut Errors) {
    if control.params.has("consequence") && !days.iter().any(|name| control.params.has(name)) {
        let remedy = format!("Add `{}`, or leave the consequence out.", days.join("` or `"));
        errors.add(
            &param(control, "consequence"),
            "a consequence without a deadline can never follow",
            remedy,
        );
    }
}

fn dataset(control: &Control, errors: &mut Errors) {
    for item in control.params.tables("items") {
        let at = Place { line: item.line(), ..place(control) };
        let (shape, fields) = (item.text("shape").unwrap_or_default(), item.list("fields").len());
        if fields == 0 && matches!(shape, "record" | "list") {
            let message = format!("item `{}` is a {shape} without fields", item.string("id"));
            errors.add(&at, message, "Name its `fields`, or let its shape be `verdict` or `fact`.");
        }
    }
    for field in control.params.tables("request") {
        if field.text("type") == Some("choice") && field.list("options").is_empty() {
            let at = Place { line: field.line(), ..place(control) };
            errors.add(&at, format!("choice `{}` has no options", field.string("id")), "Add `options`.");
        }
    }
}

fn businesses(control: &Control, errors: &mut Errors) {
    for business in control.params.tables("businesses") {
        let items = business.texts("items");
        for minimal in business.texts("minimal").iter().filter(|item| !items.contains(item)) {
            let at = Place { line: business.line_of("minimal"), ..place(control) };
            let message = format!(
                "business `{}` begins with `{minimal}`, which it may not ask",
                business.string("code")
            );
            errors.add(&at, message, "Let `minimal` hold only what stands in `items`.");
        }
    }
}

fn consent(pack: &Pack, control: &Control, errors: &mut Errors) {
    if control.params.text("scope") != Some("none") && !control.params.has("by") {
        errors.add(
            &place(control),
            "the consent does not say who gives it",
            "Add `by`, or let the scope be `none`.",
        );
    }
    let Some(object) = control.params.text("application") else { return };
    let at = param(control, "application");
    let chains = pack.of_kind(Kind::ApprovalChain).map(|chain| &chain.params);
    let mut own = chains.filter(|chain| chain.text("object") == Some(object));
    if !own.any(|chain| chain.has("form")) {
        let remedy = "Add an `approval-chain` for it with a `form`.";
        errors.add(&at, "nobody can put such an application forward", remedy);
    }
    if control.params.text("scope") != Some(ScopeOfConsent::UnitStanding.word()) {
        let remedy = "Let the scope be `unit-standing`, or leave `application` out.";
        errors.add(&at, "what is applied for is the standing use of a unit", remedy);
    }
}

fn retention(control: &Control, errors: &mut Errors) {
    let params = &control.params;
    at_most(control, "at_least_years", "at_most_years", errors);
    if params.flag("permanent") == Some(true) && params.has("at_most_years") {
        let remedy = "Leave `at_most_years` out, or `permanent`.";
        errors.add(
            &param(control, "at_most_years"),
            "what is permanent is not kept at most for a time",
            remedy,
        );
    }
}

fn samples(control: &Control, errors: &mut Errors) {
    for sample in control.params.tables("sample") {
        let within = place(control);
        let at = Place { line: sample.line(), ..within.clone() };
        if !["share", "count", "minimum"].iter().any(|name| sample.has(name)) {
            errors.add(&at, "the sample does not say how much", "Set `share`, `count` or `minimum`.");
        }
        bounds(sample, "minimum", "at_most", &within, errors);
    }
}

fn sanctions(control: &Control, errors: &mut Errors) {
    for step in control.params.tables("steps") {
        bounds(step, "at_least_months", "at_most_months", &place(control), errors);
    }
}

fn ladder(control: &Control, errors: &mut Errors) {
    if let (Some(suspend), Some(cancel)) =
        (control.params.deadline("suspend_after"), control.params.deadline("cancel_after"))
        && cancel.weight() < suspend.weight()
    {
        let remedy = "Let an account be suspended first and cancelled later.";
        errors.add(
            &param(control, "cancel_after"),
            "an account would be cancelled before it is suspended",
            remedy,
        );
    }
}
