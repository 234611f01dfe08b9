//! An authenticator in software, with a browser around it: honest unless told otherwise.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::harness::ORIGIN;

/// Somebody is there, and was verified; a credential is attached.
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

/// One passkey on one device, and what its browser says.
#[derive(Clone)]
pub(crate) struct Authenticator {
    pub(crate) key: SigningKey,
    pub(crate) credential_id: Vec<u8>,
    pub(crate) counter: u32,
    pub(crate) origin: String,
    pub(crate) rp_id: String,
    pub(crate) flags: u8,
    /// Instead of the one that was asked.
    pub(crate) challenge: Option<String>,
    /// Instead of the one of the ceremony.
    pub(crate) kind: Option<&'static str>,
}

impl Authenticator {
    /// A passkey of its own for each seed from 1 on.
    pub(crate) fn new(seed: u8) -> Self {
        Self {
            key: SigningKey::from_slice(&[seed; 32]).unwrap(),
            credential_id: vec![seed; 16],
            counter: 0,
            origin: ORIGIN.to_owned(),
            rp_id: "localhost".to_owned(),
            flags: PRESENT | VERIFIED,
            challenge: None,
            kind: None,
        }
    }

    /// As on a device that does not ask for a finger or a PIN.
    pub(crate) fn without_verification(mut self) -> Self {
        self.flags = PRESENT;
        self
    }

    /// `RegistrationResponseJSON` for options.
    pub(crate) fn register(&self, options: &str) -> String {
        let client_data = self.client_data(options, "webauthn.create");
        let mut data = self.data(self.flags | ATTESTED);
        data.extend([0; 16]);
        data.extend(
            u16::try_from(self.credential_id.len())
                .unwrap()
                .to_be_bytes(),
        );
        data.extend(&self.credential_id);
        data.extend(self.public_key());
        // CBOR: {"fmt": "none", "attStmt": {}, "authData": data}.
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(data);
        let response = json!({
            "clientDataJSON": encode(client_data.as_bytes()),
            "attestationObject": encode(&object),
            "transports": ["internal"],
        });
        self.credential(&response)
    }

    /// `AuthenticationResponseJSON` for options.
    pub(crate) fn prove(&mut self, options: &str) -> String {
        self.counter += 1;
        let client_data = self.client_data(options, "webauthn.get");
        let data = self.data(self.flags);
        let signed = [&data[..], &Sha256::digest(client_data.as_bytes())].concat();
        let signature: DerSignature = self.key.sign(&signed);
        let response = json!({
            "clientDataJSON": encode(client_data.as_bytes()),
            "authenticatorData": encode(&data),
            "signature": encode(signature.as_bytes()),
            "userHandle": null,
        });
        self.credential(&response)
    }

    fn credential(&self, response: &Value) -> String {
        let id = encode(&self.credential_id);
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        })
        .to_string()
    }

    fn client_data(&self, options: &str, kind: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        let asked = options["challenge"].as_str().unwrap();
        json!({
            "type": self.kind.unwrap_or(kind),
            "challenge": self.challenge.as_deref().unwrap_or(asked),
            "origin": self.origin,
            "crossOrigin": false,
        })
        .to_string()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(self.rp_id.as_bytes()).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// COSE, in CBOR: EC2, ES256, P-256, x, y.
    fn public_key(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let mut key = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".to_vec();
        key.extend(point.x().unwrap());
        key.extend(b"\x22\x58\x20");
        key.extend(point.y().unwrap());
        key
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
