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
        let known = Command::new(PYTHON).args(["-c", "import aiosmtpd"]).output();
        let known = known.is_ok_and(|output| output.status.success());
        assert!(known, "no mail server: install Debian's python3-aiosmtpd (scripts/install-test-deps)");
        let folder = Folder::new("mail-server");
        let (port, kept) = (free_port(), folder.path().join("kept"));
        let mut command = Command::new(PYTHON);
        // It stays the user that it is, whoever that may be.
        command.args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}")]);
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

    /// Where it keeps what it is given.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Ends it, as a server that dies.
    pub fn kill(&mut self) {
        self.process.kill();
    }
}
