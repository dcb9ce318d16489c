//! Whose signatures are wanted (C2SP `tlog-policy`): logs, witnesses, groups of witnesses, and a quorum.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::note::{Algorithm, Signed, VerifierKey};

/// A policy as read from its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<VerifierKey>,
    /// Witnesses and groups in the order of their lines; a group refers only to what stands before it.
    parties: Vec<Party>,
    quorum: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Party {
    Witness(VerifierKey),
    Group { needed: usize, members: Vec<usize> },
}

/// Why a policy was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadPolicy {
    /// Number of the line, from 1; the number after the last one if something is missing at the end.
    pub line: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl fmt::Display for BadPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} of the policy: {}", self.line, self.reason)
    }
}

impl core::error::Error for BadPolicy {}

impl Policy {
    /// Trusts these logs and asks for no witness.
    #[must_use]
    pub fn of_logs(logs: Vec<VerifierKey>) -> Self {
        Self { logs, parties: Vec::new(), quorum: None }
    }

    /// Reads a policy file.
    ///
    /// # Errors
    /// At the first line that is not of the format, or whose key is of an unknown type.
    pub fn parse(text: &str) -> Result<Self, BadPolicy> {
        let mut reader = Reader::default();
        let mut lines = 0;
        for line in text.lines() {
            lines += 1;
            let words: Vec<&str> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
            if words.first().is_some_and(|word| !word.starts_with('#')) {
                reader.line(&words).map_err(|reason| BadPolicy { line: lines, reason })?;
            }
        }
        let missing = BadPolicy { line: lines + 1, reason: "there is no quorum line" };
        Ok(Self { logs: reader.logs, parties: reader.parties, quorum: reader.quorum.ok_or(missing)? })
    }

    /// The keys of the trusted logs.
    #[must_use]
    pub fn logs(&self) -> &[VerifierKey] {
        &self.logs
    }

    /// All keys that the policy names: logs first, then witnesses.
    #[must_use]
    pub fn keys(&self) -> Vec<VerifierKey> {
        let witnesses = self.parties.iter().filter_map(|party| match party {
            Party::Witness(key) => Some(key),
            Party::Group { .. } => None,
        });
        self.logs.iter().chain(witnesses).cloned().collect()
    }

    /// Whether these checked signatures satisfy the quorum.
    #[must_use]
    pub fn is_met(&self, signed: &[Signed<'_>]) -> bool {
        let mut met: Vec<bool> = Vec::with_capacity(self.parties.len());
        for party in &self.parties {
            met.push(match party {
                Party::Witness(key) => signed.iter().any(|signed| signed.key == key),
                Party::Group { needed, members } => {
                    members.iter().filter(|member| met[**member]).count() >= *needed
                }
            });
        }
        self.quorum.is_none_or(|party| met[party])
    }
}

#[derive(Default)]
struct Reader {
    logs: Vec<VerifierKey>,
    parties: Vec<Party>,
    names: BTreeMap<String, usize>,
    grouped: BTreeSet<usize>,
    seen: BTreeSet<[u8; 32]>,
    quorum: Option<Option<usize>>,
}

impl Reader {
    fn line(&mut self, words: &[&str]) -> Result<(), &'static str> {
        match *words {
            ["log", vkey] | ["log", vkey, _] => {
                let key = self.key(vkey, Algorithm::Ed25519)?;
                self.logs.push(key);
                Ok(())
            }
            ["witness", name, vkey] | ["witness", name, vkey, _] => {
                let key = self.key(vkey, Algorithm::CosignatureV1)?;
                self.name(name, Party::Witness(key))
            }
            ["group", name, needed, ref members @ ..] => self.group(name, needed, members),
            ["quorum", name] => self.choose(name),
            _ => Err("this is no log, witness, group or quorum line"),
        }
    }

