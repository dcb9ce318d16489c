//! Family `place`: from where, by which line and machine.

use super::vocabulary::{Channel, OffSite};
use super::{ParamSpec, Ty, may, must};

pub(super) static NETWORK_ZONE: &[ParamSpec] = &[
    must("zone", Ty::Code, "The zone's name; the installation says which addresses are in it."),
    must("word", Ty::Words, "What people call it."),
    must("off_site", Ty::OneOf(OffSite::WORDS), "What happens to a lookup from elsewhere.").more(),
];

pub(super) static WORKSTATION: &[ParamSpec] = &[
    may("dedicated", Ty::Flag, "The machine serves nothing else.").more(),
    may("password", Ty::Flag, "The machine has a password of its own.").more(),
    may(
        "binding",
        Ty::OneOf(&["declared", "bound"]),
        "Declared in a register, or bound: lookups come from declared machines of the own unit only.",
    )
    .more(),
    may("fixed_address", Ty::Flag, "It has one network address, which changes only with a new declaration.")
        .more(),
    may("shutdown_daily", Ty::Flag, "It is declared to be shut down every day.").more(),
    may("check", Ty::Schedule, "How often the declaration is renewed.").shorter(),
];

pub(super) static CHANNEL: &[ParamSpec] = &[
    must("channels", Ty::List(&Ty::OneOf(Channel::WORDS)), "The ways by which data may be obtained.").less(),
    may("link_test", Ty::Flag, "Unusable until a passed link test is recorded.").more(),
    may("link_application", Ty::Flag, "Unusable until the link application is finished.").more(),
];

pub(super) static TRANSPORT: &[ParamSpec] = &[
    must("encrypted", Ty::Flag, "Nothing is asked or sent over a line that is not encrypted.").more(),
    may("channels", Ty::List(&Ty::OneOf(Channel::WORDS)), "The ways this covers; all when absent.").more(),
];
