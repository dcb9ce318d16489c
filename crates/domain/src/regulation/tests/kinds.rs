//! The table of kinds is whole, and the reader survives whatever it is given.

use std::collections::BTreeSet;

use super::super::kinds::{ParamSpec, Stricter, Ty};
use super::super::schema::CONTROL;
use super::super::{KINDS, Kind};
use super::*;

/// Every kind that the design names, so that none is lost in a change of the table.
const NAMED: &str = "source dataset legal-bases permitted-uses business-scope network-zone workstation \
    channel \
    approval-chain record-sheet reason countersign proxy sensitive-target screen masking print copy-permit \
    no-fax-mail account-application credential-delivery password lockout factors no-sharing idle-ladder \
    inventory \
    change-notice handover contractor undertaking training register designated-person count-check \
    release-gate \
    media-encryption destruction retention access-log statistics programme reconciliation cross-source \
    joint-investigation provider-inspection link-review grounds correction sanctions provider-letter \
    member-types \
    eligibility dossier match line scope-of-use inspection ban periodic-report contingency enquiry-slip \
    letter \
    consent session notice";

#[test]
fn every_kind_is_in_its_place() {
    for (at, spec) in KINDS.iter().enumerate() {
        assert_eq!(spec.kind as usize, at, "{}", spec.name);
        assert_eq!(Kind::named(spec.name), Some(spec.kind));
        assert_eq!(spec.kind.spec().name, spec.name);
    }
    for name in NAMED.split_whitespace() {
        assert!(Kind::named(name).is_some(), "there is no kind {name}");
    }
}

#[test]
fn no_two_keys_of_a_table_are_the_same() {
    fn check(specs: &[ParamSpec], taken: &[&'static str], what: &str) {
        let mut seen: BTreeSet<&str> = taken.iter().copied().collect();
        for spec in specs {
            assert!(seen.insert(spec.name), "{what}: {} is there twice", spec.name);
            assert!(spec.what.ends_with('.'), "{what}: {} is not a sentence", spec.name);
            if let Ty::OneOf(words) = spec.ty {
                assert!(!words.is_empty() && (spec.stricter == Stricter::None || words.len() > 1), "{what}");
            }
            match &spec.ty {
                Ty::Table(inner) | Ty::List(Ty::Table(inner)) => check(inner, &[], spec.name),
                _ => {}
            }
        }
    }
    let common: Vec<&'static str> = CONTROL.iter().map(|spec| spec.name).collect();
    KINDS.iter().for_each(|spec| check(spec.params, &common, spec.name));
}

#[test]
fn a_pack_that_lost_a_line_or_its_end_is_judged_and_never_breaks_the_reader() {
    let lines: Vec<&str> = PACK.lines().collect();
    for lost in 0..lines.len() {
        let rest: Vec<&str> =
            lines.iter().enumerate().filter(|(at, _)| *at != lost).map(|(_, line)| *line).collect();
        let text = rest.join("\n");
        let files =
            [Source { path: "pack.toml", text: &text }, Source { path: "forms/slip.toml", text: FORM }];
        let faults = faults(load(&files));
        let needless = lines[lost].is_empty()
            || ["valid_hours", "policy", "effective_from"].iter().any(|key| lines[lost].starts_with(key));
        assert!(needless || !faults.is_empty(), "nobody misses line {}: {}", lost + 1, lines[lost]);
    }
    let ends = PACK.char_indices().map(|(at, _)| at).step_by(23);
    for end in ends {
        assert!(!faults(load(&[Source { path: "pack.toml", text: &PACK[..end] }])).is_empty(), "{end}");
    }
}
