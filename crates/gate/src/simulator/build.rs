//! How the population comes about: household by household, then the special people.

use std::collections::{BTreeMap, BTreeSet};

use super::number;
use super::person::{Conscription, Day, Household, Move, Person, Sex, Special, Status};
use super::population::AS_OF;
use super::random::Random;
use super::words::{self, AREAS, Area, ELSEWHERE, GIVEN, SURNAMES};
use crate::Secret;

/// The population while it grows.
pub(super) struct Builder {
    pub(super) seed: u64,
    pub(super) persons: Vec<Person>,
    pub(super) households: Vec<Household>,
    pub(super) specials: BTreeMap<Special, usize>,
    numbers: BTreeSet<String>,
}

/// What a new member of a household is given.
pub(super) struct Role {
    pub(super) surname: &'static str,
    pub(super) sex: Sex,
    /// Age in years at the day of the register.
    pub(super) age: u32,
    pub(super) relation: &'static str,
}

impl Builder {
    pub(super) fn run(seed: u64) -> Self {
        let mut builder = Self {
            seed,
            persons: Vec::new(),
            households: Vec::new(),
            specials: BTreeMap::new(),
            numbers: BTreeSet::new(),
        };
        for (place, area) in AREAS.iter().enumerate() {
            for count in 0..area.households {
                let mut random = Random::of(seed, &format!("household/{place}/{count}"));
                builder.family(&mut random, area);
            }
        }
        builder.add_specials();
        for index in 0..builder.persons.len() {
            let mut random = Random::of(seed, &format!("life/{index}"));
            builder.live(&mut random, index);
        }
        builder
    }

    /// An empty household somewhere in the area; returns its index.
    pub(super) fn home(&mut self, random: &mut Random, area: &Area) -> usize {
        let number = loop {
            let number = number::household(random, area.letter);
            if self.numbers.insert(number.clone()) {
                break number;
            }
        };
        let house = random.between(1, 240);
        let house = if area.roads.is_empty() {
            format!("{house}{}", words::HOUSE)
        } else {
            let (road, floor) = (random.pick(area.roads), random.between(1, 12));
            format!("{road}{house}{}{floor}{}", words::HOUSE, words::FLOOR)
        };
        self.households.push(Household {
            number,
            county: area.county,
            township: area.township,
            village: random.pick(area.villages),
            neighbourhood: random.between(1, 20),
            house,
            members: Vec::new(),
        });
        self.households.len() - 1
    }

    /// A new member; returns the index.
    pub(super) fn member(&mut self, random: &mut Random, home: usize, role: &Role) -> usize {
        let area = if random.chance(85) { self.area_of(home) } else { &AREAS[random.below(12) as usize] };
        let number = self.fresh_number(random, area.letter, if role.sex == Sex::Male { 1 } else { 2 });
        let mut name = role.surname.to_owned();
        for _ in 0..if random.chance(92) { 2 } else { 1 } {
            name.push_str(random.pick(&GIVEN));
        }
        let person = Person {
            number: Some(Secret::new(number)),
            former_number: None,
            name,
            romanised: None,
            sex: role.sex,
            birth: born(random, role.age),
            birth_place: area.county,
            household: home,
            relation: role.relation,
            father: None,
            mother: None,
            spouse: None,
            status: Status::Current,
            protected: false,
            indigenous: None,
            education: None,
            moves: Vec::new(),
            conscription: None,
        };
        self.persons.push(person);
        let index = self.persons.len() - 1;
        self.households[home].members.push(index);
        index
    }

    pub(super) fn fresh_number(&mut self, random: &mut Random, letter: u8, lead: u32) -> String {
        loop {
            let number = number::national(random, letter, lead);
            if self.numbers.insert(number.clone()) {
                return number;
            }
        }
    }

