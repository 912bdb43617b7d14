//! A `WebSub` hub on loopback that answers as its script says, and remembers what it was told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What the hub does with a request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    /// Answers with this status.
    Status(u16),
    /// Takes the request, and never answers.
    Silence,
}

/// A running hub. Its thread ends with the test's process.
pub(crate) struct Hub {
    /// Where it listens.
    pub(crate) address: String,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    answer: Answer,
    heard: Vec<String>,
    silent: Vec<TcpStream>,
}

impl Hub {
    /// One that answers every request so.
    pub(crate) fn that(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/hub", listener.local_addr().unwrap());
        let shared = Arc::new(Mutex::new(Shared { answer, heard: Vec::new(), silent: Vec::new() }));
        let inner = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().map(Result::unwrap) {
                serve(stream, &inner);
            }
        });
        Self { address, shared }
    }

    /// From now on it answers so.
    pub(crate) fn now(&self, answer: Answer) {
        self.shared.lock().unwrap().answer = answer;
    }

    /// The addresses that it was told of since it was asked last, in order.
    pub(crate) fn heard(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.lock().unwrap().heard)
    }
}

fn serve(stream: TcpStream, shared: &Mutex<Shared>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    let mut length = 0;
    let mut is_form = false;
    reader.read_line(&mut line).unwrap();
    assert!(line.starts_with("POST /hub HTTP/1.1"), "{line}");
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let header = header.trim_end().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        }
        is_form |= header == "content-type: application/x-www-form-urlencoded";
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    let [(mode, publish), (url, address)] = pairs.as_slice() else { panic!("{pairs:?}") };
    assert_eq!(
        (mode.as_str(), publish.as_str(), url.as_str(), is_form),
        ("hub.mode", "publish", "hub.url", true)
    );
    let mut shared = shared.lock().unwrap();
    shared.heard.push(address.clone());
    match shared.answer {
        Answer::Status(status) => {
            let head = format!("HTTP/1.1 {status} So\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            (&stream).write_all(head.as_bytes()).unwrap();
        }
        Answer::Silence => shared.silent.push(stream),
    }
}
