//! From a decision to what the writer writes: sealed, hashed and rendered on the caller's own thread, so that
//! the writer only counts and commits.

use crate::capability;
use crate::fault::Fault;
use crate::parked::{PUT_PARKED, Parked};
use crate::row;
use crate::seal::{INSERT_SEALED, LogKeys, SealedFact, Sealing};
use crate::statement::RowSet;
use crate::value::Value;
use domain::id::Key;
use domain::{Decision, Detail, Fact, Permit};
use ledger::Hash;
use ledger::leaf::{Leaf, PackRef, SealedRef};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};
use zeroize::Zeroizing;

/// A decision, ready to be written.
pub(crate) struct Prepared {
    /// The log.
    pub(crate) log: String,
    /// Its origin, for the head row of a log that is new.
    pub(crate) origin: String,
    /// When it was made, in microseconds.
    pub(crate) at: i64,
    /// Rows of the own log that it relies on, with the revision read.
    pub(crate) seen: Vec<(String, i64)>,
    /// Rows whose revision counts up, each once.
    pub(crate) touched: BTreeSet<String>,
    /// The rows of its changes and of everything sealed.
    pub(crate) rows: RowSet,
    /// Its entries; never empty.
    pub(crate) facts: Vec<PreparedFact>,
    /// The key under which it happens once only.
    pub(crate) once: Option<Once>,
    /// Roughly how much memory it takes.
    pub(crate) bytes: usize,
}

/// One entry.
pub(crate) struct PreparedFact {
    /// The event's identifier.
    pub(crate) id: String,
    /// The leaf's canonical bytes.
    pub(crate) body: Vec<u8>,
    /// Their hash.
    pub(crate) hash: Hash,
    /// The row of table `decision` behind log and index.
    pub(crate) row: Vec<Value>,
    /// Rows of table `clause_use` behind log and index.
    pub(crate) clauses: Vec<Vec<Value>>,
}

/// An idempotency key: unique for each actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Once {
    /// The person.
    pub(crate) actor: String,
    /// The key.
    pub(crate) key: String,
    /// The digest of the request.
    pub(crate) request: String,
}

impl Prepared {
    /// Adds an answer that is parked with the entry.
    pub(crate) fn park(&mut self, parked: Option<Parked>) {
        if let Some(parked) = parked {
            self.rows.push(&PUT_PARKED, parked.row);
        }
    }
}

/// Prepares a decision for the log with that origin.
pub(crate) fn prepare(decision: &Decision, origin: &str, keys: &LogKeys) -> Result<Prepared, Fault> {
    let permit = decision.permit();
    let log = permit.log();
    check_touched(decision)?;
    let mut sealing = Sealing::new(permit, keys);
    let mut rows = RowSet::default();
    for change in decision.changes() {
        capability::rows(change, &mut sealing, &mut rows)?;
    }
    let foreign = foreign_revs(decision);
    let facts =
        decision.facts().iter().map(|fact| prepare_fact(permit, fact, origin, &foreign, &mut sealing));
    let facts = facts.collect::<Result<Vec<_>, Fault>>()?;
    for sealed in sealing.into_rows() {
        rows.push(&INSERT_SEALED, sealed);
    }
    rows.check()?;
    let own = decision.seen().iter().filter(|seen| seen.key.belongs_to(log));
    let bytes = rows.bytes() + facts.iter().map(|fact| 2 * fact.body.len() + 256).sum::<usize>();
    Ok(Prepared {
        log: log.as_str().into(),
        origin: origin.into(),
        at: permit.at().micros(),
        seen: own.map(|seen| (seen.key.as_str().to_owned(), seen.rev)).collect(),
        touched: decision.touched().iter().map(|key| key.as_str().to_owned()).collect(),
        rows,
        facts,
        once: decision.idempotency().map(|once| Once {
            actor: permit.actor().person.as_str().into(),
            key: once.key.clone(),
            request: once.request.clone(),
        }),
        bytes,
    })
}

/// A write touches one log: every row it changes belongs to the log it is entered in.
fn check_touched(decision: &Decision) -> Result<(), Fault> {
    let log = decision.permit().log();
    let word = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if log.as_str().is_empty() || log.as_str().len() > 64 || !log.as_str().chars().all(word) {
        return Err(Fault::Decision("the name of its log is not a plain word".into()));
    }
    match decision.touched().iter().all(|key| key.belongs_to(log)) {
        true => Ok(()),
        false => Err(Fault::Decision("it changes a row of another log".into())),
    }
}

/// The revisions of other logs' rows that the decision rests on; its leaves state them.
fn foreign_revs(decision: &Decision) -> BTreeMap<String, u64> {
    let log = decision.permit().log();
    let foreign = decision.seen().iter().filter(|seen| !seen.key.belongs_to(log));
    foreign.filter_map(|seen| Some((leaf_name(&seen.key), u64::try_from(seen.rev).ok()?))).collect()
}

/// A key as a name in a leaf: visible ASCII, everything else percent-encoded (RFC 3986 §2.1).
fn leaf_name(key: &Key) -> String {
    let mut name = String::new();
    for byte in key.as_str().bytes() {
        if byte.is_ascii_graphic() && byte != b'%' {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("%{byte:02X}"));
        }
    }
    name
}

