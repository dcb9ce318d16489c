//! Golden notes and keys, what must be refused, and another implementation's opinion.

use super::*;
use alloc::string::ToString;
use alloc::vec;
use proptest::prelude::*;
use std::boxed::Box;

/// Keys and a note that Go's `sumdb/note` documents as its example.
const GO_PRIVATE: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const GO_VKEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const GO_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\n\
    \u{2014} PeterNeumann \
    x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn signer(name: &str, seed: u8) -> SignerKey {
    SignerKey::from_seed(name, &[seed; 32]).unwrap()
}

#[test]
fn the_golden_note_opens_and_is_signed_byte_for_byte() {
    let key = SignerKey::parse(GO_PRIVATE).unwrap();
    let verifier = VerifierKey::parse(GO_VKEY).unwrap();
    assert_eq!(key.verifier(), verifier);
    assert_eq!(verifier.to_string(), GO_VKEY);
    assert_eq!(key.to_secret_text().as_str(), GO_PRIVATE);
    let note = Note::parse(GO_NOTE.as_bytes()).unwrap();
    assert_eq!(note.open(&[verifier]).unwrap()[0].key.name(), "PeterNeumann");
    assert_eq!(note.to_string(), GO_NOTE);
    let mut again = Note::new(note.text()).unwrap();
    again.sign(&key);
    assert_eq!(again, note);
}

#[test]
fn private_keys_do_not_print_themselves() {
    assert_eq!(alloc::format!("{:?}", SignerKey::parse(GO_PRIVATE).unwrap()), "SignerKey(PeterNeumann, …)");
}

#[test]
fn keys_spelled_otherwise_are_refused() {
    for vkey in [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T=",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ] {
        assert!(VerifierKey::parse(vkey).is_err(), "{vkey}");
        assert!(SignerKey::parse(vkey).is_err(), "{vkey}");
    }
    let unknown = GO_VKEY.replace("+ARpc", "+AhpC");
    assert_eq!(VerifierKey::parse(&unknown), Err(NoteError::UnknownAlgorithm));
    assert!(matches!(
        SignerKey::parse(&GO_PRIVATE.replace("c74f20a3", "c74f20a4")),
        Err(NoteError::MalformedKey)
    ));
    for name in ["", "a b", "a+b", "a\u{3000}b", "a\nb"] {
        assert!(matches!(SignerKey::from_seed(name, &[1; 32]), Err(NoteError::BadName)), "{name:?}");
    }
}

#[test]
fn known_keys_must_fit_and_unknown_ones_are_passed_over() {
    let (log, witness) = (signer("log", 1), signer("witness", 2));
    let mut note = Note::new("text\n").unwrap();
    note.sign(&log);
    note.sign(&witness);
    let note = Note::parse(note.to_string().as_bytes()).unwrap();
    assert_eq!(note.open(&[log.verifier()]).unwrap().len(), 1);
    assert_eq!(note.open(&[log.verifier(), witness.verifier()]).unwrap().len(), 2);
    assert_eq!(note.open(&[signer("stranger", 3).verifier()]), Err(NoteError::NoKnownSignature));
    assert_eq!(note.open(&[]), Err(NoteError::NoKnownSignature));

    let mut broken = note.clone();
    broken.signatures[1].bytes[0] ^= 1;
    assert_eq!(broken.open(&[log.verifier()]).unwrap().len(), 1);
    let both = [log.verifier(), witness.verifier()];
    assert_eq!(broken.open(&both), Err(NoteError::WrongSignature { name: "witness".into() }));
    // The same name with another key is another key.
    assert_eq!(note.open(&[signer("log", 9).verifier()]), Err(NoteError::NoKnownSignature));
}

#[test]
fn signing_again_replaces_the_earlier_signature() {
    let key = signer("log", 1);
    let mut note = Note::new("text\n").unwrap();
    note.sign(&key);
    let once = note.clone();
    note.sign(&key);
    assert_eq!(note, once);
}

