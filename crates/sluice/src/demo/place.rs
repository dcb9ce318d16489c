//! Where a demonstration keeps its things.

use crate::problem::{Done, Problem};
use std::fs;
use std::path::{Path, PathBuf};
use store::{Config, KeyringPlace};

/// The file that says that a demonstration was made to its end.
const FINISHED: &str = "finished";

/// The data folder and, beside it, the keyring.
pub struct Place {
    /// The data folder.
    pub data: PathBuf,
    /// The database in it.
    pub database: PathBuf,
    /// The keyring, outside the data folder, so that a copy of the data opens nothing.
    pub keyring: PathBuf,
}

impl Place {
    /// The places that belong to a data folder.
    pub fn of(data: &Path) -> Self {
        let mut keyring = data.as_os_str().to_owned();
        keyring.push("-keyring");
        Self { data: data.into(), database: data.join("sluice.sqlite"), keyring: PathBuf::from(keyring) }
    }

    /// How the store is opened there.
    pub fn store_config(&self) -> Config {
        Config {
            url: format!("sqlite://{}", self.database.display()),
            keyring: KeyringPlace::Folder(self.keyring.clone()),
            origin_prefix: "sluice.localhost".into(),
        }
    }

    /// Makes the folders; with `fresh`, removes what an earlier demonstration left.
    ///
    /// # Errors
    /// A folder cannot be removed or made.
    pub fn prepare(&self, fresh: bool) -> Done {
        if fresh {
            for folder in [&self.data, &self.keyring] {
                if folder.exists() {
                    self.remove(folder)?;
                }
            }
        }
        fs::create_dir_all(&self.data).map_err(|error| cannot(&self.data, &error))
    }

    /// Notes that everything was made.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn finish(&self) -> Done {
        let note = self.data.join(FINISHED);
        fs::write(&note, "").map_err(|error| cannot(&self.data, &error))
    }

    /// Whether everything was made; a start that was broken off leaves a world with holes.
    pub fn is_finished(&self) -> bool {
        self.data.join(FINISHED).is_file()
    }

    /// Removes a folder that a demonstration made, and no other: it must hold what one makes.
    fn remove(&self, folder: &Path) -> Done {
        let ours = folder == self.keyring || self.database.is_file();
        let empty = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
        if !ours && !empty {
            let name = folder.display();
            return Err(Problem::new(format!(
                "{name} holds no demonstration, so it is not removed; choose another --data"
            )));
        }
        fs::remove_dir_all(folder).map_err(|error| cannot(folder, &error))
    }
}

fn cannot(folder: &Path, error: &std::io::Error) -> Problem {
    let name = folder.display();
    Problem::new(format!("cannot write to {name} ({error}); choose another folder with --data"))
}
