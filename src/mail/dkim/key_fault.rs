//! Why a file holds no key that can sign, in words for people.

/// What is wrong with a key. Its text goes on behind the name of the file.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// The file can't be opened or read.
    #[error("can't be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// There is no file, but a folder or something else.
    #[error("is no file")]
    NoFile,
    /// More than a key takes.
    #[error("is too long for a private key")]
    TooLong,
    /// Nothing that is known.
    #[error("holds no private key")]
    NoKey,
    /// A key that a password protects.
    #[error("holds a key that is locked with a password")]
    Locked,
    /// The other half, or a certificate.
    #[error("holds what is public, and not the private key")]
    Public,
    /// A key in the format of SSH.
    #[error("holds a key in the format of OpenSSH")]
    OpenSsh,
    /// A key of a kind that DKIM does not know (RFC 6376, 3.3; RFC 8463, 3).
    #[error("holds a key that is neither RSA nor Ed25519")]
    OtherKind,
    /// RSA below what signers should use (RFC 8301, 3.2).
    #[error("holds an RSA key of fewer than 2048 bits, which receivers trust less or not at all")]
    Weak,
    /// RSA above what receivers have to verify (RFC 8301, 3.2).
    #[error("holds an RSA key of {0} bits; receivers need not verify more than 4096")]
    Long(usize),
    /// A key that contradicts itself, or is cut off.
    #[error("holds a private key that is damaged ({0})")]
    Damaged(String),
}

impl KeyFault {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable(error) if error.kind() == std::io::ErrorKind::NotFound => {
                "a relative path starts at the site's folder; `tidings dkim keygen --domain example.org` makes a key"
            }
            Self::Unreadable(_) => "look at its permissions: whoever runs Tidings has to be able to read it",
            Self::NoFile | Self::TooLong | Self::NoKey => {
                "it is a PEM or DER file with a private key, PKCS#8 or PKCS#1; `tidings dkim keygen` makes one"
            }
            Self::Locked => "take the password off: openssl pkey -in locked.pem -out key.pem",
            Self::Public => "the private key is the file that was made together with it",
            Self::OpenSsh => "write it as PEM: ssh-keygen -p -m PEM -f key",
            Self::OtherKind => {
                "`tidings dkim keygen` makes an RSA key, and with --algorithm ed25519 the other kind"
            }
            Self::Weak => {
                "RFC 8301, 3.2 asks for 2048 bits: `tidings dkim keygen` with a new selector makes one"
            }
            Self::Long(_) => {
                "RFC 8301, 3.2: 2048 bits are usual; `tidings dkim keygen` with a new selector makes one"
            }
            Self::Damaged(_) => {
                "bring it back from a copy, or make a new one with a new selector: `tidings dkim keygen`"
            }
        }
    }
}
