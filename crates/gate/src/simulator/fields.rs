//! What a field of a register holds, by the field's id.
//!
//! A pack chooses its own ids of datasets and items; fields are recognised by the names in this file,
//! with hyphens or underscores alike. A field that is not recognised is made up by `generic`.

use super::person::{Conscription, Move, Person, Sex, Status};
use super::population::Population;
use super::words;

/// Where the values of one row come from.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) population: &'a Population,
    /// Whom the row is about.
    pub(super) person: &'a Person,
    /// The relation to show, to the head of the household or to the subject.
    pub(super) relation: &'static str,
    /// Degree of kinship to the subject (Civil Code, article 968), where the row is about a relative.
    pub(super) degree: Option<u32>,
    /// The move, if the row is about one.
    pub(super) movement: Option<&'a Move>,
    /// The conscription record, if the row is about it.
    pub(super) service: Option<&'a Conscription>,
}

/// A recognised field's value; none within is a field that the record leaves empty.
pub(super) type Recognised = Option<Option<String>>;

impl<'a> Source<'a> {
    /// The row about the person alone.
    pub(super) fn of(population: &'a Population, person: &'a Person) -> Self {
        let relation = person.relation;
        Self { population, person, relation, degree: None, movement: None, service: None }
    }

    /// The value of the field, or none if the field is not recognised.
    pub(super) fn value(&self, field: &str) -> Recognised {
        let field = field.to_ascii_lowercase().replace('_', "-");
        self.of_move(&field)
            .or_else(|| self.of_service(&field))
            .or_else(|| self.of_person(&field))
            .or_else(|| self.of_household(&field))
            .or_else(|| self.of_family(&field))
    }

    fn of_move(&self, field: &str) -> Recognised {
        let movement = self.movement?;
        Some(Some(match field {
            "date" | "on" | "move-date" | "registered-on" => movement.day.to_string(),
            "kind" | "move-kind" | "type" | "reason" => movement.kind.to_owned(),
            "from" | "from-address" => movement.from.clone(),
            "to" | "to-address" => movement.to.clone(),
            _ => return None,
        }))
    }

    fn of_service(&self, field: &str) -> Recognised {
        let service = self.service.or(self.person.conscription.as_ref());
        let in_row = self.service.is_some();
        Some(match field {
            "conscription-status" | "service-status" => service.map(|s| s.status.to_owned()),
            "status" if in_row => service.map(|s| s.status.to_owned()),
            "fitness" | "physical-class" => service.map(|s| s.fitness.to_owned()),
            "branch" | "unit-kind" => service.and_then(|s| s.branch).map(str::to_owned),
            "service-start" | "service-from" => service.and_then(|s| s.start).map(|day| day.to_string()),
            "from" | "start" | "start-date" if in_row => {
                service.and_then(|s| s.start).map(|day| day.to_string())
            }
            "service-end" | "service-to" | "discharge-date" => {
                service.and_then(|s| s.end).map(|day| day.to_string())
            }
            "to" | "end" | "end-date" if in_row => service.and_then(|s| s.end).map(|day| day.to_string()),
            _ => return None,
        })
    }

    fn of_person(&self, field: &str) -> Recognised {
        let person = self.person;
        Some(match field {
            "name" | "full-name" => Some(person.name.clone()),
            "romanised-name" | "romanized-name" | "name-romanised" | "english-name" => {
                person.romanised.clone()
            }
            "id" | "national-id" | "id-number" | "person-id" => number_of(person),
            "former-number" | "former-id" | "old-number" | "old-id" => {
                person.former_number.as_ref().map(|number| number.reveal().to_owned())
            }
            "sex" | "gender" => {
                Some(if person.sex == Sex::Male { words::MALE } else { words::FEMALE }.into())
            }
            "birth-date" | "birthday" | "date-of-birth" | "born" | "born-on" => {
                Some(person.birth.to_string())
            }
            "birth-place" | "birthplace" => Some(person.birth_place.to_owned()),
            "status" | "registration-status" => Some(status_of(person).to_owned()),
            "status-date" => match person.status {
                Status::Current => None,
                Status::MovedAbroad(day) | Status::Dead(day) => Some(day.to_string()),
            },
            "death-date" | "died-on" => match person.status {
                Status::Dead(day) => Some(day.to_string()),
                _ => None,
            },
            "registered-on" | "registered-since" => {
                Some(person.moves.last().map_or(person.birth, |last| last.day).to_string())
            }
            "education" => person.education.map(str::to_owned),
            "indigenous" | "indigenous-status" | "tribe" => person.indigenous.map(str::to_owned),
            "note" | "notes" | "remark" => match (person.protected, person.status) {
                (true, _) => Some(words::PROTECTED.to_owned()),
                (false, Status::Current) => None,
                (false, _) => Some(status_of(person).to_owned()),
            },
            "protected" => Some(if person.protected { words::YES } else { words::NO }.to_owned()),
            _ => return None,
        })
    }

    fn of_household(&self, field: &str) -> Recognised {
        let home = &self.population.households()[self.person.household];
        let head = home.members.first().map(|head| &self.population.persons()[*head]);
        Some(match field {
            "address" | "registered-address" | "domicile" => Some(home.address()),
            "county" | "city" => Some(home.county.to_owned()),
            "township" | "district" => Some(home.township.to_owned()),
            "village" => Some(home.village.to_owned()),
            "neighbourhood" => Some(home.neighbourhood.to_string()),
            "household-number" | "household-id" => Some(home.number.clone()),
            "household-head" | "head" | "head-name" => head.map(|head| head.name.clone()),
            "household-size" | "members" => Some(home.members.len().to_string()),
            _ => return None,
        })
    }

    fn of_family(&self, field: &str) -> Recognised {
        let person = self.person;
        let of = |index: Option<usize>| index.map(|index| &self.population.persons()[index]);
        let name = |index| of(index).map(|other| other.name.clone());
        let number = |index| of(index).and_then(number_of);
        Some(match field {
            "relation" | "relationship" | "relation-to-head" | "title" => Some(self.relation.to_owned()),
            "degree" | "degree-of-kinship" => self.degree.map(|degree| degree.to_string()),
            "marital-status" | "marriage" => Some(marriage_of(self.population, person).to_owned()),
            "spouse" | "spouse-name" => name(person.spouse),
            "spouse-id" | "spouse-number" => number(person.spouse),
            "father" | "father-name" => name(person.father),
            "father-id" | "father-number" => number(person.father),
            "mother" | "mother-name" => name(person.mother),
            "mother-id" | "mother-number" => number(person.mother),
            _ => return None,
        })
    }
}

fn number_of(person: &Person) -> Option<String> {
    person.number.as_ref().map(|number| number.reveal().to_owned())
}

fn status_of(person: &Person) -> &'static str {
    match person.status {
        Status::Current => words::CURRENT,
        Status::MovedAbroad(_) => words::MOVED_ABROAD,
        Status::Dead(_) => words::DEAD,
    }
}

/// Marital status as registered.
fn marriage_of(population: &Population, person: &Person) -> &'static str {
    match person.spouse.map(|spouse| population.persons()[spouse].status) {
        None => words::SINGLE,
        Some(Status::Dead(_)) => words::WIDOWED,
        Some(_) => words::MARRIED,
    }
}
