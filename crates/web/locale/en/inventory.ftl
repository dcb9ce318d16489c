# Account inventory
inventory-title = Account inventory
inventory-all = { $count } accounts
inventory-open = { $count } to decide
inventory-others = Decided by another administrator or the head
inventory-nothing = The system found nothing out of order.
inventory-found = What was found
inventory-finding = Found
inventory-permissions = Permissions
inventory-used = Last used
inventory-verdict = Decision
inventory-kept = kept
inventory-removed = stopped
inventory-remove = Stop
inventory-keep = Keep
inventory-why = Why it is kept
inventory-way-back =
    What is stopped ends at once, and comes back by a new application; what is kept needs a reason and is looked at
    in the next audit.
inventory-decide = Send { $count } decisions
inventory-rest = { $count } people in order, confirmed by the heads of their units
inventory-units = What the units confirmed
inventory-confirmed = Confirmed
inventory-waiting = not yet confirmed
inventory-reminded = Heads last reminded
inventory-remind = { $count ->
    [one] Remind the head of { $count } unit (once a day)
   *[other] Remind the heads of { $count } units (once a day)
}
inventory-own = Accounts of { $unit }: are they still needed?
inventory-signed-off = All is decided. Whoever the rule has sign it off closes the inventory.
inventory-attest = Confirm { $count } people
inventory-hash = Hash of the list { $hash }
inventory-unconfirmed = Not all units have confirmed: why it is closed all the same
inventory-close = Close the inventory
inventory-done-decided = Decided; it stands in the records.
inventory-done-attested = Confirmed.
inventory-done-reminded = The heads are reminded.
inventory-done-closed = The inventory is closed; the hash of its list stands in the records.
finding-duplicate = duplicate
finding-idle = unused
finding-transferred = moved
finding-left = left
finding-retired = retired
finding-unapproved = no application