    fn area_of(&self, home: usize) -> &'static Area {
        let township = self.households[home].township;
        // Every household was made from an area, so the search ends.
        AREAS.iter().find(|area| area.township == township).unwrap_or(&AREAS[0])
    }

    pub(super) fn marry(&mut self, one: usize, other: usize) {
        self.persons[one].spouse = Some(other);
        self.persons[other].spouse = Some(one);
    }

    fn family(&mut self, random: &mut Random, area: &Area) {
        let home = self.home(random, area);
        let kind = random.below(100);
        let sex = if random.chance(60) { Sex::Male } else { Sex::Female };
        let age = match kind {
            0..30 => random.between(22, 88),
            30..50 => random.between(45, 84),
            _ => random.between(30, 58),
        };
        let parents = self.parents_elsewhere(random, age);
        let surname = match parents {
            Some((father, _)) => self.surname_of(father),
            None => random.pick(&SURNAMES),
        };
        let head = self.member(random, home, &Role { surname, sex, age, relation: words::HEAD });
        if let Some((father, mother)) = parents {
            (self.persons[head].father, self.persons[head].mother) = (Some(father), Some(mother));
        }
        if kind < 30 {
            return;
        }
        let spouse = (kind < 92).then(|| self.spouse(random, home, head, age));
        if kind >= 50 {
            self.children(random, home, head, spouse, age);
        }
        if (78..92).contains(&kind) && parents.is_none() {
            self.grandparents(random, home, head, surname, age);
        }
    }

    fn spouse(&mut self, random: &mut Random, home: usize, head: usize, age: u32) -> usize {
        let sex = if self.persons[head].sex == Sex::Male { Sex::Female } else { Sex::Male };
        let age = (age + random.below(6)).saturating_sub(3).max(20);
        let surname = random.pick(&SURNAMES);
        let spouse = self.member(random, home, &Role { surname, sex, age, relation: words::SPOUSE });
        self.marry(head, spouse);
        spouse
    }

    fn children(&mut self, random: &mut Random, home: usize, head: usize, spouse: Option<usize>, age: u32) {
        let pair = [Some(head), spouse];
        let of_sex = |sex| pair.into_iter().flatten().find(|who| self.persons[*who].sex == sex);
        let (father, mother) = (of_sex(Sex::Male), of_sex(Sex::Female));
        let surname = self.surname_of(father.unwrap_or(head));
        let youngest = pair.into_iter().flatten().map(|who| AS_OF.year - self.persons[who].birth.year).min();
        let parent_age = youngest.unwrap_or(age).min(age);
        for _ in 0..random.between(1, 3) {
            // Sixteen years and more below the younger parent, and no more than forty.
            let (low, high) = (parent_age.saturating_sub(40), parent_age.saturating_sub(19));
            let child_age = random.between(low, high.max(low));
            let (sex, relation) =
                if random.chance(51) { (Sex::Male, words::SON) } else { (Sex::Female, words::DAUGHTER) };
            let child = self.member(random, home, &Role { surname, sex, age: child_age, relation });
            (self.persons[child].father, self.persons[child].mother) = (father, mother);
        }
    }

    fn grandparents(
        &mut self,
        random: &mut Random,
        home: usize,
        head: usize,
        surname: &'static str,
        age: u32,
    ) {
        let role = |surname, sex, age, relation| Role { surname, sex, age, relation };
        let (his, hers) = (age + random.between(22, 34), age + random.between(20, 30));
        let father = self.member(random, home, &role(surname, Sex::Male, his, words::FATHER));
        let maiden = random.pick(&SURNAMES);
        let mother = self.member(random, home, &role(maiden, Sex::Female, hers, words::MOTHER));
        self.marry(father, mother);
        (self.persons[head].father, self.persons[head].mother) = (Some(father), Some(mother));
    }

    /// For some heads: a couple of another household, old enough to be the parents.
    fn parents_elsewhere(&self, random: &mut Random, age: u32) -> Option<(usize, usize)> {
        if self.persons.is_empty() || !random.chance(35) {
            return None;
        }
        for _ in 0..40 {
            let father = random.below(self.persons.len() as u32) as usize;
            let person = &self.persons[father];
            let Some(mother) = person.spouse.filter(|_| person.sex == Sex::Male) else { continue };
            let fits = |who: usize| {
                let older = AS_OF.year - self.persons[who].birth.year;
                (age + 21..=age + 42).contains(&older)
            };
            if fits(father) && fits(mother) {
                return Some((father, mother));
            }
        }
        None
    }

    fn surname_of(&self, index: usize) -> &'static str {
        let name = &self.persons[index].name;
        // Two-character surnames come after their first characters' own, so the longest match wins.
        SURNAMES.into_iter().filter(|surname| name.starts_with(surname)).max_by_key(|s| s.len()).unwrap_or("")
    }

    /// Education, moves, military service, and for a few the end of the registration.
    fn live(&mut self, random: &mut Random, index: usize) {
        let home = self.households[self.persons[index].household].address();
        let person = &mut self.persons[index];
        let age = AS_OF.year - person.birth.year;
        if age >= 12 {
            let reached = (age as usize / 4 - 2).min(words::EDUCATIONS.len());
            person.education = Some(words::EDUCATIONS[random.below(reached as u32) as usize]);
        }
        if person.moves.is_empty() {
            person.moves = moves(random, person.birth, &home);
        }
        let citizen = person.former_number.is_none() && !is_resident(person);
        if person.sex == Sex::Male && (18..=45).contains(&age) && citizen {
            person.conscription = Some(service(random, person.birth));
        }
        if person.status != Status::Current || self.specials.values().any(|special| *special == index) {
            return;
        }
        let person = &mut self.persons[index];
        if age > 70 && random.chance(12) {
            let died = day(random, AS_OF.year - 5, AS_OF.year - 1);
            person.status = Status::Dead(died);
            person.moves.retain(|earlier| earlier.day <= died);
        } else if (25..65).contains(&age) && random.chance(2) {
            let gone = day(random, AS_OF.year - 4, AS_OF.year - 1);
            person.status = Status::MovedAbroad(gone);
            person.moves.retain(|earlier| earlier.day <= gone);
            let to = words::ABROAD.to_owned();
            person.moves.push(Move { day: gone, kind: words::MOVE_OUT, from: home, to });
        }
    }
}

