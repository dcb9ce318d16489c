//! Guards in PostgreSQL's own words. Each looks first whether it is there: making a trigger locks out
//! writers, and another node may be at work.

/// A trigger that refuses, made if it is not there.
macro_rules! guard {
    ($table:literal, $event:literal, $each:literal, $why:literal) => {
        concat!(
            "DO $make$ BEGIN IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = '",
            $table,
            "_keeps_",
            $each,
            "' AND tgrelid = '",
            $table,
            "'::regclass AND tgenabled <> 'D') THEN CREATE OR REPLACE TRIGGER \"",
            $table,
            "_keeps_",
            $each,
            "\" BEFORE ",
            $event,
            " ON ",
            $table,
            " FOR EACH ",
            $each,
            " EXECUTE FUNCTION sluice_refuse('",
            $why,
            "'); END IF; END $make$"
        )
    };
}

/// What is run at each start, so that a copy without the guards gets them back.
pub(super) const GUARDS: &[&str] = &[
    "CREATE OR REPLACE FUNCTION sluice_refuse() RETURNS trigger LANGUAGE plpgsql AS $guard$ \
     BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $guard$",
    "CREATE OR REPLACE FUNCTION sluice_head() RETURNS trigger LANGUAGE plpgsql AS $guard$ \
     BEGIN IF NEW.size < OLD.size THEN RAISE EXCEPTION 'a log never shrinks'; END IF; \
     RETURN NEW; END $guard$",
    guard!("log_leaf", "UPDATE OR DELETE", "ROW", "an entry of a log is never changed"),
    guard!("log_leaf", "TRUNCATE", "STATEMENT", "an entry of a log is never deleted"),
    guard!("decision", "UPDATE OR DELETE", "ROW", "what was decided is never changed"),
    guard!("decision", "TRUNCATE", "STATEMENT", "what was decided is never deleted"),
    guard!("clause_use", "UPDATE OR DELETE", "ROW", "what was decided is never changed"),
    guard!("clause_use", "TRUNCATE", "STATEMENT", "what was decided is never deleted"),
    guard!("log_head", "DELETE", "ROW", "a log is never deleted"),
    guard!("log_head", "TRUNCATE", "STATEMENT", "a log is never deleted"),
    "DO $make$ BEGIN IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'log_head_does_not_shrink' \
     AND tgrelid = 'log_head'::regclass AND tgenabled <> 'D') THEN \
     CREATE OR REPLACE TRIGGER log_head_does_not_shrink BEFORE UPDATE ON log_head \
     FOR EACH ROW EXECUTE FUNCTION sluice_head(); END IF; END $make$",
];
