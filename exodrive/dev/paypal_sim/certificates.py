"""A certificate authority of the simulator's own, made when it starts, and the certificate that signs its webhooks."""

import base64
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NAME = "messageverificationcerts.sandbox.paypal.com"
VALID, BITS = timedelta(days=365), 2048


@dataclass(frozen=True)
class Signer:
    """`authority` is what a PAYPAL_CA_BUNDLE has to hold; `chain` is served. Both are PEM."""

    authority: bytes
    chain: bytes
    key: rsa.RSAPrivateKey

    @classmethod
    def made(cls, at: datetime) -> "Signer":
        """Valid from a year before `at` to a year after."""
        root_key, key = (rsa.generate_private_key(65537, BITS) for _ in range(2))
        root = _root(root_key, at)
        leaf = _leaf(key, root, root_key, at)
        return cls(_pem(root), _pem(leaf), key)

    def sign(self, message: str) -> str:
        """As PayPal does, in base64."""
        signature = self.key.sign(message.encode(), padding.PKCS1v15(), hashes.SHA256())
        return base64.b64encode(signature).decode()


def message(transmission_id: str, time: str, webhook_id: str, body: bytes) -> str:
    """What is signed: the checksum is an unsigned decimal of the bytes."""
    return f"{transmission_id}|{time}|{webhook_id}|{zlib.crc32(body)}"


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _builder(
    subject: str, issuer: x509.Name, key: rsa.RSAPrivateKey, at: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - VALID)
        .not_valid_after(at + VALID)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _root(key: rsa.RSAPrivateKey, at: datetime) -> x509.Certificate:
    name = "Exodrive PayPal simulator"
    return (
        _builder(name, _name(name), key, at)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def _leaf(
    key: rsa.RSAPrivateKey, root: x509.Certificate, root_key: rsa.RSAPrivateKey, at: datetime
) -> x509.Certificate:
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    return (
        _builder(NAME, root.subject, key, at)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(authority, critical=False)
        .sign(root_key, hashes.SHA256())
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
