//! The handbook says what the table says: its tables are written from the schema, its example is a pack that
//! loads.
//!
//! After a change of the schema: `UPDATE_HANDBOOK=1 cargo test -p domain handbook` writes the tables anew.

use std::{env, fs, path::PathBuf};

use super::super::kinds::vocabulary as words;
use super::super::kinds::{ParamSpec, Ty};
use super::super::schema::{CONTROL, FORM_FILE, PACK, PARTS, SCENARIO_FILE};
use super::super::shared::{DEADLINE, SCHEDULE, WHO};
use super::super::when::WHEN;
use super::super::{KINDS, RecordKind};
use super::*;
use alloc::vec;

/// A list's name, its words, and their meanings where each has one.
type Named = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

/// Lists with a name of their own, which tables point to where they are long.
const NAMED: &[Named] = &[
    ("capacity", words::Capacity::WORDS, words::Capacity::MEANINGS),
    ("relation", words::Relation::WORDS, words::Relation::MEANINGS),
    ("target", words::Target::WORDS, words::Target::MEANINGS),
    ("party", words::PARTIES, &[]),
    ("cause", words::Cause::WORDS, words::Cause::MEANINGS),
    ("unit", words::Unit::WORDS, words::Unit::MEANINGS),
    ("counting", words::Counting::WORDS, words::Counting::MEANINGS),
    ("event", words::Event::WORDS, words::Event::MEANINGS),
    ("consequence", words::Consequence::WORDS, words::Consequence::MEANINGS),
    ("timing", words::Timing::WORDS, words::Timing::MEANINGS),
    ("application", words::ApplicationObject::WORDS, words::ApplicationObject::MEANINGS),
    ("record", RecordKind::WORDS, RecordKind::MEANINGS),
    ("list", words::LISTS, &[]),
    ("way", words::Channel::WORDS, words::Channel::MEANINGS),
    ("post", words::POST, &[]),
    ("source state", words::PROVIDER_STATES, &[]),
    ("shape", words::AnswerShape::WORDS, words::AnswerShape::MEANINGS),
    ("sensitivity", words::Sensitivity::WORDS, words::Sensitivity::MEANINGS),
    ("factor", words::Factor::WORDS, words::Factor::MEANINGS),
    ("page", words::PageKind::WORDS, words::PageKind::MEANINGS),
    ("step", words::StepAct::WORDS, words::StepAct::MEANINGS),
];

fn ty(of: &Ty) -> String {
    let shared = |name: &str| format!("[{name}](#{name})");
    match of {
        Ty::Text => "text".into(),
        Ty::Words => "words".into(),
        Ty::Code => "code".into(),
        Ty::Integer { min, max } => format!("{min} to {max}"),
        Ty::Share => "percent".into(),
        Ty::Flag => "true or false".into(),
        Ty::Date => "day".into(),
        Ty::Deadline => shared("deadline"),
        Ty::Schedule => shared("schedule"),
        Ty::Who => shared("who"),
        Ty::When => shared("when"),
        Ty::Policy => "`true`, or a list of names".into(),
        Ty::OneOf(list) => match NAMED.iter().find(|(_, known, _)| known == list) {
            Some((name, ..)) if list.len() > 4 => format!("[{name}](#word-lists)"),
            _ => list.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" "),
        },
        Ty::List(inner) => match inner {
            Ty::Table(_) => "list of tables".into(),
            inner => format!("list of: {}", ty(inner)),
        },
        Ty::OneOrMany(inner) => format!("one or a list of: {}", ty(inner)),
        Ty::Map(inner) => format!("table of names to: {}", ty(inner)),
        Ty::Table(_) => "table".into(),
        Ty::Ref(to) => format!("{to:?} id").to_lowercase().replace("membertype", "member type"),
    }
}

/// Rows of a table; only parameters of kinds have a strict direction.
fn rows(specs: &[ParamSpec], prefix: &str, strict: bool, out: &mut String) {
    for spec in specs {
        let need = if spec.required { "yes" } else { "" };
        let name = format!("{prefix}{}", spec.name);
        let stricter = if strict { format!(" {} |", spec.stricter.word()) } else { String::new() };
        let told = match (spec.told, spec.always) {
            (true, _) => " *Only told.*",
            (false, true) => " *Always so.*",
            (false, false) => "",
        };
        out.push_str(&format!("| `{name}` | {} | {need} |{stricter} {}{told} |\n", ty(&spec.ty), spec.what));
        match &spec.ty {
            Ty::Table(inner) => rows(inner, &format!("{name}."), strict, out),
            Ty::List(Ty::Table(inner)) => rows(inner, &format!("{name}[]."), strict, out),
            _ => {}
        }
    }
}