#[test]
fn cosignatures_carry_their_time() {
    let witness = SignerKey::with_algorithm("witness.example", Algorithm::CosignatureV1, &[4; 32]).unwrap();
    let mut note = Note::new("log\n1\nroot\n").unwrap();
    note.cosign(&witness, 1_700_000_000);
    let known = [VerifierKey::parse(&witness.verifier().to_string()).unwrap()];
    assert_eq!(note.open(&known).unwrap()[0].unix_seconds, Some(1_700_000_000));
    note.signatures[0].bytes[7] ^= 1;
    assert!(note.open(&known).is_err());
    let parsed = SignerKey::parse(&witness.to_secret_text()).unwrap();
    assert_eq!(parsed.verifier(), witness.verifier());
}

#[test]
fn malformed_notes_are_refused() {
    let good = GO_NOTE;
    for text in [
        "",
        "text\n",
        "\n\n",
        "text\n\n",
        &good[..good.len() - 1],
        &good.replace('\u{2014}', "-"),
        &good.replace("PeterNeumann ", "PeterNeumann  "),
        &good.replace("\n\n", "\n\r\n"),
        &good.replace("JnAM=", "JnAN="),
        &good.replace("PeterNeumann ", "Peter+Neumann "),
        &(good.to_string() + "more\n"),
        &good.replace("\n\n", "\n"),
    ] {
        assert_eq!(Note::parse(text.as_bytes()), Err(NoteError::Malformed), "{text:?}");
    }
    for text in ["", "no newline", "tab\t\n"] {
        assert_eq!(Note::new(text), Err(NoteError::Malformed), "{text:?}");
    }
    let line = good.split("\n\n").nth(1).unwrap();
    let many = |count| alloc::format!("text\n\n{}", line.repeat(count));
    assert!(Note::parse(many(100).as_bytes()).is_ok());
    assert_eq!(Note::parse(many(101).as_bytes()), Err(NoteError::Malformed));
}

#[test]
fn every_flipped_bit_of_the_golden_note_is_refused() {
    let known = [VerifierKey::parse(GO_VKEY).unwrap()];
    for at in 0..GO_NOTE.len() {
        for bit in 0..8 {
            let mut bytes = GO_NOTE.as_bytes().to_vec();
            bytes[at] ^= 1 << bit;
            let opened = Note::parse(&bytes).and_then(|note| note.open(&known).map(|_| ()));
            assert!(opened.is_err(), "byte {at} bit {bit}");
        }
    }
}

#[test]
fn every_flipped_bit_of_a_vkey_is_refused() {
    for at in 0..GO_VKEY.len() {
        for bit in 0..8 {
            let mut bytes = GO_VKEY.as_bytes().to_vec();
            bytes[at] ^= 1 << bit;
            let parsed = core::str::from_utf8(&bytes).is_ok_and(|text| VerifierKey::parse(text).is_ok());
            assert!(!parsed, "byte {at} bit {bit}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_other_implementation_agrees(name in "[a-z./]{1,20}", seed: [u8; 32], text in "[ -~é]{0,40}\n") {
        use signed_note::{StandardSigner, StandardVerifier, Verifier, VerifierList};

        let key = SignerKey::from_seed(&name, &seed).unwrap();
        let mut ours = Note::new(&text).unwrap();
        ours.sign(&key);
        let theirs = StandardVerifier::new(&key.verifier().to_string()).unwrap();
        prop_assert_eq!((theirs.name(), theirs.key_id()), (name.as_str(), key.verifier().id()));
        let parsed = signed_note::Note::from_bytes(ours.to_string().as_bytes()).unwrap();
        prop_assert!(parsed.verify(&VerifierList::new(vec![Box::new(theirs)])).is_ok());

        let their_key = StandardSigner::new(&key.to_secret_text()).unwrap();
        let mut note = signed_note::Note::new(text.as_bytes(), &[]).unwrap();
        note.add_sigs(&[&their_key]).unwrap();
        prop_assert_eq!(note.to_bytes(), ours.to_string().into_bytes());
        prop_assert!(Note::parse(&note.to_bytes()).unwrap().open(&[key.verifier()]).is_ok());
    }

    #[test]
    fn any_bytes_are_read_or_refused_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(note) = Note::parse(&bytes) {
            prop_assert_eq!(note.to_string().into_bytes(), bytes);
        }
    }
}