fn prepare_fact(
    permit: &Permit,
    fact: &Fact,
    origin: &str,
    foreign: &BTreeMap<String, u64>,
    sealing: &mut Sealing<'_>,
) -> Result<PreparedFact, Fault> {
    let sealed = seal_fact(permit, fact, sealing)?;
    let obeyed = if fact.clauses().is_empty() { permit.clauses() } else { fact.clauses() };
    let clauses: Vec<String> = obeyed.iter().map(ToString::to_string).collect();
    let body = leaf(permit, fact, origin, foreign, &sealed, clauses.clone())?
        .bytes()
        .map_err(|error| bad(&error))?;
    let (person, unit) = (&permit.actor().person, &permit.actor().unit);
    let (pack, digest) = (permit.rule().map(|rule| &rule.name), permit.rule().map(|rule| &rule.digest));
    let (act, outcome, at) = (fact.act(), fact.outcome_word(), permit.at());
    let listed = Json::from(clauses.clone()).to_string();
    let detail = Json::Object(details(fact)).to_string();
    let row = row![
        fact.id(),
        act,
        outcome,
        fact.record(),
        person,
        unit,
        pack,
        digest,
        listed,
        detail,
        sealed.id,
        at
    ];
    let unique: BTreeSet<String> = clauses.into_iter().collect();
    let clauses = unique.into_iter().map(|clause| row![clause, act, outcome, at]).collect();
    Ok(PreparedFact {
        id: fact.id().as_str().into(),
        hash: ledger::hash::leaf_hash(&body),
        body,
        row,
        clauses,
    })
}

fn bad(error: &impl std::fmt::Display) -> Fault {
    Fault::Decision(error.to_string())
}

/// The details as JSON, for lists and pages.
fn details(fact: &Fact) -> Map<String, Json> {
    let json = |detail: &Detail| match detail {
        Detail::Text(text) => Json::from(text.clone()),
        Detail::Number(number) => Json::from(*number),
        Detail::List(list) => Json::from(list.clone()),
    };
    fact.details().iter().map(|(name, detail)| ((*name).to_owned(), json(detail))).collect()
}

/// Seals who acted, what is committed to, and the grounds, so that each commitment can be shown true later.
fn seal_fact(permit: &Permit, fact: &Fact, sealing: &mut Sealing<'_>) -> Result<SealedFact, Fault> {
    let actor = permit.actor();
    let actor = format!("{}/{}", actor.person, actor.assignment);
    let mut values = vec![("actor", actor.as_str())];
    values.extend(fact.commitments().iter().map(|(name, value)| (*name, value.expose())));
    let committed: Map<String, Json> =
        values.iter().map(|(name, value)| ((*name).to_owned(), Json::from(*value))).collect();
    let mut private = Map::new();
    private.insert("committed".into(), Json::Object(committed));
    if let Some(grounds) = fact.grounds() {
        private.insert("command".into(), Json::from(grounds.command.expose()));
        private.insert("facts".into(), Json::from(grounds.facts.expose()));
    }
    let plain = Zeroizing::new(Json::Object(private).to_string());
    sealing.fact(fact.id().as_str(), &plain, &values)
}

fn leaf(
    permit: &Permit,
    fact: &Fact,
    origin: &str,
    foreign: &BTreeMap<String, u64>,
    sealed: &SealedFact,
    clauses: Vec<String>,
) -> Result<Leaf, Fault> {
    let at = u64::try_from(permit.at().millis());
    let at = at.map_err(|_| Fault::Decision("it was made before 1970".into()))?;
    let verb = fact.act().rsplit('.').next().unwrap_or(fact.act());
    let mut leaf = Leaf::new(origin, fact.id().as_str(), at, fact.act(), verb, fact.outcome_word());
    leaf.pack = permit
        .rule()
        .map(|rule| {
            let digest = Hash::parse_hex(&rule.digest);
            let digest =
                digest.ok_or_else(|| Fault::Decision("the digest of its regulation is malformed".into()));
            digest.map(|digest| PackRef { name: rule.name.clone(), digest })
        })
        .transpose()?;
    leaf.clauses = clauses;
    leaf.record = fact.record().map(str::to_owned);
    leaf.revs = foreign.clone();
    leaf.commitments = sealed.commitments.clone();
    leaf.sealed = Some(SealedRef { ciphertext: sealed.ciphertext, key_commitment: sealed.key_commitment });
    leaf.detail = fact.details().iter().filter_map(plain_detail).collect();
    Ok(leaf)
}

/// A detail as the leaf has it: codes of a list stand behind one another; what is empty is left out.
fn plain_detail((name, detail): (&&'static str, &Detail)) -> Option<(String, ledger::leaf::Detail)> {
    let detail = match detail {
        Detail::Text(text) => ledger::leaf::Detail::Text(text.clone()),
        Detail::Number(number) => ledger::leaf::Detail::Int(*number),
        Detail::List(list) => ledger::leaf::Detail::Text(list.join(" ")),
    };
    let empty = matches!(&detail, ledger::leaf::Detail::Text(text) if text.is_empty());
    (!empty).then(|| ((*name).to_owned(), detail))
}
