//! What both sides sign, and the code that people compare.
//!
//! Pure: the page signs and digests with `WebCrypto`, the bridge with a library.

/// What is said in a greeting, as it stands in the messages.
#[derive(Debug, Clone, Copy)]
pub struct Greeting<'a> {
    /// The page's origin as the browser tells it: `https://clinic.example`.
    pub origin: &'a str,
    /// [`super::Hello::key`].
    pub page_key: &'a str,
    /// [`super::Hello::nonce`].
    pub page_nonce: &'a str,
    /// [`super::Challenge::bridge_key`].
    pub bridge_key: &'a str,
    /// [`super::Challenge::nonce`].
    pub bridge_nonce: &'a str,
    /// [`super::Challenge::version`].
    pub version: u16,
}

/// What the bridge signs: it is there, now, for this page.
pub fn bridge_statement(greeting: &Greeting<'_>) -> String {
    statement("bridge", greeting)
}

/// What the page signs: it is there, now, for this bridge.
pub fn page_statement(greeting: &Greeting<'_>) -> String {
    statement("page", greeting)
}

/// What [`code`] is made of: take its SHA-256.
pub fn code_statement(greeting: &Greeting<'_>) -> String {
    statement("code", greeting)
}

/// The six digits that both sides show, from the SHA-256 of [`code_statement`].
///
/// One in a million others has the same; as the bridge chooses its nonce after the page
/// has told its key, nobody can look for one.
pub fn code(digest: &[u8; 32]) -> String {
    let [a, b, c, d, ..] = *digest;
    format!("{:06}", u32::from_be_bytes([a, b, c, d]) % 1_000_000)
}

/// One line each, so that no part can pass for another: none can hold a line's end.
fn statement(purpose: &str, greeting: &Greeting<'_>) -> String {
    let Greeting {
        origin,
        page_key,
        page_nonce,
        bridge_key,
        bridge_nonce,
        version,
    } = greeting;
    format!(
        "shikaku-reader-bridge\n{purpose}\n{version}\n{origin}\n{page_key}\n{page_nonce}\n\
         {bridge_key}\n{bridge_nonce}\n"
    )
}
