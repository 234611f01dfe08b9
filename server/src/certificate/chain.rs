//! Who issued a certificate. JPKI has one level, and all generations of its roots
//! have the same name: only the signature tells them apart.

use rsa::RsaPublicKey;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::pkcs8::DecodePublicKey as _;
use rsa::sha2::Sha256;
use rsa::signature::Verifier as _;
use rsa::traits::PublicKeyParts as _;
use x509_parser::certificate::X509Certificate;
use x509_parser::oid_registry::OID_PKCS1_SHA256WITHRSA;
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

/// Whether a key has signed a certificate, by the one way that JPKI signs.
pub(super) fn is_signed_by(certificate: &X509Certificate<'_>, key: &Key) -> bool {
    let outer = &certificate.signature_algorithm;
    let is_the_way = outer.algorithm == OID_PKCS1_SHA256WITHRSA
        && certificate.tbs_certificate.signature == *outer
        && certificate.signature_value.unused_bits == 0;
    let signature = Signature::try_from(&*certificate.signature_value.data);
    is_the_way
        && signature.is_ok_and(|signature| {
            let signed = certificate.tbs_certificate.as_ref();
            key.verify(signed, &signature).is_ok()
        })
}
