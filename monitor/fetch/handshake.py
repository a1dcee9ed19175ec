"""Explain in words why a TLS handshake failed, and what can be done about it. Pure."""

from __future__ import annotations

import ssl
from typing import Final

_EXPLANATIONS: Final = {
    "WRONG_VERSION_NUMBER": "the server does not speak TLS on this port",
    "UNSUPPORTED_PROTOCOL": "the server only speaks an outdated TLS version",
    "TLSV1_ALERT_PROTOCOL_VERSION": "the server only speaks an outdated TLS version",
    "UNSAFE_LEGACY_RENEGOTIATION_DISABLED": "the server only knows the old, unsafe renegotiation of TLS",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "the server refused to agree on a cipher",
    "DH_KEY_TOO_SMALL": "the server's Diffie-Hellman key is too short",
    "EE_KEY_TOO_SMALL": "the server's key is too short",
    "WRONG_SIGNATURE_TYPE": "the server only signs with an outdated hash",
    "LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED": "the server only signs with an outdated hash",
    "TLSV1_ALERT_INTERNAL_ERROR": "the server reported an internal error",
    "TLSV1_UNRECOGNIZED_NAME": "the server does not know this name",
    "UNEXPECTED_EOF_WHILE_READING": "the server hung up",
}

_OUTDATED_PROTOCOL_REASONS: Final = frozenset({
    "UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "UNSAFE_LEGACY_RENEGOTIATION_DISABLED",
    "SSLV3_ALERT_HANDSHAKE_FAILURE", "DH_KEY_TOO_SMALL", "EE_KEY_TOO_SMALL", "WRONG_SIGNATURE_TYPE",
    "LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED",
})  # fmt: skip
"""OpenSSL's reasons for failures that are due to an outdated server."""

_UNKNOWN_AUTHORITY: Final = (
    "it is signed by an authority that this machine does not know, or the server does not send the intermediate"
    " certificates"
)
# X509_V_ERR_… of OpenSSL: https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/
_CERTIFICATE_ERRORS: Final = {
    9: "it is not valid yet (or this machine's clock is wrong)",
    10: "it has expired",
    18: "it is self-signed",
    19: "it is self-signed, or signed by an authority that this machine does not know",
    20: _UNKNOWN_AUTHORITY,
    21: _UNKNOWN_AUTHORITY,
    62: "it is for another name",
    64: "it is for another address",
    66: "its key is too short",
    67: "its authority's key is too short",
    68: "a certificate in its chain is signed with an outdated hash algorithm (such as SHA-1)",
}
_WEAK_CERTIFICATE_CODES: Final = frozenset({66, 67, 68, *range(80, 94)})
"""Codes for weak keys and hashes, and for formal errors, which Python checks since 3.13 (`ssl.VERIFY_X509_STRICT`)."""

_LEGACY_REMEDY: Final = 'to read the source anyway, set tls = "legacy" on it'
_NO_VERIFY_REMEDY: Final = "to read the source anyway, set verify = false on it"


def explain_tls_error(error: Exception, *, legacy: bool) -> str:
    """Return what went wrong, and the setting that helps, if there is one.

    `legacy`: the source already has `tls = "legacy"`.
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        what = _CERTIFICATE_ERRORS.get(error.verify_code, error.verify_message)
        remedy = _LEGACY_REMEDY if error.verify_code in _WEAK_CERTIFICATE_CODES and not legacy else _NO_VERIFY_REMEDY
        return f"its certificate is not trustworthy: {what}; {remedy}"
    reason = error.reason if isinstance(error, ssl.SSLError) else None
    if not reason:
        return "the server hung up"
    words = _EXPLANATIONS.get(reason, reason.replace("_", " ").lower())
    return f"{words}; {_LEGACY_REMEDY}" if reason in _OUTDATED_PROTOCOL_REASONS and not legacy else words
