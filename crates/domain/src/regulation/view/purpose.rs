//! Legal bases, permitted uses, businesses.

use alloc::string::String;
use alloc::vec::Vec;

use jiff::civil::Date;

use super::super::kinds::Kind;
use super::super::pack::{Control, Pack};
use super::super::value::{Params, Words};
use super::Ruled;

/// A legal basis that a lookup may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalBasis {
    /// The code that cases and lookups carry.
    pub code: String,
    /// What people choose.
    pub word: Words,
    /// The statute, as it is named today.
    pub statute: Option<String>,
    /// The article.
    pub article: Option<String>,
    /// The name by which the rule cites it.
    pub cited_as: Option<String>,
    /// The name it has today.
    pub current_name: Option<String>,
    /// The person must type statute and article.
    pub extra_text: bool,
    /// Unusable until the head of the agency has agreed.
    pub head_consent: bool,
    /// The first day on which it may be chosen.
    pub valid_from: Option<Date>,
    /// The last day on which it may be chosen.
    pub valid_to: Option<Date>,
}

impl LegalBasis {
    /// Whether it may be chosen on a day.
    pub fn may_be_chosen(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|first| first <= day) && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// A use that the rule allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// The code that lookups carry.
    pub code: String,
    /// What people choose.
    pub word: Words,
    /// The person must say more in words.
    pub extra_text: bool,
}

/// Work for which data may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Business {
    /// The code that cases carry.
    pub code: String,
    /// What people call it.
    pub word: Words,
    /// The basis filled in from the case.
    pub basis: Option<String>,
    /// The use filled in from the case.
    pub purpose: Option<String>,
    /// Everything it may ask for, as `dataset/item`.
    pub items: Vec<String>,
    /// What is ticked to begin with.
    pub minimal: Vec<String>,
    /// Days after the case closes in which it still carries a lookup; unset where the rule is silent.
    pub days_after_close: Option<u32>,
    /// The named plan it belongs to.
    pub plan: Option<String>,
}

impl Pack {
    /// Every legal basis of the rule.
    pub fn legal_bases(&self) -> Vec<Ruled<LegalBasis>> {
        self.entries(Kind::LegalBases, "bases", legal_basis)
    }

    /// A legal basis by its code.
    pub fn legal_basis(&self, code: &str) -> Option<Ruled<LegalBasis>> {
        self.entry(Kind::LegalBases, "bases", code, legal_basis)
    }

    /// Every use that the rule allows.
    pub fn purposes(&self) -> Vec<Ruled<Purpose>> {
        self.entries(Kind::PermittedUses, "purposes", purpose)
    }

    /// A use by its code.
    pub fn purpose(&self, code: &str) -> Option<Ruled<Purpose>> {
        self.entry(Kind::PermittedUses, "purposes", code, purpose)
    }

    /// Every business of the rule.
    pub fn businesses(&self) -> Vec<Ruled<Business>> {
        self.entries(Kind::BusinessScope, "businesses", business)
    }

    /// A business by its code.
    pub fn business(&self, code: &str) -> Option<Ruled<Business>> {
        self.entry(Kind::BusinessScope, "businesses", code, business)
    }

    /// The named plan that a business belongs to, if any.
    pub fn plan_of(&self, business: &str) -> Option<&str> {
        let mut all =
            self.of_kind(Kind::BusinessScope).flat_map(|control| control.params.tables("businesses"));
        all.find(|entry| entry.text("code") == Some(business))?.text("plan")
    }

    /// One answer an entry of a list.
    fn entries<T>(&self, kind: Kind, list: &'static str, read: fn(&Params) -> T) -> Vec<Ruled<T>> {
        let lists =
            self.of_kind(kind).flat_map(|control| control.params.tables(list).map(move |p| (control, p)));
        lists.map(|(control, entry)| self.entered(control, entry, read)).collect()
    }

    /// The entry of a list that has this code.
    fn entry<T>(
        &self,
        kind: Kind,
        list: &'static str,
        code: &str,
        read: fn(&Params) -> T,
    ) -> Option<Ruled<T>> {
        let mut lists =
            self.of_kind(kind).flat_map(|control| control.params.tables(list).map(move |p| (control, p)));
        let (control, entry) = lists.find(|(_, entry)| entry.text("code") == Some(code))?;
        Some(self.entered(control, entry, read))
    }

    /// What an entry of a control's list says, with the entry's own clause first.
    fn entered<T>(&self, control: &Control, entry: &Params, read: fn(&Params) -> T) -> Ruled<T> {
        let clause = entry.text("clause").map(|local| self.clause_id(local));
        super::said(control, read(entry)).under(clause)
    }
}

fn purpose(p: &Params) -> Purpose {
    Purpose {
        code: p.string("code"),
        word: p.label("word"),
        extra_text: p.flag("extra_text").unwrap_or(false),
    }
}

fn legal_basis(p: &Params) -> LegalBasis {
    let owned = |name: &str| p.text(name).map(String::from);
    LegalBasis {
        code: p.string("code"),
        word: p.label("word"),
        statute: owned("statute"),
        article: owned("article"),
        cited_as: owned("cited_as"),
        current_name: owned("current_name"),
        extra_text: p.flag("extra_text").unwrap_or(false),
        head_consent: p.flag("head_consent").unwrap_or(false),
        valid_from: p.date("valid_from"),
        valid_to: p.date("valid_to"),
    }
}

fn business(p: &Params) -> Business {
    Business {
        code: p.string("code"),
        word: p.label("word"),
        basis: p.text("basis").map(String::from),
        purpose: p.text("purpose").map(String::from),
        items: p.texts("items"),
        minimal: p.texts("minimal"),
        days_after_close: p.number("days_after_close"),
        plan: p.text("plan").map(String::from),
    }
}
