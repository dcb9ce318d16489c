//! Every parameter of a kind that is carried out does something, or says of itself that it is only told.
//!
//! Whoever writes a pack knows nothing but the handbook: a parameter that is taken and read by nobody would
//! let them believe that it holds. Which kinds are carried out, the handbook says; what is read is looked for
//! in the sources, so this finds what nobody reads at all, and not what is read badly.

use std::{collections::BTreeSet, fs, path::Path};

use super::super::KINDS;
use super::super::kinds::{ParamSpec, Ty};
use super::*;

/// Parameters that are read under another name, or whatever the kind: kind, parameter, and what reads it.
const READ_AS: &[(&str, &str, &str)] = &[
    ("network-zone", "off_site", "refuses_off_site"),
    ("training", "whom", "each"),
    ("inventory", "report_to", "report_to"),
    ("lockout", "unlock_by", "approval_chain"),
    ("approval-chain", "side_by_side", "who"),
    ("legal-bases", "valid_from", "may_be_chosen"),
    ("undertaking", "form", "text"),
    ("undertaking", "text", "text"),
    ("undertaking", "whom", "each"),
    ("admin-tiers", "tiers", "tier_of"),
    ("admin-tiers", "per", "per_unit"),
    ("letter", "copies_to", "copies"),
    ("legal-bases", "valid_to", "may_be_chosen"),
];

/// Parameters that ask for what holds in any case: kind, parameter, and the story that shows it.
const ALWAYS: &[(&str, &str, &str, &str)] = &[
    ("no-sharing", "one_each", "credential", "nobody_hands_out_what_is_not_theirs_to_give"),
    ("no-sharing", "no_transfer", "credential", "nobody_hands_out_what_is_not_theirs_to_give"),
    ("password", "first_login", "credential", "a_code_leads_to_an_account_of_ones_own_and_is_good_once"),
    (
        "password",
        "on_suspicion",
        "credential",
        "a_password_that_another_may_know_is_reset_however_young_it_is",
    ),
    ("change-notice", "revoke", "directory", LEAVES),
    ("contractor", "same_duties", "contract", "the_people_of_a_contractor_owe_what_everybody_owes"),
];

const LEAVES: &str = "who_leaves_has_no_rights_from_that_day_and_those_who_must_know_are_told";

/// The sources that could read a parameter, by path; those that only name, compare or check it are left out.
fn sources() -> Vec<(String, String)> {
    fn gather(folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.to_string_lossy().replace('\\', "/");
            let skipped = ["/kinds", "/regulation/check", "/tests", "_tests.rs", "/diff", "/bench"];
            if skipped.iter().any(|part| name.contains(part)) {
                continue;
            }
            match path.is_dir() {
                true => gather(&path, found),
                false if name.ends_with(".rs") || name.ends_with(".html") => {
                    found.push((name, fs::read_to_string(&path).unwrap()));
                }
                false => {}
            }
        }
    }
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    for room in ["domain/src", "desk/src", "web/src", "web/templates", "gate/src", "sluice/src"] {
        gather(&crates.join(room), &mut found);
    }
    found
}

/// The kinds that the handbook says are carried out.
fn carried_out() -> BTreeSet<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/packs.md");
    let text = fs::read_to_string(page).unwrap();
    let part = text.split("<!-- carried-out: held by a test of desk -->").nth(1).unwrap();
    part.split("<!--").next().unwrap().split('`').skip(1).step_by(2).map(String::from).collect()
}

/// Parameters with those of the tables inside them; what is only told has nothing inside that could be read.
fn every(params: &'static [ParamSpec]) -> Vec<&'static ParamSpec> {
    let inner = |spec: &'static ParamSpec| match spec.ty {
        Ty::Table(inner) | Ty::List(&Ty::Table(inner)) if !spec.told => every(inner),
        _ => Vec::new(),
    };
    params.iter().flat_map(|spec| [Vec::from([spec]), inner(spec)].concat()).collect()
}

/// Whether a text has a word with these signs before it and none of a name behind it.
fn has(text: &str, before: &str, word: &str) -> bool {
    let wanted = format!("{before}{word}");
    text.match_indices(&wanted).any(|(at, _)| {
        let next = text[at + wanted.len()..].chars().next();
        next.is_none_or(|next| !next.is_alphanumeric() && next != '_')
    })
}

#[test]
fn every_parameter_of_a_kind_that_is_carried_out_is_read_or_says_that_it_is_told() {
    let (sources, carried_out) = (sources(), carried_out());
    let mut wrong = Vec::new();
    for spec in KINDS.iter().filter(|spec| carried_out.contains(spec.name)) {
        let kind = format!("{:?}", spec.kind);
        let of_kind: Vec<&(String, String)> = sources
            .iter()
            .filter(|(_, text)| has(text, "Kind::", &kind) || has(text, "fn ", spec.name))
            .collect();
        for param in every(spec.params) {
            let read = of_kind.iter().any(|(_, text)| has(text, "\"", param.name));
            let read_as = READ_AS.iter().find(|(kind, own, _)| (*kind, *own) == (spec.name, param.name));
            let name = read_as.map_or(param.name, |(_, _, other)| *other);
            let read = read || read_as.is_some();
            let used = sources.iter().any(|(path, text)| {
                let outside = !path.contains("/regulation/view/");
                outside && (has(text, ".", name) || has(text, "\"", name))
            });
            if !(param.told || param.always || read && used) {
                wrong.push(format!("`{}` of `{}` is read by nobody", param.name, spec.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_holds_in_any_case_is_shown_by_a_story() {
    let marked: BTreeSet<(&str, &str)> = KINDS
        .iter()
        .flat_map(|spec| {
            every(spec.params).into_iter().filter(|param| param.always).map(|param| (spec.name, param.name))
        })
        .collect();
    let shown: BTreeSet<(&str, &str)> = ALWAYS.iter().map(|(kind, param, ..)| (*kind, *param)).collect();
    assert_eq!(marked, shown);
    let stories = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/story");
    for (kind, param, file, story) in ALWAYS {
        let text = fs::read_to_string(stories.join(format!("{file}.rs"))).unwrap();
        assert!(has(&text, "fn ", story), "`{param}` of `{kind}`: there is no story `{story}`");
    }
    assert!(KINDS.iter().flat_map(|spec| spec.params).all(|param| !(param.told && param.always)));
}
