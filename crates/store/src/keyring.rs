//! The keyring: wrapping keys, signing seeds and what was signed last, never in the database or its backups.
//!
//! By default a folder beside the data folder that only its owner can read. Whoever has the database without
//! the keyring has nothing readable.

use crate::cipher::SecretKey;
use crate::fault::Fault;
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

/// Where keys are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyringPlace {
    /// A folder outside the data folder, made with mode 0700 if it does not exist.
    Folder(PathBuf),
    /// A folder that every node has mounted at once, declared so in so many words: one lock on it holds for
    /// all of them. A folder that was merely copied to each is none.
    Shared(PathBuf),
    /// In the memory of this process: what is sealed then dies with it. For tests.
    Memory,
}

/// The keys that wrap, the seeds that sign, and the signer's memory.
pub(crate) struct Keyring {
    place: KeyringPlace,
    wrapping: BTreeMap<i64, SecretKey>,
    memory: Mutex<BTreeMap<String, Zeroizing<Vec<u8>>>>,
    draw: Mutex<()>,
}

/// The right to draw keys, until it is dropped.
pub(crate) struct Drawing<'a> {
    _there: Option<File>,
    _here: MutexGuard<'a, ()>,
}

/// Permission bits of group and others: a key file or folder has none of them.
const FOREIGN: u32 = 0o077;

impl KeyringPlace {
    /// The folder, unless the keys are in memory.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            KeyringPlace::Folder(folder) | KeyringPlace::Shared(folder) => Some(folder),
            KeyringPlace::Memory => None,
        }
    }
}

/// The name that the keyring goes by among nodes.
const INSTANCE: &str = "instance";

impl Keyring {
    /// Opens the keyring. `data` is the folder of the database; `fresh` says that nothing is sealed yet, so
    /// that a first wrapping key may be drawn.
    pub(crate) fn open(place: &KeyringPlace, data: Option<&Path>, fresh: bool) -> Result<Self, Fault> {
        let mut keyring = Keyring {
            place: place.clone(),
            wrapping: BTreeMap::new(),
            memory: Mutex::default(),
            draw: Mutex::default(),
        };
        if let Some(folder) = place.folder() {
            keyring.check_folder(folder, data)?;
        }
        // Two nodes of a new installation may start at the same moment.
        let sole = draw_lock(place)?;
        if let Some(folder) = place.folder() {
            keyring.load(folder)?;
        }
        if keyring.wrapping.is_empty() {
            if !fresh {
                return Err(Fault::Keyring(
                    "it holds no wrapping key, but the database holds sealed data".into(),
                ));
            }
            let key = SecretKey::draw()?;
            keyring.write(&epoch_file(1), key.expose())?;
            keyring.wrapping.insert(1, key);
        }
        drop(sole);
        Ok(keyring)
    }

    /// The wrapping key of the newest epoch, with its number.
    pub(crate) fn newest(&self) -> Result<(i64, &SecretKey), Fault> {
        let newest = self.wrapping.last_key_value().map(|(epoch, key)| (*epoch, key));
        newest.ok_or_else(|| Fault::Keyring("it holds no wrapping key".into()))
    }

    /// The wrapping key of one epoch.
    pub(crate) fn epoch(&self, epoch: i64) -> Result<&SecretKey, Fault> {
        let key = self.wrapping.get(&epoch);
        key.ok_or_else(|| Fault::Keyring(format!("the wrapping key of epoch {epoch} is not there")))
    }

    /// The bytes kept under a name: a signing seed, or the signer's memory.
    pub(crate) fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Fault> {
        match self.place.folder() {
            None => Ok(self.lock().get(name).cloned()),
            Some(folder) => read_private(&folder.join(name)),
        }
    }

