//! The least of HTTP/1.1 that a client needs: one connection, one request after the other. It costs the load
//! so little that the processor is left to what is measured.

use std::io;
use std::net::{IpAddr, SocketAddr};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// Most bytes of one answer.
const MOST: usize = 16 << 20;

/// A connection that is kept alive.
pub struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// One answer, in the connection's buffer.
pub struct Answer<'a> {
    /// The status code.
    pub status: u16,
    /// The status line and the headers.
    pub head: &'a str,
    /// The body.
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// The value of a header; its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(self.head, name)
    }
}

impl Wire {
    /// Connects from one address of this machine to another.
    ///
    /// # Errors
    /// The system's.
    pub async fn connect(from: IpAddr, to: SocketAddr) -> io::Result<Self> {
        let socket = if to.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.bind(SocketAddr::new(from, 0))?;
        let stream = socket.connect(to).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::new() })
    }

    /// Sends a request and reads its answer.
    ///
    /// # Errors
    /// The connection ended, or what came is no answer of a known length.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let (head, length) = loop {
            self.fill().await?;
            if let Some(head) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                let text = std::str::from_utf8(&self.buffer[..head]).map_err(|_| unread("its head"))?;
                let length = header(text, "content-length").and_then(|length| length.parse::<usize>().ok());
                break (head, length.ok_or_else(|| unread("its length"))?);
            }
        };
        let all = head + 4 + length;
        if all > MOST {
            return Err(unread("so much"));
        }
        while self.buffer.len() < all {
            self.fill().await?;
        }
        let head = std::str::from_utf8(&self.buffer[..head]).map_err(|_| unread("its head"))?;
        let status = head.get(9..12).and_then(|status| status.parse().ok());
        let body = &self.buffer[all - length..all];
        Ok(Answer { status: status.ok_or_else(|| unread("its status"))?, head, body })
    }

    async fn fill(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    lines.into_iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

fn unread(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("an answer does not tell {what}"))
}

/// A request as bytes: the head, the headers given, and the body behind its length.
pub fn request(verb: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("{verb} {path} HTTP/1.1\r\nhost: localhost\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn answers_are_read_whole_and_one_after_the_other() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let to = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut seen = [0; 1024];
            for piece in ["HTTP/1.1 201 Created\r\nContent-Le", "ngth: 5\r\n\r\nwh", "ole"] {
                if !piece.ends_with("wh") && !piece.ends_with("ole") {
                    assert!(stream.read(&mut seen).await.unwrap() > 0);
                }
                stream.write_all(piece.as_bytes()).await.unwrap();
                stream.flush().await.unwrap();
                tokio::task::yield_now().await;
            }
            assert!(stream.read(&mut seen).await.unwrap() > 0);
            stream
                .write_all(b"HTTP/1.1 303 See Other\r\nlocation: /\r\ncontent-length: 0\r\n\r\n")
                .await
                .unwrap();
        });
        let mut wire = Wire::connect("127.0.0.1".parse().unwrap(), to).await.unwrap();
        let answer = wire.exchange(&request("GET", "/", &[], "")).await.unwrap();
        assert_eq!((answer.status, answer.body), (201, &b"whole"[..]));
        let answer = wire.exchange(&request("GET", "/", &[], "")).await.unwrap();
        assert_eq!((answer.status, answer.header("location"), answer.body.len()), (303, Some("/"), 0));
        server.await.unwrap();
    }
}
