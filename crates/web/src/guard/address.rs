//! Where a request comes from.

use axum::http::HeaderMap;
use domain::actor::Place;
use std::net::IpAddr;

/// A range of addresses, such as `10.1.0.0/16`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr {
    base: IpAddr,
    bits: u8,
}

impl Cidr {
    /// Reads `address/bits` or a single address. Bits beyond the prefix must be nought, so that a
    /// mistyped range is found when the configuration is read.
    pub fn parse(text: &str) -> Option<Self> {
        let (base, bits) = match text.trim().split_once('/') {
            Some((base, bits)) => (base, Some(bits)),
            None => (text.trim(), None),
        };
        let base: IpAddr = base.parse().ok()?;
        let most = width(base);
        let bits = match bits {
            Some(bits) if bits.bytes().all(|b| b.is_ascii_digit()) => bits.parse().ok()?,
            Some(_) => return None,
            None => most,
        };
        let range = Self { base, bits };
        (bits <= most && number(base) & !mask(most, bits) == 0).then_some(range)
    }

    /// Whether the address lies in the range. An IPv4 address written as IPv6 counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let most = width(self.base);
        width(address) == most && number(address) & mask(most, self.bits) == number(self.base)
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(four) => u128::from(four.to_bits()),
        IpAddr::V6(six) => six.to_bits(),
    }
}

fn mask(width: u8, bits: u8) -> u128 {
    let all = if width == 32 { u128::from(u32::MAX) } else { u128::MAX };
    let low = u32::from(width - bits.min(width));
    all & u128::MAX.checked_shl(low).unwrap_or(0)
}

/// Whether any of the ranges holds the address.
pub fn within(ranges: &[Cidr], address: IpAddr) -> bool {
    ranges.iter().any(|range| range.contains(address))
}

/// The address of the client: the socket's own, unless the socket belongs to a configured proxy.
///
/// Then it is the right-most address in `X-Forwarded-For` that is not itself a proxy: everything
/// left of that was written by somebody we do not know.
pub fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[Cidr]) -> IpAddr {
    let peer = peer.to_canonical();
    if !within(proxies, peer) {
        return peer;
    }
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
    for step in lines.join(",").rsplit(',').map(str::trim) {
        match step.parse::<IpAddr>() {
            Ok(address) if within(proxies, address) => {}
            Ok(address) => return address.to_canonical(),
            Err(_) => return peer,
        }
    }
    peer
}

/// The zone that contains the address; the first in the list wins.
pub fn place(zones: &[(String, Vec<Cidr>)], address: IpAddr) -> Place {
    let zone = zones.iter().find(|(_, ranges)| within(ranges, address));
    zone.map_or(Place::Elsewhere, |(name, _)| Place::Zone(name.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn range(text: &str) -> Cidr {
        Cidr::parse(text).unwrap()
    }

    #[test]
    fn ranges_contain_what_they_should() {
        for (text, address, inside) in [
            ("10.1.0.0/16", "10.1.2.3", true),
            ("10.1.0.0/16", "10.2.0.1", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "::1", false),
            ("192.168.7.9", "192.168.7.9", true),
            ("192.168.7.9", "192.168.7.10", false),
            ("10.0.0.0/8", "::ffff:10.9.8.7", true),
            ("2001:db8::/32", "2001:db8:1::5", true),
            ("2001:db8::/32", "2001:db9::5", false),
            ("::/0", "fe80::1", true),
        ] {
            assert_eq!(range(text).contains(ip(address)), inside, "{text} {address}");
        }
    }

    #[test]
    fn mistyped_ranges_are_refused() {
        for text in
            ["", "10.1.2.3/16", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0/8", "::/129", "a/8"]
        {
            assert_eq!(Cidr::parse(text), None, "{text}");
        }
    }

    fn forwarded(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_str(line).unwrap());
        }
        headers
    }

    #[test]
    fn a_stranger_cannot_name_its_own_address() {
        let proxies = [range("10.0.0.0/24")];
        let claimed = forwarded(&["10.1.2.33"]);
        assert_eq!(client(ip("203.0.113.9"), &claimed, &proxies), ip("203.0.113.9"));
        assert_eq!(client(ip("203.0.113.9"), &claimed, &[]), ip("203.0.113.9"));
    }

    #[test]
    fn behind_a_proxy_the_last_foreign_address_counts() {
        let proxies = [range("10.0.0.0/24")];
        let seen = |lines: &[&str]| client(ip("10.0.0.5"), &forwarded(lines), &proxies);
        assert_eq!(seen(&["1.1.1.1, 10.1.2.33, 10.0.0.7"]), ip("10.1.2.33"));
        assert_eq!(seen(&["1.1.1.1", "10.1.2.33"]), ip("10.1.2.33"));
        assert_eq!(seen(&[]), ip("10.0.0.5"));
        assert_eq!(seen(&["1.1.1.1, nonsense"]), ip("10.0.0.5"));
    }

    #[test]
    fn the_first_zone_that_holds_the_address_is_the_place() {
        let zones = [
            ("office".to_string(), vec![range("10.1.0.0/16")]),
            ("vpn".to_string(), vec![range("10.0.0.0/8")]),
        ];
        assert_eq!(place(&zones, ip("10.1.2.3")), Place::Zone("office".into()));
        assert_eq!(place(&zones, ip("10.9.2.3")), Place::Zone("vpn".into()));
        assert_eq!(place(&zones, ip("203.0.113.9")), Place::Elsewhere);
    }
}
