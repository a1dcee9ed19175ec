"""Servers that are not up to date, certificates that are not right: what is reported, and what a source may allow."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from monitor.clock import SystemClock
from monitor.fetch import Fetched, FetchError, Gate
from monitor.fetch.backend import DeadlineStream, ReceiveMeter, TlsContext
from monitor.fetch.deadline import Deadline, StopSwitch
from monitor.fetch.handshake import explain_tls_error
from monitor.fetch.tls import TlsContexts
from monitor.model import Request

Make = Callable[..., Any]

LEGACY = Request(tls="legacy")
UNVERIFIED = Request(verify=False)
OLD_TLS = pytest.mark.skipif(not (ssl.HAS_TLSv1 and ssl.HAS_TLSv1_1), reason="this OpenSSL cannot speak old TLS")
NOW = dt.datetime.now(dt.UTC)


def failed(answer: object) -> FetchError:
    assert isinstance(answer, FetchError), answer
    return answer


def serving(certificate: trustme.LeafCert | None = None, *, ciphers: str = "DEFAULT:@SECLEVEL=0") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(ciphers)
    if certificate is not None:
        certificate.configure_cert(context)
    return context


def outdated(context: ssl.SSLContext, version: ssl.TLSVersion) -> ssl.SSLContext:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that these versions are of old is the point
        context.minimum_version = context.maximum_version = version
    return context


def short_key(folder: Path, *, bits: int) -> Path:
    """Write a self-signed certificate for 127.0.0.1 with its key, in one file."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "old.example")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - dt.timedelta(days=1))
        .not_valid_after(NOW + dt.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file


@pytest.fixture
def certificate(authority: trustme.CA) -> trustme.LeafCert:
    return authority.issue_cert("127.0.0.1", "secure.example")


@pytest.fixture
def gate(make_gate: Make, client_tls: ssl.SSLContext) -> Gate:
    return make_gate(tls=client_tls)  # type: ignore[no-any-return]  # the fixture promises Any


def hello(call: Any) -> None:
    call.answer(200, b"hello")


# --- servers of old ---


@OLD_TLS
@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1"])
def test_a_server_that_only_speaks_old_tls_is_read_by_a_legacy_source_alone(
    serve: Make, gate: Gate, certificate: trustme.LeafCert, version: str
) -> None:
    server = serve(hello, tls=outdated(serving(certificate), ssl.TLSVersion[version]))
    answer = failed(gate.get(server.url()))
    assert answer.kind == "tls"
    assert 'set tls = "legacy"' in answer.reason
    assert isinstance(gate.get(server.url(), request=LEGACY), Fetched)
    assert failed(gate.get(server.url())).kind == "tls", "what one source allows holds for no other"


def test_a_server_that_only_knows_old_ciphers_is_read_by_a_legacy_source_alone(
    serve: Make, gate: Gate, authority: trustme.CA
) -> None:
    certificate = authority.issue_cert("127.0.0.1", key_type=trustme.KeyType.RSA)
    old = outdated(serving(certificate, ciphers="AES128-SHA:@SECLEVEL=0"), ssl.TLSVersion.TLSv1_2)
    server = serve(hello, tls=old)
    assert 'set tls = "legacy"' in failed(gate.get(server.url())).reason
    assert isinstance(gate.get(server.url(), request=LEGACY), Fetched)


def test_a_server_with_a_short_key_is_read_by_a_legacy_source_alone(
    serve: Make, make_gate: Make, tmp_path: Path
) -> None:
    file = short_key(tmp_path, bits=1024)
    old = serving()
    old.load_cert_chain(file)
    trusting = ssl.create_default_context(cafile=str(file))
    gate = make_gate(tls=trusting)
    server = serve(hello, tls=old)
    answer = failed(gate.get(server.url()))
    assert "too short" in answer.reason
    assert 'set tls = "legacy"' in answer.reason
    assert isinstance(gate.get(server.url(), request=LEGACY), Fetched)


def test_a_legacy_source_checks_certificates_and_speaks_modern_tls(
    serve: Make, gate: Gate, make_gate: Make, certificate: trustme.LeafCert
) -> None:
    server = serve(hello, tls=serving(certificate))
    versions: list[str | None] = []

    def noting(call: Any) -> None:
        versions.append(call.sock.version())
        hello(call)

    server.handler = noting
    assert isinstance(gate.get(server.url(), request=LEGACY), Fetched)
    assert versions == ["TLSv1.3"]
    stranger = make_gate()
    answer = failed(stranger.get(server.url(), request=LEGACY))
    assert "certificate is not trustworthy" in answer.reason
    assert "verify = false" in answer.reason


@OLD_TLS
def test_legacy_is_for_the_host_of_the_source_alone(serve: Make, make_gate: Make, names: Make, wires: Make) -> None:
    authority, client_tls = trustme.CA(), ssl.create_default_context()
    authority.configure_trust(client_tls)
    leaf = authority.issue_cert("secure.example", "other.example")
    server = serve(
        lambda call: (
            call.answer(302, b"", {"Location": "https://other.example/x"}) if call.path == "/" else hello(call)
        ),
        tls=outdated(serving(leaf), ssl.TLSVersion.TLSv1),
    )
    resolver = names({"secure.example": ["8.8.8.8"], "other.example": ["8.8.8.8"]})
    gate = make_gate(resolver=resolver, dialer=wires(server.port), tls=client_tls)
    answer = failed(gate.get("https://secure.example/", request=LEGACY))
    assert answer.kind == "tls"
    assert "other.example" in answer.reason
    assert isinstance(gate.get("https://secure.example:8443/x", request=LEGACY), Fetched)
    page = LEGACY.for_page("https://secure.example/")
    assert isinstance(gate.get("https://secure.example/x", request=page), Fetched)
    assert failed(gate.get("https://other.example/x", request=page)).kind == "tls"


def test_no_line_is_without_encryption() -> None:
    context = TlsContexts().of(verify=True, legacy=True)()
    ciphers = {cipher["name"] for cipher in context.get_ciphers()}
    assert "AES128-SHA" in ciphers
    assert not any("NULL" in name or name.startswith(("ADH", "AECDH", "EXP")) for name in ciphers)
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.options & ssl.OP_NO_SSLv3
    assert not context.verify_flags & ssl.VERIFY_X509_STRICT
    assert context.cert_store_stats()["x509_ca"] > 50


def test_each_context_is_made_once() -> None:
    contexts = TlsContexts()
    assert contexts.of(verify=True, legacy=False)() is contexts.of(verify=True, legacy=False)()
    assert contexts.of(verify=True, legacy=False)() is not contexts.of(verify=True, legacy=True)()


# --- certificates ---


def test_a_self_signed_certificate_is_reported_and_may_be_allowed(serve: Make, gate: Gate, tmp_path: Path) -> None:
    context = serving()
    context.load_cert_chain(short_key(tmp_path, bits=2048))
    server = serve(hello, tls=context)
    answer = failed(gate.get(server.url()))
    assert "it is self-signed" in answer.reason
    assert "verify = false" in answer.reason
    assert isinstance(gate.get(server.url(), request=UNVERIFIED), Fetched)
    assert failed(gate.get(server.url())).kind == "tls", "what one source allows holds for no other"


@pytest.mark.parametrize(
    ("days", "message"), [((-10, -2), "it has expired"), ((2, 10), "not valid yet (or this machine's clock is wrong)")]
)
def test_a_certificate_out_of_its_time_is_reported_and_may_be_allowed(
    serve: Make, gate: Gate, authority: trustme.CA, days: tuple[int, int], message: str
) -> None:
    begins, ends = (NOW + dt.timedelta(days=day) for day in days)
    leaf = authority.issue_cert("127.0.0.1", not_before=begins, not_after=ends)
    server = serve(hello, tls=serving(leaf))
    assert message in failed(gate.get(server.url())).reason
    assert isinstance(gate.get(server.url(), request=UNVERIFIED), Fetched)


def test_a_certificate_for_another_name_is_reported_and_may_be_allowed(
    serve: Make, gate: Gate, authority: trustme.CA
) -> None:
    server = serve(hello, tls=serving(authority.issue_cert("other.example")))
    assert "it is for another address" in failed(gate.get(server.url())).reason
    assert isinstance(gate.get(server.url(), request=UNVERIFIED), Fetched)


def test_another_host_is_always_verified(serve: Make, make_gate: Make, names: Make, wires: Make) -> None:
    unknown = trustme.CA().issue_cert("one.example", "two.example")
    server = serve(
        lambda call: call.answer(302, b"", {"Location": "https://two.example/x"}) if call.path == "/" else hello(call),
        tls=serving(unknown),
    )
    resolver = names({"one.example": ["8.8.8.8"], "two.example": ["8.8.8.8"]})
    gate = make_gate(resolver=resolver, dialer=wires(server.port))
    assert isinstance(gate.get("https://one.example/x", request=UNVERIFIED), Fetched)
    answer = failed(gate.get("https://one.example/", request=UNVERIFIED))
    assert "no secure connection to two.example: its certificate is not trustworthy" in answer.reason
    assert "to another host, for which the source's verify and tls do not count; if that host is meant" in answer.reason


@OLD_TLS
def test_both_may_be_allowed_at_once(serve: Make, make_gate: Make, tmp_path: Path) -> None:
    context = outdated(serving(), ssl.TLSVersion.TLSv1)
    context.load_cert_chain(short_key(tmp_path, bits=1024))
    server = serve(hello, tls=context)
    assert isinstance(make_gate().get(server.url(), request=Request(tls="legacy", verify=False)), Fetched)


# --- the words ---


def _error(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, "whatever")
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("UNSAFE_LEGACY_RENEGOTIATION_DISABLED", "the old, unsafe renegotiation"),
        ("DH_KEY_TOO_SMALL", "Diffie-Hellman"),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", "refused to agree"),
    ],
)
def test_the_setting_that_helps_is_named_where_it_is_not_set(reason: str, message: str) -> None:
    assert message in explain_tls_error(_error(reason), legacy=False)
    assert 'tls = "legacy"' in explain_tls_error(_error(reason), legacy=False)
    assert "legacy" not in explain_tls_error(_error(reason), legacy=True).replace("old, unsafe", "")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (_error("SOME_NEW_THING"), "some new thing"),
        (_error("WRONG_VERSION_NUMBER"), "the server does not speak TLS on this port"),
        (_error(""), "the server hung up"),
        (ConnectionResetError(), "the server hung up"),
    ],
)
def test_what_no_setting_fixes_names_none(error: Exception, message: str) -> None:
    assert explain_tls_error(error, legacy=False) == message


