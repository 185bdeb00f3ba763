"""Writes identity.json: device certificates of docs/e2ee.md section 5, made by pyca/cryptography and so by none of our own code.

    /usr/bin/python3 tests/vectors/identity.py > tests/vectors/identity.json
"""
import base64
import datetime
import hashlib
import json
import struct

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

# 2.25.333327326495318070901834229144023644788.2. The library takes no arcs as long as these, so it writes another of the same length.
PENDOPO_DEVICE = bytes.fromhex("6983f5c4c1828795a283b998f3c0879abc8af47402")
STAND_IN = x509.ObjectIdentifier("2.999.200000000.200000001.200000002.200000003.1000000")
STAND_IN_BYTES = bytes.fromhex("8837" "dfaf8400" "dfaf8401" "dfaf8402" "dfaf8403" "bd8440")


def text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def raw(key):
    return key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def seed_of(word):
    """The keys are for tests only, and anybody can make them anew."""
    return hashlib.sha256(f"Pendopo test vector {word}".encode()).digest()


def vector(content):
    size = len(content)
    if size < 64:
        return bytes([size]) + content
    if size < 16384:
        return struct.pack(">H", size | 0x4000) + content
    return struct.pack(">I", size | 0x80000000) + content


def signed(label, content):
    return vector(b"Pendopo 1.0 " + label.encode()) + vector(content)


def name_of(common_name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def case(title, name, organization, at):
    """`at`: milliseconds; certificates reach 12 hours back and forth, in whole seconds."""
    root = Ed25519PrivateKey.from_private_bytes(seed_of("root"))
    device = Ed25519PrivateKey.from_private_bytes(seed_of(f"device {title}"))
    account = seed_of(f"account {title}")[:16]
    serial = bytearray(seed_of(f"serial {title}")[:16])
    serial[0] = serial[0] & 0x3F | 0x40
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=at // 1000)
    reach = datetime.timedelta(hours=12)
    struct_bytes = b"\x01" + account + vector(organization.encode())
    value = b"\x04" + (bytes([len(struct_bytes)]) if len(struct_bytes) < 128 else b"\x81" + bytes([len(struct_bytes)])) + struct_bytes
    certificate = (
        x509.CertificateBuilder(
            issuer_name=name_of(hashlib.sha256(raw(root)).digest()[:20].hex()), subject_name=name_of(name), public_key=device.public_key(),
            serial_number=int.from_bytes(serial, "big"), not_valid_before=moment - reach, not_valid_after=moment + reach)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.KeyUsage(
                key_cert_sign=True, digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
                key_agreement=False, crl_sign=False, encipher_only=False, decipher_only=False),
            critical=True)
        .add_extension(x509.UnrecognizedExtension(STAND_IN, value), critical=True)
        .sign(root, None))
    stood_in = certificate.tbs_certificate_bytes
    assert stood_in.count(STAND_IN_BYTES) == 1
    body = stood_in.replace(STAND_IN_BYTES, PENDOPO_DEVICE)
    algorithm = bytes.fromhex("300506032b6570")
    whole = body + algorithm + b"\x03\x41\x00" + root.sign(body)
    assert 256 <= len(whole) < 65536
    return {
        "title": title,
        "name": name,
        "organization": organization,
        "accountId": text(account),
        "deviceSeed": text(seed_of(f"device {title}")),
        "deviceKey": text(raw(device)),
        "at": at,
        "proof": text(device.sign(signed("device", account + raw(device) + struct.pack(">Q", at)))),
        "serial": text(bytes(serial)),
        "notBefore": at // 1000 - 43200,
        "notAfter": at // 1000 + 43200,
        "certificate": text(b"\x30\x82" + struct.pack(">H", len(whole)) + whole),
    }


root_key = Ed25519PrivateKey.from_private_bytes(seed_of("root"))
print(json.dumps(
    {
        "about": "Device certificates of docs/e2ee.md section 5, written by identity.py. Bytes are base64url without padding, at is in ms, the validity in s.",
        "rootSeed": text(seed_of("root")),
        "root": text(raw(root_key)),
        "issuer": hashlib.sha256(raw(root_key)).digest()[:20].hex(),
        "cases": [
            case("plain", "Sri Mulyani", "", 1790000000123),
            case("organisation", "Nur\u2019aini Bt. \u00c9lie", "Kementerian Komunikasi dan Digital, Direktorat Jenderal Infrastruktur Digital", 1790000000999),
            case("last second of UTCTime", "Bu\u1e0di", "Sekretariat Negara", 2524564799000),
            case("across 2050", "\u738b\u5c0f\u660e", "BSSN", 2524608000000),
        ],
    }, indent=2, ensure_ascii=False))
