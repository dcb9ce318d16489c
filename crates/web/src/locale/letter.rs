//! What mail says: numbers, kinds in words, and where to sign in. Nothing of what it is about.

use super::{Lang, Speech};
use desk::letter::{Text, Urgent, Waiting, Wording};
use desk::view::TodoKind;
use domain::letter::Language;
use domain::regulation::Pack;
use std::sync::Arc;

/// Says mail in the sentences of the locale.
#[derive(Clone, Copy, Debug, Default)]
pub struct MailWords;

impl Wording for MailWords {
    fn digest(&self, language: Language, pack: &Arc<Pack>, waiting: &Waiting, link: &str) -> Text {
        let say = Speech::of(lang(language), pack);
        let number = |n: usize| n.to_string();
        let args = [
            ("product", say.say("product")),
            ("count", number(waiting.lines())),
            ("overdue", number(waiting.overdue)),
            ("today", number(waiting.today)),
            ("week", number(waiting.week)),
            ("later", number(waiting.later)),
        ];
        let args: Vec<(&str, &str)> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let mut lines = vec![say.fill("letter-digest-sums", &args), String::new()];
        lines.extend(waiting.kinds.iter().map(|(kind, (tally, many))| {
            let what = say.tally(&format!("todo-{}", crate::api::kind(*kind)), tally);
            // The sentences of duties name no number, for each has a line of its own.
            match (kind, many) {
                (TodoKind::Duty(_), many) if *many > 1 => {
                    say.fill("letter-digest-line", &[("what", &what), ("count", &number(*many))])
                }
                _ => what,
            }
        }));
        if waiting.held > 0 {
            lines.extend([
                String::new(),
                say.fill("letter-digest-held", &[("count", &waiting.held.to_string())]),
            ]);
        }
        Text { subject: say.fill("letter-digest-subject", &args), body: ended(&say, lines, link) }
    }

    fn urgent(&self, language: Language, what: Urgent, link: &str) -> Text {
        let say = Speech::plain(lang(language));
        let product = say.say("product");
        let lines = vec![say.say(&format!("letter-urgent-{}", what.word()))];
        let subject = say.fill("letter-urgent-subject", &[("product", &product)]);
        Text { subject, body: ended(&say, lines, link) }
    }
}

fn lang(language: Language) -> Lang {
    match language {
        Language::Chinese => Lang::Zh,
        Language::English => Lang::En,
    }
}

/// The lines with what stands below all mail.
fn ended(say: &Speech, mut lines: Vec<String>, link: &str) -> String {
    lines.extend([String::new(), say.fill("letter-link", &[("link", link)]), String::new()]);
    lines.extend([say.say("letter-foot"), String::new()]);
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use desk::view::TodoItem;

    #[test]
    fn every_urgent_matter_and_every_kind_has_a_sentence_in_both_languages() {
        for language in Language::ALL {
            for what in Urgent::ALL {
                let text = MailWords.urgent(language, what, "https://gate.example.org");
                assert!(!text.body.contains("letter-urgent"), "{what:?}");
                assert!(text.body.contains("https://gate.example.org"));
            }
        }
    }

    #[test]
    fn a_digest_says_how_much_waits_and_nothing_of_what_it_is_about() {
        let pack = Arc::new(crate::tests::world::pack());
        let item = |kind, n: usize| TodoItem {
            about: "R1150302-0001".into(),
            subject: "case 7".into(),
            count: desk::Tally::from(n),
            ..line(kind)
        };
        let duty = TodoKind::Duty(domain::duty::Kind::Notify);
        let items =
            [item(duty, 1), item(TodoKind::Returned, 1), item(duty, 1), item(TodoKind::Countersign, 12)];
        let mut waiting = Waiting::of(&items);
        waiting.held = 3;
        let text = MailWords.digest(Language::English, &pack, &waiting, "https://gate.example.org");
        for wanted in ["to do 4", "Tell others (2)", "One returned record", "12 rows", "one by one: 3"] {
            assert!(text.subject.contains(wanted) || text.body.contains(wanted), "{wanted}: {}", text.body);
        }
        assert!(!text.body.contains("R1150302") && !text.body.contains("case 7"));
    }

    fn line(kind: TodoKind) -> TodoItem {
        TodoItem {
            stands_for: None,
            kind,
            count: desk::Tally::default(),
            about: String::new(),
            subject: String::new(),
            label: domain::regulation::Words::default(),
            clause: None,
            due: None,
            href: String::new(),
        }
    }
}
