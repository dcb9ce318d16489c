//! From where, and by which way.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::kinds::Kind;
use super::super::kinds::vocabulary::{Channel, OffSite};
use super::super::pack::Pack;
use super::super::shared::{Schedule, word};
use super::super::value::Words;
use super::super::when::Situation;
use super::Ruled;

/// From where lookups may be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkZone {
    /// The zone's name; the installation says which addresses are in it.
    pub zone: String,
    /// What people call it.
    pub word: Words,
    /// What happens to a lookup from elsewhere.
    pub off_site: OffSite,
}

impl NetworkZone {
    /// Whether lookups from elsewhere are refused.
    pub fn refuses_off_site(&self) -> bool {
        self.off_site == OffSite::Refuse
    }
}

/// What is asked of machines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkstationRule {
    /// Whether a machine serves nothing else.
    pub dedicated: bool,
    /// Whether it has a password of its own.
    pub password: bool,
    /// Whether lookups come from declared machines only.
    pub bound: bool,
    /// Whether its address may change only with a new declaration.
    pub fixed_address: bool,
    /// Whether it is shut down every day.
    pub shutdown_daily: bool,
    /// How often the declaration is renewed.
    pub check: Option<Schedule>,
}

/// A rule on the ways by which data may be obtained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelRule {
    /// The ways that are open.
    pub channels: Vec<Channel>,
    /// A passed link test must be on record.
    pub link_test: bool,
    /// The link application must be finished.
    pub link_application: bool,
}

impl Pack {
    /// The zone that binds in a situation.
    pub fn network_zone(&self, situation: &Situation<'_>) -> Option<Ruled<NetworkZone>> {
        let ruled = self.first(Kind::NetworkZone, situation)?;
        let p = &ruled.value;
        let off_site = word(p, "off_site", OffSite::named)?;
        Some(ruled.with(NetworkZone { zone: p.string("zone"), word: p.label("word"), off_site }))
    }

    /// What is asked of machines in a situation.
    pub fn workstation(&self, situation: &Situation<'_>) -> Option<Ruled<WorkstationRule>> {
        let ruled = self.first(Kind::Workstation, situation)?;
        let p = &ruled.value;
        let flag = |name| p.flag(name).unwrap_or(false);
        Some(ruled.with(WorkstationRule {
            dedicated: flag("dedicated"),
            password: flag("password"),
            bound: p.text("binding") == Some("bound"),
            fixed_address: flag("fixed_address"),
            shutdown_daily: flag("shutdown_daily"),
            check: p.schedule("check").cloned(),
        }))
    }

    /// The ways that are open in a situation; all when the rule is silent.
    pub fn channel(&self, situation: &Situation<'_>) -> Option<Ruled<ChannelRule>> {
        let ruled = self.first(Kind::Channel, situation)?;
        let p = &ruled.value;
        Some(ruled.with(ChannelRule {
            channels: p.texts("channels").iter().filter_map(|word| Channel::named(word)).collect(),
            link_test: p.flag("link_test").unwrap_or(false),
            link_application: p.flag("link_application").unwrap_or(false),
        }))
    }

    /// The zones of the rule, which an installation maps to addresses.
    pub fn zones(&self) -> Vec<String> {
        let mut zones: Vec<String> =
            self.of_kind(Kind::NetworkZone).map(|c| c.params.string("zone")).collect();
        zones.dedup();
        zones
    }
}
