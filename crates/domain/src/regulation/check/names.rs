//! Every name a pack gives, once; and every name it uses, given.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;

use super::super::error::{Errors, Place, did_you_mean, quoted};
use super::super::kinds::{Kind, RefTo};
use super::super::pack::{Control, Pack};
use super::super::read::Pending;
use super::super::value::Params;
use super::{place, spot};

/// The word beside the zones that every pack has.
const ELSEWHERE: &str = "elsewhere";

/// All names of a pack by what they name.
pub(super) struct Names {
    known: BTreeMap<&'static str, BTreeSet<String>>,
    casts: BTreeMap<String, BTreeSet<String>>,
}

/// The singular and plural by which messages call what a name names.
const fn words(to: RefTo) -> (&'static str, &'static str) {
    match to {
        RefTo::Clause => ("clause", "clauses"),
        RefTo::Role => ("role", "roles"),
        RefTo::Office => ("office", "offices"),
        RefTo::Organisation => ("organisation", "organisations"),
        RefTo::Plan => ("plan", "plans"),
        RefTo::Form => ("form", "forms"),
        RefTo::Source => ("source", "sources"),
        RefTo::Dataset => ("dataset", "datasets"),
        RefTo::Item => ("item", "items"),
        RefTo::Basis => ("legal basis", "legal bases"),
        RefTo::Purpose => ("permitted use", "permitted uses"),
        RefTo::Business => ("business", "businesses"),
        RefTo::Ground => ("ground", "grounds"),
        RefTo::MemberType => ("member type", "member types"),
        RefTo::Control => ("control", "controls"),
        RefTo::Zone => ("zone", "zones"),
        RefTo::Cast => ("member of the cast", "members of the cast"),
        RefTo::Template => ("file under `letters/`", "files under `letters/`"),
    }
}

impl Names {
    /// Collects all names; a name given twice is an error.
    pub(super) fn of(pack: &Pack, errors: &mut Errors) -> Self {
        let mut names = Self { known: BTreeMap::new(), casts: BTreeMap::new() };
        names.parts(pack, errors);
        for control in &pack.controls {
            names.once(RefTo::Control, &control.id, &place(control), errors);
            names.of_control(control, errors);
        }
        for scenario in &pack.scenarios {
            names.casts.insert(scenario.file.clone(), scenario.given.roles.keys().cloned().collect());
        }
        for name in pack.letters.keys() {
            names.add(RefTo::Template, name);
        }
        names.add(RefTo::Zone, ELSEWHERE);
        names
    }

    fn parts(&mut self, pack: &Pack, errors: &mut Errors) {
        pack.clauses.iter().for_each(|c| self.once(RefTo::Clause, c.id.local(), &spot(&c.at), errors));
        pack.roles.iter().for_each(|r| self.once(RefTo::Role, &r.id, &spot(&r.at), errors));
        pack.offices.iter().for_each(|o| self.once(RefTo::Office, &o.id, &spot(&o.at), errors));
        pack.organisations.iter().for_each(|o| self.once(RefTo::Organisation, &o.id, &spot(&o.at), errors));
        pack.plans.iter().for_each(|p| self.once(RefTo::Plan, &p.id, &spot(&p.at), errors));
        pack.forms.iter().for_each(|f| self.once(RefTo::Form, &f.id, &spot(&f.at), errors));
    }

    fn of_control(&mut self, control: &Control, errors: &mut Errors) {
        let params = &control.params;
        match control.kind {
            Kind::Source => self.add(RefTo::Source, &control.id),
            Kind::Dataset => {
                self.add(RefTo::Dataset, &control.id);
                self.items(control, errors);
            }
            Kind::NetworkZone => self.add(RefTo::Zone, &params.string("zone")),
            Kind::LegalBases => self.codes(RefTo::Basis, control, "bases", errors),
            Kind::PermittedUses => self.codes(RefTo::Purpose, control, "purposes", errors),
            Kind::BusinessScope => self.codes(RefTo::Business, control, "businesses", errors),
            Kind::MemberTypes => self.codes(RefTo::MemberType, control, "types", errors),
            Kind::Grounds => self.codes(RefTo::Ground, control, "grounds", errors),
            Kind::ScopeOfUse => self.codes(RefTo::Ground, control, "forbidden", errors),
            _ => {}
        }
    }

    fn items(&mut self, control: &Control, errors: &mut Errors) {
        for item in control.params.tables("items") {
            let at = Place { line: item.line(), ..place(control) };
            self.once(RefTo::Item, &format!("{}/{}", control.id, item.string("id")), &at, errors);
            unique(item, "fields", "id", &place(control), errors);
        }
        unique(&control.params, "request", "id", &place(control), errors);
    }

    fn codes(&mut self, to: RefTo, control: &Control, list: &str, errors: &mut Errors) {
        for entry in control.params.tables(list) {
            let at = Place { line: entry.line(), ..place(control) };
            self.once(to, &entry.string("code"), &at, errors);
        }
    }

    fn add(&mut self, to: RefTo, name: &str) {
        self.known.entry(words(to).0).or_default().insert(name.into());
    }

    /// An empty name is one whose definition has its own error already.
    fn once(&mut self, to: RefTo, name: &str, at: &Place, errors: &mut Errors) {
        if name.is_empty() {
            return;
        }
        if !self.known.entry(words(to).0).or_default().insert(name.into()) {
            let message = format!("the {} {} is there twice", words(to).0, quoted(name));
            errors.add(at, message, "Give each its own id; a rule is never said twice.");
        }
    }

    /// Checks that every name used is given somewhere.
    pub(super) fn resolve(&self, pending: &[Pending], errors: &mut Errors) {
        let none = BTreeSet::new();
        for use_ in pending {
            let known = match use_.to {
                RefTo::Cast => self.casts.get(&use_.at.file),
                to => self.known.get(words(to).0),
            };
            let known = known.unwrap_or(&none);
            if !known.contains(&use_.name) {
                let (one, many) = words(use_.to);
                let remedy = did_you_mean(&use_.name, known.iter().map(String::as_str), many);
                errors.add(&use_.at, format!("there is no {one} {}", quoted(&use_.name)), remedy);
            }
        }
    }
}

/// Checks that the entries of an inner list have different names.
pub(super) fn unique(params: &Params, list: &str, key: &str, within: &Place, errors: &mut Errors) {
    let mut seen = BTreeSet::new();
    for entry in params.tables(list) {
        let name = entry.string(key);
        if !name.is_empty() && !seen.insert(name.clone()) {
            let at = Place { line: entry.line(), ..within.clone() };
            errors.add(
                &at,
                format!("{} is there twice in `{list}`", quoted(&name)),
                "Give each its own name.",
            );
        }
    }
}
