//! Whole packs through the loader: good ones, and broken ones with the exact words their authors read.

extern crate std;

mod broken;
mod diff;
mod fields;
mod floors;
mod handbook;
mod inside;
mod kinds;
mod known;
mod packs;
mod scenarios;
mod sense;
mod shapes;
mod ticks;
mod told;
mod views;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Pack, PackError, Source, load};
use crate::sample::harbour;

/// A rule of four clauses, as short as one can be that still asks, records and stamps.
pub(super) const PACK: &str = harbour!(
    r#"
[[role]]
id = "master"
word = "港務長"
word_en = "harbour master"
capacities = ["stamp", "decide"]

[[clause]]
id = "1"
cite = "一"
gist = "只能為港務目的調閱。"
gist_en = "Data are read for harbour business only."
met = "enforced"

[[clause]]
id = "2"
cite = "二"
gist = "調閱須填單並經港務長核章。"
gist_en = "A slip is filled in and the harbour master stamps it."
met = "enforced"

[[clause]]
id = "3"
cite = "三"
gist = "資料不得外洩。"
gist_en = "Data are kept secret."
met = "stated"

[[control]]
id = "uses"
kind = "permitted-uses"
clauses = ["1"]
purposes = [{ code = "berth", word = { zh = "船席", en = "Berths" } }]

[[control]]
id = "stamp"
kind = "countersign"
clauses = ["2"]
timing = "before"
by = { role = "master" }
valid_hours = 24
policy = ["valid_hours"]

[[control]]
id = "slip"
kind = "record-sheet"
clauses = ["2"]
form = "slip"
timing = "before"

[[control]]
id = "secrecy"
kind = "notice"
clauses = ["3"]
text = { zh = "資料應保密。", en = "Keep the data secret." }
at = ["lookup"]
"#
);

pub(super) const FORM: &str = r#"[form]
id = "slip"
label = { zh = "調閱單", en = "Slip" }
object = "record-sheet"
clauses = ["2"]

[[field]]
id = "reason"
label = { zh = "事由", en = "Reason" }
type = "text"
required = true
"#;

pub(super) const SCENARIO: &str = r#"[scenario]
title = "先核章後調閱"
title_en = "The stamp comes first"
clauses = ["2"]

[given]
roles = { ann = "reader", mo = "master" }

[[step]]
actor = "ann"
do = "ask"
subject = "A"
expect = "refused"
clause = "2"
"#;

/// Loads the small pack with some passages changed.
pub(super) fn edited(edits: &[(&str, &str)]) -> Result<Pack, Vec<PackError>> {
    let mut texts: [String; 3] = [PACK.to_string(), FORM.to_string(), SCENARIO.to_string()];
    for (from, to) in edits {
        assert!(texts.iter().any(|text| text.contains(from)), "nothing to change: {from}");
        for text in &mut texts {
            *text = text.replacen(from, to, 1);
        }
    }
    let paths = ["pack.toml", "forms/slip.toml", "scenarios/stamp-first.toml"];
    let files: Vec<Source<'_>> = paths.iter().zip(&texts).map(|(path, text)| Source { path, text }).collect();
    load(&files)
}

/// The small pack with more at its end.
pub(super) fn extended(more: &str) -> Result<Pack, Vec<PackError>> {
    let text = format!("{PACK}\n{more}");
    load(&[
        Source { path: "pack.toml", text: &text },
        Source { path: "forms/slip.toml", text: FORM },
        Source { path: "scenarios/stamp-first.toml", text: SCENARIO },
    ])
}

pub(super) fn good(result: Result<Pack, Vec<PackError>>) -> Pack {
    result.unwrap_or_else(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

/// What is wrong, one line an error.
pub(super) fn faults(result: Result<Pack, Vec<PackError>>) -> Vec<String> {
    result.err().unwrap_or_default().iter().map(ToString::to_string).collect()
}
