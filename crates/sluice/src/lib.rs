//! The gate as a program: its commands, its configuration, the demonstration.
//!
//! A library beside the binary, so that stories can start the same server in their own process.

pub mod account;
pub mod bench;
pub mod cli;
pub mod config;
pub mod demo;
pub mod directory;
pub mod ledger;
pub mod link;
pub mod pack;
pub mod problem;
pub mod provider;
pub mod serve;
