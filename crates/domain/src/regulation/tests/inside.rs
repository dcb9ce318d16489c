//! Duties that nobody of the agency could do.

use super::*;

fn inventory(line: &str) -> String {
    let head = "[[control]]\nid = \"inventory\"\nkind = \"inventory\"\nclauses = [\"2\"]";
    format!("{head}\nschedule = {{ every = 3, unit = \"month\" }}\n{line}\n")
}

#[test]
fn nobody_outside_signs_off() {
    assert!(faults(extended(&inventory("sign_off = { head = true }"))).is_empty());
    for (who, name) in [
        ("{ party = \"linking-agency\" }", "who:linking-agency"),
        ("{ organisation = \"bureau\" }", "organisation:bureau"),
    ] {
        let told = faults(extended(&inventory(&format!("sign_off = {who}"))));
        assert_eq!(told.len(), 1, "{told:#?}");
        let said = format!("clause harbour/2: nobody of the agency could be meant by `sign_off`: `{name}`.");
        assert!(told[0].contains(&said), "{told:#?}");
    }
}

#[test]
fn what_is_reported_outside_is_written_by_somebody() {
    let outside = inventory("report_to = [{ party = \"linking-agency\" }]");
    assert!(faults(extended(&outside)).is_empty(), "whoever decides writes to it");
    let text = format!("{PACK}\n{outside}")
        .replace("capacities = [\"stamp\", \"decide\"]", "capacities = [\"stamp\"]");
    let told = faults(load(&[
        Source { path: "pack.toml", text: &text },
        Source { path: "forms/slip.toml", text: FORM },
        Source { path: "scenarios/stamp-first.toml", text: SCENARIO },
    ]));
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].contains("nobody of the agency could write to `who:linking-agency`"), "{told:#?}");
}
