//! Header, organisations, roles, plans.

use alloc::format;

use super::super::error::{Errors, Place};
use super::super::pack::Pack;
use super::spot;

pub(super) fn check(pack: &Pack, errors: &mut Errors) {
    let header = &pack.header;
    let top = Place { file: "pack.toml".into(), line: pack.header_line, clause: None };
    if let (Some(first), Some(last)) = (header.effective_from, header.effective_to)
        && last < first
    {
        let remedy = "Let `effective_to` be the last day in force, or leave it out.";
        errors.add(&top, format!("the rule ends on {last}, before it begins on {first}"), remedy);
    }
    if header.parent.as_deref() == Some(header.id.as_str()) && !header.id.is_empty() {
        errors.add(
            &top,
            "the pack names itself as its parent",
            "Name the rule above it, or leave `parent` out.",
        );
    }
    for role in &pack.roles {
        if role.incompatible.contains(&role.id) {
            let message = format!("role `{}` is incompatible with itself", role.id);
            errors.add(&spot(&role.at), message, "Name the other roles its holder may not have.");
        }
    }
    for organisation in &pack.organisations {
        if above(pack, &organisation.id) {
            let message = format!("organisation `{}` is above itself", organisation.id);
            errors.add(&spot(&organisation.at), message, "Let `parent` lead upwards and end.");
        }
    }
    for plan in &pack.plans {
        if let (Some(first), Some(last)) = (plan.from, plan.until)
            && last < first
        {
            let message = format!("plan `{}` ends on {last}, before it begins on {first}", plan.id);
            errors.add(&spot(&plan.at), message, "Let `until` be its last day, or leave it out.");
        }
    }
}

/// Whether following `parent` from an organisation leads back to it.
fn above(pack: &Pack, id: &str) -> bool {
    let mut current = id;
    for _ in 0..pack.organisations.len() {
        match pack.organisation(current).and_then(|o| o.parent.as_deref()) {
            Some(parent) if parent == id => return true,
            Some(parent) => current = parent,
            None => return false,
        }
    }
    false
}
