//! Who may do what to posts, absences, permissions, contracts and machines.

use super::{Table, event, now};
use domain::Outcome;
use domain::Personal;
use domain::actor::Actor;
use domain::application::route::Holder;
use domain::decision::{Decision, Seen};
use domain::directory::absence::{self, Absence};
use domain::directory::closure::{self, Closure};
use domain::directory::contract::{self, Contract};
use domain::directory::delegation::{self, Delegation};
use domain::directory::post::{self, Cause, Repost};
use domain::directory::workstation::{self, Declared, Workstation};
use domain::directory::{Assignment, deputy};
use domain::grant::permission::{self, Permission, Stop};
use domain::id::{AssignmentId, Key, LogId, PersonId, UnitId};
use domain::period::Calendar;
use domain::time::Date;

/// Whose a thing is: the actor's own, or somebody else's.
const WHOSE: [(&str, &str); 2] = [("own", "me"), ("another's", "she")];

/// Stops after which a permission passes again by itself, after which it is over, and none.
const STANDS: [(&str, Option<Stop>); 3] =
    [("runs", None), ("rests", Some(Stop::OnLeave)), ("ended", Some(Stop::Left))];

/// What can be done of which nothing is known before.
const BEGINNINGS: [&str; 4] = ["deputy.name", "delegate", "contract.enter", "closure.declare"];

pub fn today() -> Date {
    now().date()
}

pub fn seen(kind: &str) -> Seen {
    Seen { key: Key::new(&LogId::new("agency"), kind, "one"), rev: 0 }
}

fn day(after: i64) -> Date {
    today().plus_days(after).unwrap()
}

fn post_of(table: &Table, person: &str, role: usize) -> Assignment {
    Assignment {
        id: AssignmentId::new(format!("{person}-post")),
        person: PersonId::new(person),
        unit: UnitId::new("unit"),
        role: table.pack.roles[role].id.clone(),
        from: day(-200),
        until: None,
    }
}

fn holders(actor: &Actor) -> Vec<Holder> {
    let one = |person: &str| Holder {
        person: PersonId::new(person),
        assignment: AssignmentId::new(format!("{person}-post")),
        unit: UnitId::new("unit"),
        role: actor.role.clone(),
    };
    ["me", "she", "third"].map(one).into()
}

fn contract() -> Contract {
    Contract {
        id: "contract".into(),
        number: "115-1".into(),
        contractor: "廠商".into(),
        confidential: true,
        from: day(1),
        until: day(200),
        ended: None,
        people: vec![],
    }
}

fn machine(unit: &str) -> Workstation {
    Workstation {
        id: "machine".into(),
        number: "PC-1".into(),
        unit: UnitId::new(unit),
        keeper: PersonId::new("me"),
        address: None,
        declared: Declared { dedicated: true, password: true, shutdown: true },
        on: today(),
        retired: None,
    }
}

fn permission(person: &str, stop: Option<Stop>) -> Permission {
    Permission {
        id: "permission".into(),
        person: PersonId::new(person),
        unit: UnitId::new("unit"),
        items: vec![],
        application: None,
        formerly: None,
        follows: None,
        from: now().plus_hours(-48),
        until: None,
        warned: None,
        stopped: stop.map(|stop| (stop, now().plus_hours(-24))),
    }
}

impl Table {
    /// The lines about people and what belongs to them.
    pub(super) fn write_people(&self, out: &mut String) {
        for command in BEGINNINGS {
            self.line(out, command, |actor| self.begin(command, actor));
        }
        for (whose, person) in WHOSE {
            for cause in Cause::ALL {
                let head = format!("post.change {whose} {}", cause.word());
                self.line(out, &head, |actor| self.repost(actor, person, cause));
            }
            for (state, stop) in STANDS {
                let (head, one) = (format!("permission.stop {whose} {state}"), permission(person, stop));
                self.line(out, &head, |actor| self.stop(actor, &one));
            }
            self.line(out, &format!("absence.record {whose}"), |actor| self.be_away(actor, person));
            for (state, until) in [("runs", day(3)), ("over", day(-1))] {
                let head = format!("absence.end {whose} {state}");
                self.line(out, &head, |actor| self.come_back(actor, person, until));
            }
            for (state, revoked) in [("runs", None), ("revoked", Some(now()))] {
                let head = format!("delegation.revoke {whose} {state}");
                let one = Delegation { revoked, ..delegation(person) };
                let at = (&event(), now());
                self.line(out, &head, |actor| {
                    delegation::revoke(self.rule(), actor, &one, seen("delegation"), at)
                });
            }
        }
        for (state, ended) in [("runs", None), ("ended", Some(day(-1)))] {
            let one = Contract { from: day(-9), ended, ..contract() };
            let at = (&event(), now());
            self.line(out, &format!("contract.end {state}"), |actor| {
                contract::end(self.rule(), actor, &one, today(), seen("contract"), at)
            });
        }
        for (whose, unit) in [("own-unit", "unit"), ("other-unit", "other")] {
            self.line(out, &format!("machine.declare {whose}"), |actor| self.declare(actor, unit));
            for (state, retired) in [("used", None), ("retired", Some(day(-1)))] {
                let one = Workstation { retired, ..machine(unit) };
                let at = (&event(), now());
                self.line(out, &format!("machine.retire {whose} {state}"), |actor| {
                    workstation::retire(self.rule(), actor, &one, seen("machine"), at)
                });
            }
        }
    }

