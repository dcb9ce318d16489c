//! Every sentence has a twin in the other language, every refusal a sentence and a remedy in both.

use super::files::{File, files};
use super::{Finding, demand};
use crate::lint::{glossary, mask};
use domain::Reason;
use std::collections::{BTreeMap, BTreeSet};

const HOME: &str = "crates/web/locale/";
const LANGUAGES: [&str; 2] = ["zh-TW", "en"];

/// One sentence: where it stands, what it says, and which arguments fill it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Message {
    file: String,
    line: usize,
    text: String,
    variables: BTreeSet<String>,
}

/// All sentences of one language by key; an attribute is `key.attribute`.
type Messages = BTreeMap<String, Message>;

/// Reads the Fluent files of one language; a key that stands twice is a finding.
fn read(files: &[File], language: &str, found: &mut Vec<Finding>) -> Messages {
    let home = format!("{HOME}{language}/");
    let mut messages = Messages::new();
    for file in files.iter().filter(|f| f.path.starts_with(&home) && f.extension() == "ftl") {
        for (key, message) in parse(&file.path, file.text.as_deref().unwrap_or("")) {
            if let Some(other) = messages.get(&key) {
                let what = format!("`{key}` stands in {}:{} already", other.file, other.line);
                found.push(Finding::new(&file.path, message.line, what));
            }
            messages.insert(key, message);
        }
    }
    messages
}

fn parse(path: &str, text: &str) -> Vec<(String, Message)> {
    let mut messages: Vec<(String, Message)> = Vec::new();
    let mut owner = String::new();
    for (at, line) in text.lines().enumerate() {
        let attribute = line.trim_start().strip_prefix('.').filter(|_| line.starts_with(' '));
        let entry = if line.starts_with(['#', ' ', '}']) { None } else { line.split_once('=') };
        let (key, value) = match (entry, attribute.and_then(|a| a.split_once('='))) {
            (Some((key, value)), _) => {
                owner = key.trim().to_owned();
                (owner.clone(), value)
            }
            (None, Some((name, value))) => (format!("{owner}.{}", name.trim()), value),
            (None, None) => {
                if let (Some((_, message)), false) = (messages.last_mut(), line.starts_with('#')) {
                    message.text.push_str(line);
                    message.text.push('\n');
                }
                continue;
            }
        };
        let message =
            Message { file: path.into(), line: at + 1, text: format!("{value}\n"), ..Message::default() };
        messages.push((key, message));
    }
    for (_, message) in &mut messages {
        message.variables = variables(&message.text);
    }
    messages
}

fn variables(text: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    text.split('$').skip(1).map(|rest| rest.chars().take_while(|c| is_name(*c)).collect()).collect()
}

fn without_twin(here: &Messages, there: &Messages, other: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    for (key, message) in here {
        let mut fault = |what: String| found.push(Finding::new(&message.file, message.line, what));
        match there.get(key) {
            None => fault(format!("`{key}` has no twin in {other}")),
            Some(twin) if twin.variables != message.variables => {
                let names = |m: &Message| m.variables.iter().cloned().collect::<Vec<_>>().join(", ");
                let (mine, its) = (names(message), names(twin));
                fault(format!("`{key}` takes ({mine}), its twin ({its})"));
            }
            Some(_) => {}
        }
    }
    found
}

/// An attribute may carry the sentence of a message, so either must say something.
fn empty(messages: &Messages) -> Vec<Finding> {
    let says_nothing = |(key, message): &(&String, &Message)| {
        let attributes = format!("{key}.");
        message.text.trim().is_empty() && !messages.keys().any(|k| k.starts_with(&attributes))
    };
    let silent = messages.iter().filter(says_nothing);
    silent.map(|(key, m)| Finding::new(&m.file, m.line, format!("`{key}` says nothing"))).collect()
}

fn twins(files: &[File]) -> Vec<Finding> {
    let mut found = Vec::new();
    let [chinese, english] = LANGUAGES.map(|language| read(files, language, &mut found));
    found.extend(without_twin(&chinese, &english, "en"));
    found.extend(without_twin(&english, &chinese, "zh-TW"));
    found.extend(empty(&chinese));
    found.extend(empty(&english));
    found
}

