//! Private keys: read once, from PEM or DER, and what they sign.

use std::io::Read;
use std::path::Path;

use aws_lc_rs::digest::Digest;
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use data_encoding::BASE64;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;

use crate::mail::dkim::key_fault::KeyFault;

/// The longest file that is read, in bytes: an RSA key of 8192 bits has 6,400.
const LONGEST: u64 = 64 * 1024;

/// The most bits that a receiver has to verify (RFC 8301, 3.2).
const MOST_BITS: usize = 4096;

/// A key that signs. Debug shows no secret.
pub enum SigningKey {
    /// `rsa-sha256`
    Rsa(RsaKeyPair),
    /// `ed25519-sha256`
    Ed25519(Ed25519KeyPair),
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.algorithm())
    }
}

impl SigningKey {
    /// Reads a file.
    ///
    /// # Errors
    /// No file, or no key in it that can sign.
    pub fn read(file: &Path) -> Result<Self, KeyFault> {
        if !file.metadata()?.is_file() {
            return Err(KeyFault::NoFile);
        }
        let mut bytes = Vec::new();
        std::fs::File::open(file)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LONGEST {
            return Err(KeyFault::TooLong);
        }
        Self::parse(&bytes)
    }

    /// From PEM or DER: PKCS#8 (`PRIVATE KEY`) of both kinds, PKCS#1 (`RSA PRIVATE KEY`).
    ///
    /// # Errors
    /// No key that can sign.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyFault> {
        let key = if bytes.starts_with(&[0x30]) {
            PrivateKeyDer::try_from(bytes).map_err(|_| KeyFault::NoKey)?
        } else {
            PrivateKeyDer::from_pem_slice(bytes).map_err(|_| no_key(bytes))?
        };
        match key {
            PrivateKeyDer::Pkcs1(der) => rsa(RsaKeyPair::from_der(der.secret_pkcs1_der())),
            PrivateKeyDer::Pkcs8(der) => {
                let der = der.secret_pkcs8_der();
                // Which kind it is stands in an object identifier near the front.
                if let Ok(pair) = Ed25519KeyPair::from_pkcs8(der) {
                    return Ok(Self::Ed25519(pair));
                }
                rsa(RsaKeyPair::from_pkcs8(der))
            }
            _ => Err(KeyFault::OtherKind),
        }
    }

    /// `a=`
    #[must_use]
    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "rsa-sha256",
            Self::Ed25519(_) => "ed25519-sha256",
        }
    }

    /// The record that publishes the other half: for RSA a `SubjectPublicKeyInfo` (RFC 6376, 3.6.1, as its erratum 3017
    /// has it), for Ed25519 the 32 bytes alone (RFC 8463, 4.2).
    ///
    /// # Errors
    /// The cryptography has no memory left.
    pub fn record(&self) -> Result<String, KeyFault> {
        let (kind, public) = match self {
            Self::Rsa(pair) => {
                let der = pair.public_key().as_der();
                let der = der.map_err(|_| KeyFault::Damaged("no public key".to_owned()))?;
                ("rsa", BASE64.encode(der.as_ref()))
            }
            Self::Ed25519(pair) => ("ed25519", BASE64.encode(pair.public_key().as_ref())),
        };
        Ok(format!("v=DKIM1; k={kind}; p={public}"))
    }

    /// Signs what was hashed with SHA-256, always with the same bytes: RSASSA-PKCS1-v1_5, or pure Ed25519 over the hash
    /// (RFC 8463, 3). None where the cryptography has no memory left.
    pub(super) fn sign(&self, digest: &Digest) -> Option<Vec<u8>> {
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign_digest(&RSA_PKCS1_SHA256, digest, &mut signature).ok()?;
                Some(signature)
            }
            Self::Ed25519(pair) => Some(pair.try_sign(digest.as_ref()).ok()?.as_ref().to_vec()),
        }
    }
}

fn rsa(read: Result<RsaKeyPair, aws_lc_rs::error::KeyRejected>) -> Result<SigningKey, KeyFault> {
    let pair = read.map_err(|rejected| match rejected.description_() {
        "TooSmall" => KeyFault::Weak,
        "WrongAlgorithm" => KeyFault::OtherKind,
        other => KeyFault::Damaged(other.to_owned()),
    })?;
    let bits = pair.public_modulus_len() * 8;
    if bits > MOST_BITS { Err(KeyFault::Long(bits)) } else { Ok(SigningKey::Rsa(pair)) }
}

