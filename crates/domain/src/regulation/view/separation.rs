//! What one person may not hold together, who may allow it all the same, and what then holds in its place.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::super::kinds::vocabulary::Capacity;
use super::super::kinds::{Kind, Ty};
use super::super::pack::{Control, Pack};
use super::super::shared::{Schedule, Who};
use super::super::value::Params;
use super::super::when::Situation;
use super::duty::Recurring;
use super::{Ruled, said};

/// Two capacities. Whichever a rule names first, they are the same pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pair(Capacity, Capacity);

impl Pair {
    /// The pair of two capacities.
    pub fn of(one: Capacity, other: Capacity) -> Self {
        Self(one.min(other), one.max(other))
    }

    /// Both of them.
    pub fn both(self) -> [Capacity; 2] {
        [self.0, self.1]
    }

    /// The text in rows, entries and forms.
    pub fn text(self) -> String {
        format!("{}+{}", self.0.word(), self.1.word())
    }

    /// Reads what [`Pair::text`] wrote.
    pub fn from_text(text: &str) -> Option<Self> {
        let (one, other) = text.split_once('+')?;
        Some(Self::of(Capacity::named(one)?, Capacity::named(other)?))
    }

    /// Whether two posts with these capacities bring it together.
    pub fn is_joined_by(self, one: &[Capacity], other: &[Capacity]) -> bool {
        let over = |one: &[Capacity], other: &[Capacity]| one.contains(&self.0) && other.contains(&self.1);
        over(one, other) || over(other, one)
    }
}

/// Capacities that one person may not hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Separation {
    /// The pairs.
    pub pairs: Vec<Pair>,
    /// Who may allow an exception; where nobody is named there is none.
    pub exception_by: Option<Who>,
    /// The control that holds in an exception.
    pub instead: Option<String>,
}

/// The parameters in which a control says who does what returns.
const DOERS: [&str; 3] = ["by", "who", "body"];

impl Pack {
    /// Everything that rule and floor keep apart, each in its own words: an exception from the one is none
    /// from the other.
    pub fn separations(&self) -> Vec<Ruled<Separation>> {
        let nothing = Situation::default();
        let own = self.applicable(Kind::Separation, &nothing).into_iter();
        let below = self.floor().map(|floor| floor.applicable(Kind::Separation, &nothing));
        own.chain(below.unwrap_or_default()).map(separation).collect()
    }

    /// The separation from which somebody may allow an exception for a pair; none where any rule that keeps
    /// it apart knows no exception.
    pub fn exception(&self, pair: Pair) -> Option<Ruled<Separation>> {
        let mut all = self.separations();
        all.retain(|ruled| ruled.value.pairs.contains(&pair));
        let every = all.iter().all(|ruled| ruled.value.exception_by.is_some());
        all.into_iter().next().filter(|_| every)
    }

    /// The roles whose holders allow exceptions; what a body outside allows by letter is entered by those who
    /// keep the correspondence.
    pub fn excepting(&self, by: &Who) -> Vec<String> {
        match by {
            Who::Party(_) | Who::Organisation(_) => self.link_keepers(),
            Who::Any(several) => several.iter().flat_map(|who| self.excepting(who)).collect(),
            _ => self.roles_meant(by, Capacity::Decide),
        }
    }

    /// Every pair for which somebody may allow an exception.
    pub fn exceptions(&self) -> Vec<(Pair, Ruled<Separation>)> {
        let mut pairs: Vec<Pair> =
            self.separations().into_iter().flat_map(|ruled| ruled.value.pairs).collect();
        pairs.sort();
        pairs.dedup();
        pairs.into_iter().filter_map(|pair| Some((pair, self.exception(pair)?))).collect()
    }

    /// Whether somebody who has posts of these roles holds both capacities of a pair, each by another post.
    pub fn joins(&self, pair: Pair, roles: &[&str]) -> bool {
        let meet = |(at, one): (usize, &&str)| {
            let mut others = roles.iter().skip(at + 1);
            others.any(|other| pair.is_joined_by(self.capacities(one), self.capacities(other)))
        };
        roles.iter().enumerate().any(meet)
    }

    /// Whether any control holds in the place of a separation only.
    pub fn has_instead(&self) -> bool {
        !self.instead.is_empty()
    }

    /// What is done again and again in the place of a separation, where its control says how often.
    pub fn compensation(&self, separation: &Separation) -> Option<Ruled<Recurring>> {
        let control = self.control_or_floor(separation.instead.as_ref()?)?;
        Some(said(control, returning(control)?))
    }

    /// The same by the name under which a duty keeps the control.
    pub fn compensation_under(&self, control: &str) -> Option<Ruled<Recurring>> {
        let control = self.control_or_floor(control)?;
        Some(said(control, returning(control)?))
    }

    /// The controls that separations name for their exceptions.
    pub(in super::super) fn named_instead(&self) -> Vec<String> {
        let all = self.of_kind(Kind::Separation).filter_map(|control| control.params.text("instead"));
        all.map(String::from).collect()
    }

    /// Whether a control can be for somebody: one that holds in the place of a separation is only for those
    /// who hold what that keeps apart.
    pub(super) fn is_for(&self, control: &Control, situation: &Situation<'_>) -> bool {
        if !self.instead.contains(&control.id) {
            return true;
        }
        let roles: Vec<&str> = situation.held_roles.iter().map(String::as_str).collect();
        let mut own = self
            .of_kind(Kind::Separation)
            .filter(|other| other.params.text("instead") == Some(control.id.as_str()));
        own.any(|other| pairs(&other.params).into_iter().any(|pair| self.joins(pair, &roles)))
    }
}

/// What a control says returns, whatever its kind; none where it does not say how often.
pub(in super::super) fn returning(control: &Control) -> Option<Recurring> {
    let p = &control.params;
    let specs = control.kind.spec().params.iter().filter(|spec| matches!(spec.ty, Ty::Schedule));
    let schedule = specs.filter_map(|spec| p.schedule(spec.name)).next()?;
    let doer = |name: &&str| p.who(name).cloned().or_else(|| p.people(name).into_iter().next());
    let by = DOERS.iter().find_map(doer);
    let plain = Recurring {
        kind: control.kind,
        word: p.words("word").cloned(),
        schedule: schedule.clone(),
        once: false,
        by,
        each: Vec::new(),
        hours: None,
        evidence: false,
        within: None,
        consequence: None,
        before_lookup: false,
        when: None,
    };
    Some(plain).filter(|own| own.schedule != Schedule::Irregular)
}

fn separation(control: &Control) -> Ruled<Separation> {
    let p = &control.params;
    let instead = p.text("instead").map(ToString::to_string);
    said(control, Separation { pairs: pairs(p), exception_by: p.who("exception_by").cloned(), instead })
}

/// The pairs that a control keeps apart.
pub(in super::super) fn pairs(params: &Params) -> Vec<Pair> {
    let one = |pair: &Params, name| pair.text(name).and_then(Capacity::named);
    let read = |pair: &Params| Some(Pair::of(one(pair, "first")?, one(pair, "second")?));
    params.tables("pairs").filter_map(read).collect()
}
