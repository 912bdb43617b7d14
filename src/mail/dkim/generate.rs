//! New keys, as PKCS#8 in PEM: what every other tool reads too.

use std::fmt::Write as _;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, RsaKeyPair};
use data_encoding::BASE64;

/// What to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// RSA with 2048 bits, which every receiver verifies and which fits into any DNS.
    Rsa2048,
    /// RSA with 3072 bits.
    Rsa3072,
    /// RSA with 4096 bits: the most that receivers have to verify (RFC 8301, 3.2).
    Rsa4096,
    /// Ed25519 (RFC 8463).
    Ed25519,
}

/// A private key as the text of a file (RFC 7468, 10). Version 1 without the public half, which OpenSSL reads in all its
/// versions.
///
/// # Errors
/// The system gives no random numbers.
pub fn generate(kind: Kind) -> Result<String, Unspecified> {
    let rsa = |size| RsaKeyPair::generate(size).and_then(|pair| pem(&pair));
    match kind {
        Kind::Rsa2048 => rsa(KeySize::Rsa2048),
        Kind::Rsa3072 => rsa(KeySize::Rsa3072),
        Kind::Rsa4096 => rsa(KeySize::Rsa4096),
        Kind::Ed25519 => Ed25519KeyPair::generate().and_then(|pair| pem(&pair)),
    }
}

fn pem(pair: &impl AsDer<Pkcs8V1Der<'static>>) -> Result<String, Unspecified> {
    let base64 = BASE64.encode(pair.as_der()?.as_ref());
    let mut text = "-----BEGIN PRIVATE KEY-----\n".to_owned();
    for line in base64.as_bytes().chunks(64) {
        let _ = writeln!(text, "{}", String::from_utf8_lossy(line));
    }
    text.push_str("-----END PRIVATE KEY-----\n");
    Ok(text)
}
