//! Who issued a certificate. JPKI has one level, and all generations of its roots
//! have the same name: only the signature tells them apart.

use rsa::RsaPublicKey;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::pkcs8::DecodePublicKey as _;
use rsa::sha2::Sha256;
use rsa::signature::Verifier as _;
use rsa::traits::PublicKeyParts as _;
use x509_parser::certificate::X509Certificate;
use x509_parser::x509::SubjectPublicKeyInfo;

use super::roots::Root;

/// The sizes of keys that are believed, in bits.
const BITS: std::ops::RangeInclusive<u32> = 2048..=4096;

/// A root's key.
pub(super) type Key = VerifyingKey<Sha256>;

/// The roots that have issued a certificate: those of the issuer's name, byte for
/// byte, whose key has signed it. More than one only where one key has two of them.
pub(super) fn issuers<'r>(roots: &'r [Root], certificate: &X509Certificate<'_>) -> Vec<&'r Root> {
    let issuer = certificate.issuer().as_raw();
    let of_the_name = roots.iter().filter(|root| root.subject == issuer);
    of_the_name
        .filter(|root| is_signed_by(certificate, &root.key))
        .collect()
}

/// The key of an authority: RSA of a size that is believed.
pub(super) fn key(info: &SubjectPublicKeyInfo<'_>) -> Option<Key> {
    let key = RsaPublicKey::from_public_key_der(info.raw).ok()?;
    BITS.contains(&key.n().bits_vartime())
        .then(|| Key::new(key))
}

/// Whether a key has signed a certificate, by the one way that JPKI signs. What is
/// not signed, the wrapping, has to be as DER has it: one certificate is one sequence
/// of bytes.
pub(super) fn is_signed_by(certificate: &X509Certificate<'_>, key: &Key) -> bool {
    let signed = certificate.tbs_certificate.as_ref();
    let signature = &*certificate.signature_value.data;
    let is_exact = certificate.tbs_certificate.signature == certificate.signature_algorithm
        && certificate.as_raw() == wrap(signed, signature);
    is_exact
        && Signature::try_from(signature)
            .is_ok_and(|signature| key.verify(signed, &signature).is_ok())
}

/// sha256WithRSAEncryption (RFC 4055 5), in DER.
const ALGORITHM: [u8; 15] = [
    0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B, 0x05, 0x00,
];

/// A certificate of what is signed and the signature (RFC 5280 4.1).
fn wrap(signed: &[u8], signature: &[u8]) -> Vec<u8> {
    const SEQUENCE: u8 = 0x30;
    const BIT_STRING: u8 = 0x03;
    // No bit of the last byte is unused.
    let bits = object(BIT_STRING, &[&[0], signature]);
    object(SEQUENCE, &[signed, &ALGORITHM, &bits])
}

/// An object in DER, of less than 65,536 bytes: more are never looked at.
fn object(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let contents = parts.concat();
    let length = u16::try_from(contents.len()).unwrap_or(u16::MAX);
    let [high, low] = length.to_be_bytes();
    let header: &[u8] = match (high, low) {
        (0, ..0x80) => &[tag, low],
        (0, _) => &[tag, 0x81, low],
        _ => &[tag, 0x82, high, low],
    };
    [header, &contents].concat()
}
