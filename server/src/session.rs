//! The session's cookie, and what its page is told.

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::session::Standing;
use protocol::http::{PageKey, SessionInfo};
use sha2::{Digest as _, Sha256};

use crate::candidates::Seal;
use crate::entropy::{Entropy, NoEntropy};
use crate::state::AppState;
use crate::store::Account;

/// 256 random bits that name a session, or a question to a passkey, to its browser only.
#[derive(Clone)]
pub(crate) struct Token(String);

impl Token {
    pub(crate) fn new(entropy: &dyn Entropy) -> Result<Self, NoEntropy> {
        Ok(Self(URL_SAFE_NO_PAD.encode(entropy.bytes::<32>()?)))
    }

    /// One that a page gave back in a body.
    pub(crate) const fn given_back(text: String) -> Self {
        Self(text)
    }

    /// The token, for a page to give back.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The token that a browser sent.
    pub(crate) fn in_jar(jar: &CookieJar, behind_tls: bool) -> Option<Self> {
        Self::in_cookie(jar, cookie_name(behind_tls))
    }

    /// The token of a reader's own screen. A browser may have both.
    pub(crate) fn of_reader_screen(jar: &CookieJar, behind_tls: bool) -> Option<Self> {
        Self::in_cookie(jar, reader_cookie_name(behind_tls))
    }

    fn in_cookie(jar: &CookieJar, name: &str) -> Option<Self> {
        jar.get(name).map(|cookie| Self(cookie.value().to_owned()))
    }

    /// What the store knows of it.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// The key that the session's page encrypts its form with. The page can't make
    /// it from the cookie, which scripts don't see.
    fn page_key(&self) -> PageKey {
        PageKey(URL_SAFE_NO_PAD.encode(self.key_for("page")))
    }

    /// What seals the session's candidates.
    pub(crate) fn seal(&self) -> Seal {
        Seal::new(self.key_for("candidate"))
    }

    fn key_for(&self, purpose: &str) -> [u8; 32] {
        let key = Sha256::new()
            .chain_update(b"shikaku ")
            .chain_update(purpose)
            .chain_update(b" key\0")
            .chain_update(self.0.as_bytes());
        key.finalize().into()
    }

    /// The cookie that carries it: never to scripts, never from another site,
    /// and behind TLS never in the clear.
    pub(crate) fn into_cookie(self, behind_tls: bool) -> Cookie<'static> {
        self.named(cookie_name(behind_tls), behind_tls)
    }

    /// The same for a reader's own screen, whose browser keeps it as long as browsers do:
    /// 400 days from the last time that it was given.
    pub(crate) fn into_reader_cookie(self, behind_tls: bool) -> Cookie<'static> {
        let mut cookie = self.named(reader_cookie_name(behind_tls), behind_tls);
        cookie.make_permanent();
        cookie
    }

    fn named(self, name: &'static str, behind_tls: bool) -> Cookie<'static> {
        Cookie::build((name, self.0))
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

const fn reader_cookie_name(behind_tls: bool) -> &'static str {
    if behind_tls {
        "__Host-shikaku-reader"
    } else {
        "shikaku-reader"
    }
}

/// Takes the cookie away.
pub(crate) fn removal(behind_tls: bool) -> Cookie<'static> {
    let mut cookie = Token(String::new()).into_cookie(behind_tls);
    cookie.make_removal();
    cookie
}

/// What the page of a session is told.
pub(crate) fn info(
    state: &AppState,
    account: &Account,
    standing: Standing,
    token: &Token,
) -> SessionInfo {
    let is_locked = standing != Standing::Open;
    SessionInfo {
        user_id: account.user_id.clone(),
        role: account.role,
        medical_institution_code: account.institution.medical_institution_code.clone(),
        institution_name: account.institution.name.clone(),
        today: state.now().tokyo_date(),
        rules: state.session_rules,
        is_locked,
        must_change_password: account.one_time_until.is_some(),
        must_add_passkey: account.must_add_passkey(),
        passcode_is_void: false,
        page_key: (!is_locked).then(|| token.page_key()),
    }
}