    fn key(&mut self, vkey: &str, algorithm: Algorithm) -> Result<VerifierKey, &'static str> {
        let key = VerifierKey::parse(vkey).map_err(|_| "the key is malformed or of an unknown type")?;
        if key.algorithm() != algorithm {
            return Err("the key is of a type for another use");
        }
        if self.seen.insert(*key.public_bytes()) { Ok(key) } else { Err("this key was named before") }
    }

    fn name(&mut self, name: &str, party: Party) -> Result<(), &'static str> {
        if name == "none" || self.names.contains_key(name) {
            return Err("this name is taken");
        }
        self.names.insert(name.to_owned(), self.parties.len());
        self.parties.push(party);
        Ok(())
    }

    fn group(&mut self, name: &str, needed: &str, members: &[&str]) -> Result<(), &'static str> {
        let found: Option<Vec<usize>> =
            members.iter().map(|member| self.names.get(*member).copied()).collect();
        let members = found.ok_or("a member is not defined before this line")?;
        let needed = match needed {
            "all" => members.len(),
            "any" => 1,
            number => number.parse().map_err(|_| "how many are needed is all, any or a number")?,
        };
        if needed == 0 || needed > members.len() {
            return Err("more members are needed than there are, or none");
        }
        if !members.iter().all(|member| self.grouped.insert(*member)) {
            return Err("a member is in a group already");
        }
        self.name(name, Party::Group { needed, members })
    }

    fn choose(&mut self, name: &str) -> Result<(), &'static str> {
        let party = if name == "none" {
            None
        } else {
            Some(*self.names.get(name).ok_or("the quorum is not defined before this line")?)
        };
        if self.quorum.replace(party).is_some() { Err("there is a second quorum line") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::SignerKey;
    use alloc::format;

    fn witness(seed: u8) -> VerifierKey {
        SignerKey::with_algorithm(&format!("w{seed}"), Algorithm::CosignatureV1, &[seed; 32])
            .unwrap()
            .verifier()
    }

    fn log() -> VerifierKey {
        SignerKey::from_seed("log", &[99; 32]).unwrap().verifier()
    }

    fn nested() -> String {
        let mut text = format!("# policy\n\nlog {} https://log.example/\n", log());
        for seed in 1..=6 {
            text += &format!(" witness W{seed}\t{}  https://w{seed}.example/\n", witness(seed));
        }
        text + "group X 2 W1 W2 W3\ngroup Y any W4 W5\ngroup both all X Y\nquorum both\n"
    }

    fn met(policy: &Policy, seeds: &[u8]) -> bool {
        let keys: Vec<VerifierKey> = seeds.iter().map(|seed| witness(*seed)).collect();
        let signed: Vec<_> = keys.iter().map(|key| Signed { key, unix_seconds: Some(1) }).collect();
        policy.is_met(&signed)
    }

    #[test]
    fn quorums_of_groups_are_counted() {
        let policy = Policy::parse(&nested()).unwrap();
        assert_eq!(policy.logs(), [log()]);
        assert_eq!(policy.keys().len(), 7);
        for (seeds, wanted) in [
            (&[1, 2, 4][..], true),
            (&[1, 2, 3, 4, 5, 6], true),
            (&[2, 3, 5], true),
            (&[1, 4, 5], false),
            (&[1, 2, 3], false),
            (&[1, 2, 6], false),
            (&[], false),
        ] {
            assert_eq!(met(&policy, seeds), wanted, "{seeds:?}");
        }
        assert!(met(&Policy::parse("quorum none").unwrap(), &[]));
        assert!(met(&Policy::of_logs(Vec::new()), &[]));
        let single = Policy::parse(&format!("witness W {}\nquorum W\n", witness(1))).unwrap();
        assert!(met(&single, &[1]) && !met(&single, &[2]));
    }

    #[test]
    fn what_is_not_of_the_format_is_refused_with_its_line() {
        let (one, two) = (witness(1), witness(2));
        for (text, line) in [
            (String::new(), 1),
            ("quorum none\nquorum none\n".into(), 2),
            ("quorum W\n".into(), 1),
            ("wittness W key\n".into(), 1),
            (format!("log {one}\n"), 1),
            (format!("witness W {}\n", log()), 1),
            (format!("witness W {one}\nwitness V {one}\n"), 2),
            (format!("witness W {one}\nwitness W {two}\n"), 2),
            (format!("witness none {one}\n"), 1),
            (format!("witness W {one}\ngroup G 2 W\n"), 2),
            (format!("witness W {one}\ngroup G 0 W\n"), 2),
            (format!("witness W {one}\ngroup G some W\n"), 2),
            (format!("witness W {one}\ngroup G any V\n"), 2),
            ("group G any\n".into(), 1),
            (format!("witness W {one}\ngroup G any W W\n"), 2),
            (format!("witness W {one}\ngroup G any W\ngroup H any W\n"), 3),
            (format!("witness W {one}\n"), 2),
        ] {
            assert_eq!(Policy::parse(&text).map_err(|error| error.line), Err(line), "{text}");
        }
    }
}
