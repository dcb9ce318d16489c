//! The stricter of two rules: a pack against the pack above it.

use alloc::string::String;
use alloc::vec::Vec;

use super::kinds::{ParamSpec, Stricter, Ty};
use super::value::{Params, Value};

/// Own parameters with the floor's wherever these bind harder, and the names of those.
pub(super) fn merge(own: &Params, floor: &Params, specs: &[ParamSpec]) -> (Params, Vec<&'static str>) {
    let mut merged = own.clone();
    let mut raised = Vec::new();
    for spec in specs {
        let Some(below) = floor.get(spec.name) else { continue };
        let value = match own.get(spec.name) {
            Some(above) => harder(above, below, spec),
            // Where the rule is silent the floor speaks, unless neither value could be called stricter.
            None => (spec.stricter != Stricter::None).then(|| below.clone()),
        };
        if let Some(value) = value {
            merged.set(spec.name, own.line(), value);
            raised.push(spec.name);
        }
    }
    (merged, raised)
}

/// The value that binds harder than `own`, if the floor has or makes one.
pub(super) fn harder(own: &Value, floor: &Value, spec: &ParamSpec) -> Option<Value> {
    let harder = match (own, floor, &spec.ty) {
        (Value::Table(own), Value::Table(floor), Ty::Table(inner)) => {
            let (merged, raised) = merge(own, floor, inner);
            return (!raised.is_empty()).then_some(Value::Table(merged));
        }
        (Value::List(own), Value::List(floor), Ty::List(Ty::Table(inner))) => {
            keyed(own, floor, inner, spec.stricter)
        }
        (Value::List(own), Value::List(floor), _) => several(own, floor, spec.stricter),
        (Value::Flag(own), Value::Flag(floor), _) => Value::Flag(match spec.stricter {
            Stricter::More | Stricter::Longer => *own || *floor,
            Stricter::Less | Stricter::Shorter => *own && *floor,
            Stricter::None => *own,
        }),
        _ if floor_wins(weight(own, &spec.ty), weight(floor, &spec.ty), own, spec.stricter) => floor.clone(),
        _ => return None,
    };
    (harder != *own).then_some(harder)
}

/// A number by which two values of a type can be compared, where they can.
fn weight(value: &Value, ty: &Ty) -> Option<i64> {
    match (value, ty) {
        (Value::Integer(number), _) => Some(*number),
        (Value::Share(share), _) => Some(i64::from(share.0)),
        (Value::Deadline(deadline), _) => Some(deadline.weight()),
        (Value::Schedule(schedule), _) => Some(schedule.weight()),
        (Value::Word(word), Ty::OneOf(words)) => {
            words.iter().position(|w| w == word).and_then(|at| at.try_into().ok())
        }
        _ => None,
    }
}

fn floor_wins(own: Option<i64>, floor: Option<i64>, value: &Value, direction: Stricter) -> bool {
    let (Some(own), Some(floor)) = (own, floor) else { return false };
    // Ten days before an event are longer than five before it, though both lie below zero.
    let longer = if matches!(value, Value::Deadline(_)) { floor.abs() > own.abs() } else { floor > own };
    match direction {
        Stricter::Longer | Stricter::More => longer,
        Stricter::Shorter | Stricter::Less => floor < own,
        Stricter::None => false,
    }
}

fn several(own: &[Value], floor: &[Value], direction: Stricter) -> Value {
    Value::List(match direction {
        Stricter::More | Stricter::Longer => {
            own.iter().chain(floor.iter().filter(|value| !own.contains(value))).cloned().collect()
        }
        Stricter::Less | Stricter::Shorter => {
            own.iter().filter(|value| floor.contains(value)).cloned().collect()
        }
        Stricter::None => own.to_vec(),
    })
}

