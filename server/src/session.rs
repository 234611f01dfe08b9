//! The session cookie.

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::timestamp::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::entropy::{Entropy, NoEntropy};
use crate::store::SessionLimits;

/// A session ends after so many seconds without a request.
const IDLE_SECONDS: i64 = 30 * 60;
/// A session ends after so many seconds in any case.
const LIFE_SECONDS: i64 = 12 * 3600;
/// How stale the time of the last request may be in the store.
pub(crate) const TOUCH_SECONDS: i64 = 60;

/// What a session has to have been seen and begun since, to be in force now.
pub(crate) const fn limits(now: Timestamp) -> SessionLimits {
    SessionLimits {
        last_seen_since: now.plus_seconds(-IDLE_SECONDS),
        created_since: now.plus_seconds(-LIFE_SECONDS),
    }
}

/// 256 random bits that name a session to its browser only.
pub(crate) struct Token(String);

impl Token {
    pub(crate) fn new(entropy: &dyn Entropy) -> Result<Self, NoEntropy> {
        Ok(Self(URL_SAFE_NO_PAD.encode(entropy.bytes::<32>()?)))
    }

    /// The token that a browser sent.
    pub(crate) fn in_jar(jar: &CookieJar, behind_tls: bool) -> Option<Self> {
        jar.get(cookie_name(behind_tls))
            .map(|cookie| Self(cookie.value().to_owned()))
    }

    /// What the store knows of it.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// The cookie that carries it: never to scripts, never from another site,
    /// and behind TLS never in the clear.
    pub(crate) fn into_cookie(self, behind_tls: bool) -> Cookie<'static> {
        Cookie::build((cookie_name(behind_tls), self.0))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Strict)
            .secure(behind_tls)
            .build()
    }
}

/// The cookie's name. `__Host-` binds it to the host, and browsers take that
/// prefix over TLS only.
const fn cookie_name(behind_tls: bool) -> &'static str {
    if behind_tls {
        "__Host-shikaku-session"
    } else {
        "shikaku-session"
    }
}

/// Takes the cookie away.
pub(crate) fn removal(behind_tls: bool) -> Cookie<'static> {
    let mut cookie = Token(String::new()).into_cookie(behind_tls);
    cookie.make_removal();
    cookie
}
