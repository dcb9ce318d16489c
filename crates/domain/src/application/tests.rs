//! The small world of an application, with every kind of step; how its lives go stands in the parts.

mod account;
mod asked;
mod attachment;
mod blind;
mod claim;
mod consult;
mod delegation;
mod lives;
mod outcomes;
mod outside;
mod renewals;
mod way;

use super::act::{self, Facts, Give};
use super::claim as claiming;
use super::consult as consulting;
use super::route::{Absence, Holder, Route, Staff};
use super::submit::{self, Written};
use super::*;
use crate::actor::Actor;
use crate::decision::{Decision, Rule, Seen};
use crate::grant::permission::{self, Permission};
use crate::id::{AgencyId, EventId, PermissionId};
use crate::letter::Came;
use crate::refusal::{Outcome, Reason, Refusal};
use crate::regulation::{Source, load};
use crate::sample::{self, harbour, reference};
use crate::time::Date;
use crate::{decision, grant};
use alloc::{format, string::ToString, vec};

const PACK: &str = harbour!(
    r#"
[[role]]
id = "chief"
word = "組長"
word_en = "chief"
capacities = ["stamp"]

[[role]]
id = "engineer"
word = "資訊人員"
word_en = "engineer"
capacities = ["administer"]
office = "computing"

[[role]]
id = "integrity"
word = "政風人員"
word_en = "integrity officer"
capacities = ["consult"]

[[role]]
id = "master"
word = "港務長"
word_en = "harbour master"
capacities = ["decide"]

[[office]]
id = "computing"
word = "資訊室"
word_en = "computing office"

[[clause]]
id = "1"
cite = "一"
gist = "帳號須申請並經核准。"
gist_en = "Accounts are applied for and approved."
met = "enforced"

[[control]]
id = "application"
kind = "account-application"
clauses = ["1"]
form = "account"

[[control]]
id = "chain"
kind = "approval-chain"
clauses = ["1"]
object = "account"
form = "account"
valid_months = 12
policy = ["valid_months"]
steps = [
  { who = { role = "reader" }, act = "propose" },
  { who = { role = "chief" }, act = "check" },
  { side_by_side = [{ office = "computing" }, { role = "integrity" }], act = "consult" },
  { who = { head_or_delegate = true }, act = "decide" },
  { who = { role = "engineer" }, act = "carry-out" },
]
"#
);

const FORM: &str = r#"[form]
id = "account"
label = { zh = "帳號申請單", en = "Account form" }
object = "account-application"
clauses = ["1"]

[[field]]
id = "reason"
label = { zh = "事由", en = "Reason" }
type = "long-text"
required = true
max_length = 20

[[field]]
id = "mail"
label = { zh = "電子郵件", en = "E-mail" }
type = "email"

[[field]]
id = "where"
label = { zh = "單位", en = "Unit" }
type = "choice"
options = [
  { code = "here", label = { zh = "本局", en = "Here" } },
  { code = "other", label = { zh = "其他", en = "Other" }, text = true },
]

[[field]]
id = "permissions"
label = { zh = "權限", en = "Permissions" }
type = "ticks"
required = true
options = [
  { code = "berths", label = { zh = "船席", en = "Berths" } },
  { code = "crews", label = { zh = "船員", en = "Crews" }, risk = "high" },
]

[[field]]
id = "papers"
label = { zh = "附件", en = "Papers" }
type = "attachment"
accept = [
  { extension = "pdf", starts = ["255044462d"] },
  { extension = "jpg", starts = ["ffd8ff"] },
]
max_bytes = 2048
max_files = 2
"#;

fn pack() -> Pack {
    pack_of(PACK)
}

