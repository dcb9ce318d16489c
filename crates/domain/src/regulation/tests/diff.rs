//! What an amendment changes, as its readers are told.

use super::super::ClauseId;
use super::super::diff::{Bearing, Change, Difference, diff};
use super::*;

fn amended(edits: &[(&str, &str)]) -> Vec<Difference> {
    diff(&good(edited(&[])), &good(edited(edits)))
}

/// A difference in one line, and each of its details in one more.
fn lines(found: &[Difference]) -> Vec<String> {
    let mut lines = Vec::new();
    for one in found {
        lines.push(format!("{} {} {}", one.change.word(), one.part, one.id));
        for detail in &one.details {
            let said = |words: &Option<super::super::Words>| {
                words.as_ref().map_or_else(|| "unset".to_string(), |words| words.en.to_string())
            };
            let bearing = detail.bearing.map_or("", Bearing::word);
            let (old, new) = (said(&detail.old), said(&detail.new));
            lines.push(format!("  {}: {old} -> {new} {bearing}", detail.name).trim_end().to_string());
        }
    }
    lines
}

#[test]
fn a_pack_does_not_differ_from_itself_nor_from_itself_on_other_lines() {
    assert_eq!(amended(&[]), []);
    assert_eq!(amended(&[("[[control]]\nid = \"uses\"", "\n\n# moved\n[[control]]\nid = \"uses\"")]), []);
}

#[test]
fn header_clauses_and_roles_are_told_old_and_new() {
    let found = amended(&[
        ("version = \"1\"", "version = \"2\""),
        ("effective_from = 2024-01-01", "effective_from = 2025-01-01\nparent = \"above\""),
        ("Data are kept secret.", "Data are kept secret for ever."),
        ("capacities = [\"ask\"]", "capacities = [\"ask\", \"audit\"]\nfresh_credential = true"),
    ]);
    let wanted = [
        "changed header pack",
        "  version: 1 -> 2",
        "  effective_from: 2024-01-01 -> 2025-01-01",
        "  parent: unset -> above",
        "changed role reader",
        "  capacities: ask -> ask, audit",
        "  fresh_credential: unset -> true stricter",
        "changed clause 3",
        "  gist: Data are kept secret. -> Data are kept secret for ever.",
    ];
    assert_eq!(lines(&found), wanted);
}

#[test]
fn each_parameter_is_stricter_or_laxer_by_the_direction_of_the_schema() {
    let stamp = |edits: &[(&str, &str)]| lines(&amended(edits))[1..].to_vec();
    assert_eq!(stamp(&[("valid_hours = 24", "valid_hours = 8")]), ["  valid_hours: 24 -> 8 stricter"]);
    assert_eq!(stamp(&[("valid_hours = 24", "valid_hours = 48")]), ["  valid_hours: 24 -> 48 laxer"]);
    assert_eq!(
        stamp(&[("valid_hours = 24\npolicy = [\"valid_hours\"]\n", "")]),
        ["  policy: valid_hours -> unset", "  valid_hours: 24 -> unset laxer"]
    );
    assert_eq!(
        stamp(&[
            ("timing = \"before\"\nby", "timing = \"after\"\nby"),
            ("valid_hours = 24\npolicy = [\"valid_hours\"]\n", "open_each = false\n")
        ]),
        [
            "  policy: valid_hours -> unset",
            "  timing: before -> after laxer",
            "  valid_hours: 24 -> unset laxer",
            "  open_each: unset -> false"
        ]
    );
}

#[test]
fn entries_of_a_list_are_known_by_their_codes() {
    let uses = |list: &str| {
        let from = "purposes = [{ code = \"berth\", word = { zh = \"船席\", en = \"Berths\" } }]";
        lines(&amended(&[(from, list)]))[1..].to_vec()
    };
    assert_eq!(
        uses(
            "purposes = [{ code = \"berth\", word = { zh = \"船席\", en = \"Berths\" }, extra_text = true }, \
             { code = \"dues\", word = { zh = \"規費\", en = \"Dues\" } }]"
        ),
        [
            "  purposes[berth].extra_text: unset -> true stricter",
            "  purposes[dues]: unset -> code dues · word Dues laxer"
        ]
    );
    let other = uses("purposes = [{ code = \"dues\", word = { zh = \"規費\", en = \"Dues\" } }]");
    assert_eq!(other[1], "  purposes[berth]: code berth · word Berths -> unset stricter");
}

#[test]
fn a_control_of_another_kind_or_id_is_another_control() {
    let found = amended(&[("id = \"secrecy\"", "id = \"silence\"")]);
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].change, found[0].id.as_str()), (Change::Added, "silence"));
    assert_eq!((found[1].change, found[1].id.as_str()), (Change::Removed, "secrecy"));
    assert_eq!(found[0].kind, Some("notice"));
    assert_eq!(found[0].clauses, [ClauseId::new("harbour", "3")]);
    let text = found[0].details.iter().find(|detail| detail.name == "text").unwrap();
    assert_eq!((&text.old, text.bearing), (&None, None));
}

#[test]
fn a_field_keeps_its_type_and_a_new_one_is_told() {
    let more = "type = \"text\"\nrequired = true\n\n[[field]]\nid = \"place\"\n\
                label = { zh = \"處所\", en = \"Place\" }\ntype = \"choice\"\n\
                options = [{ code = \"quay\", label = { zh = \"碼頭\", en = \"Quay\" } }]\n";
    let found = amended(&[("type = \"text\"\nrequired = true\n", more)]);
    assert_eq!(lines(&found), ["changed form slip", "  field place: unset -> choice · Place · quay Quay"]);
    let found = amended(&[("type = \"text\"\nrequired = true", "type = \"long-text\"")]);
    assert_eq!(found[0].faults.len(), 1);
    assert!(found[0].faults[0].contains("`reason` is `long-text`"), "{:?}", found[0].faults);
    assert_eq!(found[0].details[1].bearing, Some(Bearing::Laxer));
}

#[test]
fn scenarios_are_known_by_their_files() {
    let found = amended(&[("subject = \"A\"", "subject = \"B\"")]);
    assert_eq!(lines(&found), ["changed scenario scenarios/stamp-first.toml"]);
}
