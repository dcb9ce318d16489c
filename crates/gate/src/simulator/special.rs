//! The people who are easily forgotten, each in a household of the islands or the cities.

use super::build::{Builder, Role, day};
use super::number;
use super::person::{Move, Sex, Special, Status};
use super::population::AS_OF;
use super::random::Random;
use super::words::{self, AREAS};
use crate::Secret;

/// Index of an area of the islands, of Taipei, and of Kaohsiung's mountain district.
const ISLAND: usize = 0;
const CITY: usize = 4;
const MOUNTAINS: usize = 10;

impl Builder {
    /// Adds one of each kind.
    pub(super) fn add_specials(&mut self) {
        let mut random = Random::of(self.seed, "special");
        let random = &mut random;
        self.named(random, Special::ExtensionB, ISLAND, "曹\u{21619}明", Sex::Male);
        self.named(random, Special::ExtensionBSecond, ISLAND, "林\u{241ac}金", Sex::Female);
        self.named(random, Special::ExtensionG, CITY, "陳\u{30ede}文", Sex::Male);
        self.named(random, Special::PrivateUse, CITY, "黃\u{f0001}英", Sex::Female);
        self.named(random, Special::SixteenCharacters, CITY, "司馬春夏秋冬東西南北山川日月星辰", Sex::Female);
        self.indigenous(random);
        let romanised = "Kristoforus Wijayakusuma-Hadiningrat Adhyatmika Prawiranegara Sastroamidjojo";
        let long = self.named(random, Special::LongRomanised, CITY, "賴順康", Sex::Male);
        self.persons[long].romanised = Some(romanised.into());
        self.without_number(random);
        self.residents(random);
        self.struck_off(random);
        let protected = self.named(random, Special::Protected, ISLAND, "劉晴儀", Sex::Female);
        self.persons[protected].protected = true;
        self.shared_number(random);
    }

    /// Someone of this name, alone in a household.
    fn named(&mut self, random: &mut Random, special: Special, area: usize, name: &str, sex: Sex) -> usize {
        let home = self.home(random, &AREAS[area]);
        let age = random.between(28, 60);
        let index = self.member(random, home, &Role { surname: "", sex, age, relation: words::HEAD });
        self.persons[index].name = name.to_owned();
        self.specials.insert(special, index);
        index
    }

    fn indigenous(&mut self, random: &mut Random) {
        let people = [
            (Special::IndigenousScript, "Sayun Tanax", "泰雅族", Sex::Female),
            (Special::IndigenousGlottal, "Mayaw \u{2bc}Anaw", "阿美族", Sex::Male),
        ];
        for (special, name, tribe, sex) in people {
            let index = self.named(random, special, MOUNTAINS, name, sex);
            self.persons[index].indigenous = Some(tribe);
        }
    }

    /// A child whose registration is not complete, with a parent under whom it can be found.
    fn without_number(&mut self, random: &mut Random) {
        let home = self.home(random, &AREAS[ISLAND]);
        let role = |surname, age, relation| Role { surname, sex: Sex::Female, age, relation };
        let mother = self.member(random, home, &role("邱", 34, words::HEAD));
        let child = self.member(random, home, &role("邱", 1, words::DAUGHTER));
        self.persons[child].mother = Some(mother);
        self.persons[child].number = None;
        self.specials.insert(Special::WithoutNumber, child);
    }

    fn residents(&mut self, random: &mut Random) {
        let new = self.named(random, Special::NewResidentNumber, CITY, "Nguyen Thi Hoa", Sex::Female);
        self.persons[new].number = Some(Secret::new(self.fresh_number(random, b'A', 9)));
        let old = self.named(random, Special::OldResidentNumber, CITY, "Budi Santoso", Sex::Male);
        self.persons[old].number = Some(Secret::new(self.fresh_number(random, b'A', 8)));
        // C is the second letter of a male foreign resident's old number.
        self.persons[old].former_number = Some(Secret::new(number::old_resident(random, b'A', b'C')));
        (self.persons[new].birth_place, self.persons[old].birth_place) = (words::ABROAD, words::ABROAD);
    }

    fn struck_off(&mut self, random: &mut Random) {
        let dead = self.named(random, Special::Dead, ISLAND, "王依福", Sex::Male);
        self.persons[dead].status = Status::Dead(day(random, AS_OF.year - 2, AS_OF.year - 1));
        let gone = self.named(random, Special::MovedAbroad, CITY, "楊冠宇", Sex::Male);
        let when = day(random, AS_OF.year - 2, AS_OF.year - 1);
        let from = self.households[self.persons[gone].household].address();
        self.persons[gone].status = Status::MovedAbroad(when);
        let to = words::ABROAD.to_owned();
        self.persons[gone].moves = vec![Move { day: when, kind: words::MOVE_OUT, from, to }];
    }

    /// Two people who were given one number: the register cannot say which of them is meant.
    fn shared_number(&mut self, random: &mut Random) {
        let first = self.named(random, Special::SharedNumber, CITY, "張建宏", Sex::Male);
        let home = self.home(random, &AREAS[5]);
        let role = Role { surname: "張", sex: Sex::Male, age: 66, relation: words::LODGER };
        let second = self.member(random, home, &role);
        self.persons[second].number = self.persons[first].number.clone();
    }
}
