//! HID reports that carry BRP frames (BALTECH, “USB HID transfer layer”): the report's number,
//! the frame's length, the frame, padding. One frame is one report, of the smallest size it fits in.

use crate::reader::Malformed;

/// The numbers of the reports and the longest frame in each, in bytes. Output and input
/// reports are alike; without its number a report is two bytes longer than that.
pub const REPORTS: [(u8, usize); 4] = [(1, 12), (2, 60), (3, 252), (4, 1_020)];

/// The report of a frame, beginning with its number; `None` for a frame longer than any fits.
pub fn report(frame: &[u8]) -> Option<Vec<u8>> {
    let mut reports = REPORTS.into_iter();
    let (number, longest) = reports.find(|(_, longest)| frame.len() <= *longest)?;
    let mut bytes = vec![number];
    bytes.extend(u16::try_from(frame.len()).ok()?.to_le_bytes());
    bytes.extend_from_slice(frame);
    bytes.resize(longest + 3, 0);
    Some(bytes)
}

/// The frame in a report. What pads it is not looked at.
pub fn parse(bytes: &[u8]) -> Result<&[u8], Malformed> {
    let (&[number, low, high], rest) = bytes.split_first_chunk::<3>().ok_or(Malformed::Length)?;
    let mut reports = REPORTS.into_iter();
    let (_, longest) = reports
        .find(|(each, _)| *each == number)
        .ok_or(Malformed::Frame)?;
    let length = usize::from(u16::from_le_bytes([low, high]));
    if length > longest || rest.len() > longest {
        return Err(Malformed::TooLong);
    }
    rest.get(..length).ok_or(Malformed::Length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twelve bytes still fit into report 1, thirteen don't: the examples of BALTECH's page.
    #[test]
    fn the_smallest_report_is_taken() {
        for (length, number, whole) in [
            (0, 1, 15),
            (12, 1, 15),
            (13, 2, 63),
            (60, 2, 63),
            (61, 3, 255),
            (252, 3, 255),
            (253, 4, 1023),
            (1020, 4, 1023),
        ] {
            let frame = vec![7; length];
            let bytes = report(&frame).unwrap();
            assert_eq!((bytes[0], bytes.len()), (number, whole), "{length}");
            assert_eq!(parse(&bytes), Ok(&frame[..]));
        }
        assert_eq!(report(&[0; 1021]), None);
    }

    #[test]
    fn what_is_no_report_is_named() {
        for (bytes, error) in [
            (&[][..], Malformed::Length),
            (&[1, 0], Malformed::Length),
            (&[0, 0, 0], Malformed::Frame),
            (&[5, 0, 0], Malformed::Frame),
            (&[1, 13, 0], Malformed::TooLong),
            (&[1, 2, 0, 9], Malformed::Length),
            (
                &[1, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
                Malformed::TooLong,
            ),
        ] {
            assert_eq!(parse(bytes), Err(error), "{bytes:?}");
        }
    }
}
