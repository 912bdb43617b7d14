//! Who asks: the address of the other end, or what our own proxies say that it is.

use std::net::{IpAddr, SocketAddr};

use axum::extract::connect_info::Connected;
use axum::http::HeaderMap;
use axum::serve::IncomingStream;
use tokio::net::{TcpListener, UnixListener};

/// The other end of a connection; none at a socket in the file system.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub Option<SocketAddr>);

impl Connected<IncomingStream<'_, TcpListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TcpListener>) -> Self {
        Self(Some(*stream.remote_addr()))
    }
}

impl Connected<IncomingStream<'_, UnixListener>> for Peer {
    fn connect_info(_stream: IncomingStream<'_, UnixListener>) -> Self {
        Self(None)
    }
}

/// The address that a request comes from. Each of `hops` proxies of ours adds the address of whoever asked it to
/// `X-Forwarded-For`; what stands before those anybody can have written. A request that did not pass through all of them
/// has no address that can be trusted but that of the other end.
#[must_use]
pub fn client(peer: Peer, headers: &HeaderMap, hops: usize) -> Option<IpAddr> {
    let direct = peer.0.map(|address| address.ip());
    if hops == 0 {
        return direct;
    }
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let entries: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let told = entries.len().checked_sub(hops).and_then(|place| entries.get(place));
    told.and_then(|text| address(text)).or(direct)
}

/// With or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(with_port).or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(forwarded: &[&str], hops: usize) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let peer = Peer(Some("127.0.0.1:9".parse().unwrap()));
        client(peer, &headers, hops).unwrap().to_string()
    }

    #[test]
    fn only_what_our_own_proxies_say_counts() {
        assert_eq!(of(&["192.0.2.1"], 0), "127.0.0.1");
        assert_eq!(of(&["10.0.0.9, 192.0.2.1"], 1), "192.0.2.1");
        assert_eq!(of(&["10.0.0.9", "192.0.2.1, 198.51.100.4"], 2), "192.0.2.1");
        assert_eq!(of(&["192.0.2.1"], 2), "127.0.0.1");
        assert_eq!(of(&["[2001:db8::1]:80"], 1), "2001:db8::1");
        assert_eq!(of(&["nonsense"], 1), "127.0.0.1");
    }
}
