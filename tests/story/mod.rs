//! Whole stories through the desk: a store in memory, a clock turned by hand, a provider in process.

mod account;
mod disclosure;
mod fault;
mod flood;
mod harbour;
mod pages;
mod policy;
mod privacy;
mod reach;
mod refusal;
mod search;
mod stamping;
mod timing;
mod truth;
mod world;
