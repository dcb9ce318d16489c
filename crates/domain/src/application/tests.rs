//! The life of an application under a small rule with every kind of step.

mod lives;
mod outside;
mod renewals;

use super::act::{self, Facts, Give};
use super::route::{Absence, Holder, Route, Staff};
use super::submit::{self, Written};
use super::*;
use crate::actor::{Actor, Channel, Place};
use crate::decision::{Decision, Rule, RuleRef, Seen};
use crate::grant::permission::{self, Permission};
use crate::id::{AgencyId, EventId, PermissionId};
use crate::letter::Came;
use crate::refusal::{Outcome, Reason};
use crate::regulation::{Source, load};
use crate::time::Date;
use crate::{decision, grant};
use alloc::{format, string::ToString, vec};

const PACK: &str = r#"schema = 1

[pack]
id = "harbour"
version = "1"
title = "港務資料使用要點"
title_en = "Directions on harbour data"
short_title = "港務要點"
short_title_en = "Harbour directions"
issuer = "港務局"
issuer_en = "Harbour Bureau"
effective_from = 2024-01-01

[[organisation]]
id = "bureau"
word = "港務局"
word_en = "Harbour Bureau"

[[role]]
id = "reader"
word = "調閱員"
word_en = "reader"
capacities = ["ask"]

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
  { who = { head = true }, act = "decide" },
  { who = { role = "engineer" }, act = "carry-out" },
]
"#;

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
"#;

