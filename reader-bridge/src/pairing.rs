//! Who a page is: its origin, and a key that its browser does not give away.

pub mod approvals;
pub mod keys;
pub mod pending;
pub mod store;

pub use approvals::Approvals;
pub use keys::BridgeKey;
pub use store::{Pairing, PairingStore};
