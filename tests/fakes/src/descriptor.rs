//! What a browser makes of a HID report descriptor (HID 1.11, 6.2.2): collections, and the
//! numbers and sizes of their reports.

use serde::Serialize;

/// A top-level collection, as `HIDCollectionInfo` has it.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Collection {
    usage_page: u32,
    usage: u32,
    r#type: u32,
    children: [u8; 0],
    input_reports: Vec<Report>,
    output_reports: Vec<Report>,
    feature_reports: [u8; 0],
}

/// A report of one field.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    report_id: u32,
    items: [Item; 1],
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    report_size: u32,
    report_count: u32,
}

/// The collections of a descriptor that has reports of one field only, as ours have.
pub(crate) fn collections(descriptor: &[u8]) -> Vec<Collection> {
    let mut collections: Vec<Collection> = Vec::new();
    let [
        mut usage_page,
        mut usage,
        mut size,
        mut count,
        mut report_id,
    ] = [0; 5];
    let mut rest = descriptor;
    while let [prefix, after @ ..] = rest {
        let length = [0, 1, 2, 4][usize::from(prefix & 0x03)];
        let Some((data, after)) = after.split_at_checked(length) else {
            break;
        };
        rest = after;
        let value = data
            .iter()
            .rev()
            .fold(0, |sum, byte| sum << 8 | u32::from(*byte));
        let report = Report {
            report_id,
            items: [Item {
                report_size: size,
                report_count: count,
            }],
        };
        match prefix & 0xFC {
            0x04 => usage_page = value,
            0x08 => usage = value,
            0x74 => size = value,
            0x94 => count = value,
            0x84 => report_id = value,
            0xA0 => collections.push(Collection {
                usage_page,
                usage,
                r#type: value,
                ..Collection::default()
            }),
            0x80 => {
                if let Some(collection) = collections.last_mut() {
                    collection.input_reports.push(report);
                }
            }
            0x90 => {
                if let Some(collection) = collections.last_mut() {
                    collection.output_reports.push(report);
                }
            }
            _ => {}
        }
    }
    collections
}

#[cfg(test)]
mod tests {
    use super::*;
    use card::virtual_reader::REPORT_DESCRIPTOR;

    #[test]
    fn the_readers_reports_have_their_numbers_and_sizes() {
        let [collection] = collections(REPORT_DESCRIPTOR)
            .try_into()
            .unwrap_or_else(|found: Vec<Collection>| panic!("{} collections", found.len()));
        assert_eq!((collection.usage_page, collection.usage), (0xFF00, 1));
        for reports in [collection.input_reports, collection.output_reports] {
            let sizes: Vec<_> = reports
                .iter()
                .map(|report| (report.report_id, report.items[0].report_count))
                .collect();
            assert_eq!(sizes, [(1, 14), (2, 62), (3, 254), (4, 1022)]);
        }
    }

    #[test]
    fn a_cut_descriptor_has_what_was_whole() {
        for length in 0..REPORT_DESCRIPTOR.len() {
            let found = collections(&REPORT_DESCRIPTOR[..length]);
            assert_eq!(found.len(), usize::from(length >= 7), "{length}");
        }
    }
}