fn pack() -> Pack {
    let files = [Source { path: "pack.toml", text: PACK }, Source { path: "forms/account.toml", text: FORM }];
    load(&files).unwrap_or_else(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

fn reference() -> RuleRef {
    RuleRef { name: "harbour@1".into(), digest: "0".repeat(64) }
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
    Staff { holders: PEOPLE.iter().map(holder).collect(), absences: vec![], units: vec!["quay".into()] }
}

fn actor(pack: &Pack, name: &str) -> Actor {
    let (_, unit, role) = PEOPLE.iter().find(|(own, _, _)| *own == name).unwrap();
    Actor {
        person: PersonId::new(name),
        assignment: AssignmentId::new(format!("{name}-{role}")),
        unit: UnitId::new(*unit),
        agency: AgencyId::new("harbour"),
        organisation: "bureau".into(),
        role: (*role).into(),
        capacities: pack.capacities(role).to_vec(),
        place: Place::Elsewhere,
        channel: Channel::Page,
    }
}

fn blank() -> Application {
    Application {
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
    stamps: Vec<Stamp>,
    staff: Staff,
    held: Vec<Permission>,
    letter: Came,
    hour: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    Save,
    Submit,
    Withdraw,
    Cancel,
    Give(Verdict),
}

const COMMANDS: [Command; 9] = [
    Command::Save,
    Command::Submit,
    Command::Withdraw,
    Command::Cancel,
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
            stamps: vec![],
            staff: staff(),
            held: vec![],
            letter: Came::default(),
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
            seen: seen.clone(),
            waiting: vec![],
        };
        match command {
            Command::Save => submit::save(rule, &actor, written(), &event, now),
            Command::Submit => submit::submit(rule, &actor, written(), &self.staff, &event, now),
            Command::Withdraw => {
                let acted = self.stamps.iter().any(|stamp| stamp.version == application.version);
                submit::withdraw(rule, &actor, application, acted, seen, &event, now)
            }
            Command::Cancel => submit::cancel(rule, &actor, application, seen, &event, now),
            Command::Give(verdict) => {
                let facts = Facts {
                    application,
                    stamps: self.stamps.clone(),
                    staff: self.staff.clone(),
                    held: self.held.clone(),
                    owed: vec![],
                    link: None,
                    seen: vec![seen],
                };
                let (note, fields, letter) = (Personal::new("看過"), vec![], self.letter.clone());
                let give = Give { verdict, note, fields, letter };
                act::give(rule, &actor, &facts, &give, &event, now)
            }
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
                    self.stamps.push(stamp.clone());
                }
                decision::Change::Application(Change::Moved(application)) => {
                    self.application = application.clone();
                }
                decision::Change::Grant(grant::Change::Opened(new)) => self.held.push(new.clone()),
                decision::Change::Grant(grant::Change::Stopped { id, why, at }) => {
                    let old = self.held.iter_mut().find(|held| held.id == *id).unwrap();
                    old.stopped = Some((*why, *at));
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

#[test]
fn it_goes_from_hand_to_hand_and_opens_what_was_approved() {
    let holders = [vec!["cho"], vec!["eve", "fay", "gus"], vec!["eve", "fay"], vec!["hal"], vec!["fay"]];
    let mut play = Play::new();
    for (place, (who, command)) in WHOLE.iter().enumerate() {
        assert!(play.held.is_empty(), "nothing is open before the end");
        play.play(who, *command).unwrap();
        if let Some(expected) = holders.get(place) {
            assert_eq!(play.holding(), *expected, "after {who}");
        }
    }
    assert_eq!(play.application.state, State::Done);
    let opened = &play.held[0];
    assert_eq!(opened.items, ["berths", "crews"], "in the order of the form");
    assert_eq!((opened.person.as_str(), opened.unit.as_str()), ("ann", "quay"));
    assert_eq!(opened.until, Some(Date::new(2027, 3, 2).unwrap().start()));
    assert_eq!(opened.id, PermissionId::new("AP-1.1"));
}

#[test]
fn a_change_takes_the_place_of_what_there_was_and_a_cancellation_leaves_nothing() {
    let mut play = Play::new().done(WHOLE);
    for (action, open) in [(Action::Change, 1), (Action::Cancel, 0)] {
        let id = ApplicationId::new(action.word());
        play.application = Application { id, action, ..blank() };
        play.stamps.clear();
        play = play.done(WHOLE);
        let now = at(play.hour);
        assert_eq!(play.held.iter().filter(|held| held.runs(now)).count(), open, "{action:?}");
    }
    let whys: Vec<_> = play.held.iter().map(|held| held.stopped.unwrap().0.word()).collect();
    assert_eq!(whys, ["replaced", "cancelled"]);
}

#[test]
fn what_was_returned_is_stamped_anew_from_the_first_step() {
    let mut play =
        Play::new().done(&[("ann", Command::Submit), ("cho", AGREE), ("eve", AGREE), ("gus", AGREE)]);
    play = play.done(&[("hal", Command::Give(Verdict::Return))]);
    assert_eq!(play.application.state, State::Returned);
    play = play.done(&[("ann", Command::Save), ("ann", Command::Submit)]);
    assert_eq!((play.application.version, play.holding()), (2, vec!["cho".to_string()]));
    assert_eq!(play.stamps.len(), 4, "what was given before stays");
    play = play.done(&WHOLE[1..]);
    assert_eq!(play.application.state, State::Done);
}

#[test]
fn nobody_stamps_what_is_for_them_and_nobody_counts_twice() {
    let mut play = Play::new();
    // The chief of the unit is among those it is for: the chain cannot be finished.
    play.application.people.push("cho".into());
    let refusal = &play.decide("ann", Command::Submit).unwrap_err()[0];
    assert_eq!((refusal.reason, refusal.args["step"].as_str()), (Reason::ChainVacant, "2"));
    assert_eq!(refusal.args["role"], "chief");

    let play = Play::new().done(&WHOLE[..4]);
    assert_eq!(play.reason("eve", AGREE), Reason::StampedBefore);
    assert_eq!(play.reason("ann", AGREE), Reason::OwnApplication);
    assert_eq!(play.reason("dee", AGREE), Reason::NotYourStep, "the head of another unit");
}

#[test]
fn a_chain_that_needs_more_people_than_there_are_is_seen_at_once() {
    let mut play = Play::new();
    play.staff.holders.retain(|holder| holder.person.as_str() != "fay");
    // The one engineer would have to give the opinion and carry out: one person counts once.
    let refusal = &play.decide("ann", Command::Submit).unwrap_err()[0];
    assert_eq!((refusal.reason, refusal.args["step"].as_str()), (Reason::ChainVacant, "5"));
    play.staff.holders.retain(|holder| holder.role != "master");
    let refusal = &play.decide("ann", Command::Submit).unwrap_err()[0];
    assert_eq!((refusal.args["step"].as_str(), refusal.args["role"].as_str()), ("4", "who:head"));
}

#[test]
fn a_deputy_acts_only_while_somebody_is_away_and_never_for_themselves() {
    let away = |deputy: &str| Absence { person: "cho".into(), deputy: deputy.into() };
    let mut play = Play::new().done(&WHOLE[..1]);
    assert_eq!(play.reason("ben", AGREE), Reason::NotYourStep);
    play.staff.absences = vec![away("ben")];
    assert_eq!(play.holding(), ["ben", "cho"]);
    play = play.done(&[("ben", AGREE)]);
    assert_eq!(play.stamps[0].stands_for, Some("cho".into()));

    let mut play = Play::new().done(&WHOLE[..1]);
    play.staff.absences = vec![away("ann")];
    assert_eq!(play.reason("ann", AGREE), Reason::OwnApplication);
}

#[test]
fn whoever_is_needed_later_leaves_the_step_to_others() {
    let mut play = Play::new().done(&WHOLE[..4]);
    // Only one engineer is left to carry out, and she also stands in for the master.
    play.staff.absences = vec![Absence { person: "hal".into(), deputy: "fay".into() }];
    assert_eq!(play.reason("fay", AGREE), Reason::NeededLater);
    assert_eq!(play.holding(), ["hal"]);
}

#[test]
fn every_fault_of_a_form_stands_at_its_field() {
    let mut play = Play::new();
    let other = Entry { values: vec!["other".into()], ..Entry::default() };
    play.answers = [
        ("reason".to_string(), Entry::text("事".repeat(21))),
        ("mail".to_string(), Entry::text("ann at harbour")),
        ("where".to_string(), other),
        ("colour".to_string(), Entry::text("blue")),
    ]
    .into();
    let faults = play.decide("ann", Command::Submit).unwrap_err();
    let told: Vec<_> = faults.iter().map(|f| (f.field.as_deref().unwrap(), f.reason.key())).collect();
    let expected = [
        ("reason", "field-too-long"),
        ("mail", "field-malformed"),
        ("where", "field-missing"),
        ("permissions", "field-missing"),
        ("colour", "field-malformed"),
    ];
    assert_eq!(told, expected);
    assert!(play.decide("ann", Command::Save).is_ok(), "a draft keeps what was typed, right or wrong");
}
