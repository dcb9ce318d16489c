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
    /// The keyring, outside the data folder, so that a copy of the data opens nothing.
    pub keyring: PathBuf,
    /// The database in the data folder, unless it is elsewhere.
    file: PathBuf,
    /// The address of the database, if it is elsewhere.
    elsewhere: Option<String>,
}

impl Place {
    /// The places that belong to a data folder, and to the address of a database that is elsewhere.
    pub fn of(data: &Path, database: Option<&str>) -> Self {
        let mut keyring = data.as_os_str().to_owned();
        keyring.push("-keyring");
        Self {
            data: data.into(),
            keyring: PathBuf::from(keyring),
            file: data.join("sluice.sqlite"),
            elsewhere: database.map(str::to_owned),
        }
    }

    /// How the store is opened there.
    pub fn store_config(&self) -> Config {
        let here = || format!("sqlite://{}", self.file.display());
        Config {
            url: self.elsewhere.clone().unwrap_or_else(here),
            keyring: KeyringPlace::Folder(self.keyring.clone()),
            origin_prefix: "sluice.localhost".into(),
        }
    }

    /// Whether there is a database to open; of one that is elsewhere only opening it can tell.
    pub fn holds_database(&self) -> bool {
        self.elsewhere.is_some() || self.file.is_file()
    }

    /// Makes the folders; with `fresh`, removes what an earlier demonstration left.
    ///
    /// # Errors
    /// A folder cannot be removed or made; or all is to go, and the database is elsewhere.
    pub fn prepare(&self, fresh: bool) -> Done {
        if fresh && self.elsewhere.is_some() {
            return Err(Problem::usage(
                "--fresh removes no database but the one in the data folder: make an empty one with \
                 `createdb --template=template0 --encoding=UTF8 --locale=C NAME`, and name it with \
                 --database and a new folder with --data",
            ));
        }
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

    /// Takes back that note, before another world is made.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn begin(&self) -> Done {
        match fs::remove_file(self.data.join(FINISHED)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(cannot(&self.data, &error)),
            _ => Ok(()),
        }
    }

    /// Whether everything was made; a start that was broken off leaves a world with holes.
    pub fn is_finished(&self) -> bool {
        self.data.join(FINISHED).is_file()
    }

    /// Removes a folder that a demonstration made, and no other: it must hold what one makes.
    fn remove(&self, folder: &Path) -> Done {
        let ours = folder == self.keyring || self.file.is_file();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_fresh_is_promised_of_a_database_elsewhere() {
        let folder = std::env::temp_dir().join(format!("sluice-place-{}", std::process::id()));
        let place = Place::of(&folder, Some("postgresql://sluice@localhost/demo"));
        let problem = place.prepare(true).unwrap_err();
        assert!(problem.code == 2 && problem.sentence.contains("createdb"), "{problem}");
        assert!(!folder.exists());
        place.prepare(false).unwrap();
        assert_eq!(place.store_config().url, "postgresql://sluice@localhost/demo");
        fs::remove_dir_all(folder).unwrap();
    }
}