    /// Keeps bytes under a name, on the disk before it returns and never half.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        match self.place.folder() {
            None => {
                self.lock().insert(name.into(), Zeroizing::new(bytes.to_vec()));
                Ok(())
            }
            Some(folder) => write_private(folder, name, bytes),
        }
    }

    /// The names kept that end in `ending`, without it.
    pub(crate) fn names(&self, ending: &str) -> Result<Vec<String>, Fault> {
        let mut names = match self.place.folder() {
            None => self.lock().keys().cloned().collect(),
            Some(folder) => files_of(folder)?,
        };
        names = names.iter().filter_map(|name| name.strip_suffix(ending)).map(str::to_owned).collect();
        names.sort_unstable();
        Ok(names)
    }

    /// Held while a key is looked for and drawn, so that no two are drawn for one thing, by this process or
    /// by another over the same folder.
    pub(crate) fn drawing(&self) -> Result<Drawing<'_>, Fault> {
        let here = self.draw.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Drawing { _there: draw_lock(&self.place)?, _here: here })
    }

    /// Held while something is signed: two processes over one keyring take turns. A file lock, which ends
    /// with the process.
    pub(crate) fn sole_signer(&self) -> Result<Option<File>, Fault> {
        self.place.folder().map(|folder| lock_file(&folder.join("signer.lock"))).transpose()
    }

    /// Who this node is to others on the same database: whose keys it has, and on which machine unless they
    /// are declared as shared. Nodes that differ in it may not work side by side.
    pub(crate) fn identity(&self) -> Result<String, Fault> {
        let _sole = self.drawing()?;
        let known = self.read(INSTANCE)?;
        let instance = match known {
            Some(name) => String::from_utf8_lossy(&name).into_owned(),
            None => {
                let name = crate::random::hex(&crate::random::bytes::<16>()?);
                self.write(INSTANCE, name.as_bytes())?;
                name
            }
        };
        Ok(match self.place {
            KeyringPlace::Shared(_) => format!("{instance} shared"),
            _ => format!("{instance} {}", machine()),
        })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Zeroizing<Vec<u8>>>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check_folder(&self, folder: &Path, data: Option<&Path>) -> Result<(), Fault> {
        if !folder.exists() {
            let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
            made.map_err(|error| Fault::cannot_open(folder, &error))?;
        }
        let kept = folder.canonicalize().map_err(|error| Fault::cannot_open(folder, &error))?;
        if let Some(data) = data.and_then(|data| data.canonicalize().ok())
            && kept.starts_with(&data)
        {
            let why = "it lies inside the data folder, so that every copy of the data would carry the keys";
            return Err(Fault::Keyring(why.into()));
        }
        check_mode(folder)
    }

    fn load(&mut self, folder: &Path) -> Result<(), Fault> {
        for name in files_of(folder)? {
            let number = name.strip_prefix("epoch-").and_then(|rest| rest.strip_suffix(".key"));
            let Some(epoch) = number.and_then(|number| number.parse().ok()) else { continue };
            let bytes = read_private(&folder.join(&name))?.unwrap_or_default();
            let key = SecretKey::from_slice(&bytes);
            let key = key.ok_or_else(|| Fault::Keyring(format!("{name} is not 32 bytes long")))?;
            self.wrapping.insert(epoch, key);
        }
        Ok(())
    }
}

fn draw_lock(place: &KeyringPlace) -> Result<Option<File>, Fault> {
    place.folder().map(|folder| lock_file(&folder.join("draw.lock"))).transpose()
}

/// Takes the lock on a file, which ends with the process.
fn lock_file(path: &Path) -> Result<File, Fault> {
    let opened = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
    let locked = opened.and_then(|file| file.lock().map(|()| file));
    locked.map_err(|error| Fault::cannot_open(path, &error))
}

/// What tells this machine from others, for as long as it runs.
fn machine() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_else(|_| "this machine".into())
}

fn epoch_file(epoch: i64) -> String {
    format!("epoch-{epoch:06}.key")
}

fn files_of(folder: &Path) -> Result<Vec<String>, Fault> {
    let entries = fs::read_dir(folder).map_err(|error| Fault::cannot_open(folder, &error))?;
    Ok(entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect())
}

fn check_mode(path: &Path) -> Result<(), Fault> {
    let mode = fs::metadata(path).map_err(|error| Fault::cannot_open(path, &error))?.permissions().mode();
    if mode & FOREIGN == 0 {
        return Ok(());
    }
    let path = path.display();
    Err(Fault::Keyring(format!(
        "{path} can be read by others: take all rights from group and others (chmod go=)"
    )))
}

/// Reads a file that nobody but its owner may read; none if it does not exist.
pub(crate) fn read_private(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, Fault> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Fault::cannot_open(path, &error)),
    };
    check_mode(path)?;
    let mut bytes = Zeroizing::new(Vec::new());
    file.read_to_end(&mut bytes).map_err(|error| Fault::cannot_open(path, &error))?;
    Ok(Some(bytes))
}

/// Writes beside, flushes, renames over, and flushes the folder: after a crash the old or the new is there.
fn write_private(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Fault> {
    let (path, beside) = (folder.join(name), folder.join(format!("{name}.new")));
    let written = (|| {
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, &path)?;
        File::open(folder)?.sync_all()
    })();
    written.map_err(|error| Fault::cannot_open(&path, &error))
}
