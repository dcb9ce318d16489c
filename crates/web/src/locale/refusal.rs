//! Refusals in words: why, what to do, under which clause, who can help.

use super::Speech;
use desk::view::{ClauseCite, RefusalView};
use domain::regulation::Words;
use domain::time::{Date, Instant};

/// A refusal as a page or an API answer says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalText {
    /// The code, which is also the locale key.
    pub code: &'static str,
    /// Why, in one sentence.
    pub sentence: String,
    /// What to do.
    pub remedy: String,
    /// The clause as the rule cites it, if a rule says so.
    pub clause: Option<String>,
    /// The gist of that clause.
    pub gist: Option<String>,
    /// The form field it belongs to.
    pub field: Option<String>,
    /// Who can help, by name.
    pub helpers: String,
}

impl Speech {
    /// Says a refusal.
    pub fn refusal(&self, view: &RefusalView) -> RefusalText {
        let refusal = &view.refusal;
        let code = refusal.reason.key();
        let comma = self.say("list-comma");
        let helpers = view.helpers.join(&comma);
        let mut args: Vec<(&str, String)> =
            refusal.args.iter().map(|(name, value)| (name.as_str(), self.argument(name, value))).collect();
        if let Some(field) = &refusal.field {
            args.push(("field", self.field(field)));
        }
        let helper = if helpers.is_empty() { self.say("helper-supervisor") } else { helpers.clone() };
        args.push(("helper", helper));
        let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        // A problem that has a sentence of its own is said by it.
        let own = refusal.args.get("problem").map(|problem| format!("refusal-{code}-{problem}"));
        let key = own.filter(|key| self.has(key)).unwrap_or_else(|| format!("refusal-{code}"));
        RefusalText {
            code,
            sentence: self.fill(&key, &args),
            remedy: self.fill(&format!("{key}-remedy"), &args),
            clause: view.clause.as_ref().map(|clause| self.cite(clause)),
            gist: view.clause.as_ref().map(|clause| self.word(&clause.gist).to_string()),
            field: refusal.field.clone(),
            helpers,
        }
    }

    /// A clause as it is cited in a line of detail.
    pub fn cite(&self, clause: &ClauseCite) -> String {
        self.fill("clause-cite", &[("rule", self.word(&clause.rule)), ("cite", &clause.cite)])
    }

    /// A field of a page; or of a form of the rule, which has words of its own for it.
    fn field(&self, field: &str) -> String {
        let key = format!("field-{}", field.replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
        match self.has(&key) {
            true => self.code("field", field),
            false => self.form_field(field).unwrap_or_else(|| self.code("field", field)),
        }
    }

    /// Somebody of a chain: a role or an office in the rule's words, or a relation.
    fn role(&self, value: &str) -> String {
        match value.split_once(':') {
            Some(("who", relation)) if self.has(&format!("who-{relation}")) => self.code("who", relation),
            Some(("who", party)) => self.code("party", party),
            Some(("office", office)) => self.office(office).unwrap_or_else(|| office.to_string()),
            _ => self.role_word(value).unwrap_or_else(|| value.to_string()),
        }
    }

    /// Who acts at a step: in the words of the rule, and a body outside that it has none for in ours.
    pub fn acting(&self, label: &Words) -> String {
        let each = self.word(label).split(" / ");
        let said = |one: &str| if one.starts_with("who:") { self.role(one) } else { one.to_string() };
        each.map(said).collect::<Vec<_>>().join(" / ")
    }

    /// Codes and days among the arguments become words.
    fn argument(&self, name: &str, value: &str) -> String {
        if let Some(date) = Date::parse_iso(value) {
            return self.day(&date);
        }
        if let Some(moment) = Instant::parse_rfc3339(value) {
            return self.stamp(&moment);
        }
        match name {
            "item" => self.item(value).unwrap_or_else(|| value.to_string()),
            "role" | "allows" => self.role(value),
            "action" => self.code("application-action", value),
            "relation" | "zone" | "state" | "capacity" => self.code(name, value),
            _ => value.to_string(),
        }
    }
}