/// Whether the number is a resident's (second character 8 or 9).
pub(super) fn is_resident(person: &Person) -> bool {
    person.number.as_ref().is_some_and(|n| matches!(n.reveal().as_bytes().get(1), Some(b'8' | b'9')))
}

/// A day in one of these years; days 29 to 31 are left out so that every month has it.
pub(super) fn day(random: &mut Random, from: u32, to: u32) -> Day {
    Day { year: random.between(from, to), month: random.between(1, 12), day: random.between(1, 28) }
}

/// A birthday for someone who has this age, give or take a birthday, on the day of the register.
fn born(random: &mut Random, age: u32) -> Day {
    let year = AS_OF.year - age;
    let birth = day(random, year, year);
    if birth < AS_OF { birth } else { Day { month: random.between(1, 5), ..birth } }
}

fn moves(random: &mut Random, birth: Day, home: &str) -> Vec<Move> {
    let age = AS_OF.year - birth.year;
    if age < 3 || random.chance(45) {
        return Vec::new();
    }
    let mut days: Vec<Day> =
        (0..random.between(1, 3)).map(|_| day(random, birth.year + 1, AS_OF.year - 1)).collect();
    days.sort();
    let mut from = random.pick(&ELSEWHERE).to_owned();
    let last = days.len() - 1;
    let mut moves = Vec::new();
    for (count, day) in days.into_iter().enumerate() {
        let kind = if count == 0 { words::MOVE_IN } else { words::MOVE_WITHIN };
        let to = if count == last { home.to_owned() } else { random.pick(&ELSEWHERE).to_owned() };
        moves.push(Move { day, kind, from, to: to.clone() });
        from = to;
    }
    moves
}

fn service(random: &mut Random, birth: Day) -> Conscription {
    let age = AS_OF.year - birth.year;
    let chance = random.below(100);
    let branch = Some(random.pick(&words::BRANCHES));
    let start = Day { year: birth.year + random.between(19, 22), month: random.between(1, 12), day: 1 };
    let end = Day { year: start.year + 1, ..start };
    let record = |status, fitness, branch, start, end| Conscription { status, fitness, branch, start, end };
    if age < 20 || end > AS_OF && chance < 50 {
        record(words::NOT_YET, words::FIT, None, None, None)
    } else if chance >= 92 {
        record(words::EXEMPT, words::UNFIT, None, None, None)
    } else if end > AS_OF {
        record(words::SERVING, words::FIT, branch, Some(start.min(AS_OF)), None)
    } else if chance >= 80 {
        record(words::SUBSTITUTE, words::FIT_SUBSTITUTE, None, Some(start), Some(end))
    } else {
        record(words::DISCHARGED, words::FIT, branch, Some(start), Some(end))
    }
}
