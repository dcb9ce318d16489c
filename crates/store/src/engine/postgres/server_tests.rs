use super::*;
use crate::cluster::{self, Cluster, Durability};
use crate::testing::{Scratch, cluster, enrol};
use crate::{Config as Opening, KeyringPlace, Store};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

/// Why a store at this address does not open: one sentence, without the password.
fn refused(config: &Opening) -> String {
    let fault = Store::open(config).map(|_| ()).unwrap_err();
    let (said, shown) = (fault.to_string(), format!("{fault:?}"));
    assert!(!said.contains(['\n', '{']) && !said.contains(". ") && said.split(' ').count() > 5, "{said}");
    let secret = cluster().password();
    assert!(!said.contains(secret) && !shown.contains(secret), "{shown}");
    said
}

fn at(url: &str) -> Opening {
    Opening { url: url.into(), ..Opening::in_memory() }
}

/// A database made in other ways than it should be, and its address.
fn database(name: &str, how: &str) -> String {
    cluster().administer(&format!("CREATE DATABASE {name} TEMPLATE template0 {how}")).unwrap();
    cluster().url(name)
}

/// Nothing was made in a database.
fn is_untouched(name: &str) {
    let look = "DO $$ BEGIN IF EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace) \
                THEN RAISE EXCEPTION 'there is something'; END IF; END $$";
    cluster().run(name, look).unwrap();
}

#[test]
fn a_server_must_be_new_enough_order_text_by_its_bytes_and_be_the_primary() {
    let good = || Nature {
        version: 15,
        encoding: "UTF8".into(),
        collation: "C".into(),
        plain: true,
        standby: false,
        makes_tables: true,
    };
    let says = |nature: Nature, role, words: &[&str]| {
        let why = nature.amiss(role, "clerk").unwrap_or_default();
        assert!(words.iter().all(|word| why.contains(word)), "{why}");
    };
    assert_eq!(good().amiss(Role::Writer, "clerk"), None);
    says(Nature { version: 14, ..good() }, Role::Reader, &["version 14", "15 or newer"]);
    says(Nature { plain: false, collation: "en".into(), ..good() }, Role::Reader, &["collation en", "'C'"]);
    says(Nature { encoding: "SQL_ASCII".into(), ..good() }, Role::Reader, &["SQL_ASCII", "'UTF8'"]);
    says(Nature { standby: true, ..good() }, Role::Writer, &["standby", "primary"]);
    says(Nature { makes_tables: false, ..good() }, Role::Writer, &["clerk", "owner"]);
    let reading = Nature { standby: true, makes_tables: false, ..good() };
    assert_eq!(reading.amiss(Role::Reader, "clerk"), None);
}

#[test]
fn a_database_with_another_order_of_text_or_encoding_is_refused_and_left_alone() {
    let english = "LOCALE_PROVIDER icu ICU_LOCALE 'en' ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'";
    let said = refused(&at(&database("in_english", english)));
    assert!(said.contains("collation en;") && said.contains("LC_COLLATE 'C'"), "{said}");
    let ascii = "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'";
    let said = refused(&at(&database("in_ascii", ascii)));
    assert!(said.contains("encoding SQL_ASCII") && said.contains("ENCODING 'UTF8'"), "{said}");
    for name in ["in_english", "in_ascii"] {
        is_untouched(name);
    }
}

#[test]
fn a_user_without_rights_is_told_what_is_missing() {
    let cluster = cluster();
    let plain = "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'";
    database("of_others", plain);
    cluster.administer("CREATE ROLE guest LOGIN PASSWORD 'of-the-guest'").unwrap();
    let guest = format!("postgresql://guest:of-the-guest@127.0.0.1:{}/of_others", cluster.port());
    let said = refused(&at(&guest));
    assert!(said.contains("user guest") && said.contains("owner"), "{said}");
    assert!(!said.contains("of-the-guest"), "{said}");
    is_untouched("of_others");
    cluster.administer("REVOKE CONNECT ON DATABASE of_others FROM PUBLIC").unwrap();
    let said = refused(&at(&guest));
    assert!(said.contains("user guest") && said.contains("database of_others"), "{said}");
    cluster.administer("ALTER DATABASE of_others OWNER TO guest").unwrap();
    Store::open(&at(&guest)).unwrap();
}

