//! `sluice link`: links that were there before this system, taken over by the operator's hand.

use crate::cli::EarlierArgs;
use crate::directory::open;
use crate::problem::{Done, Problem};
use crate::say;
use desk::link::EarlierForm;
use domain::link::Parties;
use domain::time::Date;

/// Takes a link over.
///
/// # Errors
/// There is no database or no such agency; a day cannot be read; the rule does not have such data; the link
/// would be over already.
pub fn take_over(args: &EarlierArgs) -> Done {
    let read = |text: &String| {
        let unread = || Problem::usage(format!("{text} is no day: write it as 2024-01-31"));
        Date::parse_iso(text).ok_or_else(unread)
    };
    let form = EarlierForm {
        agency: args.agency.clone(),
        datasets: args.dataset.clone(),
        parties: Parties {
            provider: args.provider.clone(),
            linking: args.linking_agency.clone().unwrap_or_default(),
            holding: args.holding_agency.clone().unwrap_or_default(),
            using: args.using_agency.clone().unwrap_or_default(),
        },
        officer: args.officer.clone(),
        from: Some(read(&args.approved)?),
        tested: args.tested.as_ref().map(read).transpose()?,
    };
    let code = open(&args.from)?.take_over_link(&form)?;
    say!("{code}: taken over; its term is counted from {}", args.approved);
    Ok(())
}
