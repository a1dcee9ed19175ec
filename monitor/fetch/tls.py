"""TLS settings: the usual ones, or weaker ones for a source that asks for them.

A weaker context is a separate one: it is never used for a source that did not ask for it.
"""

from __future__ import annotations

import ssl
import threading
from typing import Final

from monitor.fetch.transport import trusted_authorities

# OpenSSL's option to connect to a server that cannot renegotiate securely (RFC 5746). Python has its name since 3.12.
_OP_LEGACY_SERVER_CONNECT: Final = 0x4
# Also allows weak keys, hashes and ciphers, but no cipher without encryption.
_LEGACY_CIPHERS: Final = "DEFAULT:!aNULL:!eNULL:@SECLEVEL=0"


class TlsContexts:
    """The TLS contexts of a gate. Each is made when it is first needed, because loading the authorities is slow."""

    def __init__(self, default: ssl.SSLContext | None = None) -> None:
        """Use `default` for sources without TLS options. All other contexts trust the authorities of `default`, too."""
        self._default = default
        self._lock = threading.Lock()
        self._made: dict[tuple[bool, bool], LazyTlsContext] = {}

    def of(self, *, verify: bool, legacy: bool) -> LazyTlsContext:
        """Return the context for these options. `verify`: check certificates. `legacy`: allow outdated TLS."""
        with self._lock:
            return self._made.setdefault((verify, legacy), LazyTlsContext(self._default, verify=verify, legacy=legacy))


class LazyTlsContext:
    """A context that is made when it is first used."""

    def __init__(self, default: ssl.SSLContext | None, *, verify: bool, legacy: bool) -> None:
        self.allows_outdated = legacy
        self._default = default
        self._verify = verify
        self._lock = threading.Lock()
        self._context: ssl.SSLContext | None = None

    def __call__(self) -> ssl.SSLContext:
        """Return the context, ready for use."""
        with self._lock:
            if self._context is None:
                self._context = self._make_context()
            return self._context

    def _make_context(self) -> ssl.SSLContext:
        usual = self._verify and not self.allows_outdated
        context = self._default if usual and self._default else _context_trusting(self._default)
        context.set_alpn_protocols(["http/1.1"])
        # With this option a broken connection would look like a closed one, and half a document like a whole one.
        context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
        if self.allows_outdated:
            # This also allows TLS 1.0 and 1.1, insecure renegotiation, short keys and old ciphers. Python's default is
            # TLS 1.2 and OpenSSL's security level 2; since 3.13 certificates must also follow RFC 5280 exactly. It is
            # still checked that the certificate is valid, from a known authority, and for this name.
            context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            context.options |= _OP_LEGACY_SERVER_CONNECT | ssl.OP_NO_SSLv3
            context.verify_flags &= ~ssl.VERIFY_X509_STRICT
            context.set_ciphers(_LEGACY_CIPHERS)
        if not self._verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def _context_trusting(default: ssl.SSLContext | None) -> ssl.SSLContext:
    """Return a new context that trusts the authorities of `default`; those of this machine if `default` is None."""
    if default is None:
        return trusted_authorities()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for authority in default.get_ca_certs(binary_form=True):
        context.load_verify_locations(cadata=authority)
    return context
