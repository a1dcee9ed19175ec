"""Web addresses: made absolute as browsers do it, and brought to one form so that one article has one address."""

from monitor.text.address.absolute import absolute_url, host_of
from monitor.text.address.canonical import bare_host, canonical_url, former_url, had_another_form

__all__ = ["absolute_url", "bare_host", "canonical_url", "former_url", "had_another_form", "host_of"]
