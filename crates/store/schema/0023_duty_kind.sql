-- Open duties of one kind are looked through in every round; what was done is listed by unit and by kind.
CREATE INDEX duty_kind ON duty (log, kind, state, due_at, id);
CREATE INDEX duty_done ON duty (log, state, closed_at, id);
CREATE INDEX duty_done_kind ON duty (log, kind, state, closed_at, id);
CREATE INDEX duty_unit ON duty (log, unit, state, due_at, id);
CREATE INDEX duty_done_unit ON duty (log, unit, state, closed_at, id);
