//! Certificates for a test server: an authority of its own and one certificate, made anew each time.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

/// What a server needs for TLS, and what a client needs to trust it.
pub(super) struct Certified {
    pub(super) acceptor: TlsAcceptor,
    pub(super) authority_pem: String,
    /// For a server that reads both from files.
    pub(super) certificate_pem: String,
    pub(super) key_pem: String,
}

/// A certificate for one host name or IP address.
pub(super) fn certified(name: &str) -> Certified {
    let authority_key = KeyPair::generate().expect("a key");
    let mut authority = CertificateParams::new(Vec::new()).expect("legal names");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_pem = authority.self_signed(&authority_key).expect("a certificate").pem();
    let issuer = Issuer::new(authority, authority_key);

    let key = KeyPair::generate().expect("a key");
    let leaf = CertificateParams::new(vec![name.to_owned()]).expect("a legal name");
    let leaf = leaf.signed_by(&key, &issuer).expect("a certificate");
    let (certificate_pem, key_pem) = (leaf.pem(), key.serialize_pem());
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));

    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the default protocol versions")
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)
        .expect("a certificate that fits its key");
    Certified { acceptor: TlsAcceptor::from(Arc::new(config)), authority_pem, certificate_pem, key_pem }
}