#[test]
fn a_database_that_reads_only_by_default_is_written_to_all_the_same() {
    let scratch = Scratch::postgres();
    let name = scratch.url().rsplit('/').next().unwrap().to_owned();
    let sql = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
    cluster().administer(&sql).unwrap();
    scratch.open().write(enrol("p1", 0, "e1")).unwrap();
}

#[test]
fn nodes_work_side_by_side_with_one_keyring_only() {
    let (scratch, elsewhere) = (Scratch::postgres(), Scratch::new());
    let with = |keyring| Opening { keyring, ..scratch.config() };
    let own = || KeyringPlace::Folder(scratch.keyring());
    let first = Store::open(&with(own())).unwrap();
    let before = first.dump().unwrap();
    let others = [
        KeyringPlace::Folder(elsewhere.keyring()),
        KeyringPlace::Memory,
        KeyringPlace::Shared(scratch.keyring()),
    ];
    for keyring in others {
        let said = refused(&with(keyring));
        assert!(said.contains("another keyring") && said.contains("keyring_shared"), "{said}");
    }
    assert_eq!(first.dump().unwrap(), before);
    let second = Store::open(&with(own())).unwrap();
    second.write(enrol("p1", 0, "e1")).unwrap();
    first.write(enrol("p2", 0, "e2")).unwrap();
    drop((first, second));
}

/// Certificates in a folder of their own: an authority, one for a server called `localhost`, and an authority
/// that has nothing to do with either.
fn certificates(folder: &Path) {
    let run = |arguments: &str| {
        let done = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output();
        let done = done.unwrap_or_else(|error| panic!("apt-get install openssl: {error}"));
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    for name in ["authority", "stranger"] {
        run(&format!("req -x509 {key} -keyout {name}.key -out {name}.crt -days 2 -subj /CN={name}"));
    }
    fs::write(folder.join("names"), "subjectAltName = DNS:localhost\n").unwrap();
    run(&format!("req -new {key} -keyout server.key -out server.csr -subj /CN=server"));
    run("x509 -req -in server.csr -CA authority.crt -CAkey authority.key -CAcreateserial -days 2 \
         -extfile names -out server.crt");
    fs::set_permissions(folder.join("server.key"), fs::Permissions::from_mode(0o600)).unwrap();
    cluster::give(&folder.join("server.key"));
}

#[test]
fn a_server_with_a_certificate_is_known_by_its_authority_and_its_name() {
    let scratch = Scratch::new();
    let folder: PathBuf = scratch.data();
    certificates(&folder);
    let file = |name: &str| folder.join(name).display().to_string();
    let settings = [
        "ssl = on".to_owned(),
        format!("ssl_cert_file = '{}'", file("server.crt")),
        format!("ssl_key_file = '{}'", file("server.key")),
    ];
    let settings = settings.each_ref().map(String::as_str);
    let server = Cluster::start(&std::env::temp_dir(), Durability::None, &settings).unwrap();
    let url = server.database().unwrap();
    let named = url.replace("127.0.0.1", "localhost");
    let with = |url: &str, root: &str| at(&format!("{url}?sslrootcert={}", file(root)));
    Store::open(&with(&named, "authority.crt")).unwrap().write(enrol("p1", 0, "e1")).unwrap();
    let said = refused(&with(&named, "stranger.crt"));
    assert!(said.contains("certificate") && said.contains("stranger.crt"), "{said}");
    let said = refused(&with(&url, "authority.crt"));
    assert!(said.contains("certificate") && said.contains("127.0.0.1"), "{said}");
    assert!(!said.contains(server.password()), "{said}");
    let plain = with(&cluster().database().unwrap(), "authority.crt");
    assert!(refused(&plain).contains("TLS"));
}
