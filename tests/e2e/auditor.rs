//! The auditor: a record is proved to be in the book, and the whole book is checked offline.

use super::api::{self, Api};
use super::story::Story;
use harness::folder::{self, Folder};
use harness::server::binary;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use thirtyfour::Key;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_is_proved_downloaded_and_found_whole_or_not() {
    let story = Story::begin().await;
    let chen = Api::of(&story.server, "chen");
    let code = chen.look_up(&chen.cases("陳思齊", true)[0]);
    story.sit("pan-lc").await;
    story.open("/ledger").await;
    story.arrive("document.activeElement.id === 'f-code'").await;
    story.check("ledger-empty").await;
    prove(&story, &code).await;

    let href = story.ask("document.querySelector('a[href$=\"/lienchiang/export\"]').href").await;
    let folder = Folder::new("export");
    let whole = unpack(&api::download(&href, &story.cookie().await), folder.path());
    let (status, said) = verify(&whole);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.to_lowercase().contains("whole"), "{said}");
    one_bit_is_enough(&whole, folder.path());
    story.end().await;
}

async fn prove(story: &Story, code: &str) {
    let hands = story.hands();
    story.open("/ledger").await;
    story.arrive("document.activeElement.id === 'f-code'").await;
    // As it is read over the telephone: without capitals.
    hands.type_field(&code.to_lowercase()).await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('.verdict-box')").await;
    story.sees("document.querySelector('.verdict-box.ok')").await;
    story.sees("document.querySelectorAll('tbody tr').length > 0").await;
    story.sees("document.querySelectorAll('main .tag.bad').length === 0").await;
    story.sees("document.querySelector('details .tag.ok')").await;
    println!("from the ledger page to the proof: {} interactions", hands.count());
    story.check("ledger").await;
    let proof = story.ask("document.querySelector('a[href*=\"/proof/\"]').href").await;
    let proof = api::download(&proof, &story.cookie().await);
    assert!(String::from_utf8_lossy(&proof).contains("tlog-proof"), "{}", String::from_utf8_lossy(&proof));
    story.open("/ledger?code=QR-0000000-0000-0").await;
    story.arrive("document.querySelector('#errors')").await;
    story.check("ledger-unknown").await;
    story.open("/ledger").await;
    story.settled().await;
}

/// Unpacks an archive and answers the folder of the log in it.
fn unpack(archive: &[u8], into: &Path) -> PathBuf {
    let file = into.join("log.tar");
    fs::write(&file, archive).expect("the archive is written");
    let home = into.join("whole");
    fs::create_dir_all(&home).expect("a folder");
    let status = Command::new("tar").arg("-xf").arg(&file).arg("-C").arg(&home).status().expect("tar runs");
    assert!(status.success());
    let found = files(&home).into_iter().find(|file| file.ends_with("checkpoint"));
    found.expect("a checkpoint is among the files").parent().expect("a folder").to_owned()
}

fn verify(folder: &Path) -> (Option<i32>, String) {
    let output = Command::new(binary("sluice-verify")).arg(folder).output().expect("the verifier runs");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

/// One bit of every file, somewhere in its first, middle and last bytes.
fn one_bit_is_enough(whole: &Path, into: &Path) {
    let mut flips = 0;
    for file in files(whole) {
        let name = file.strip_prefix(whole).expect("a file of the export").to_owned();
        let length = fs::metadata(&file).expect("a file").len();
        for (place, bit) in [(0, 0), (length / 2, 3), (length.saturating_sub(2), 1)] {
            let copy = into.join("tampered");
            fs::remove_dir_all(&copy).ok();
            folder::copy(whole, &copy).expect("a copy");
            let mut bytes = fs::read(copy.join(&name)).expect("the file of the copy");
            let Some(byte) = usize::try_from(place).ok().and_then(|at| bytes.get_mut(at)) else { continue };
            *byte ^= 1 << bit;
            fs::write(copy.join(&name), bytes).expect("the changed file");
            let (status, said) = verify(&copy);
            assert_eq!(status, Some(1), "{} at byte {place}: {said}", name.display());
            assert!(
                !said.to_lowercase().starts_with("whole") && said.trim().len() > 10,
                "{}: {said}",
                name.display()
            );
            flips += 1;
        }
    }
    println!("{flips} changed bits of the export, each one found");
    assert!(flips > 10, "{flips}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(files(&path)),
            path => found.push(path),
        }
    }
    found.sort();
    found
}