/// Lists of tables: entries of the same name are merged, the others stand or fall by the direction.
fn keyed(own: &[Value], floor: &[Value], inner: &[ParamSpec], direction: Stricter) -> Value {
    let find =
        |list: &[Value], key: &str| list.iter().find(|v| name(v, inner).as_deref() == Some(key)).cloned();
    let mut merged: Vec<Value> = Vec::new();
    for value in own {
        let other = name(value, inner).and_then(|key| find(floor, &key));
        match (value, other) {
            (Value::Table(own), Some(Value::Table(floor))) => {
                merged.push(Value::Table(merge(own, &floor, inner).0))
            }
            _ if direction == Stricter::Less => {}
            _ => merged.push(value.clone()),
        }
    }
    if direction == Stricter::More {
        let missing =
            floor.iter().filter(|value| name(value, inner).is_none_or(|key| find(own, &key).is_none()));
        merged.extend(missing.cloned());
    }
    Value::List(merged)
}

/// What names an entry of a list: its first required text.
pub(super) fn name(value: &Value, inner: &[ParamSpec]) -> Option<String> {
    let Value::Table(table) = value else { return None };
    let key =
        inner.iter().find(|spec| spec.required && matches!(spec.ty, Ty::Code | Ty::OneOf(_) | Ty::Ref(_)))?;
    table.text(key.name).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::super::kinds::vocabulary::{Counting, Offset, Unit};
    use super::super::shared::Deadline;
    use super::*;
    use alloc::vec;

    fn spec(ty: Ty, stricter: Stricter) -> ParamSpec {
        ParamSpec { name: "x", ty, required: false, stricter, told: false, always: false, what: "" }
    }

    fn days(length: u32, offset: Offset) -> Value {
        let unit = Unit::Day;
        Value::Deadline(Deadline {
            length,
            unit,
            from: None,
            offset,
            counting: Counting::Ordinary,
            anchor: None,
        })
    }

    #[test]
    fn numbers_words_and_flags_follow_their_direction() {
        let number = Ty::Integer { min: 0, max: 99 };
        let (three, five) = (Value::Integer(3), Value::Integer(5));
        assert_eq!(harder(&three, &five, &spec(number, Stricter::Longer)), Some(five.clone()));
        assert_eq!(harder(&five, &three, &spec(number, Stricter::Longer)), None);
        assert_eq!(harder(&five, &three, &spec(number, Stricter::Shorter)), Some(three.clone()));
        assert_eq!(harder(&five, &three, &spec(number, Stricter::None)), None);
        let words = Ty::OneOf(&["record", "refuse"]);
        let refuse = Value::Word("refuse");
        assert_eq!(harder(&Value::Word("record"), &refuse, &spec(words, Stricter::More)), Some(refuse));
        assert_eq!(
            harder(&Value::Flag(true), &Value::Flag(false), &spec(Ty::Flag, Stricter::Less)),
            Some(Value::Flag(false))
        );
    }

    #[test]
    fn a_notice_before_the_event_is_sooner_than_any_after_it() {
        let shorter = spec(Ty::Deadline, Stricter::Shorter);
        let before = days(10, Offset::Before);
        assert_eq!(harder(&days(5, Offset::After), &before, &shorter), Some(before.clone()));
        assert_eq!(harder(&before, &days(5, Offset::After), &shorter), None);
    }

    #[test]
    fn lists_grow_or_shrink_by_direction() {
        let list = |names: &[&'static str]| Value::List(names.iter().map(|n| Value::Word(n)).collect());
        let both = Ty::List(&Ty::Text);
        assert_eq!(
            harder(&list(&["a"]), &list(&["b"]), &spec(both, Stricter::More)),
            Some(list(&["a", "b"]))
        );
        assert_eq!(
            harder(&list(&["a", "c"]), &list(&["a"]), &spec(both, Stricter::Less)),
            Some(list(&["a"]))
        );
        assert_eq!(harder(&list(&["a"]), &list(&["a"]), &spec(both, Stricter::More)), None);
        assert_eq!(harder(&list(&["a"]), &Value::List(vec![]), &spec(both, Stricter::More)), None);
    }
}
