//! Who the synthetic people are.

use std::fmt;

use crate::Secret;

/// A day of the Gregorian calendar; prints as ISO 8601.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Year, Gregorian.
    pub year: u32,
    /// Month, 1 to 12.
    pub month: u32,
    /// Day of the month, 1 to 31.
    pub day: u32,
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Sex as registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// Male.
    Male,
    /// Female.
    Female,
}

/// Whether the registration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Registered in the household.
    Current,
    /// Struck off because of a move abroad, on this day.
    MovedAbroad(Day),
    /// Struck off because of death, on this day.
    Dead(Day),
}

/// One move of residence.
#[derive(Clone, PartialEq, Eq)]
pub struct Move {
    /// When it was registered.
    pub day: Day,
    /// What kind of move, in the register's word.
    pub kind: &'static str,
    /// The address before.
    pub from: String,
    /// The address after.
    pub to: String,
}

/// A man's conscription record.
#[derive(Clone, PartialEq, Eq)]
pub struct Conscription {
    /// How far it has come, in the register's word.
    pub status: &'static str,
    /// The result of the physical examination.
    pub fitness: &'static str,
    /// The branch of service, if he served in the forces.
    pub branch: Option<&'static str>,
    /// First day of service.
    pub start: Option<Day>,
    /// Last day of service.
    pub end: Option<Day>,
}

/// A synthetic person. Indexes point into [`super::Population::persons`] and `households`.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Current identity or resident number; some people have none.
    pub number: Option<Secret>,
    /// The old-style resident number, which stays valid for a time.
    pub former_number: Option<Secret>,
    /// Registered name: Chinese, or an indigenous name in its own script alone.
    pub name: String,
    /// Romanised name beside the registered one, if there is one.
    pub romanised: Option<String>,
    /// Sex as registered.
    pub sex: Sex,
    /// Day of birth.
    pub birth: Day,
    /// County of birth.
    pub birth_place: &'static str,
    /// The household.
    pub household: usize,
    /// Relation to the head of the household, in the register's word.
    pub relation: &'static str,
    /// The father, where he is in this population.
    pub father: Option<usize>,
    /// The mother, where she is in this population.
    pub mother: Option<usize>,
    /// The spouse, living or dead.
    pub spouse: Option<usize>,
    /// Whether the registration stands.
    pub status: Status,
    /// Whether the record bears the note of a protected person.
    pub protected: bool,
    /// The indigenous people of which this person is a registered member.
    pub indigenous: Option<&'static str>,
    /// Highest education.
    pub education: Option<&'static str>,
    /// Moves, oldest first.
    pub moves: Vec<Move>,
    /// Conscription record, for men of age.
    pub conscription: Option<Conscription>,
}

/// A household.
#[derive(Clone, PartialEq, Eq)]
pub struct Household {
    /// Household number.
    pub number: String,
    /// County or city.
    pub county: &'static str,
    /// Township or district.
    pub township: &'static str,
    /// Village.
    pub village: &'static str,
    /// Neighbourhood, from 1.
    pub neighbourhood: u32,
    /// Road and house; a house alone where there are no roads.
    pub house: String,
    /// The members, head first.
    pub members: Vec<usize>,
}

impl Household {
    /// The full address.
    #[must_use]
    pub fn address(&self) -> String {
        let Self { county, township, village, neighbourhood, house, .. } = self;
        format!("{county}{township}{village}{neighbourhood}{}{house}", super::words::NEIGHBOURHOOD)
    }
}

/// People who are easily forgotten; each population has every one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Special {
    /// A name with U+21619, CJK Extension B.
    ExtensionB,
    /// A name with U+241AC, CJK Extension B.
    ExtensionBSecond,
    /// A name with U+30EDE, CJK Extension G.
    ExtensionG,
    /// A name with U+F0001, a private-use character of plane 15.
    PrivateUse,
    /// An indigenous name in Latin script alone, without surname.
    IndigenousScript,
    /// The same with a glottal stop (U+02BC) in it.
    IndigenousGlottal,
    /// A Chinese name of sixteen characters.
    SixteenCharacters,
    /// A romanised name of more than sixty letters.
    LongRomanised,
    /// Someone without any number, to be found as a member of a household only.
    WithoutNumber,
    /// A foreign resident with a new-style number.
    NewResidentNumber,
    /// A foreign resident with an old-style number and its new-style successor.
    OldResidentNumber,
    /// Someone who died.
    Dead,
    /// Someone struck off after moving abroad.
    MovedAbroad,
    /// Someone whose record bears the note of a protected person.
    Protected,
    /// The first of two people who hold one number.
    SharedNumber,
}
