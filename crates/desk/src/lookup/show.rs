//! Laying out an answer: the pack's words for columns, rows as they came, doubts beside them.

use crate::view::{Ending, ItemView, ResultView};
use crate::{Desk, Session, words};
use domain::Personal;
use domain::lookup::{Lookup, checks};
use domain::regulation::{Item, Pack, PageKind, Ruled, Screen, Words};
use gate::{Answer as Data, DoubtKind, ItemAnswer};

/// Seconds an answer stays visible where a rule leaves it unset; the page marks it as policy.
const VISIBLE_SECONDS_DEFAULT: u32 = 120;
/// Seconds of warning before the end, and how often the time can be extended (WCAG 2.2.1).
const WARN_SECONDS_DEFAULT: u32 = 20;
const EXTENSIONS_DEFAULT: u32 = 10;

impl Desk {
    /// The timed view of an answer, or the page that says why there is none.
    pub(crate) fn result_view(
        &self,
        session: &Session,
        (lookup, case): (&Lookup, &str),
        ending: Option<Ending>,
        data: Option<&Data>,
    ) -> ResultView {
        let pack = &session.pack;
        let screen = pack.screen(&session.actor.situation());
        let policy = screen.as_ref().is_none_or(is_policy);
        let screen = screen.map(|screen| screen.value);
        let number = |pick: fn(&Screen) -> Option<u32>, default: u32| {
            screen.as_ref().and_then(pick).unwrap_or(default)
        };
        let dataset = lookup.items.first().map_or("", |item| checks::dataset_of(item));
        let dataset = pack.dataset(dataset).map(|dataset| &dataset.value);
        let source = dataset.as_ref().and_then(|d| pack.source(&d.source));
        ResultView {
            code: lookup.id.to_string(),
            ending,
            items: data.map(|data| item_views(pack, lookup, data)).unwrap_or_default(),
            visible_seconds: number(|s| s.visible_seconds, VISIBLE_SECONDS_DEFAULT),
            warn_seconds: number(|s| s.warn_seconds, WARN_SECONDS_DEFAULT),
            extensions: number(|s| s.extensions, EXTENSIONS_DEFAULT),
            review_minutes: number(|s| s.review_minutes, 0),
            freshness: source.and_then(|source| source.value.freshness).unwrap_or_else(|| words::plain("")),
            notices: [
                dataset.map(|dataset| dataset.notices.clone()).unwrap_or_default(),
                pack.sentences(&[PageKind::Result], &checks::situation_of(&session.actor, lookup)),
            ]
            .concat(),
            case: case.into(),
            at: self.now(),
            watermark: self.watermark(session),
            time_is_policy: policy,
        }
    }

    /// Unit, name, address and time behind the text: it deters and traces, it prevents nothing.
    fn watermark(&self, session: &Session) -> String {
        let now = self.now();
        let day = domain::time::roc::RocDate::from(now.date()).slashed();
        let clock = now.clock();
        format!("{} {} {} {day} {clock}", session.unit.zh, session.name, session.address)
    }
}

/// Whether the product chose the visible seconds, because the rule sets none.
fn is_policy(screen: &Ruled<Screen>) -> bool {
    let param = "visible_seconds";
    screen.policy
        || screen.value.visible_seconds.is_none()
        || screen.policy_params.iter().any(|name| name == param)
}

fn item_views(pack: &Pack, lookup: &Lookup, data: &Data) -> Vec<ItemView> {
    let view = |code: &String| {
        let item = pack.item(code)?.value;
        let answer = data.items().iter().find(|answer| answer.item == item.id);
        Some(item_view(item, answer, doubt(data, &item.id)))
    };
    if matches!(data, Data::NotFound) {
        return vec![];
    }
    lookup.items.iter().filter_map(view).collect()
}

fn item_view(item: &Item, answer: Option<&ItemAnswer>, doubt: Option<String>) -> ItemView {
    let fields: Vec<(&str, Words)> =
        item.fields.iter().map(|field| (field.id.as_str(), field.label.clone())).collect();
    let row = |row: &std::collections::BTreeMap<String, String>| {
        let cell = |(id, _): &(&str, Words)| Personal::new(row.get(*id).cloned().unwrap_or_default());
        fields.iter().map(cell).collect()
    };
    ItemView {
        word: item.label.clone(),
        columns: fields.iter().map(|(_, label)| label.clone()).collect(),
        rows: answer.map(|a| a.rows.iter().map(row).collect()).unwrap_or_default(),
        shape: item.shape.word(),
        verdict: answer.and_then(|answer| answer.verdict),
        as_of: answer.and_then(|answer| answer.as_of.clone()),
        doubt,
        missing: answer.is_none(),
    }
}

fn doubt(data: &Data, item: &str) -> Option<String> {
    let Data::Doubtful { doubts, .. } = data else { return None };
    let of_item = |doubt: &&gate::Doubt| doubt.item.as_deref().is_none_or(|id| id == item);
    doubts.iter().find(of_item).map(|doubt| {
        match doubt.kind {
            DoubtKind::UnaskedItem => "unasked-item",
            DoubtKind::UnaskedFields { .. } => "unasked-fields",
            DoubtKind::ControlCharacters => "control-characters",
            DoubtKind::Missing => "missing",
            DoubtKind::Declared { .. } => "declared",
        }
        .to_string()
    })
}
