//! The crate as a browser and a machine meet it: whole requests against a whole desk in memory.

mod api;
mod certificate;
mod credential;
mod doors;
mod full;
mod hostile;
mod inventory;
mod lists;
mod nodes;
mod pages;
pub(crate) mod world;
