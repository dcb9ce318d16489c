//! Scenarios: a pack's own tests, readable without knowing the program. They are run elsewhere; here they are
//! read.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::pack::ClauseId;
use super::tree::Line;
use super::value::{Params, Words};

/// A small world in which a scenario happens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// The organisation that acts.
    pub unit: Option<String>,
    /// The cast: names of the author's choice and their roles.
    pub roles: BTreeMap<String, String>,
    /// A case.
    pub case: Option<GivenCase>,
    /// Whether the consent that the rule wants exists; the author may say nothing.
    pub consent: Option<bool>,
    /// `false`: nobody of the cast holds a permission.
    pub permissions: Option<bool>,
    /// Whether there is a link; the author may say nothing.
    pub link: Option<bool>,
    /// Where people sit.
    pub place: Option<String>,
    /// How people looked up stand to the one who asks.
    pub relations: BTreeMap<String, String>,
    /// The state of the source.
    pub provider_state: Option<String>,
}

/// The case of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenCase {
    /// Its number.
    pub number: String,
    /// The work it belongs to.
    pub business: Option<String>,
    /// Its officer, one of the cast.
    pub officer: Option<String>,
    /// The people it is about.
    pub parties: Vec<String>,
    /// Whether it is open.
    pub open: bool,
    /// Its plan.
    pub plan: Option<String>,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Signs in.
    SignIn,
    /// Asks for a lookup.
    Ask,
    /// Runs a lookup that was approved before.
    Run,
    /// Stamps.
    Stamp,
    /// Sends back without a stamp.
    Return,
    /// Judges a flagged lookup.
    Judge,
    /// Opens the parked answer again.
    Review,
    /// Gives the consent that a lookup needs.
    Consent,
    /// Lets time pass.
    Wait,
    /// Verifies a record against the ledger.
    Verify,
}

/// What is expected of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// It is permitted.
    Permitted,
    /// It is refused.
    Refused,
    /// Something is overdue afterwards.
    Overdue,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Who acts, one of the cast.
    pub actor: String,
    /// What they do.
    pub act: Act,
    /// Whom they look up.
    pub subject: Option<String>,
    /// What they ask.
    pub dataset: Option<String>,
    /// The items they ask; `None` for those of the business.
    pub items: Option<Vec<String>>,
    /// The use they name.
    pub purpose: Option<String>,
    /// The legal basis they name.
    pub basis: Option<String>,
    /// The statute and article they type.
    pub basis_text: Option<String>,
    /// The reason they type.
    pub reason: Option<String>,
    /// The document number they type.
    pub document_number: Option<String>,
    /// The case number they type.
    pub case: Option<String>,
    /// Where they sit now.
    pub place: Option<String>,
    /// The passwords they try: `true` for the right one.
    pub tries: Vec<bool>,
    /// How long a wait lasts, in minutes.
    pub wait_minutes: Option<u64>,
    /// What they find when they judge.
    pub verdict: Option<String>,
    /// What comes of it.
    pub expect: Expect,
    /// The clause that the permit or refusal must name.
    pub clause: Option<ClauseId>,
    /// The state of the lookup afterwards.
    pub state: Option<String>,
    /// The line in the scenario's file, for reports.
    pub line: Line,
}

/// One scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// What it shows.
    pub title: Words,
    /// The clauses it shows obeyed or refused.
    pub clauses: Vec<ClauseId>,
    /// The world it starts from.
    pub given: Given,
    /// What happens.
    pub steps: Vec<Step>,
    /// Its file inside the pack.
    pub file: String,
}

impl Scenario {
    pub(super) fn from_params(params: &Params, pack: &str, file: &str) -> Self {
        let empty = Params::default();
        let head = params.table("scenario").unwrap_or(&empty);
        Self {
            title: head.pair("title", "title_en"),
            clauses: head.texts("clauses").iter().map(|local| ClauseId::new(pack, local)).collect(),
            given: params.table("given").map(given).unwrap_or_default(),
            steps: params.tables("step").map(|step| read_step(step, pack)).collect(),
            file: file.into(),
        }
    }
}

fn owned(params: &Params, name: &str) -> Option<String> {
    params.text(name).map(String::from)
}

fn given(params: &Params) -> Given {
    Given {
        unit: owned(params, "unit"),
        roles: params.map("roles"),
        case: params.table("case").map(|case| GivenCase {
            number: case.string("number"),
            business: owned(case, "business"),
            officer: owned(case, "officer"),
            parties: case.texts("parties"),
            open: case.text("state") != Some("closed"),
            plan: owned(case, "plan"),
        }),
        consent: params.flag("consent"),
        permissions: params.flag("permissions"),
        link: params.flag("link"),
        place: owned(params, "place"),
        relations: params.map("relations"),
        provider_state: owned(params, "provider_state"),
    }
}

fn read_step(params: &Params, pack: &str) -> Step {
    let hours: Option<u64> = params.number("hours");
    let minutes: Option<u64> = params.number("minutes");
    Step {
        actor: params.string("actor"),
        act: act(params.text("do").unwrap_or_default()),
        subject: owned(params, "subject"),
        dataset: owned(params, "dataset"),
        items: params.has("items").then(|| params.texts("items")),
        purpose: owned(params, "purpose"),
        basis: owned(params, "basis"),
        basis_text: owned(params, "basis_text"),
        reason: owned(params, "reason"),
        document_number: owned(params, "document_number"),
        case: owned(params, "case"),
        place: owned(params, "place"),
        tries: params.texts("tries").iter().map(|try_| try_ == "right").collect(),
        wait_minutes: (hours.is_some() || minutes.is_some())
            .then(|| hours.unwrap_or(0) * 60 + minutes.unwrap_or(0)),
        verdict: owned(params, "verdict"),
        expect: match params.text("expect") {
            Some("refused") => Expect::Refused,
            Some("overdue") => Expect::Overdue,
            _ => Expect::Permitted,
        },
        clause: params.text("clause").map(|local| ClauseId::new(pack, local)),
        state: owned(params, "state"),
        line: Line(params.line()),
    }
}

/// The act of a word; the schema has refused every other word, so the last arm stands for `verify`.
fn act(word: &str) -> Act {
    match word {
        "sign-in" => Act::SignIn,
        "ask" => Act::Ask,
        "run" => Act::Run,
        "stamp" => Act::Stamp,
        "return" => Act::Return,
        "judge" => Act::Judge,
        "review" => Act::Review,
        "consent" => Act::Consent,
        "wait" => Act::Wait,
        _ => Act::Verify,
    }
}