fn table(lists: &[&[ParamSpec]]) -> String {
    let mut out = String::from("| key | value | required | meaning |\n| --- | --- | --- | --- |\n");
    lists.iter().for_each(|specs| rows(specs, "", false, &mut out));
    out
}

fn strict_table(specs: &[ParamSpec]) -> String {
    let mut out =
        String::from("| key | value | required | stricter | meaning |\n| --- | --- | --- | --- | --- |\n");
    rows(specs, "", true, &mut out);
    out
}

/// One control of each kind; together they are the controls of one pack.
const EXAMPLES: &str = include_str!("examples.toml");

/// What the examples stand in.
const AROUND: &str = r#"
schema = 1

[pack]
id = "examples"
version = "1"
title = "例"
title_en = "Examples"
short_title = "例"
short_title_en = "Examples"
issuer = "機關"
issuer_en = "Agency"

[[organisation]]
id = "agency"
word = "機關"
word_en = "agency"

[[organisation]]
id = "branch"
word = "分支"
word_en = "branch"
parent = "agency"

[[office]]
id = "it"
word = "資訊室"
word_en = "IT office"

[[office]]
id = "ethics"
word = "政風室"
word_en = "ethics office"

[[clause]]
id = "1"
cite = "一"
gist = "全部"
gist_en = "Everything"
met = "enforced"

[[control]]
id = "conscription"
kind = "dataset"
clauses = ["1"]
source = "household-register"
word = { zh = "役政", en = "Conscription" }
subject = { kind = "person", label = { zh = "號", en = "Number" }, type = "national-id" }
items = [{ id = "service", label = { zh = "役", en = "Service" }, shape = "verdict" }]
"#;

/// Where the example of a kind stands among them.
fn example_of(kind: &str) -> &'static str {
    let names = |block: &&str| block.lines().any(|line| line == format!("kind = \"{kind}\""));
    let blocks = EXAMPLES.split("\n\n").map(str::trim);
    blocks.into_iter().find(names).unwrap_or_else(|| panic!("no example of {kind}"))
}

fn kinds() -> String {
    let mut out = String::new();
    let mut family = None;
    for spec in KINDS {
        if family != Some(spec.family) {
            family = Some(spec.family);
            out.push_str(&format!("### Family `{}`\n\n", spec.family.word()));
        }
        out.push_str(&format!("#### `{}`\n\n{}\n\n{}\n", spec.name, spec.what, strict_table(spec.params)));
        out.push_str(&format!("```toml\n{}\n```\n\n", example_of(spec.name)));
    }
    out
}

fn word_lists() -> String {
    let mut out = String::new();
    for (name, list, meanings) in NAMED {
        out.push_str(&format!("**{name}**\n\n"));
        if meanings.is_empty() {
            let all: Vec<String> = list.iter().map(|word| format!("`{word}`")).collect();
            out.push_str(&format!("{}\n\n", all.join(" · ")));
        } else {
            meanings.iter().for_each(|(word, what)| out.push_str(&format!("- `{word}`: {what}\n")));
            out.push('\n');
        }
    }
    out
}

/// The generated parts by the name of their marker.
fn parts() -> Vec<(&'static str, String)> {
    Vec::from([
        ("pack", table(&[PACK, PARTS])),
        ("control", table(&[CONTROL])),
        ("who", table(&[WHO])),
        ("deadline", table(&[DEADLINE])),
        ("schedule", table(&[SCHEDULE])),
        ("when", table(&[WHEN])),
        ("kinds", kinds()),
        ("form", table(&[FORM_FILE])),
        ("scenario", table(&[SCENARIO_FILE])),
        ("word-lists", word_lists()),
    ])
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/packs.md")
}

fn between<'a>(text: &'a str, name: &str) -> (&'a str, &'a str, &'a str) {
    let (begin, end) =
        (format!("<!-- {name}: written from the schema -->\n"), format!("<!-- {name}: end -->"));
    let from = text.find(&begin).unwrap_or_else(|| panic!("no {begin}")) + begin.len();
    let until = from + text[from..].find(&end).unwrap_or_else(|| panic!("no {end}"));
    (&text[..from], &text[from..until], &text[until..])
}

