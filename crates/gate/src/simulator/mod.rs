//! A simulated data provider with a synthetic population.
//!
//! It answers every question it is put, whatever the pack that the question comes from: fields whose
//! ids it knows come from the population (see [`answer()`]), all others from a hash of subject and field.

mod answer;
mod build;
mod fields;
mod generic;
mod listener;
mod mood;
mod number;
mod person;
mod population;
mod random;
mod server;
mod special;
mod station;
mod words;

pub use answer::{Act, Reply, answer};
pub use mood::{Mood, Outage, Setting, Wrong};
pub use person::{Conscription, Day, Household, Move, Person, Sex, Special, Status};
pub use population::{AS_OF, Population};
pub use server::{Running, serve};
pub use station::Simulator;
