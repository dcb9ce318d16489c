//! A few pages on the loopback, for trying the instruments themselves.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;

/// Serves fixed pages until the test process ends.
pub struct Stage {
    port: u16,
}

impl Stage {
    /// Serves `pages`: path and HTML, under the content policy of the product (no inline script or style).
    pub fn with(pages: &'static [(&'static str, &'static str)]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("the loopback has a free port");
        let port = listener.local_addr().expect("a listener has an address").port();
        let pages = Arc::new(pages);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let pages = Arc::clone(&pages);
                std::thread::spawn(move || answer(stream, &pages));
            }
        });
        Self { port }
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

fn answer(mut stream: TcpStream, pages: &[(&str, &str)]) {
    let mut bytes = [0; 8192];
    let read = stream.read(&mut bytes).unwrap_or(0);
    let request = String::from_utf8_lossy(&bytes[..read]).into_owned();
    let path = request.split(' ').nth(1).unwrap_or("/");
    // Browsers ask for an icon by themselves; an empty one keeps their log quiet.
    let icon = (path == "/favicon.ico").then_some("");
    let page = pages.iter().find(|(p, _)| *p == path).map(|(_, page)| *page).or(icon);
    let status = if page.is_some() { "200 OK" } else { "404 Not Found" };
    let body = page.unwrap_or("");
    let kind = if path.ends_with(".js") { "text/javascript" } else { "text/html" };
    let policy = "default-src 'none'; script-src 'self'; connect-src *; img-src *; form-action 'self'";
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {}\r\n\
         Content-Security-Policy: {policy}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(answer.as_bytes()).ok();
}
