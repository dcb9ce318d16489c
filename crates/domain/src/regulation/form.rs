//! Forms: one definition gives the web form, the check, the printed form and the stored record.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::pack::ClauseId;
use super::shared::Who;
use super::tree::{Line, Spot};
use super::value::{Params, Words};
use super::view::{Dataset, Ruled};
use super::when::When;

/// Who fills a field in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilledBy {
    /// The person at the screen.
    User,
    /// The system, from what it knows.
    System,
}

/// How much a tick opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Risk {
    /// As much as most.
    Normal,
    /// Reading only.
    ReadOnly,
    /// More than most: reviewers see it marked.
    High,
}

/// One option of a choice or tick list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormOption {
    /// The value that is kept.
    pub code: String,
    /// What is printed.
    pub label: Words,
    /// The heading it stands under.
    pub group: Option<Words>,
    /// How much it opens.
    pub risk: Risk,
    /// Whether a line for words stands behind it.
    pub text: bool,
    /// The items of datasets that it opens once it is approved, each as `dataset/item`.
    pub opens: Vec<String>,
    /// The uses that it opens them for; one that opens no items opens the use itself.
    pub serves: Vec<String>,
    /// What choosing it applies for: `create`, `change` or `cancel`.
    pub action: Option<String>,
}

impl FormOption {
    /// What ticking it opens; none where it opens nothing.
    pub(super) fn tick(&self) -> Option<Tick> {
        let opens = !(self.opens.is_empty() && self.serves.is_empty());
        let (code, items, uses) = (self.code.clone(), self.opens.clone(), self.serves.clone());
        opens.then_some(Tick { code, items, uses })
    }
}

/// What one tick of a form for accounts opens once it is approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// The code that a permission holds of it.
    pub code: String,
    /// The items that it opens, each as `dataset/item`; none where it opens uses only.
    pub items: Vec<String>,
    /// The uses for which it does; every one where it names none.
    pub uses: Vec<String>,
}

impl Tick {
    /// One that opens nothing yet.
    pub(super) fn of(code: &str) -> Self {
        Self { code: code.into(), items: Vec::new(), uses: Vec::new() }
    }
}

/// A kind of file: its ending, and how such files begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileType {
    /// The ending of the name, in lower case.
    pub extension: String,
    /// The first bytes, any one of these.
    pub starts: Vec<Vec<u8>>,
}

/// One field, or one column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub id: String,
    /// Its label.
    pub label: Words,
    /// Its type: `text`, `date`, `ticks`, `table` and the others of the handbook.
    pub kind: String,
    /// Whether the form is refused without it.
    pub required: bool,
    /// Who fills it in.
    pub filled_by: FilledBy,
    /// The longest entry, in characters.
    pub max_length: Option<usize>,
    /// What its ticks are made from: `datasets`.
    pub from: Option<String>,
    /// The body whose name is written here, by its part in a link.
    pub party: Option<String>,
    /// The options of a choice or of ticks.
    pub options: Vec<FormOption>,
    /// The columns of a table.
    pub columns: Vec<Self>,
    /// The kinds of files that an attachment takes.
    pub accept: Vec<FileType>,
    /// The largest file, in bytes.
    pub max_bytes: Option<usize>,
    /// How many files.
    pub max_files: Option<usize>,
    /// A sentence under the label.
    pub help: Option<Words>,
    /// When it is asked for.
    pub when: Option<When>,
    pub(super) line: Line,
}

/// A fixed sentence of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormNotice {
    /// The sentence.
    pub text: Words,
    /// The clause that asks for it.
    pub clause: Option<ClauseId>,
}

/// A signature block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The block's name.
    pub id: String,
    /// Who signs.
    pub who: Who,
    /// What stands above the line.
    pub label: Words,
    /// Its place in the row; the order of the file where absent.
    pub order: Option<u8>,
    pub(super) line: Line,
}

/// What people of a post usually choose, to begin a form with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its name.
    pub id: String,
    /// What it is called.
    pub label: Words,
    /// To whom it is offered.
    pub when: Option<When>,
    /// The codes that it chooses, by field.
    pub fill: BTreeMap<String, Vec<String>>,
    pub(super) line: Line,
}

/// A form of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Its id.
    pub id: String,
    /// Its title.
    pub label: Words,
    /// What it is for.
    pub object: String,
    /// The clauses that prescribe it.
    pub clauses: Vec<ClauseId>,
    /// Whether it is printed across the page.
    pub landscape: bool,
    /// Its fields in order.
    pub fields: Vec<Field>,
    /// Fixed sentences.
    pub notices: Vec<FormNotice>,
    /// Signature blocks.
    pub signatures: Vec<Signature>,
    /// What people usually choose.
    pub templates: Vec<Template>,
    pub(super) at: Spot,
}

