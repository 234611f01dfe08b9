//! What every handler may ask for.

use std::sync::Arc;

use domain::session::SessionRules;
use domain::timestamp::Timestamp;

use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::password::{PasswordError, Passwords};
use crate::store::Store;

/// The service's state, cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) passwords: Passwords,
    pub(crate) mode: Mode,
    pub(crate) session_rules: SessionRules,
}

/// How the service was started.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mode {
    /// Demo accounts may log in, and are named on the log-in page.
    pub demo: bool,
    /// Browsers reach the service over TLS, which something in front ends.
    pub behind_tls: bool,
}

impl AppState {
    /// Puts the service together.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        mode: Mode,
    ) -> Result<Self, PasswordError> {
        let passwords = Passwords::new(&*entropy)?;
        Ok(Self {
            store,
            clock,
            entropy,
            passwords,
            mode,
            session_rules: SessionRules::default(),
        })
    }

    /// The same, with sessions that are locked and ended after other times.
    #[must_use]
    pub const fn with_session_rules(mut self, rules: SessionRules) -> Self {
        self.session_rules = rules;
        self
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
