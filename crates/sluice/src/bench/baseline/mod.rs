//! What the gate is held against: PostgreSQL and SQLite as they are usually used for a trail of records, and
//! the gate without any record. SQL stands here, outside the store, because nothing of it is the product's.

pub mod postgres;
pub mod sqlite;
pub mod unrecorded;
