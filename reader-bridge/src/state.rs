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
pub(crate) struct AppState(Arc<Shared>);

/// What is shared.
pub(crate) struct Shared {
    /// The port that it listens on.
    pub(crate) port: u16,
    /// Opens what is for this machine's programs only.
    pub(crate) token: String,
    /// Readers and connections.
    pub(crate) hub: Arc<Hub>,
    /// The simulated reader, if that is what there is.
    pub(crate) simulator: Option<Simulator>,
    /// Who may come.
    pub(crate) approvals: Approvals,
    /// Who has come before.
    pub(crate) pairings: PairingStore,
    /// Who waits to be accepted.
    pub(crate) pending: Pending,
    /// The bridge's own key.
    pub(crate) key: BridgeKey,
    /// Connections there may be.
    pub(crate) sockets: Sockets,
    /// Who was not let in.
    pub(crate) refused: Refused,
}

impl AppState {
    /// Shares it.
    pub(crate) fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl std::ops::Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
