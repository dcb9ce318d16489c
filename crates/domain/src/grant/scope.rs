//! How far permissions reach: which items they open, and for which uses.
//!
//! An item that some tick of a form for accounts opens is looked up under a permission with such a tick
//! only, and so is a use that some tick opens by itself. Both are asked of one permission: what somebody may
//! see for one use does not add up with another use for which they may see less.

use crate::regulation::{ApplicationObject, ClauseId, Pack, Situation, Tick};
use alloc::string::String;
use alloc::vec::Vec;

/// The items of datasets that ticked codes open, each as `dataset/item`, for whatever use.
pub fn opened(pack: &Pack, codes: &[String]) -> Vec<String> {
    ticked(pack, codes).flat_map(|tick| tick.items.iter().cloned()).collect()
}

/// Whether the rule ties an item to a permission, whatever it is looked up for.
pub fn is_tied(pack: &Pack, item: &str) -> bool {
    pack.ticks().iter().any(|tick| opens(tick, item))
}

/// Whether the rule ties a use to a permission, whatever is looked up.
pub fn is_use_tied(pack: &Pack, purpose: &str) -> bool {
    pack.ticks().iter().any(|tick| is_of_use(tick, purpose))
}

/// Whether the ticked codes of one permission reach a use, as far as the rule ties it to one.
pub fn serves(pack: &Pack, codes: &[String], purpose: &str) -> bool {
    !is_use_tied(pack, purpose) || ticked(pack, codes).any(|tick| is_of_use(tick, purpose))
}

/// Whether the rule lets an item be looked up for some uses and not for others, or ties this use by itself.
pub fn is_limited(pack: &Pack, item: &str, purpose: &str) -> bool {
    is_use_tied(pack, purpose) || pack.ticks().iter().any(|tick| opens(tick, item) && !tick.uses.is_empty())
}

/// Whether the ticked codes of one permission let its owner look an item up for a use, as far as the rule
/// ties either to a permission.
pub fn covers(pack: &Pack, codes: &[String], item: &str, purpose: &str) -> bool {
    let for_use = |tick: &Tick| tick.uses.is_empty() || has(&tick.uses, purpose);
    let open = ticked(pack, codes).any(|tick| opens(tick, item) && for_use(tick));
    (open || !is_tied(pack, item)) && serves(pack, codes, purpose)
}

/// The uses of the rule for which ticked codes open an item; none where they do for every one.
pub fn uses(pack: &Pack, codes: &[String], item: &str) -> Option<Vec<String>> {
    let all: Vec<String> = pack.purposes().into_iter().map(|purpose| purpose.value.code).collect();
    let own: Vec<String> = all.iter().filter(|code| covers(pack, codes, item, code)).cloned().collect();
    (own.len() < all.len()).then_some(own)
}

/// The clauses that want a permission before a lookup: the one that says so outright, or those of the chain
/// along which permissions are applied for.
pub fn clauses(pack: &Pack, situation: &Situation<'_>) -> Vec<ClauseId> {
    let forms = pack.account_forms().into_iter();
    let terms = forms.filter_map(|form| pack.account_application(&form.id, situation));
    let outright = terms.filter(|own| own.value.before_lookup).flat_map(|own| own.clauses);
    let outright: Vec<ClauseId> = outright.collect();
    let chain = || pack.approval_chain(ApplicationObject::Account, situation);
    if outright.is_empty() { chain().map(|chain| chain.clauses).unwrap_or_default() } else { outright }
}

fn ticked<'a>(pack: &'a Pack, codes: &'a [String]) -> impl Iterator<Item = &'a Tick> {
    pack.ticks().iter().filter(|tick| codes.contains(&tick.code))
}

fn opens(tick: &Tick, item: &str) -> bool {
    has(&tick.items, item)
}

/// Whether a tick opens a use by itself, and not items for it.
fn is_of_use(tick: &Tick, purpose: &str) -> bool {
    tick.items.is_empty() && has(&tick.uses, purpose)
}

fn has(list: &[String], code: &str) -> bool {
    list.iter().any(|own| own == code)
}
