//! Addresses of networks and network cards, of ranges that reach nobody.

use std::fmt::Write;
use std::net::{Ipv4Addr, Ipv6Addr};

use prodlike_sdk::Rng;
use prodlike_sdk::prelude::*;

/// Where IPv4 addresses are taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Range {
    /// The three networks for documentation (RFC 5737): 762 addresses.
    #[default]
    Documentation,
    /// 10.0.0.0/8, as inside of companies (RFC 1918): 16.7 million.
    Private,
    /// 240.0.0.0/4, which nobody may use (RFC 1112): 268 million.
    Reserved,
}

/// First addresses of the networks for documentation.
const DOCUMENTATION: [u32; 3] = [0xC000_0200, 0xC633_6400, 0xCB00_7100];
/// Hosts of each: neither the network nor the broadcast address.
const HOSTS: u64 = 254;
/// Bits by which unique addresses of IPv6 and of network cards differ.
pub(crate) const UNIQUE_BITS: u32 = 46;

impl Range {
    /// Returns how many addresses there are.
    pub(crate) fn len(self) -> u64 {
        match self {
            Range::Documentation => HOSTS * DOCUMENTATION.len() as u64,
            Range::Private => (1 << 24) - 2,
            Range::Reserved => (1 << 28) - 1,
        }
    }

    /// Returns the address of a number below `len`.
    pub(crate) fn address(self, number: u64) -> Ipv4Addr {
        let bits = match self {
            Range::Documentation => {
                let network = DOCUMENTATION[(number / HOSTS) as usize % DOCUMENTATION.len()];
                network + 1 + (number % HOSTS) as u32
            }
            Range::Private => 0x0A00_0001 + number as u32,
            // The last of all is the broadcast address.
            Range::Reserved => 0xF000_0000 + number as u32,
        };
        Ipv4Addr::from_bits(bits)
    }
}

/// Writes an address of 2001:db8::/32, which is for documentation (RFC 3849).
pub(crate) fn ipv6(rng: &mut Rng, unique: Option<u64>, text: &mut Text) {
    let (upper, lower) = (rng.bits() >> 32, rng.bits());
    let lower = match unique {
        Some(unique) => lower >> UNIQUE_BITS << UNIQUE_BITS | unique,
        None => lower,
    };
    let bits = 0x2001_0db8_u128 << 96 | u128::from(upper) << 64 | u128::from(lower);
    // Texts take what is written.
    let _ = write!(text, "{}", Ipv6Addr::from_bits(bits));
}

/// Writes the address of a network card: of one card, locally administered, and so of no maker
/// (IEEE 802).
pub(crate) fn mac(rng: &mut Rng, unique: Option<u64>, text: &mut Text) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let bits = unique.unwrap_or_else(|| rng.below(1 << UNIQUE_BITS));
    // The two low bits of the first byte are 1 and 0.
    let bits = bits >> 40 << 42 | 2 << 40 | bits & ((1 << 40) - 1);
    for place in (0..6).rev() {
        let byte = (bits >> (8 * place)) as usize;
        text.push_ascii(DIGITS[byte >> 4 & 15]);
        text.push_ascii(DIGITS[byte & 15]);
        if place > 0 {
            text.push(':');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_a_range_differ_and_reach_nobody() {
        let all: std::collections::HashSet<Ipv4Addr> = (0..Range::Documentation.len())
            .map(|it| Range::Documentation.address(it))
            .collect();
        assert_eq!(all.len(), 762);
        assert!(all.iter().all(Ipv4Addr::is_documentation));
        for number in [0, Range::Private.len() - 1] {
            let address = Range::Private.address(number);
            assert!(
                address.is_private() && !address.octets()[3].is_multiple_of(255),
                "{address}"
            );
        }
        assert_eq!(Range::Reserved.address(0).octets(), [240, 0, 0, 0]);
        let last = Range::Reserved.address(Range::Reserved.len() - 1);
        assert!(!last.is_broadcast() && last.octets()[0] == 255);
    }
}
