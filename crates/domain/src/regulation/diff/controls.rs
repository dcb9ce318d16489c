//! Controls of two versions: each parameter, and which of both values binds harder.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::describe::{same, when_text, whole};
use super::super::floor::{harder, name};
use super::super::kinds::{ParamSpec, Stricter, Ty};
use super::super::pack::{Control, Policy};
use super::super::value::{Params, Value, Words};
use super::{Bearing, Change, Detail, Difference, Facts, cited, details, list, said};

/// The differences of controls. One whose kind is another is another control.
pub(super) fn diff(old: &[Control], new: &[Control]) -> Vec<Difference> {
    let find = |list: &'_ [Control], wanted: &Control| -> Option<usize> {
        list.iter().position(|control| control.id == wanted.id && control.kind == wanted.kind)
    };
    let kept = new.iter().map(|control| (find(old, control).map(|at| &old[at]), Some(control)));
    let gone = old.iter().filter(|control| find(new, control).is_none()).map(|control| (Some(control), None));
    kept.chain(gone).filter_map(|(old, new)| control(old, new)).collect()
}

fn control(old: Option<&Control>, new: Option<&Control>) -> Option<Difference> {
    let change = match (old, new) {
        (Some(old), Some(new)) if told_alike(old, new) => return None,
        (Some(_), Some(_)) => Change::Changed,
        (None, _) => Change::Added,
        (_, None) => Change::Removed,
    };
    let one = new.or(old)?;
    let spec = one.kind.spec();
    let empty = Params::default();
    let params = |control: Option<&Control>| control.map_or(&empty, |control| &control.params).clone();
    let mut found = details(old.map(common).unwrap_or_default(), new.map(common).unwrap_or_default());
    let bearings = change == Change::Changed;
    compare("", &params(old), &params(new), spec.params, &mut found);
    if !bearings {
        // What a whole control brings or takes away is no matter of one direction.
        found.iter_mut().for_each(|detail| detail.bearing = None);
    }
    Some(Difference {
        part: "control",
        id: one.id.clone(),
        kind: Some(spec.name),
        clauses: one.clauses.clone(),
        change,
        details: found,
        faults: Vec::new(),
    })
}

fn told_alike(old: &Control, new: &Control) -> bool {
    let rest = |control: &Control| (control.clauses.clone(), control.policy.clone(), control.when.clone());
    rest(old) == rest(new) && old.note == new.note && old.params == new.params
}

/// What every control has beside the parameters of its kind.
fn common(control: &Control) -> Facts {
    let policy = match &control.policy {
        Policy::Law => None,
        Policy::Whole => Some(same("all of it")),
        Policy::Params(names) => list(names.iter().map(String::as_str)),
    };
    said([
        ("clauses", cited(&control.clauses)),
        ("policy", policy),
        ("when", control.when.as_ref().map(|when| same(when_text(when)))),
        ("note", control.note.clone()),
    ])
}

fn compare(prefix: &str, old: &Params, new: &Params, specs: &[ParamSpec], found: &mut Vec<Detail>) {
    for spec in specs {
        let name = format!("{prefix}{}", spec.name);
        param(name, old.get(spec.name), new.get(spec.name), spec, found);
    }
}

fn param(name: String, old: Option<&Value>, new: Option<&Value>, spec: &ParamSpec, found: &mut Vec<Detail>) {
    if old == new {
        return;
    }
    match (old, new, &spec.ty) {
        (Some(Value::Table(old)), Some(Value::Table(new)), Ty::Table(inner)) => {
            compare(&format!("{name}."), old, new, inner, found);
        }
        (Some(Value::List(old)), Some(Value::List(new)), Ty::List(Ty::Table(inner)))
            if named(old, inner) && named(new, inner) =>
        {
            entries(&name, (old, new), inner, spec.stricter, found);
        }
        _ => {
            let bearing = bearing(old, new, spec);
            found.push(Detail { bearing, ..valued(name, old, new) });
        }
    }
}

fn valued(name: String, old: Option<&Value>, new: Option<&Value>) -> Detail {
    let values = [old.cloned(), new.cloned()];
    Detail { values, ..Detail::new(name, old.map(told), new.map(told)) }
}

/// A value in words. An empty list is told apart from nothing.
fn told(value: &Value) -> Words {
    match value {
        Value::List(list) if list.is_empty() => same("none"),
        other => whole(other),
    }
}

/// Whether each entry of a list has a name of its own.
fn named(list: &[Value], inner: &[ParamSpec]) -> bool {
    let names: Option<BTreeSet<String>> = list.iter().map(|value| name(value, inner)).collect();
    names.is_some_and(|names| names.len() == list.len())
}

/// Lists of tables, entry by entry.
fn entries(
    list: &str,
    (old, new): (&[Value], &[Value]),
    inner: &[ParamSpec],
    direction: Stricter,
    found: &mut Vec<Detail>,
) {
    let find =
        |list: &[Value], key: &str| list.iter().find(|v| name(v, inner).as_deref() == Some(key)).cloned();
    let before = found.len();
    let (more, fewer) = match direction {
        Stricter::More | Stricter::Longer => (Some(Bearing::Stricter), Some(Bearing::Laxer)),
        Stricter::Less | Stricter::Shorter => (Some(Bearing::Laxer), Some(Bearing::Stricter)),
        Stricter::None => (None, None),
    };
    for value in new {
        let key = name(value, inner).unwrap_or_default();
        let entry = format!("{list}[{key}]");
        match (find(old, &key), value) {
            (Some(Value::Table(old)), Value::Table(new)) => {
                compare(&format!("{entry}."), &old, new, inner, found);
            }
            _ => found.push(Detail { bearing: more, ..valued(entry, None, Some(value)) }),
        }
    }
    for value in old {
        let key = name(value, inner).unwrap_or_default();
        if find(new, &key).is_none() {
            let entry = format!("{list}[{key}]");
            found.push(Detail { bearing: fewer, ..valued(entry, Some(value), None) });
        }
    }
    if found.len() == before {
        let order = |list: &[Value]| {
            let names: Vec<String> = list.iter().filter_map(|value| name(value, inner)).collect();
            super::list(names.iter().map(String::as_str))
        };
        let name = format!("{list} (order)");
        found.push(Detail::new(name, order(old), order(new)));
    }
}

/// How the new value binds. Unset binds less than any value, but a flag that is unset is one not raised.
fn bearing(old: Option<&Value>, new: Option<&Value>, spec: &ParamSpec) -> Option<Bearing> {
    let raised = matches!(spec.stricter, Stricter::More | Stricter::Longer);
    let binds = |value: &Value| match value {
        Value::Flag(flag) => *flag == raised,
        _ => true,
    };
    let (stricter, laxer) = match (old, new) {
        _ if spec.stricter == Stricter::None => return None,
        (None, None) => return None,
        (None, Some(new)) => (binds(new), false),
        (Some(old), None) => (false, binds(old)),
        (Some(old), Some(new)) => (harder(old, new, spec).is_some(), harder(new, old, spec).is_some()),
    };
    match (stricter, laxer) {
        (true, true) => Some(Bearing::Both),
        (true, false) => Some(Bearing::Stricter),
        (false, true) => Some(Bearing::Laxer),
        (false, false) => None,
    }
}
