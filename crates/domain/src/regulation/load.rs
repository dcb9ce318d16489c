//! Loads a pack: parse, read against the schema, build, check. All faults come back together.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::check;
use super::error::{Errors, PackError, Place, did_you_mean, quoted};
use super::form::Form;
use super::kinds::vocabulary::Capacity;
use super::kinds::{KINDS, Kind, ParamSpec, RefTo, Ty};
use super::pack::{
    Adoption, CitedLaw, Clause, ClauseId, Control, Header, Met, Office, Organisation, Pack, Plan, Policy,
    Role,
};
use super::read::{Pending, Reader};
use super::scenario::Scenario;
use super::schema::{CONTROL, FORM_FILE, PACK, PARTS, SCENARIO_FILE, SCHEMA};
use super::tree::{self, Node, Raw, Spot};
use super::value::{Params, Value};
use super::view;

/// One file of a pack, by its path inside the pack's folder: `pack.toml`, `forms/sheet.toml`.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The path, with `/` between its parts.
    pub path: &'a str,
    /// What it holds.
    pub text: &'a str,
}

/// The list that is taken out before the rest is read, so that a slip in its name finds it.
static CONTROLS: &[ParamSpec] =
    &[super::kinds::may("control", Ty::List(&Ty::Table(CONTROL)), "Controls of every kind.")];

