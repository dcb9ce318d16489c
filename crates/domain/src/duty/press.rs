//! Pressing: the duty of somebody above to see to what is late, or silent.

use super::{Duty, Kind, Owner};
use crate::id::DutyId;
use alloc::format;

/// What its name adds to that of the duty which is late.
const PRESSED: &str = "-press";

/// The duty to press whoever is late with another one, or silent.
pub(crate) fn pressing(late: &Duty, owner: Owner) -> Duty {
    let id = DutyId::new(format!("{}{PRESSED}", late.id));
    Duty { id, kind: Kind::Press, owner, due: None, late: None, hours: None, ..late.clone() }
}

/// The duty which is late, where this one is to press for it.
pub fn pressed(duty: &Duty) -> Option<DutyId> {
    let late = duty.id.as_str().strip_suffix(PRESSED).filter(|_| duty.kind == Kind::Press);
    late.map(DutyId::new)
}
