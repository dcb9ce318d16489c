//! Scenarios: a pack's own tests, readable without knowing the program. They are run elsewhere; here they are
//! read.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::form::Form;
use super::kinds::vocabulary::ApplicationObject;
use super::pack::ClauseId;
use super::tree::Line;
use super::value::{Params, Words};
use crate::application::form::choice_of;
use crate::application::{Action, Answers, Entry};
use crate::directory::post::Cause;

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

/// Writes what steps do and the words for it from one list, so that they cannot differ.
macro_rules! acts {
    ($($(#[doc = $what:literal])+ $act:ident $word:literal,)*) => {
        /// What a step does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Act {
            $($(#[doc = $what])+ $act,)*
        }

        impl Act {
            /// Every one, in the order of the list.
            const ALL: &'static [Self] = &[$(Self::$act),*];
            /// The words a scenario writes, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// The word a scenario writes.
            pub const fn word(self) -> &'static str {
                Self::WORDS[self as usize]
            }
        }
    };
}

acts! {
    /// Signs in.
    SignIn "sign-in",
    /// Asks for a lookup.
    Ask "ask",
    /// Runs a lookup that was approved before.
    Run "run",
    /// Stamps.
    Stamp "stamp",
    /// Sends back without a stamp.
    Return "return",
    /// Judges a flagged lookup.
    Judge "judge",
    /// Opens the parked answer again.
    Review "review",
    /// Gives the consent that a lookup needs.
    Consent "consent",
    /// Lets time pass.
    Wait "wait",
    /// Verifies a record against the ledger.
    Verify "verify",
    /// Puts an application forward, or once more what was sent back.
    Apply "apply",
    /// Agrees to the last application, or carries it out where that is what its step does.
    Approve "approve",
    /// Refuses it.
    Refuse "refuse",
    /// Sends it back to be mended.
    SendBack "send-back",
    /// Signs an undertaking, or says that another duty is done.
    Sign "sign",
    /// Enters that somebody leaves, or is away for longer.
    Leave "leave",
    /// Enters that somebody moves to another unit, or does something else in their own.
    Transfer "transfer",
}

impl Act {
    /// Those that are about the last application.
    pub const ON_APPLICATION: &'static [Self] = &[Self::Apply, Self::Approve, Self::Refuse, Self::SendBack];
    /// Those that change a post.
    pub const ON_POST: &'static [Self] = &[Self::Leave, Self::Transfer];

    /// The act of a word; the schema has refused every other one.
    fn named(word: &str) -> Self {
        Self::ALL.iter().copied().find(|act| act.word() == word).unwrap_or(Self::Verify)
    }
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
    /// The items they ask, or the ticks that they apply for; `None` for those of the business.
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
    /// What they apply for: a word of the packs.
    pub object: Option<String>,
    /// Whether something new, a change or an end is applied for.
    pub action: Option<String>,
    /// What they write in fields of the form.
    pub fields: BTreeMap<String, String>,
    /// Whom they apply for; themselves where nobody is named.
    pub people: Vec<String>,
    /// The printed result that they choose.
    pub result: Option<String>,
    /// The words that go with it.
    pub note: Option<String>,
    /// The kind of duty that they say is done.
    pub duty: Option<String>,
    /// Whose post changes.
    pub who: Option<String>,
    /// Why it does.
    pub cause: Option<String>,
    /// The role of the post that begins.
    pub role: Option<String>,
    /// The organisation that its unit belongs to.
    pub unit: Option<String>,
    /// What comes of it.
    pub expect: Expect,
    /// The clause that the permit or refusal must name.
    pub clause: Option<ClauseId>,
    /// The state of the lookup, or of the application, afterwards.
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

impl Step {
    /// What they apply for: an account where nothing is named.
    pub fn object(&self) -> &str {
        self.object.as_deref().unwrap_or(ApplicationObject::Account.word())
    }

    /// What they write in a form: the fields that are named, what is applied for, and the ticks, each in the
    /// field that has it.
    pub fn answers(&self, form: &Form) -> Answers {
        let action = self.action.as_deref().and_then(Action::from_word);
        let chosen = action.and_then(|action| choice_of(form, action));
        let named = self.fields.clone().into_iter().chain(chosen);
        let mut answers: Answers = named.map(|(name, text)| (name, Entry::text(text))).collect();
        for field in &form.fields {
            let own = |code: &&String| match field.kind.as_str() {
                "ticks" => field.options.iter().any(|option| option.code == **code),
                _ => field.kind == "regulation",
            };
            let values: Vec<String> = self.items.iter().flatten().filter(own).cloned().collect();
            if !values.is_empty() {
                answers.insert(field.id.clone(), Entry { values, ..Entry::default() });
            }
        }
        answers
    }

    /// Why a post changes: what the step is called where nothing is named.
    pub fn cause(&self) -> Option<Cause> {
        Cause::from_word(self.cause.as_deref().unwrap_or(self.act.word()))
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
        act: Act::named(params.text("do").unwrap_or_default()),
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
        object: owned(params, "object"),
        action: owned(params, "action"),
        fields: params.map("fields"),
        people: params.texts("for"),
        result: owned(params, "result"),
        note: owned(params, "note"),
        duty: owned(params, "duty"),
        who: owned(params, "who"),
        cause: owned(params, "cause"),
        role: owned(params, "role"),
        unit: owned(params, "unit"),
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
