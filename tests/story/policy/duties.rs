//! Who may do what to duties, lists of handing over, inventories and links.

use super::people::{seen, today};
use super::{Table, event, now};
use domain::account::inventory;
use domain::actor::Actor;
use domain::decision::Decision;
use domain::directory::handover::{self, Handover};
use domain::duty::{self, Closing, Duty, Kind, Owner, State};
use domain::id::{DutyId, LinkId, PersonId, UnitId};
use domain::link::trial::{self, Said};
use domain::link::{End, Link, Parties, end, review};
use domain::{Outcome, Personal};

/// Who owes a duty: the actor, their role, their role in another unit, or somebody else.
fn owners(actor: &Actor) -> [(&'static str, Owner); 4] {
    let role = actor.role.clone();
    [
        ("own", Owner::Person(actor.person.clone())),
        ("role", Owner::Role(role.clone())),
        ("role-elsewhere", Owner::RoleIn(role, UnitId::new("other"))),
        ("another's", Owner::Person(PersonId::new("she"))),
    ]
}

fn words() -> Personal {
    Personal::new("已辦理")
}

impl Table {
    /// The lines about what is owed, and links.
    pub(super) fn write_duties(&self, out: &mut String) {
        for kind in Kind::ALL {
            for owner in 0..4 {
                let whose = owners(&super::actor(&self.pack, domain::regulation::Capacity::Ask))[owner].0;
                self.line(out, &format!("duty.fulfil {} {whose}", kind.word()), |actor| {
                    self.fulfil(actor, self.duty(kind, owners(actor)[owner].1.clone(), State::Open))
                });
            }
        }
        for state in [State::Done, State::Dropped] {
            self.line(out, &format!("duty.fulfil routine own {}", state.word()), |actor| {
                self.fulfil(actor, self.duty(Kind::Routine, Owner::Person(actor.person.clone()), state))
            });
        }
        for (whose, giver, receiver) in
            [("giver", "me", "she"), ("receiver", "she", "me"), ("neither", "she", "third")]
        {
            for (state, given) in [("open", false), ("given", true)] {
                let head = |command: &str| format!("handover.{command} {whose} {state}");
                let handed = || handed(giver, receiver, given);
                self.line(out, &head("name"), |actor| {
                    let (facts, to) = (handed(), PersonId::new("fourth"));
                    handover::name(self.rule(), actor, &facts, &to, vec![], &event(), now())
                });
                self.line(out, &head("sign"), |actor| {
                    handover::sign(self.rule(), actor, &handed(), &words(), &event(), now())
                });
            }
        }
        self.write_inventory(out);
        self.write_links(out);
    }

    fn duty(&self, kind: Kind, owner: Owner, state: State) -> Duty {
        let duty = Duty::new(self.rule(), DutyId::new("duty"), kind, "control", owner, today());
        Duty { state, unit: Some(UnitId::new("unit")), ..duty }
    }

    fn fulfil(&self, actor: &Actor, duty: Duty) -> Outcome<Decision> {
        let closing = Closing {
            duty,
            absent: vec![],
            note: words(),
            hours: None,
            letter: None,
            follows: vec![],
            files: vec![],
            returns: vec![],
        };
        duty::fulfil(self.rule(), actor, closing, &[], vec![seen("duty")], &event(), now())
    }

    fn write_inventory(&self, out: &mut String) {
        for (whose, owner) in [("own", 1), ("another's", 3)] {
            for state in [State::Open, State::Done] {
                let facts = |actor: &Actor, parts| inventory::Facts {
                    duty: self.duty(Kind::Inventory, owners(actor)[owner].1.clone(), state),
                    holders: vec![PersonId::new("me"), PersonId::new("she")],
                    parts,
                    clauses: vec![],
                    found: vec![],
                    decided: vec![],
                    attested: vec![],
                    rest: 2,
                    hash: "list".into(),
                    reminded: None,
                    seen: vec![seen("duty")],
                };
                let head = format!("inventory.close {whose} {}", state.word());
                self.line(out, &head, |actor| {
                    let facts = facts(actor, vec![]);
                    inventory::close(self.rule(), actor, &facts, "list", &words(), &event(), now())
                });
                self.line(out, &format!("inventory.remind {whose} {}", state.word()), |actor| {
                    let head = Owner::Person(PersonId::new("she"));
                    let facts = facts(actor, vec![self.duty(Kind::Attest, head, State::Open)]);
                    inventory::remind::decide(self.rule(), actor, &facts, &event(), now())
                });
            }
        }
    }

    fn write_links(&self, out: &mut String) {
        let ended = (End::Expired, now());
        let states = [
            ("runs", link()),
            ("ending", Link { ending: Some(End::Unneeded), ..link() }),
            ("ended", Link { ended: Some(ended), ..link() }),
        ];
        for (state, link) in states {
            self.line(out, &format!("link.test {state}"), |actor| {
                let said = Said { passed: Some(true), on: Some(today()), note: words() };
                trial::enter(self.rule(), actor, (&link, None), &said, vec![], &event(), now())
            });
            self.line(out, &format!("link.end {state}"), |actor| {
                let last = end::earliest(self.rule().pack, today());
                let given = (Some(last), &words());
                end::decide(self.rule(), actor, &link, given, seen("link"), &event(), now())
            });
            for (whose, owner) in [("own", 1), ("another's", 3)] {
                let facts = |actor: &Actor, kind| review::Facts {
                    duty: self.duty(kind, owners(actor)[owner].1.clone(), State::Open),
                    absent: vec![],
                    links: vec![link.clone()],
                    clauses: vec![],
                    seen: vec![seen("link")],
                };
                self.line(out, &format!("link.need {whose} {state}"), |actor| {
                    let facts = facts(actor, Kind::UnusedLink);
                    review::need(self.rule(), actor, &facts, &words(), &event(), now())
                });
                self.line(out, &format!("link.review {whose} {state}"), |actor| {
                    let keep = review::Verdict { link: link.id.clone(), keep: Some(true), note: words() };
                    let facts = facts(actor, Kind::LinkReview);
                    review::decide(self.rule(), actor, &facts, &[keep], &event(), now())
                });
            }
        }
    }
}

fn handed(giver: &str, receiver: &str, given: bool) -> handover::Facts {
    let handover = Handover {
        id: "handover".into(),
        giver: PersonId::new(giver),
        unit: UnitId::new("unit"),
        receiver: Some(PersonId::new(receiver)),
        items: vec![],
        given: given.then(now),
        received: None,
        signed: vec![],
        closed: None,
    };
    handover::Facts {
        handover,
        duties: vec![],
        signers: vec![],
        clauses: vec![],
        seen: vec![seen("handover")],
    }
}

fn link() -> Link {
    let parties = ["provider", "linking", "holding", "using"].map(String::from);
    let [provider, linking, holding, using] = parties;
    Link {
        id: LinkId::new("link"),
        datasets: vec![],
        parties: Parties { provider, linking, holding, using },
        officer: PersonId::new("she"),
        application: None,
        former: None,
        from: today().previous(),
        until: None,
        opened: today().previous(),
        ending: None,
        tested: None,
        used: None,
        ended: None,
        digest: String::new(),
    }
}
