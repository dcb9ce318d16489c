//! Who may look up what, and why.

use super::{ApplicationView, ClauseCite};
use domain::regulation::Words;
use domain::time::{Date, Instant};

/// What a person may see, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionView {
    /// Its identifier.
    pub id: String,
    /// Whose it is.
    pub person: String,
    /// In which unit.
    pub unit: String,
    /// What it opens, in the words of the form.
    pub items: Vec<Words>,
    /// The application it follows from; none where it was taken over from an older system.
    pub application: Option<String>,
    /// The number of that application in an older system.
    pub formerly: Option<String>,
    /// The permission that it replaced, or renews.
    pub follows: Option<String>,
    /// Its first day.
    pub from: Date,
    /// The day it ends on, where it does by itself.
    pub until: Option<Date>,
    /// `runs`, `waits` for the end of the one that it renews, `ended`, or why it was stopped: a locale key
    /// `permission-state-…`.
    pub state: &'static str,
    /// Whether the actor may stop it.
    pub stop: bool,
}

/// One permission, with everything that it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionWhole {
    /// The permission.
    pub one: PermissionView,
    /// The items of datasets that its ticks open.
    pub opens: Vec<OpenedView>,
    /// The line of grants that it stands in, the first one first, it among them.
    pub line: Vec<PermissionView>,
    /// The application that it follows from, with its stamps, for those who may see it.
    pub application: Option<ApplicationView>,
    /// The clause under which it is asked for.
    pub clause: Option<ClauseCite>,
    /// How many months one stands at most under the rule in force, and the clause that sets that.
    pub term: Option<(u32, Option<ClauseCite>)>,
    /// From which day on it can be renewed, and whether the rule says so; else it is ours.
    pub renewal: Option<(Date, bool)>,
    /// The page on which it is asked for anew, for whoever may.
    pub renew: Option<String>,
    /// The page on which what was suspended for disuse is asked back as it was, for whoever may.
    pub restore: Option<String>,
    /// Which providers were or are to be told that it has ended.
    pub told: Vec<TellingView>,
}

/// An item that a permission opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedView {
    /// What it is called.
    pub word: Words,
    /// For which uses; none where it is open for every one.
    pub uses: Option<Vec<Words>>,
}

/// What a provider is told of an ended permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TellingView {
    /// The provider.
    pub provider: Words,
    /// The items that are open no more.
    pub items: Vec<Words>,
    /// Whether it may come back by itself.
    pub for_now: bool,
    /// The last day for it.
    pub due: Date,
    /// How often it was tried without an answer.
    pub tries: u32,
    /// When it was acknowledged.
    pub told: Option<Instant>,
    /// Whether the provider has been silent for too long.
    pub late: bool,
}

/// Who may look up an item, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReachView {
    /// Every item of the rule: code and word.
    pub items: Vec<(String, Words)>,
    /// The code of the one that is asked about; empty where none is.
    pub item: String,
    /// Whether the rule ties it to a permission; else every role that looks up may see it.
    pub tied: bool,
    /// The clause that says so.
    pub clause: Option<ClauseCite>,
    /// Those who may.
    pub people: Vec<ReacherView>,
}

/// Somebody who may look up an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReacherView {
    /// Who.
    pub person: String,
    /// In which unit.
    pub unit: String,
    /// As what.
    pub role: Words,
    /// The permission that opens it, where the rule ties it to one.
    pub permission: Option<String>,
    /// For which uses it does; none where it does for every one.
    pub uses: Option<Vec<Words>>,
}
