//! Whole stories through the desk: a clock turned by hand, a provider in process, and a store on each engine.

mod account;
mod application;
mod credential;
mod directory;
mod disclosure;
mod duty;
mod fault;
mod flood;
mod found;
mod harbour;
mod inventory;
mod letter;
mod nodes;
mod pages;
mod policy;
mod privacy;
mod reach;
mod refusal;
mod regulation;
mod rows;
mod scenario;
mod stage;
mod stamping;
mod timing;
mod truth;
mod world;
