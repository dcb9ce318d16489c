# Permissions: who may look up what, and why
nav-permissions = Permissions
permissions-title = Who may look up what
permissions-empty = No permission yet. Apply under Applications.
permission-person = Person
permission-items = Items
permission-many =
    { $count ->
        [one] 1 item
       *[other] { $count } items
    }
permission-why = Follows from
permission-days = Days
permission-taken-over = taken over from an older system
permission-reason = Why it is stopped
permission-way-back = Once stopped it returns by a new application only.
permission-stop = Stop
permission-done-stopped = Stopped; the reason is on record.
permission-state-runs = in force
permission-state-ended = ended
permission-state-replaced = replaced by a later application
permission-state-cancelled = given up
permission-state-ex-officio = stopped
permission-state-moved = moved elsewhere
permission-state-left = left
permission-state-on-leave = on leave
permission-state-idle = unused for too long
permission-state-unneeded = removed by inventory
act-grant-stopped = Permission stopped
permission-state-expired = ended by itself
permission-state-lapsed = suspended: something owed is late
permission-state-waits = has not begun yet
permission-title = Permission
permission-opens = Data that it opens
permission-uses = (for { $uses } only)
permission-no-use = (for no use so far)
permission-renewable = Can be renewed from
permission-renewable-ours = not set by this rule; the system takes a month before the end
permission-renew = Apply for renewal
permission-restore = Apply to have it back
permission-restore-hint = Once the same is approved on this form, it runs again as it was before.
permission-line = Line of grants
application-takes-over = What runs now ends on { $day }; if the same is asked for, it goes on from that day.
reach-item = Who may look this up
reach-none = (choose an item)
reach-ask = Show
reach-people =
    { $count ->
        [one] 1 person may
       *[other] { $count } people may
    }
reach-tied = This item is looked up with an approved permission only.
reach-open = This item needs no permission of its own: every role that looks up may.
reach-why = Why
act-grant-ending = Permission about to end
act-grant-expired = Permission ended
act-grant-suspended = Rights suspended, something owed is late
act-grant-idle = Unused permission stopped
act-grant-ended-with-post = Permission ended with the post
act-grant-telling = Provider to be told of an ended right
act-grant-told = Provider acknowledged an ended right
permission-told = Told to providers
permission-told-for-now = for now; it may come back
permission-told-acknowledged = Acknowledged by the provider
permission-told-waits = Not acknowledged yet, tried { $tries } times
permission-told-due = due