/// Reads and checks a pack.
///
/// # Errors
/// Every fault of the pack, by file and line; a pack with one fault is no pack.
pub fn load(files: &[Source<'_>]) -> Result<Pack, Vec<PackError>> {
    load_beside(files, Vec::new())
}

/// Reads and checks a pack beside whose files stand others that are no text, each with its fault.
///
/// # Errors
/// As [`load`]; and where a file cannot be read, the faults of such files alone, for all else follows from
/// them.
pub fn load_beside(files: &[Source<'_>], unread: Vec<PackError>) -> Result<Pack, Vec<PackError>> {
    let mut loader = Loader { errors: unread.into(), ..Loader::default() };
    loader.parse(files)?;
    let pack = loader.pack(files);
    let Loader { mut errors, pending, .. } = loader;
    errors.join();
    let Some(pack) = pack else { return Err(errors.sorted()) };
    check::all(&pack, &pending, &mut errors);
    if errors.is_empty() { Ok(pack) } else { Err(errors.sorted()) }
}

/// Reads a pack that was checked when it was put into force. What a later program checks beyond that takes no
/// rule out of force.
///
/// # Errors
/// What cannot be read.
pub fn reload(files: &[Source<'_>]) -> Result<Pack, Vec<PackError>> {
    let mut loader = Loader::default();
    loader.parse(files)?;
    let pack = loader.pack(files);
    let errors = loader.errors;
    pack.filter(|_| errors.is_empty()).ok_or_else(|| errors.sorted())
}

#[derive(Default)]
struct Loader {
    errors: Errors,
    pending: Vec<Pending>,
    id: String,
    /// The files that are TOML, by their path, until each is read.
    trees: BTreeMap<String, Node>,
}

impl Loader {
    /// Syntax comes first and alone: a file that is left out would make faults of all that others say of it.
    fn parse(&mut self, files: &[Source<'_>]) -> Result<(), Vec<PackError>> {
        for file in files.iter().filter(|file| file.path.ends_with(".toml")) {
            if let Some(tree) = tree::parse(file.path, file.text, &mut self.errors) {
                self.trees.insert(file.path.into(), tree);
            }
        }
        let errors = core::mem::take(&mut self.errors);
        if errors.is_empty() { Ok(()) } else { Err(errors.unread()) }
    }

    fn pack(&mut self, files: &[Source<'_>]) -> Option<Pack> {
        let Some(main) = files.iter().find(|file| file.path == "pack.toml") else {
            let at = Place { file: "pack.toml".into(), line: 1, clause: None };
            self.errors.add(
                &at,
                "the pack has no `pack.toml`",
                "Every pack folder holds one; see the handbook.",
            );
            return None;
        };
        let tree = self.trees.remove(main.path)?;
        self.schema(&tree)?;
        self.id = tree.get("pack").and_then(|pack| pack.get("id")).and_then(Node::text).unwrap_or("").into();
        let (rest, controls) = split_controls(tree);
        let params = self.read(main.path, &rest, &[PACK, PARTS, CONTROLS], "the pack", None);
        let mut pack = empty_pack(&params, &self.id);
        self.parts(main.path, &params, &controls, &mut pack);
        let mut others: Vec<&Source<'_>> = files.iter().filter(|file| file.path != "pack.toml").collect();
        others.sort_by_key(|file| file.path);
        others.into_iter().for_each(|file| self.other(file, &mut pack));
        pack.ticks = pack.ticks_that_open();
        pack.instead = pack.named_instead();
        let datasets = &pack.datasets;
        pack.forms.iter_mut().for_each(|form| form.tick_datasets(datasets));
        Some(pack)
    }

    fn parts(&mut self, file: &str, params: &Params, controls: &[Node], pack: &mut Pack) {
        add_parts(params, file, pack);
        pack.controls.extend(controls.iter().filter_map(|node| self.control(file, node)));
        pack.datasets = pack.of_kind(Kind::Dataset).map(view::dataset).collect();
    }

    /// The format must be known before anything else can be judged.
    fn schema(&mut self, tree: &Node) -> Option<()> {
        let at = |line| Place { file: "pack.toml".into(), line, clause: None };
        let Some(node) = tree.get("schema") else {
            self.errors.add(
                &at(1),
                "the pack does not say its format",
                "Begin `pack.toml` with `schema = 1`.",
            );
            return None;
        };
        match node.value {
            Raw::Integer(Some(n)) if n > SCHEMA => {
                let message =
                    format!("the pack is written in format {n}, and this program reads up to {SCHEMA}");
                self.errors.add(
                    &at(node.line),
                    message,
                    "Use a newer program, or write the pack in the older format.",
                );
                None
            }
            _ => Some(()),
        }
    }

    fn read(
        &mut self,
        file: &str,
        node: &Node,
        specs: &[&'static [ParamSpec]],
        what: &str,
        clause: Option<String>,
    ) -> Params {
        let mut reader = Reader::new(file, &mut self.errors);
        reader.at.clause = clause;
        let params = reader.table(node, specs, what).unwrap_or_default();
        self.pending.append(&mut reader.pending);
        params
    }

    fn control(&mut self, file: &str, node: &Node) -> Option<Control> {
        let clause = first_clause(node).map(|local| format!("{}/{local}", self.id));
        let before = self.errors.count();
        let mut reader = Reader::new(file, &mut self.errors);
        reader.at.clause = clause;
        let Some(name) = node.get("kind").and_then(Node::text) else {
            let remedy = "Add `kind = \"…\"`; the handbook lists the kinds.";
            reader.error(node.line, "a control does not name its kind", remedy);
            return None;
        };
        let Some(kind) = Kind::named(name) else {
            let line = node.get("kind").map_or(node.line, |kind| kind.line);
            let remedy = did_you_mean(name, KINDS.iter().map(|spec| spec.name), "kinds");
            reader.error(line, format!("there is no kind {}", quoted(name)), remedy);
            return None;
        };
        let id = node.get("id").and_then(Node::text).unwrap_or("?");
        let what = format!("control `{id}` ({name})");
        let params = reader.table(node, &[CONTROL, kind.spec().params], &what)?;
        self.pending.append(&mut reader.pending);
        let sound = self.errors.count() == before;
        Some(Control { sound, ..control(kind, params, &self.id, file) })
    }

    fn other(&mut self, file: &Source<'_>, pack: &mut Pack) {
        match file.path.split_once('/') {
            None if is_toml(file.path) => {
                if let Some(tree) = self.trees.remove(file.path) {
                    let (rest, controls) = split_controls(tree);
                    let what = "a file beside `pack.toml`";
                    let params = self.read(file.path, &rest, &[PARTS, CONTROLS], what, None);
                    self.parts(file.path, &params, &controls, pack);
                }
            }
            Some(("forms", name)) if is_toml(name) => {
                if let Some(params) = self.side_file(file, FORM_FILE, "form") {
                    pack.forms.push(Form::from_params(&params, &self.id, file.path));
                }
            }
            Some(("scenarios", name)) if is_toml(name) => {
                if let Some(params) = self.side_file(file, SCENARIO_FILE, "scenario") {
                    pack.scenarios.push(Scenario::from_params(&params, &self.id, file.path));
                }
            }
            Some(("letters", name)) if !name.contains('/') => {
                pack.letters.insert(name.into(), file.text.into());
            }
            _ => {
                let at = Place { file: file.path.into(), line: 1, clause: None };
                let remedy =
                    "A pack holds `*.toml`, `forms/*.toml`, `letters/*`, `scenarios/*.toml`, nothing else.";
                self.errors.add(&at, "this file does not belong in a pack", remedy);
            }
        }
    }

    fn side_file(&mut self, file: &Source<'_>, specs: &'static [ParamSpec], head: &str) -> Option<Params> {
        let tree = self.trees.remove(file.path)?;
        let clause = tree.get(head).and_then(first_clause).map(|local| format!("{}/{local}", self.id));
        Some(self.read(file.path, &tree, &[specs], &format!("the {head}"), clause))
    }
}

fn is_toml(name: &str) -> bool {
    !name.contains('/') && name.ends_with(".toml")
}

fn first_clause(node: &Node) -> Option<&str> {
    match &node.get("clauses")?.value {
        Raw::List(list) => list.first().and_then(Node::text),
        _ => None,
    }
}

/// Controls are read by kind, so they are taken out of the tree before the rest is read.
fn split_controls(tree: Node) -> (Node, Vec<Node>) {
    let Raw::Table(entries) = tree.value else { return (tree, Vec::new()) };
    let (controls, rest): (Vec<_>, Vec<_>) = entries
        .into_iter()
        .partition(|entry| entry.key == "control" && matches!(entry.node.value, Raw::List(_)));
    let controls = controls.into_iter().flat_map(|entry| match entry.node.value {
        Raw::List(list) => list,
        _ => Vec::new(),
    });
    (Node { line: tree.line, value: Raw::Table(rest) }, controls.collect())
}

fn control(kind: Kind, mut params: Params, pack: &str, file: &str) -> Control {
    let ids = |locals: Vec<String>| -> Vec<ClauseId> {
        locals.iter().map(|local| ClauseId::new(pack, local)).collect()
    };
    let clauses = ids(params.texts("clauses"));
    let mut cites = clauses.clone();
    let mut inner = Vec::new();
    inner_clauses(&params, kind.spec().params, &mut inner);
    cites.extend(ids(inner));
    cites.dedup();
    let policy = match params.get("policy") {
        Some(Value::Flag(true)) => Policy::Whole,
        Some(Value::List(_)) => Policy::Params(params.texts("policy")),
        _ => Policy::Law,
    };
    let (id, when, note) = (params.string("id"), params.when("when").cloned(), params.words("note").cloned());
    let at = Spot { file: file.into(), line: params.line() };
    for common in CONTROL {
        params.unset(common.name);
    }
    Control { id, kind, clauses, cites, policy, when, note, params, sound: true, at }
}

/// The clauses that entries inside a control name.
fn inner_clauses(params: &Params, specs: &[ParamSpec], found: &mut Vec<String>) {
    for spec in specs {
        match (&spec.ty, params.get(spec.name)) {
            (Ty::Ref(RefTo::Clause), Some(Value::Text(local))) => found.push(local.clone()),
            (Ty::Table(inner), Some(Value::Table(table))) => inner_clauses(table, inner, found),
            (Ty::List(Ty::Table(inner)), Some(Value::List(_))) => {
                params.tables(spec.name).for_each(|table| inner_clauses(table, inner, found));
            }
            _ => {}
        }
    }
}

fn empty_pack(params: &Params, id: &str) -> Pack {
    let empty = Params::default();
    let head = params.table("pack").unwrap_or(&empty);
    let terms = head.table("terms").unwrap_or(&empty);
    Pack {
        header: header(head, id),
        terms: terms.iter().filter_map(|(key, _)| Some((key, terms.words(key)?.clone()))).collect(),
        organisations: Vec::new(),
        offices: Vec::new(),
        roles: Vec::new(),
        plans: Vec::new(),
        clauses: Vec::new(),
        controls: Vec::new(),
        forms: Vec::new(),
        scenarios: Vec::new(),
        letters: BTreeMap::new(),
        digest: None,
        datasets: Vec::new(),
        ticks: Vec::new(),
        instead: Vec::new(),
        floor_forms: Vec::new(),
        floor: None,
        header_line: head.line().max(1),
    }
}

fn add_parts(params: &Params, file: &str, pack: &mut Pack) {
    let id = pack.header.id.clone();
    let clauses = |p: &Params| -> Vec<ClauseId> {
        p.texts("clauses").iter().map(|local| ClauseId::new(&id, local)).collect()
    };
    let at = |p: &Params| Spot { file: file.into(), line: p.line() };
    pack.organisations.extend(params.tables("organisation").map(|p| organisation(p, &id, at(p))));
    pack.offices.extend(params.tables("office").map(|p| Office {
        id: p.string("id"),
        word: p.pair("word", "word_en"),
        capacities: capacities(p),
        clauses: clauses(p),
        at: at(p),
    }));
    pack.roles.extend(params.tables("role").map(|p| role(p, clauses(p), at(p))));
    pack.plans.extend(params.tables("plan").map(|p| Plan {
        id: p.string("id"),
        word: p.pair("word", "word_en"),
        clauses: clauses(p),
        from: p.date("from"),
        until: p.date("until"),
        at: at(p),
    }));
    pack.clauses.extend(params.tables("clause").map(|p| clause(p, &id, at(p))));
}

fn header(head: &Params, id: &str) -> Header {
    Header {
        id: id.to_string(),
        version: head.string("version"),
        title: head.pair("title", "title_en"),
        title_uncertain: head.flag("title_uncertain").unwrap_or(false),
        short_title: head.pair("short_title", "short_title_en"),
        issuer: head.pair("issuer", "issuer_en"),
        document_number: head.text("document_number").map(String::from),
        date: head.date("date"),
        effective_from: head.date("effective_from"),
        effective_to: head.date("effective_to"),
        parent: head.text("parent").map(String::from),
        cited_laws: head
            .tables("cited_law")
            .map(|law| CitedLaw {
                cited_as: law.string("cited_as"),
                current_name: law.text("current_name").map(String::from),
                clause: law.text("clause").map(|local| ClauseId::new(id, local)),
            })
            .collect(),
    }
}

fn organisation(p: &Params, id: &str, at: Spot) -> Organisation {
    let mutatis = p.text("adopts") == Some("mutatis-mutandis");
    Organisation {
        id: p.string("id"),
        word: p.pair("word", "word_en"),
        adopts: if mutatis { Adoption::MutatisMutandis } else { Adoption::Own },
        clause: p.text("clause").map(|local| ClauseId::new(id, local)),
        parent: p.text("parent").map(String::from),
        at,
    }
}

fn role(p: &Params, clauses: Vec<ClauseId>, at: Spot) -> Role {
    Role {
        id: p.string("id"),
        word: p.pair("word", "word_en"),
        capacities: capacities(p),
        tier: p.number("tier"),
        incompatible: p.texts("incompatible"),
        office: p.text("office").map(String::from),
        deputy: p.flag("deputy").unwrap_or(false),
        fresh_credential: p.flag("fresh_credential").unwrap_or(false),
        clauses,
        at,
    }
}

fn capacities(p: &Params) -> Vec<Capacity> {
    p.texts("capacities").iter().filter_map(|word| Capacity::named(word)).collect()
}

fn clause(p: &Params, id: &str, at: Spot) -> Clause {
    Clause {
        id: ClauseId::new(id, &p.string("id")),
        cite: p.string("cite"),
        gist: p.pair("gist", "gist_en"),
        met: match p.text("met") {
            Some("enforced") => Met::Enforced,
            Some("recorded") => Met::Recorded,
            _ => Met::Stated,
        },
        at,
    }
}

/// The bytes of a pack in the one order over which its digest is taken: files by path, each as the length of
/// its path, the path, the length of its content and the content, lengths as eight bytes, the highest first.
pub fn canonical(files: &[Source<'_>]) -> Vec<u8> {
    let mut files: Vec<&Source<'_>> = files.iter().collect();
    files.sort_by_key(|file| file.path);
    let mut bytes = Vec::new();
    for file in files {
        for part in [file.path.as_bytes(), file.text.as_bytes()] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
    }
    bytes
}