impl Field {
    /// The largest file that it takes, in bytes.
    pub fn max_bytes(&self) -> usize {
        self.max_bytes.unwrap_or_default()
    }

    /// How many files it takes.
    pub fn max_files(&self) -> usize {
        self.max_files.unwrap_or_default()
    }
}

impl Form {
    pub(super) fn from_params(params: &Params, pack: &str, file: &str) -> Self {
        let empty = Params::default();
        let form = params.table("form").unwrap_or(&empty);
        Self {
            id: form.string("id"),
            label: form.label("label"),
            object: form.string("object"),
            clauses: form.texts("clauses").iter().map(|local| ClauseId::new(pack, local)).collect(),
            landscape: form.text("orientation") == Some("landscape"),
            fields: params.tables("field").map(field).collect(),
            notices: params.tables("notice").map(|notice| form_notice(notice, pack)).collect(),
            signatures: params.tables("signature").filter_map(signature).collect(),
            templates: params.tables("template").map(template).collect(),
            at: Spot { file: file.into(), line: form.line() },
        }
    }

    /// Whether a fixed sentence of the form states a clause.
    pub fn states(&self, clause: &ClauseId) -> bool {
        self.notices.iter().any(|notice| notice.clause.as_ref() == Some(clause))
    }

    /// Makes the ticks that are made from the datasets of the rule which uses the form.
    pub(super) fn tick_datasets(&mut self, datasets: &[Ruled<Dataset>]) {
        let made = self.fields.iter_mut().filter(|field| field.from.is_some());
        for field in made {
            field.options = datasets.iter().map(|ruled| tick(&ruled.value)).collect();
        }
    }

    /// The field in which a body is named, by its part in a link.
    pub fn party(&self, party: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.party.as_deref() == Some(party))
    }

    /// A field by its id.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }
}

fn tick(dataset: &Dataset) -> FormOption {
    FormOption {
        code: dataset.id.clone(),
        label: dataset.word.clone(),
        group: None,
        risk: Risk::Normal,
        text: false,
        opens: Vec::new(),
        serves: Vec::new(),
        action: None,
    }
}

fn form_notice(params: &Params, pack: &str) -> FormNotice {
    FormNotice {
        text: params.label("text"),
        clause: params.text("clause").map(|local| ClauseId::new(pack, local)),
    }
}

fn signature(params: &Params) -> Option<Signature> {
    Some(Signature {
        id: params.string("id"),
        who: params.who("who")?.clone(),
        label: params.label("label"),
        order: params.number("order"),
        line: Line(params.line()),
    })
}

fn template(params: &Params) -> Template {
    Template {
        id: params.string("id"),
        label: params.label("label"),
        when: params.when("when").cloned(),
        fill: params.choices("fill"),
        line: Line(params.line()),
    }
}

fn field(params: &Params) -> Field {
    Field {
        id: params.string("id"),
        label: params.label("label"),
        kind: params.string("type"),
        required: params.flag("required").unwrap_or(false),
        filled_by: if params.text("filled_by") == Some("system") { FilledBy::System } else { FilledBy::User },
        max_length: params.number("max_length"),
        from: params.text("from").map(String::from),
        party: params.text("party").map(String::from),
        options: params.tables("options").map(option).collect(),
        columns: params.tables("columns").map(field).collect(),
        accept: params.tables("accept").map(file_type).collect(),
        max_bytes: params.number("max_bytes"),
        max_files: params.number("max_files"),
        help: params.words("help").cloned(),
        when: params.when("when").cloned(),
        line: Line(params.line()),
    }
}

fn file_type(params: &Params) -> FileType {
    let starts = params.texts("starts");
    // What is no hexadecimal says nothing, which the check of the pack refuses.
    let starts = starts.iter().map(|text| bytes(text).unwrap_or_default()).collect();
    FileType { extension: params.string("extension"), starts }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()));
    let digits = digits.collect::<Option<Vec<u8>>>()?;
    let whole = digits.len().is_multiple_of(2);
    whole.then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

fn option(params: &Params) -> FormOption {
    FormOption {
        code: params.string("code"),
        label: params.label("label"),
        group: params.words("group").cloned(),
        risk: match params.text("risk") {
            Some("high") => Risk::High,
            Some("read-only") => Risk::ReadOnly,
            _ => Risk::Normal,
        },
        text: params.flag("text").unwrap_or(false),
        opens: params.texts("opens"),
        serves: params.texts("serves"),
        action: params.text("action").map(String::from),
    }
}
