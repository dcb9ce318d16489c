# Ledger verification
ledger-title = Ledger verification
ledger-code = Record code
ledger-go = Verify
ledger-whole = Agrees with the ledger
ledger-whole-text = This record was entered on { $at } and has not been changed since.
ledger-broken = Does not agree with the ledger
ledger-broken-text = A proof does not hold. Keep this page, tell the security contact, and give the number { $operation }.
ledger-entries = Ledger entries
ledger-place = Position
ledger-act = What
ledger-print = Fingerprint
ledger-included = In the ledger
ledger-yes = Holds
ledger-no = Does not hold
ledger-proof = Proof
ledger-download = Download proof
ledger-details = Technical details
ledger-log = Log
ledger-size = Entries sealed
ledger-root = Root
ledger-consistent = Consistent
ledger-from = from entry { $size } on
ledger-vkey = Verifier key
ledger-hashes =
    { $count ->
        [one] proof of 1 hash
       *[other] proof of { $count } hashes
    }
ledger-checkpoint = Checkpoint
ledger-how-1 = Type a record code, such as QR-1130122-0187-7.
ledger-how-2 = Press Verify: the proofs of this record are computed anew.
ledger-how-3 = To check offline, download the proof and give it to anybody.
ledger-plain = Records are written into a book with numbered pages that is sealed again and again; the seals are public. Change any page and the seals no longer fit.
ledger-logs = Download the ledger
ledger-export = Download all
ledger-offline = The download can be checked offline with sluice-verify; no connection to this system is needed.
