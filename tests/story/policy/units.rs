//! Who may do what to units, and to codes that were handed out.

use super::people::{seen, today};
use super::{Table, event, now};
use domain::account::enrolment::{Delivery, Enrolment, Kind, Method};
use domain::account::handing::{self, Handing, Way};
use domain::directory::Unit;
use domain::directory::unit::{self, Inside, Name};
use domain::id::{AgencyId, EnrolmentId, PersonId, UnitId};

/// Whose account a code is for, and whether they work at the agency.
const WHOSE: [(&str, &str, bool); 3] =
    [("own", "me", true), ("another's", "she", true), ("elsewhere", "she", false)];

impl Table {
    /// The lines about units and codes.
    pub(super) fn write_units(&self, out: &mut String) {
        let one = unit();
        self.line(out, "unit.rename", |actor| {
            let name = Name { name: "防疫科".into(), name_en: String::new() };
            unit::rename(actor, &one, &[], &name, seen("unit"), (&event(), now()))
        });
        for (state, people) in [("empty", 0), ("used", 1)] {
            let inside = Inside { people, ..Inside::default() };
            self.line(out, &format!("unit.close {state}"), |actor| {
                unit::close(actor, &one, &inside, vec![seen("unit")], (&event(), now()))
            });
        }
        for (whose, person, of_agency) in WHOSE {
            for (state, closed) in [("good", None), ("over", Some(now()))] {
                let facts = handing::Facts {
                    enrolment: Enrolment { closed, ..code(person) },
                    said: false,
                    of_agency,
                    to_agency: of_agency,
                    delivery: Delivery::of(&[]),
                    seen: seen("code"),
                };
                self.line(out, &format!("code.deliver {whose} {state}"), |actor| {
                    let handing = Handing {
                        enrolment: facts.enrolment.id.clone(),
                        by: actor.person.clone(),
                        to: PersonId::new(person),
                        way: Way::InPerson,
                        on: today(),
                        at: now(),
                    };
                    handing::record(actor, &handing, &facts, &event(), now())
                });
                self.line(out, &format!("code.revoke {whose} {state}"), |actor| {
                    handing::revoke(actor, &facts, &event(), now())
                });
            }
        }
    }
}

fn unit() -> Unit {
    Unit {
        id: UnitId::new("unit"),
        agency: AgencyId::new("agency"),
        above: None,
        name: "疾病管制科".into(),
        name_en: "Disease Control".into(),
        organisation: "bureau".into(),
    }
}

fn code(person: &str) -> Enrolment {
    Enrolment {
        id: EnrolmentId::new("code"),
        kind: Kind::First,
        person: PersonId::new(person),
        login: person.into(),
        method: Method::Slip,
        code_hash: String::new(),
        by: PersonId::new("third"),
        at: now(),
        until: now().plus_hours(24),
        closed: None,
        over: None,
    }
}