/// What a text without a private key holds instead. Older tools lock a key within its usual label (RFC 1421, 4.6.1.1).
fn no_key(text: &[u8]) -> KeyFault {
    let has = |label: &str| memchr::memmem::find(text, label.as_bytes()).is_some();
    if has("BEGIN ENCRYPTED PRIVATE KEY") || has("4,ENCRYPTED") {
        KeyFault::Locked
    } else if has("BEGIN OPENSSH PRIVATE KEY") {
        KeyFault::OpenSsh
    } else if has("PRIVATE KEY-----") {
        KeyFault::Damaged("its PEM can't be read".to_owned())
    } else if has("BEGIN PUBLIC KEY") || has("BEGIN RSA PUBLIC KEY") || has("BEGIN CERTIFICATE") {
        KeyFault::Public
    } else {
        KeyFault::NoKey
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture(name: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/dkim").join(name)
    }

    #[test]
    fn one_key_is_the_same_in_all_its_forms() {
        let record = |name: &str| SigningKey::read(&fixture(name)).unwrap().record().unwrap();
        let public = std::fs::read_to_string(fixture("public.pem")).unwrap();
        let base64: String = public.lines().filter(|line| !line.starts_with('-')).collect();
        assert_eq!(record("rsa-pkcs1.pem"), format!("v=DKIM1; k=rsa; p={base64}"));
        assert_eq!(record("rsa-pkcs1.pem"), record("rsa-pkcs8.pem"));
        for name in ["rsa-pkcs1.pem", "rsa-pkcs8.pem", "ed25519.pem"] {
            let pem = std::fs::read_to_string(fixture(name)).unwrap();
            let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
            let der = BASE64.decode(base64.as_bytes()).unwrap();
            assert_eq!(SigningKey::parse(&der).unwrap().record().unwrap(), record(name), "{name}");
        }
    }

    #[test]
    fn what_can_not_sign_is_named() {
        let read = |name: &str| SigningKey::read(&fixture(name)).unwrap_err().to_string();
        let cut = std::fs::read(fixture("rsa-pkcs8.pem")).unwrap();
        let parse = |bytes: &[u8]| SigningKey::parse(bytes).unwrap_err().to_string();
        let said = [
            read("none.pem"),
            read("."),
            read("README.md"),
            read("public.pem"),
            read("locked.pem"),
            read("locked-pkcs1.pem"),
            read("p256.pem"),
            read("rsa-1024.pem"),
            read("rsa-8192.pem"),
            parse(&cut[..cut.len() / 2]),
            parse(&[0x30, 0x03, 0x02, 0x01, 0x00]),
            parse(b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"),
            parse(b""),
        ];
        insta::assert_snapshot!(said.join("\n"), @"
        can't be read: No such file or directory (os error 2)
        is no file
        holds no private key
        holds what is public, and not the private key
        holds a key that is locked with a password
        holds a key that is locked with a password
        holds a key that is neither RSA nor Ed25519
        holds an RSA key of fewer than 2048 bits, which receivers trust less or not at all
        holds an RSA key of 8192 bits; receivers need not verify more than 4096
        holds a private key that is damaged (its PEM can't be read)
        holds a private key that is damaged (UnexpectedError)
        holds a key in the format of OpenSSH
        holds no private key
        ");
    }

    #[test]
    fn an_ed25519_signature_is_that_of_the_rfc() {
        // RFC 8463, appendix A: the key, the message, and the field that signs it.
        let seed = BASE64.decode(b"nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=").unwrap();
        let prefix = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
        let key = SigningKey::parse(&[&prefix[..], &seed].concat()).unwrap();
        assert_eq!(
            key.record().unwrap(),
            "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
        );
        let body = "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";
        let hash = crate::mail::dkim::body::BodyHash::of(body.as_bytes());
        assert_eq!(BASE64.encode(hash.as_ref()), "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
        let signed = concat!(
            "from:Joe SixPack <joe@football.example.com>\r\n",
            "to:Suzie Q <suzie@shopping.example.net>\r\n",
            "subject:Is dinner ready?\r\n",
            "date:Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n",
            "message-id:<20030712040037.46341.5F8J@football.example.com>\r\n",
            "dkim-signature:v=1; a=ed25519-sha256; c=relaxed/relaxed; d=football.example.com; ",
            "i=@football.example.com; q=dns/txt; s=brisbane; t=1528637909; h=from : to : ",
            "subject : date : message-id : from : subject : date; ",
            "bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=; b=",
        );
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, signed.as_bytes());
        assert_eq!(
            BASE64.encode(&key.sign(&digest).unwrap()),
            "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw=="
        );
    }
}