    fn begin(&self, command: &str, actor: &Actor) -> Outcome<Decision> {
        let (rule, event, holders) = (self.rule(), event(), holders(actor));
        let at = (&event, now());
        match command {
            "deputy.name" => {
                let facts = deputy::Facts { holders, owed: vec![], seen: vec![seen("deputy")] };
                deputy::name(rule, actor, PersonId::new("she"), facts, at)
            }
            "delegate" => {
                let given = Delegation { to: PersonId::new("she"), ..delegation("me") };
                let given = (given, Personal::new("出國期間"));
                delegation::delegate(rule, actor, given, &holders, seen("delegation"), at)
            }
            "contract.enter" => {
                let facts = contract::Facts { people: vec![], numbers: vec![], owed: vec![], seen: vec![] };
                contract::enter(rule, actor, contract(), &facts, at)
            }
            _ => {
                let closure = Closure { day: day(1), cause: closure::Cause::Disaster, at: now() };
                closure::declare(rule, actor, closure, &Calendar::official(), seen("closure"), at)
            }
        }
    }

    fn repost(&self, actor: &Actor, person: &str, cause: Cause) -> Outcome<Decision> {
        let from = Assignment { until: (cause == Cause::Stay).then(|| day(9)), ..post_of(self, person, 0) };
        let goes = cause.leaves();
        let to = Assignment { unit: UnitId::new("other"), from: today(), until: None, ..from.clone() };
        let repost = Repost {
            person: PersonId::new(person),
            cause,
            on: today(),
            from: (cause != Cause::Appointment).then(|| from.clone()),
            to: (!goes).then_some(to),
        };
        let facts = post::Facts {
            organisation: actor.organisation.clone(),
            line: vec![UnitId::new("unit")],
            posts: vec![from],
            held: vec![],
            allowed: vec![],
            joined: vec![],
            moot: vec![],
            unlisted: vec![],
            closed: false,
            seen: vec![seen("post")],
        };
        post::change(self.rule(), actor, &repost, &facts, &Calendar::official(), &event(), now())
    }

    fn stop(&self, actor: &Actor, one: &Permission) -> Outcome<Decision> {
        let (held, reason) = ([one.clone()], Personal::new("異常使用"));
        permission::stop(self.rule(), actor, (one, &held), &reason, seen("permission"), &event(), now())
    }

    fn be_away(&self, actor: &Actor, person: &str) -> Outcome<Decision> {
        let one = away(person, day(3));
        absence::be_away(self.rule(), actor, one, &holders(actor), seen("absence"), (&event(), now()))
    }

    fn come_back(&self, actor: &Actor, person: &str, until: Date) -> Outcome<Decision> {
        let one = away(person, until);
        absence::come_back(self.rule(), actor, &one, seen("absence"), (&event(), now()))
    }

    fn declare(&self, actor: &Actor, unit: &str) -> Outcome<Decision> {
        let people = vec![(PersonId::new("me"), UnitId::new(unit))];
        let facts = workstation::Facts { machines: vec![], people, seen: vec![seen("machine")] };
        workstation::declare(self.rule(), actor, machine(unit), &facts, (&event(), now()))
    }
}

fn away(person: &str, until: Date) -> Absence {
    let (person, deputy) = (PersonId::new(person), PersonId::new("third"));
    Absence { id: "absence".into(), person, deputy, from: day(-1), until }
}

fn delegation(by: &str) -> Delegation {
    Delegation {
        id: "delegation".into(),
        by: PersonId::new(by),
        to: PersonId::new("third"),
        objects: vec![],
        from: today(),
        until: day(30),
        revoked: None,
    }
}
