//! What a device says of itself (USB 2.0, 9.6; HID 1.11, 6.2.1), from a reader's identity.

use card::virtual_reader::{Identity, Interface, REPORT_DESCRIPTOR};

pub(super) const DEVICE: u8 = 1;
pub(super) const CONFIGURATION: u8 = 2;
pub(super) const STRING: u8 = 3;
pub(super) const REPORT: u8 = 0x22;
const INTERFACE: u8 = 4;
const ENDPOINT: u8 = 5;
const HID: u8 = 0x21;

const HID_CLASS: u8 = 0x03;
const BULK: u8 = 2;
const INTERRUPT: u8 = 3;
/// An endpoint's direction, in its address.
const IN: u8 = 0x80;
/// Full speed: 64 bytes in a packet, and interrupts each millisecond.
const PACKET: u8 = 64;

/// Places in the table of strings.
const MANUFACTURER: u8 = 1;
const PRODUCT: u8 = 2;
const SERIAL: u8 = 3;

/// The descriptor of a kind and of an index, if there is one.
pub(super) fn descriptor(identity: &Identity, kind: u8, index: u8) -> Option<Vec<u8>> {
    match kind {
        DEVICE => Some(device(identity)),
        CONFIGURATION if index == 0 => Some(configuration(identity)),
        STRING => string(identity, index),
        REPORT if is_hid(identity) => Some(REPORT_DESCRIPTOR.to_vec()),
        _ => None,
    }
}

pub(super) fn is_hid(identity: &Identity) -> bool {
    let is_it = |interface: &Interface| interface.class == HID_CLASS;
    identity.interfaces.iter().any(is_it)
}

fn device(identity: &Identity) -> Vec<u8> {
    let [v0, v1] = identity.vendor.to_le_bytes();
    let [p0, p1] = identity.product.to_le_bytes();
    vec![
        18,
        DEVICE,
        0x00,
        0x02,
        0,
        0,
        0,
        PACKET,
        v0,
        v1,
        p0,
        p1,
        0x00,
        0x01,
        MANUFACTURER,
        PRODUCT,
        SERIAL,
        1,
    ]
}

fn configuration(identity: &Identity) -> Vec<u8> {
    let interfaces: Vec<u8> = identity
        .interfaces
        .iter()
        .copied()
        .flat_map(interface)
        .collect();
    let [l0, l1] = length(9 + interfaces.len());
    let count = u8::try_from(identity.interfaces.len()).unwrap_or(u8::MAX);
    // Powered by the bus, 250 mA.
    let mut whole = vec![9, CONFIGURATION, l0, l1, count, 1, 0, 0x80, 125];
    whole.extend(interfaces);
    whole
}

fn interface(interface: Interface) -> Vec<u8> {
    let (input, output) = interface.endpoints;
    let kind = if interface.class == HID_CLASS {
        INTERRUPT
    } else {
        BULK
    };
    let addresses: Vec<u8> = [input | IN, output]
        .into_iter()
        .filter(|address| address & !IN != 0)
        .collect();
    let count = u8::try_from(addresses.len()).unwrap_or(u8::MAX);
    let mut whole = vec![
        9,
        INTERFACE,
        interface.number,
        0,
        count,
        interface.class,
        0,
        0,
        0,
    ];
    if interface.class == HID_CLASS {
        let [l0, l1] = length(REPORT_DESCRIPTOR.len());
        whole.extend([9, HID, 0x11, 0x01, 0, 1, REPORT, l0, l1]);
    }
    for address in addresses {
        whole.extend([
            7,
            ENDPOINT,
            address,
            kind,
            PACKET,
            0,
            u8::from(kind == INTERRUPT),
        ]);
    }
    whole
}

fn string(identity: &Identity, index: u8) -> Option<Vec<u8>> {
    let units: Vec<u16> = match index {
        // The languages: English.
        0 => vec![0x0409],
        MANUFACTURER => "shikaku".encode_utf16().collect(),
        PRODUCT => identity.name.encode_utf16().collect(),
        SERIAL => "emulated".encode_utf16().collect(),
        _ => return None,
    };
    let mut whole = vec![u8::try_from(2 + 2 * units.len()).ok()?, STRING];
    whole.extend(units.into_iter().flat_map(u16::to_le_bytes));
    Some(whole)
}

fn length(bytes: usize) -> [u8; 2] {
    u16::try_from(bytes).unwrap_or(u16::MAX).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use card::virtual_reader::{BaltechHabits, Kind, RcS300Habits};

    #[test]
    fn descriptors_are_of_the_length_that_they_say() {
        for (kind, interfaces, endpoints) in [
            (Kind::RcS380, 1, 2),
            (Kind::RcS300(RcS300Habits::default()), 2, 4),
            (Kind::Baltech(BaltechHabits::default()), 1, 1),
        ] {
            let identity = kind.identity();
            let device = descriptor(&identity, DEVICE, 0).unwrap();
            assert_eq!(device.len(), usize::from(device[0]));
            let whole = descriptor(&identity, CONFIGURATION, 0).unwrap();
            assert_eq!(
                whole.len(),
                usize::from(whole[2]) + 256 * usize::from(whole[3])
            );
            let mut rest = whole.as_slice();
            let mut counts = [0; 256];
            while let Some(length) = rest.first() {
                counts[usize::from(rest[1])] += 1;
                rest = &rest[usize::from(*length)..];
            }
            assert_eq!(counts[usize::from(INTERFACE)], interfaces, "{kind:?}");
            assert_eq!(counts[usize::from(ENDPOINT)], endpoints, "{kind:?}");
            assert_eq!(
                descriptor(&identity, REPORT, 0).is_some(),
                is_hid(&identity)
            );
            for index in 0..4 {
                let string = descriptor(&identity, STRING, index).unwrap();
                assert_eq!(string.len(), usize::from(string[0]));
            }
            assert_eq!(descriptor(&identity, STRING, 4), None);
        }
    }
}
