//! What every handler may ask for.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::passcode::PasscodeLife;
use domain::session::SessionRules;
use domain::timestamp::Timestamp;
use protocol::http::ProblemCode;

use crate::certificate::Verifier;
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::error::ApiError;
use crate::events::Events;
use crate::http::limits::Limits;
use crate::http::pressure::{Capacity, Pressure};
use crate::mail::MailServer;
use crate::metrics::Metrics;
use crate::openings::OpeningRules;
use crate::passcodes::{PasscodeRules, PasscodeSecret};
use crate::passkeys::Passkeys;
use crate::password::{PasswordError, Passwords};
use crate::retention;
use crate::store::{Store, StoreError};

/// The service's state, cheap to clone: each layer that a request goes through does.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

/// What the service's state is made of.
#[derive(Clone)]
pub struct Parts {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) passwords: Passwords,
    pub(crate) mode: Mode,
    pub(crate) session_rules: SessionRules,
    /// `None` when the service was not told its origin.
    pub(crate) passkeys: Option<Arc<Passkeys>>,
    /// `None` when there are none.
    pub(crate) limits: Option<Arc<Limits>>,
    /// Whether the service was told to stop.
    is_leaving: Arc<AtomicBool>,
    /// How much is in work.
    pub(crate) pressure: Arc<Pressure>,
    /// Counts what is told to whoever runs the service.
    pub(crate) metrics: Metrics,
    /// Tells open pages what changed.
    pub(crate) events: Events,
    pub(crate) passcodes: PasscodeRules,
    /// Whom cards' certificates are believed from.
    pub(crate) verifier: Arc<Verifier>,
    /// The call centre, and what is usual of openings.
    pub(crate) openings: Arc<OpeningRules>,
    /// Sends reports; `None` when the service was not told one.
    pub(crate) mail_server: Option<Arc<MailServer>>,
}

/// How the service was started.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mode {
    /// Demo accounts may log in, and are named on the log-in page.
    pub demo: bool,
    /// Browsers reach the service over TLS, which something in front ends.
    pub behind_tls: bool,
    /// Requests are not counted: for measurements.
    pub without_rate_limits: bool,
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
        let limits = (!mode.without_rate_limits).then(|| Arc::new(Limits::new(&clock)));
        // Unless told otherwise: passcodes that end with this process, and no card.
        let passcodes = PasscodeRules {
            life: PasscodeLife::default(),
            secret: PasscodeSecret::new(&*entropy)?,
        };
        let pressure = Arc::new(Pressure::new(Capacity::default()));
        let events = Events::new(store.epoch());
        events.share(&store);
        let parts = Parts {
            passcodes,
            verifier: Arc::default(),
            openings: Arc::default(),
            metrics: Metrics::new(&store, &events, &pressure),
            pressure,
            is_leaving: Arc::default(),
            events,
            store,
            clock,
            entropy,
            passwords,
            mode,
            session_rules: SessionRules::default(),
            passkeys: None,
            mail_server: None,
            limits,
        };
        Ok(Self(Arc::new(parts)))
    }

    /// The same, with sessions that are locked and ended after other times.
    #[must_use]
    pub fn with_session_rules(mut self, rules: SessionRules) -> Self {
        self.parts().session_rules = rules;
        self
    }

    /// The same, taking on so much at once.
    #[must_use]
    pub fn with_capacity(mut self, capacity: Capacity) -> Self {
        let pressure = Pressure::new(capacity);
        let metrics = Metrics::new(&self.store, &self.events, &pressure);
        let parts = self.parts();
        parts.metrics = metrics;
        parts.pressure = Arc::new(pressure);
        self
    }

    /// The same, with passcodes that last as told and are hashed with a secret that is kept.
    #[must_use]
    pub fn with_passcodes(mut self, rules: PasscodeRules) -> Self {
        self.parts().passcodes = rules;
        self
    }

    /// The same, believing cards' certificates that the verifier believes.
    #[must_use]
    pub fn with_verifier(mut self, verifier: Verifier) -> Self {
        self.parts().verifier = Arc::new(verifier);
        self
    }

    /// The same, with openings of the emergency function by these rules.
    #[must_use]
    pub fn with_openings(mut self, rules: OpeningRules) -> Self {
        self.parts().openings = Arc::new(rules);
        self
    }

    /// The same, with passkeys.
    #[must_use]
    pub fn with_passkeys(mut self, passkeys: Passkeys) -> Self {
        self.parts().passkeys = Some(Arc::new(passkeys));
        self
    }

    /// The same, sending reports over a mail server.
    #[must_use]
    pub fn with_mail_server(mut self, server: MailServer) -> Self {
        self.parts().mail_server = Some(Arc::new(server));
        self
    }

    /// To be changed while nobody has a copy, or in a copy.
    fn parts(&mut self) -> &mut Parts {
        Arc::make_mut(&mut self.0)
    }

    /// The passkeys, where they are set up.
    pub(crate) fn passkeys(&self) -> Result<Arc<Passkeys>, ApiError> {
        let passkeys = self.passkeys.clone();
        passkeys.ok_or(ApiError::Refused(ProblemCode::PasskeysNotSetUp))
    }

    /// Removes lines of the audit trail that are older than some years.
    pub(crate) async fn apply_retention(&self, years: u16) -> Result<(), StoreError> {
        let (store, now) = (self.store.clone(), self.now());
        let applied =
            tokio::task::spawn_blocking(move || retention::apply(&store, now, years)).await;
        applied.map_err(|_| StoreError::Stopped)?.map(drop)
    }

    /// From now on load balancers are to ask others.
    pub fn leave(&self) {
        self.is_leaving.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_leaving(&self) -> bool {
        self.is_leaving.load(Ordering::Relaxed)
    }

    /// Ends whatever is followed, and what is followed from now on: it would never end by
    /// itself, and the service is to stop.
    pub fn end_streams(&self) {
        self.events.end();
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
