//! The socket to listen on.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr, TcpListener, ToSocketAddrs as _};

/// A socket that listens.
#[derive(Debug)]
pub struct Listener {
    pub(super) socket: TcpListener,
    /// Where it listens, with the port the system chose if port 0 was asked for.
    pub(super) address: SocketAddr,
    /// The name it was asked to listen on.
    pub(super) host: String,
}

/// Why a socket cannot listen.
#[derive(Debug)]
pub enum BindError {
    /// Another program listens there. The next port that is free, if there is one.
    InUse(String, u16, Option<u16>),
    /// The name or address is not one of this machine.
    Other(String, u16, io::Error),
}

impl fmt::Display for BindError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse(host, port, _) => {
                write!(out, "port {port} of `{host}` is in use by another program")
            }
            Self::Other(host, port, error) => {
                write!(out, "port {port} of `{host}` cannot be listened on: {error}")
            }
        }
    }
}

impl std::error::Error for BindError {}

impl BindError {
    /// What to do about it; empty where nothing is known.
    pub fn help(&self) -> String {
        match self {
            Self::InUse(.., Some(free)) => format!("port {free} is free: add `--port {free}`"),
            Self::InUse(..) => "add `--port 0` to take any port that is free".to_owned(),
            Self::Other(.., error) => match error.kind() {
                ErrorKind::PermissionDenied => "ports from 1024 on are open to everybody",
                ErrorKind::AddrNotAvailable => {
                    "`127.0.0.1` is this machine, `0.0.0.0` all networks it is in"
                }
                _ => "",
            }
            .to_owned(),
        }
    }
}

/// Listens on `port` of `host`; port 0 is any free one.
pub fn bind(host: &str, port: u16) -> Result<Listener, BindError> {
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let listen = |port| {
        let addresses = (name, port).to_socket_addrs()?.collect::<Vec<_>>();
        TcpListener::bind(addresses.as_slice())
    };
    let bound = listen(port).and_then(|socket| Ok((socket.local_addr()?, socket)));
    match bound {
        Ok((address, socket)) => Ok(Listener { socket, address, host: name.to_owned() }),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let next = port.saturating_add(1)..=port.saturating_add(100);
            let free = next.into_iter().find(|port| listen(*port).is_ok());
            Err(BindError::InUse(name.to_owned(), port, free))
        }
        Err(error) => Err(BindError::Other(name.to_owned(), port, error)),
    }
}

impl Listener {
    /// Address of the front page, for a browser on this machine.
    pub fn url(&self) -> String {
        let port = self.address.port();
        match self.address.ip() {
            ip if ip.is_unspecified() => format!("http://127.0.0.1:{port}/"),
            IpAddr::V4(ip) => format!("http://{ip}:{port}/"),
            IpAddr::V6(ip) => format!("http://[{ip}]:{port}/"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_named_with_the_next_free_one() {
        let taken = bind("127.0.0.1", 0).unwrap();
        let port = taken.address.port();
        let error = bind("127.0.0.1", port).unwrap_err();
        assert!(error.to_string().contains(&port.to_string()), "{error}");
        let BindError::InUse(_, _, Some(free)) = error else { panic!("{error}") };
        assert!(free > port && error.help().contains(&free.to_string()));
        assert_eq!(taken.url(), format!("http://127.0.0.1:{port}/"));
    }
}