def test_a_certificate_that_is_only_of_old_form_is_for_legacy() -> None:
    error = ssl.SSLCertVerificationError(1, "whatever")
    error.verify_code, error.verify_message = 92, "CA cert does not include key usage extension"
    message = explain_tls_error(error, legacy=False)
    assert message == (
        "its certificate is not trustworthy: CA cert does not include key usage extension; to read the source anyway, "
        'set tls = "legacy" on it'
    )
    assert "verify = false" in explain_tls_error(error, legacy=True)


def test_an_unknown_fault_of_a_certificate_is_reported_in_openssl_s_words() -> None:
    error = ssl.SSLCertVerificationError(1, "whatever")
    error.verify_code, error.verify_message = 23, "certificate revoked"
    assert explain_tls_error(error, legacy=False).startswith(
        "its certificate is not trustworthy: certificate revoked; "
    )


# --- connections on which TLS cannot begin ---


class NoAuthorities:
    """Authorities that cannot be loaded, for example because too many files are open."""

    allows_outdated = False

    def __call__(self) -> ssl.SSLContext:
        raise OSError("too many open files")


@pytest.mark.parametrize(
    ("tls", "name", "error"),
    [
        (NoAuthorities(), "a.example", OSError),
        (TlsContexts(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)).of(verify=True, legacy=False), ".example", ValueError),
    ],
    ids=["no authorities", "no name for a certificate"],
)
def test_a_connection_on_which_tls_cannot_begin_is_closed(tls: TlsContext, name: str, error: type[Exception]) -> None:
    stop = StopSwitch()
    ours, theirs = socket.socketpair()
    stream = DeadlineStream(ours, Deadline(60.0, SystemClock(), stop), ReceiveMeter(1000), tls)
    with theirs:
        with pytest.raises(error):
            stream.secure(name)
        assert ours.fileno() == -1
    stop.close()
