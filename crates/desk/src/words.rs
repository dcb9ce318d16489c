//! Words of the regulation for codes, and masked names for lists.

use crate::view::ClauseCite;
use crate::{Desk, Session};
use domain::Personal;
use domain::mask::{self, Place, Shape};
use domain::regulation::{Capacity, ClauseId, Pack, Who, Words};

impl Desk {
    /// A clause as it is cited on screen, from the session's regulation or any other in force.
    pub(crate) fn cite(&self, session: &Session, id: &ClauseId) -> Option<ClauseCite> {
        cite_in(&session.pack, id).or_else(|| self.cite_any(id))
    }

    /// A clause as whichever regulation has it that is in force, or was last.
    pub(crate) fn cite_any(&self, id: &ClauseId) -> Option<ClauseCite> {
        let rules = self.inner.rules.read().unwrap_or_else(|gone| gone.into_inner());
        let all = rules.all_running(self.now().date());
        all.into_iter().find_map(|rule| cite_in(&rule.pack, id))
    }
}

/// A clause as `pack` cites it.
pub(crate) fn cite_in(pack: &Pack, id: &ClauseId) -> Option<ClauseCite> {
    let clause = pack.clause(id.as_str())?;
    Some(ClauseCite {
        id: id.clone(),
        cite: clause.cite.clone(),
        rule: pack.header.short_title.clone(),
        gist: clause.gist.clone(),
    })
}

/// Words that are the same in both languages, such as a code that the pack has no word for.
pub(crate) fn plain(text: &str) -> Words {
    Words { zh: text.into(), en: text.into() }
}

/// The word of a purpose.
pub(crate) fn purpose(pack: &Pack, code: &str) -> Words {
    pack.purpose(code).map_or_else(|| plain(code), |purpose| purpose.value.word)
}

/// The word of a legal basis.
pub(crate) fn basis(pack: &Pack, code: &str) -> Words {
    pack.legal_basis(code).map_or_else(|| plain(code), |basis| basis.value.word)
}

/// The words of items.
pub(crate) fn dataset(pack: &Pack, id: &str) -> Words {
    pack.dataset(id).map_or_else(|| plain(id), |ruled| ruled.value.word.clone())
}

pub(crate) fn items(pack: &Pack, codes: &[String]) -> Vec<Words> {
    let word = |code: &String| pack.item(code).map_or_else(|| plain(code), |item| item.value.label.clone());
    codes.iter().map(word).collect()
}

/// Who is meant by somebody of a chain, in the pack's words.
pub(crate) fn who(pack: &Pack, who: &Who) -> Words {
    match who {
        Who::Role(role) => pack.role(role).map_or_else(|| plain(role), |role| role.word.clone()),
        Who::Office(office) => {
            pack.office(office).map_or_else(|| plain(office), |office| office.word.clone())
        }
        Who::Organisation(id) => pack.organisation(id).map_or_else(|| plain(id), |own| own.word.clone()),
        Who::Any(several) => several.first().map(|one| self::who(pack, one)).unwrap_or_default(),
        other => {
            let roles = pack.roles_meant(other, Capacity::Stamp);
            let first = roles.first().and_then(|role| pack.role(role));
            first
                .map_or_else(|| plain(&domain::application::submit::role_of(other)), |role| role.word.clone())
        }
    }
}

/// A name as lists show it.
pub(crate) fn masked_name(name: &Personal) -> String {
    mask::mask(Shape::Name, Place::List, name.expose()).text
}

/// A subject key as lists show it.
pub(crate) fn masked_subject(subject: &Personal) -> String {
    mask::mask(Shape::Id, Place::List, subject.expose()).text
}
