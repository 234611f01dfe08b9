//! Where a request comes from, as far as limits need to know.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::{Extensions, HeaderMap};

/// The other end of a connection; [`super::listener`] puts it into every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// The address that a request comes from. Behind TLS it is the last one in
/// `X-Forwarded-For`, which the proxy in front wrote; anything before it was
/// written by anybody.
pub(crate) fn address(extensions: &Extensions, headers: &HeaderMap, behind_tls: bool) -> IpAddr {
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .and_then(|value| value.trim().parse().ok())
        .filter(|_| behind_tls);
    let peer = || extensions.get::<Peer>().map(|peer| peer.0);
    network(
        forwarded
            .or_else(peer)
            .unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
    )
}

/// What one subscriber has: an address of IPv4, a /64 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proxy_is_believed_behind_tls_only_and_only_its_own_word() {
        let table = [
            (&[][..], true, "192.0.2.1"),
            (&["198.51.100.7"], false, "192.0.2.1"),
            (&["198.51.100.7"], true, "198.51.100.7"),
            (&["10.0.0.1, 198.51.100.7"], true, "198.51.100.7"),
            (&["10.0.0.1", "198.51.100.7"], true, "198.51.100.7"),
            (&["unknown"], true, "192.0.2.1"),
            (&["2001:db8:1:2:3:4:5:6"], true, "2001:db8:1:2::"),
            (&["::ffff:198.51.100.7"], true, "198.51.100.7"),
        ];
        for (forwarded, behind_tls, expected) in table {
            let mut headers = HeaderMap::new();
            for value in forwarded {
                headers.append("x-forwarded-for", value.parse().unwrap());
            }
            let mut extensions = Extensions::new();
            extensions.insert(Peer("192.0.2.1".parse().unwrap()));
            let address = address(&extensions, &headers, behind_tls);
            assert_eq!(address.to_string(), expected, "{forwarded:?} {behind_tls}");
        }
    }
}
