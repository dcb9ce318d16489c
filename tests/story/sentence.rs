//! The sentences of a rule stand on the pages that the rule names.

use super::stage::played;
use super::world::World;
use desk::application::Like;
use domain::regulation::Words;

/// Three sentences of Lienchiang's rule as it would be: before the lookup, with its answer, and on forms.
const SENTENCES: (&str, &str) = (
    "[[control]]\nid = \"secrecy\"",
    "[[control]]\nid = \"before\"\nkind = \"notice\"\nclauses = [\"5.2\"]\n\
     text = { zh = \"先想再查。\", en = \"Think first.\" }\nat = [\"lookup\"]\n\n\
     [[control]]\nid = \"behind\"\nkind = \"notice\"\nclauses = [\"5.2\"]\n\
     text = { zh = \"看完即關。\", en = \"Close what you have read.\" }\nat = [\"result\"]\n\n\
     [[control]]\nid = \"papers\"\nkind = \"notice\"\nclauses = [\"5.2\"]\n\
     text = { zh = \"據實填寫。\", en = \"Write what is true.\" }\nat = [\"form\"]\n\n\
     [[control]]\nid = \"secrecy\"",
);

fn says(notices: &[Words], sentence: &str) -> bool {
    notices.iter().any(|words| &*words.zh == sentence)
}

#[test]
fn a_sentence_stands_on_the_pages_that_the_rule_names_and_on_no_other() {
    played(|stage| {
        let world: World = stage.world();
        world.amend("lienchiang", &[SENTENCES]);
        let (session, form) = world.lienchiang();
        let draft = world.desk.draft(&session, Some("L-1")).unwrap();
        assert!(says(&draft.notices, "先想再查。") && !says(&draft.notices, "看完即關。"));
        let answer = world.desk.ask(&session, &form).unwrap();
        assert!(says(&answer.notices, "看完即關。") && !says(&answer.notices, "先想再查。"));
        let record = world.desk.record(&session, &answer.code).unwrap();
        assert!(says(&record.notices, "據實填寫。") && !says(&record.notices, "先想再查。"));
        let blank = world.desk.blank_application(&session, "account", &Like::Blank).unwrap();
        assert!(says(&blank.notices, "據實填寫。") && !says(&blank.notices, "看完即關。"));
    });
}