#[test]
fn the_tables_of_the_handbook_are_those_of_the_schema() {
    let mut text = fs::read_to_string(path()).unwrap();
    let update = env::var_os("UPDATE_HANDBOOK").is_some();
    for (name, wanted) in parts() {
        let (before, found, after) = between(&text, name);
        let wanted = format!("\n{}\n\n", wanted.trim_end());
        if update {
            text = format!("{before}{wanted}{after}");
        } else {
            assert_eq!(found, wanted, "the part `{name}` of docs/packs.md: see the top of this test");
        }
    }
    if update {
        fs::write(path(), text).unwrap();
    }
}

#[test]
fn the_worked_pack_of_the_handbook_loads() {
    let text = fs::read_to_string(path()).unwrap();
    let mut files: Vec<(&str, &str)> = Vec::new();
    for block in text.split("```toml ").skip(1) {
        let (name, rest) = block.split_once('\n').unwrap();
        files.push((name, rest.split_once("```").unwrap().0));
    }
    assert!(files.len() > 2, "{files:?}");
    let sources: Vec<Source<'_>> = files.iter().map(|(path, text)| Source { path, text }).collect();
    let pack = good(load(&sources));
    assert_eq!((pack.forms.len(), pack.scenarios.len()), (1, 2));
}

#[test]
fn the_broken_example_of_the_handbook_says_what_the_loader_says() {
    let text = fs::read_to_string(path()).unwrap();
    let faults = faults(edited(&[
        ("valid_hours = 24", "valid_hour = 24"),
        ("policy = [\"valid_hours\"]\n", ""),
        ("form = \"slip\"", "form = \"slips\""),
    ]));
    assert_eq!(faults.len(), 2);
    for fault in faults {
        let shown = fault.split_once(": ").unwrap().1;
        assert!(text.contains(shown), "the handbook's example of errors no longer reads so: {shown}");
    }
}

#[test]
fn the_examples_of_all_kinds_are_one_pack_that_loads() {
    let role = |(id, more): (&str, &str)| {
        format!("[[role]]\nid = \"{id}\"\nword = \"{id}\"\nword_en = \"{id}\"\ncapacities = {more}\n")
    };
    let roles = [
        ("user", "[\"ask\"]"),
        ("supervisor", "[\"stamp\"]"),
        ("head", "[\"decide\"]"),
        ("administrator", "[\"administer\"]\noffice = \"it\""),
        ("auditor", "[\"audit\"]\noffice = \"ethics\""),
    ]
    .map(role);
    let main = format!("{AROUND}\n{}\n{EXAMPLES}", roles.join("\n"));
    let form = |id: &str, object: &str, field: &str| {
        let label = "label = { zh = \"欄\", en = \"Field\" }";
        format!("[form]\nid = \"{id}\"\n{label}\nobject = \"{object}\"\n\n[[field]]\n{label}\n{field}\n")
    };
    let text = "id = \"name\"\ntype = \"text\"";
    let rows = "id = \"customer\"\ntype = \"table\"\ncolumns = [{ id = \"at\", \
                label = { zh = \"欄\", en = \"Field\" }, type = \"text\" }]";
    let kind = |action: &str| {
        format!("{{ code = \"{action}\", label = {{ zh = \"欄\", en = \"Field\" }}, action = \"{action}\" }}")
    };
    let options = ["create", "change", "cancel"].map(kind).join(", ");
    let kinds = format!("id = \"kind\"\ntype = \"choice\"\noptions = [{options}]");
    let both = format!("{text}\n\n[[field]]\nlabel = {{ zh = \"欄\", en = \"Field\" }}\n{rows}");
    let forms = [
        ("forms/sheet.toml", form("sheet", "record-sheet", text)),
        ("forms/application.toml", form("application", "account-application", &kinds)),
        ("forms/agreement.toml", form("agreement", "consent", text)),
        ("forms/register.toml", form("register", "register", text)),
        ("forms/customers.toml", form("customers", "customer-list", &both)),
    ];
    let mut sources = vec![Source { path: "pack.toml", text: &main }];
    sources.extend(forms.iter().map(|(path, text)| Source { path, text }));
    let pack = good(load(&sources));
    for spec in KINDS {
        assert!(pack.of_kind(spec.kind).next().is_some(), "no example of {}", spec.name);
    }
}
