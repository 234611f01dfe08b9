//! Numbers that are never used again.

/// Gives rising numbers below 2^53, so that JSON in a browser keeps them.
#[derive(Debug)]
pub struct Ids(u64);

/// How many numbers there are for each millisecond since 1970. Up to the year 2109 they
/// stay below 2^53, and no bridge runs through them faster than time passes, so that one
/// that is started anew goes on above its predecessor's.
const PER_MILLISECOND: u64 = 2048;

impl Ids {
    /// Numbers of a bridge that starts at that time.
    pub const fn since(unix_milliseconds: u64) -> Self {
        Self(unix_milliseconds.saturating_mul(PER_MILLISECOND))
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}
