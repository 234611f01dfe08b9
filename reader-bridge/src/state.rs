//! What every request can reach.

use std::sync::Arc;

use crate::door::Refused;
use crate::hub::Hub;
use crate::pairing::pending::Pending;
use crate::pairing::{Approvals, BridgeKey, PairingStore};
use crate::simulator::Simulator;
use crate::sockets::Sockets;

/// Shared by all requests and connections.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// What is shared.
pub struct Shared {
    /// The port that it listens on.
    pub port: u16,
    /// Opens what is for this machine's programs only.
    pub token: String,
    /// Readers and connections.
    pub hub: Arc<Hub>,
    /// The simulated reader, if that is what there is.
    pub simulator: Option<Simulator>,
    /// Who may come.
    pub approvals: Approvals,
    /// Who has come before.
    pub pairings: PairingStore,
    /// Who waits to be accepted.
    pub pending: Pending,
    /// The bridge's own key.
    pub key: BridgeKey,
    /// Connections there may be.
    pub sockets: Sockets,
    /// Who was not let in.
    pub refused: Refused,
}

impl AppState {
    /// Shares it.
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl std::ops::Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
