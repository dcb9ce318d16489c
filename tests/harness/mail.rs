//! A real mail server on the loopback, and what it was given.

use crate::folder::Folder;
use crate::process::{Process, free_port, pause};
use serde_json::Value;
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// The interpreter that Debian's packages are for, whatever else is on the search path.
const PYTHON: &str = "/usr/bin/python3";
/// How often it is looked whether the server listens.
const LOOKS: u32 = 200;
/// Reads mails as another program does, one JSON object a line.
const READ: &str = r#"
import json, sys
from email import message_from_bytes, policy
for name in sys.argv[1:]:
    raw = open(name, "rb").read()
    mail = message_from_bytes(raw, policy=policy.default)
    words = {key: str(mail[key]) for key in mail.keys()}
    print(json.dumps({"headers": words, "charset": mail.get_content_charset(),
        "type": mail.get_content_type(), "body": mail.get_content(), "raw": raw.decode("ascii")}))
"#;

/// How the connection to the server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Not at all.
    None,
    /// It begins plain, and the server takes nothing before TLS.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

/// A mail server that keeps all it is given in a folder.
pub struct MailServer {
    /// Where it listens.
    pub port: u16,
    folder: Folder,
    process: Process,
}

impl MailServer {
    /// Starts one on a free port.
    pub fn start() -> Self {
        Self::start_under(Protection::None)
    }

    /// Starts one whose certificate, for `127.0.0.1`, an authority of its own has signed.
    pub fn start_under(protection: Protection) -> Self {
        let known = Command::new(PYTHON).args(["-c", "import aiosmtpd"]).output();
        let known = known.is_ok_and(|output| output.status.success());
        assert!(known, "no mail server: install Debian's python3-aiosmtpd (scripts/install-test-deps)");
        let folder = Folder::new("mail-server");
        let (port, kept) = (free_port(), folder.path().join("kept"));
        let mut command = Command::new(PYTHON);
        // It stays the user that it is, whoever that may be.
        command.args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}")]);
        let flags = match protection {
            Protection::None => None,
            Protection::StartTls => Some(("--tlscert", "--tlskey")),
            Protection::Tls => Some(("--smtpscert", "--smtpskey")),
        };
        if let Some((certificate, key)) = flags {
            certificates(folder.path());
            command.arg(certificate).arg(folder.path().join("server.crt"));
            command.arg(key).arg(folder.path().join("server.key"));
        }
        command.args(["-c", "aiosmtpd.handlers.Mailbox"]).arg(kept);
        let mut process = Process::start(command, &folder.path().join("printed"));
        for _ in 0..LOOKS {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return Self { port, folder, process };
            }
            assert!(process.ended().is_none(), "the mail server ended: {}", process.printed());
            pause(Duration::from_millis(50));
        }
        panic!("the mail server does not listen: {}", process.printed());
    }

    /// The mails it has, as another program reads them: `headers`, `charset`, `type`, `body`, `raw`.
    pub fn mails(&self) -> Vec<Value> {
        let new = self.folder.path().join("kept/new");
        let Ok(entries) = std::fs::read_dir(&new) else { return vec![] };
        let mut files: Vec<_> = entries.map(|entry| entry.expect("a folder can be read").path()).collect();
        files.sort();
        let output = Command::new(PYTHON).args(["-c", READ]).args(&files).output();
        let output = output.expect("the interpreter starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let lines = String::from_utf8(output.stdout).expect("JSON is UTF-8");
        lines.lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect()
    }

    /// The certificate of an authority in PEM: `authority`, who signed for the server, or `stranger`.
    pub fn authority(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.path().join(name).with_extension("crt")).expect("it was made")
    }

    /// Where it keeps what it is given.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Ends it, as a server that dies.
    pub fn kill(&mut self) {
        self.process.kill();
    }
}

/// Two authorities, and a server of one of them.
fn certificates(folder: &Path) {
    let run = |arguments: &str| {
        let done = Command::new("openssl").args(arguments.split_whitespace()).current_dir(folder).output();
        let done = done.unwrap_or_else(|error| panic!("apt-get install openssl: {error}"));
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    for name in ["authority", "stranger"] {
        run(&format!("req -x509 {key} -keyout {name}.key -out {name}.crt -days 2 -subj /CN={name}"));
    }
    std::fs::write(folder.join("names"), "subjectAltName = IP:127.0.0.1\n").expect("a file can be written");
    run(&format!("req -new {key} -keyout server.key -out server.csr -subj /CN=server"));
    run("x509 -req -in server.csr -CA authority.crt -CAkey authority.key -CAcreateserial -days 2 \
         -extfile names -out server.crt");
}