fn pack_of(text: &str) -> Pack {
    let files = [Source { path: "pack.toml", text }, Source { path: "forms/account.toml", text: FORM }];
    load(&files).unwrap_or_else(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

fn at(hour: i64) -> Instant {
    Instant::at(Date::new(2026, 3, 2).unwrap(), 8, 0).plus_hours(hour)
}

/// Name, unit and role; two engineers, so that the one who gave an opinion need not carry out.
const PEOPLE: &[(&str, &str, &str)] = &[
    ("ann", "quay", "reader"),
    ("ben", "quay", "reader"),
    ("cho", "quay", "chief"),
    ("dee", "dock", "chief"),
    ("eve", "office", "engineer"),
    ("fay", "office", "engineer"),
    ("gus", "office", "integrity"),
    ("hal", "office", "master"),
];

fn staff() -> Staff {
    let holder = |(name, unit, role): &(&str, &str, &str)| Holder {
        person: PersonId::new(*name),
        assignment: AssignmentId::new(format!("{name}-{role}")),
        unit: UnitId::new(*unit),
        role: (*role).into(),
    };
    let units = vec!["quay".into()];
    Staff { holders: PEOPLE.iter().map(holder).collect(), units, ..Staff::default() }
}

fn actor(pack: &Pack, name: &str) -> Actor {
    let (_, unit, role) = PEOPLE.iter().find(|(own, _, _)| *own == name).unwrap();
    sample::actor(pack, name, unit, role)
}

fn blank() -> Application {
    Application {
        destroyed: None,
        id: ApplicationId::new("AP-1"),
        object: "account".into(),
        form: "account".into(),
        action: Action::Create,
        author: "ann".into(),
        assignment: "ann-reader".into(),
        unit: "quay".into(),
        organisation: "bureau".into(),
        role: "reader".into(),
        people: vec!["ann".into()],
        items: vec![],
        state: State::Draft,
        step: 0,
        version: 0,
        at: at(0),
        since: at(0),
        digest: reference().digest,
    }
}

fn filled() -> Answers {
    let ticks = Entry { values: vec!["crews".into(), "berths".into()], ..Entry::default() };
    [("reason".to_string(), Entry::text("審查船席")), ("permissions".to_string(), ticks)].into()
}

/// One application in its small world, played by commands.
#[derive(Clone)]
struct Play {
    pack: alloc::sync::Arc<Pack>,
    application: Application,
    answers: Answers,
    files: Vec<crate::application::attachment::Upload>,
    stamps: Vec<Stamp>,
    claims: Vec<claiming::Claim>,
    questions: Vec<consulting::Question>,
    staff: Staff,
    held: Vec<Permission>,
    beside: crate::application::account::Beside,
    letter: Came,
    sets: Sets,
    hour: i64,
}

/// What goes with what is given.
#[derive(Clone, Default)]
struct Sets {
    outcome: Option<&'static str>,
    effective: Option<Date>,
    left_out: Vec<&'static str>,
    silent: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    Save,
    Submit,
    Withdraw,
    Cancel,
    Claim,
    Release,
    Ask(&'static str),
    Reply(bool),
    Give(Verdict),
}

const COMMANDS: [Command; 13] = [
    Command::Save,
    Command::Submit,
    Command::Withdraw,
    Command::Cancel,
    Command::Claim,
    Command::Release,
    Command::Ask("dee"),
    Command::Reply(true),
    Command::Give(Verdict::Agree),
    Command::Give(Verdict::Object),
    Command::Give(Verdict::Return),
    Command::Give(Verdict::Refuse),
    Command::Give(Verdict::CarryOut),
];

impl Play {
    fn new() -> Self {
        Self {
            pack: alloc::sync::Arc::new(pack()),
            application: blank(),
            answers: filled(),
            files: vec![],
            stamps: vec![],
            claims: vec![],
            questions: vec![],
            staff: staff(),
            held: vec![],
            beside: crate::application::account::Beside::default(),
            letter: Came::default(),
            sets: Sets::default(),
            hour: 0,
        }
    }

    fn decide(&self, who: &str, command: Command) -> Outcome<Decision> {
        let reference = reference();
        let rule = Rule { pack: &self.pack, reference: &reference };
        let actor = actor(&self.pack, who);
        let (event, now) = (EventId::new(format!("ev-{}", self.hour)), at(self.hour));
        let application = self.application.clone();
        let seen = Seen { key: application.key(&actor.log()), rev: 1 };
        let written = || Written {
            application: application.clone(),
            answers: self.answers.clone(),
            attached: vec![],
            files: self.files.clone(),
            seen: seen.clone(),
            waiting: vec![],
            beside: (self.beside.clone(), vec![]),
        };
        match command {
            Command::Save => submit::save(rule, &actor, written(), &event, now),
            Command::Submit => submit::submit(rule, &actor, written(), &self.staff, &event, now),
            Command::Withdraw => {
                let acted = self.stamps.iter().any(|stamp| stamp.version == application.version);
                submit::withdraw(rule, &actor, application, acted, seen, &event, now)
            }
            Command::Cancel => submit::cancel(rule, &actor, application, seen, &event, now),
            Command::Claim => claiming::take(rule, &actor, &self.facts(seen), &event, now),
            Command::Release => claiming::release(rule, &actor, &self.facts(seen), &event, now),
            Command::Ask(whom) => {
                let (facts, id) = (self.facts(seen), format!("qu-{}", self.hour));
                let (people, words) = ([PersonId::new(whom)], Personal::new("是否必要"));
                let (about, asks, id) =
                    ((&facts, &self.questions[..]), (&people[..], &words), id.as_str().into());
                consulting::ask(rule, &actor, about, asks, &id, (&event, now))
            }
            Command::Reply(given) => {
                let mut own = self.questions.iter().rev().filter(|own| own.to == actor.person);
                let unknown = || vec![Refusal::new(Reason::RecordUnknown)];
                let question = own.next().ok_or_else(unknown)?;
                let (facts, words) = (self.facts(seen), Personal::new("有必要"));
                consulting::reply(rule, &actor, (&facts, question), (given, &words), &event, now)
            }
            Command::Give(verdict) => {
                let facts = self.facts(seen);
                let Sets { outcome, effective, left_out, silent } = self.sets.clone();
                let note = Personal::new(if silent { "" } else { "看過" });
                let outcome = outcome.map(String::from);
                let left_out = left_out.into_iter().map(String::from).collect();
                let (fields, letter) = (vec![], self.letter.clone());
                let ruling = Ruling { outcome, effective, left_out };
                let give = Give { verdict, note, ruling, fields, letter };
                act::give(rule, &actor, &facts, &give, &event, now)
            }
        }
    }

    fn facts(&self, seen: Seen) -> Facts {
        Facts {
            application: self.application.clone(),
            stamps: self.stamps.clone(),
            claims: self.claims.clone(),
            staff: self.staff.clone(),
            held: self.held.clone(),
            owed: vec![],
            link: None,
            seen: vec![seen],
        }
    }

    fn play(&mut self, who: &str, command: Command) -> Outcome<()> {
        let decision = self.decide(who, command)?;
        self.hour += 1;
        for change in decision.changes() {
            match change {
                decision::Change::Application(
                    Change::Saved(application, answers) | Change::Submitted(application, answers),
                ) => {
                    self.application = application.clone();
                    self.answers = answers.clone();
                }
                decision::Change::Application(Change::Stamped(application, stamp, _)) => {
                    self.application = application.clone();
                    self.stamps.push(Stamp::clone(stamp));
                }
                decision::Change::Application(Change::Moved(application)) => {
                    self.application = application.clone();
                }
                decision::Change::Application(Change::Attached(..)) => self.files.clear(),
                decision::Change::Application(Change::Claimed(_, claim)) => {
                    self.claims.retain(|own| (own.step, own.part) != (claim.step, claim.part));
                    self.claims.push(claim.clone());
                }
                decision::Change::Application(Change::Released(_, claim)) => {
                    self.claims.retain(|own| own != claim);
                }
                decision::Change::Application(Change::Asked(_, own, _)) => {
                    self.questions.push((**own).clone())
                }
                decision::Change::Application(Change::Replied(_, own, _)) => {
                    self.questions.retain(|old| old.id != own.id);
                    self.questions.push((**own).clone());
                }
                decision::Change::Grant(grant::Change::Opened(new)) => self.held.push(new.clone()),
                decision::Change::Grant(grant::Change::Stopped { id, why, at }) => {
                    let old = self.held.iter_mut().find(|held| held.id == *id).unwrap();
                    old.stopped = Some((*why, *at));
                }
                decision::Change::Grant(grant::Change::Shortened { id, until }) => {
                    self.held.iter_mut().find(|held| held.id == *id).unwrap().until = Some(*until);
                }
                decision::Change::Grant(grant::Change::Warned { id, at }) => {
                    self.held.iter_mut().find(|held| held.id == *id).unwrap().warned = Some(*at);
                }
                decision::Change::Grant(grant::Change::Resumed(id)) => {
                    self.held.iter_mut().find(|held| held.id == *id).unwrap().stopped = None;
                }
                other => panic!("{other:?}"),
            }
        }
        Ok(())
    }

    fn done(mut self, plays: &[(&str, Command)]) -> Self {
        for (who, command) in plays {
            self.play(who, *command).unwrap_or_else(|no| panic!("{who} {command:?}: {no:?}"));
        }
        self
    }

    fn reason(&self, who: &str, command: Command) -> Reason {
        self.decide(who, command).unwrap_err()[0].reason
    }

    fn holding(&self) -> Vec<String> {
        let reference = reference();
        let rule = Rule { pack: &self.pack, reference: &reference };
        let actor = actor(&self.pack, "ann");
        let (_, chain) = submit::may_apply(rule, &actor, "account").unwrap();
        let route = Route {
            pack: &self.pack,
            chain: &chain.value,
            application: &self.application,
            stamps: &self.stamps,
            claims: &self.claims,
            staff: &self.staff,
        };
        route.holding().into_iter().map(|candidate| candidate.person.to_string()).collect()
    }
}

const AGREE: Command = Command::Give(Verdict::Agree);
const WHOLE: &[(&str, Command)] = &[
    ("ann", Command::Submit),
    ("cho", AGREE),
    ("gus", Command::Give(Verdict::Object)),
    ("eve", AGREE),
    ("hal", AGREE),
    ("fay", Command::Give(Verdict::CarryOut)),
];