fn unspoken_refusals(files: &[File], keys: &[&str]) -> Vec<Finding> {
    let mut found = Vec::new();
    for language in LANGUAGES {
        let messages = read(files, language, &mut Vec::new());
        for key in keys {
            for wanted in [format!("refusal-{key}"), format!("refusal-{key}-remedy")] {
                if !messages.contains_key(&wanted) {
                    found.push(Finding::new(
                        &format!("{HOME}{language}"),
                        0,
                        format!("`{wanted}` is missing"),
                    ));
                }
            }
        }
    }
    found
}

fn wrong_words(files: &[File]) -> Vec<Finding> {
    let mut found = Vec::new();
    let locales = files.iter().filter(|f| f.path.starts_with(HOME) && f.extension() == "ftl");
    for file in locales {
        for (at, line) in file.text.as_deref().unwrap_or("").lines().enumerate() {
            let words = if file.path.contains("/zh-TW/") { glossary::banned(line) } else { Vec::new() };
            let masks = mask::leaking(line).into_iter().map(|m| format!("the mask {m} shows its tail"));
            let numbers = mask::numbers(line).into_iter().map(|_| "an ID number written out".to_owned());
            let all = words.into_iter().chain(masks).chain(numbers);
            found.extend(all.map(|what| Finding::new(&file.path, at + 1, what)));
        }
    }
    found
}

#[test]
fn every_sentence_has_its_twin() {
    assert!(!read(files(), "zh-TW", &mut Vec::new()).is_empty(), "{HOME}zh-TW holds no sentence");
    demand("twins", twins(files()));
}

#[test]
fn every_refusal_has_a_sentence_and_a_remedy() {
    let keys: Vec<&str> = Reason::ALL.iter().map(|reason| reason.key()).collect();
    demand("refusals", unspoken_refusals(files(), &keys));
}

#[test]
fn the_words_are_those_of_the_glossary() {
    demand("glossary", wrong_words(files()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: format!("{HOME}{path}"), bytes: 0, text: Some(text.into()) }
    }

    const CHINESE: &str = "# 註
hello = 您好，{ $name }
    .title = 問候
long =
    第一行
    { $n ->
   *[other] { $n } 筆
}
";

    #[test]
    fn fluent_is_read() {
        let messages: Messages = parse("a.ftl", CHINESE).into_iter().collect();
        let keys: Vec<&str> = messages.keys().map(String::as_str).collect();
        assert_eq!(keys, ["hello", "hello.title", "long"]);
        assert_eq!(messages["long"].variables, BTreeSet::from(["n".to_owned()]));
        assert!(messages["long"].text.contains("第一行"));
        assert_eq!(messages["hello.title"].line, 3);
    }

    #[test]
    fn a_lone_or_unlike_twin_is_found() {
        let english = "hello = Hello\n    .title = Greeting\nlong = { $n } rows\nmore = x\nmore = y\n";
        let found = twins(&[file("zh-TW/a.ftl", CHINESE), file("en/a.ftl", english)]);
        let whats: Vec<&str> = found.iter().map(|f| f.what.as_str()).collect();
        let path = format!("{HOME}en/a.ftl");
        let twice = format!("`more` stands in {path}:4 already");
        let expected = [
            twice.as_str(),
            "`hello` takes (name), its twin ()",
            "`hello` takes (), its twin (name)",
            "`more` has no twin in zh-TW",
        ];
        assert_eq!(whats, expected);
    }

    #[test]
    fn an_empty_sentence_is_found() {
        let found = twins(&[
            file("zh-TW/a.ftl", "a =\nb =\n    .c = d\n"),
            file("en/a.ftl", "a = x\nb =\n    .c = d\n"),
        ]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].what, "`a` says nothing");
    }

    #[test]
    fn a_refusal_without_remedy_is_found() {
        let whole = "refusal-off-site = x\nrefusal-off-site-remedy = y\n";
        let found = unspoken_refusals(
            &[file("zh-TW/a.ftl", whole), file("en/a.ftl", "refusal-off-site = x\n")],
            &["off-site"],
        );
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].what, "`refusal-off-site-remedy` is missing");
    }

    #[test]
    fn wrong_words_and_masks_are_found() {
        let bad = [
            file("zh-TW/a.ftl", "a = 請登錄\nb = 請登入\nc = A12*****89\nd = A12*******\n"),
            file("en/a.ftl", "a = no 登錄 here\nb = A123456789\n"),
        ];
        assert_eq!(super::super::lines(&wrong_words(&bad)), [1, 2, 3]);
    }
}
