"""The redirects of a request, and what may be sent to their targets. Pure."""

from __future__ import annotations

from monitor.fetch.outcome import FetchFailed
from monitor.fetch.reply import PERMANENT_REDIRECTS, REDIRECTS_KEEPING_METHOD, HeaderList, Reply
from monitor.fetch.transport import OutgoingRequest, Target, parse
from monitor.model import DEFAULT_REQUEST, Request


class RedirectChain:
    """The redirects from the requested address to the address that answers.

    `request` says what to send. Its secrets are sent only to its trusted address. Raises FetchFailed if the trusted
    address is not valid.
    """

    def __init__(self, first: Target, request: Request = DEFAULT_REQUEST) -> None:
        self.target = first
        self._first = first
        self._trusted_target = first if request.trusted_url is None else parse(request.trusted_url)
        self._at_trusted_origin = first.origin == self._trusted_target.origin
        self._request = request if self._at_trusted_origin else request.without_body()
        self._seen = {(self._request.method, first.url)}
        self._is_permanent = True
        self.moved_to: str | None = None
        """The new address, if every redirect was permanent.

        A redirect from https to http is followed, because the documents are public. But it never counts as permanent:
        a secure address is not replaced by an insecure one.
        """

    @property
    def redirected(self) -> bool:
        """Whether at least one redirect was followed."""
        return self.target is not self._first

    @property
    def verify(self) -> bool:
        """Whether the certificate of the present host is checked."""
        return self._request.verify or self.is_other_host

    @property
    def legacy(self) -> bool:
        """Whether the present host may use outdated TLS."""
        return self._request.tls == "legacy" and not self.is_other_host

    @property
    def is_other_host(self) -> bool:
        """Whether the present host is not the trusted one, so that `verify` and `legacy` do not apply to it."""
        return self.target.host != self._trusted_target.host

    @property
    def has_withheld(self) -> bool:
        """Whether headers or a login are not sent, because a redirect has left the trusted origin."""
        return self.redirected and not self._at_trusted_origin and bool(self._request.headers or self._login)

    @property
    def _login(self) -> bytes | None:
        return self._first.authorization or self._trusted_target.authorization

    def outgoing(self, default_headers: HeaderList, conditions: HeaderList) -> OutgoingRequest:
        """Return what to send to the present target.

        These are `default_headers` and the headers of the request, which override them. `conditions` are sent only with
        a GET, and only to its first address.
        """
        own_headers = self._own_headers()
        own_names = {name.lower() for name, _ in own_headers}
        headers = [pair for pair in default_headers if pair[0].lower() not in own_names] + own_headers
        conditional = bool(conditions) and not self.redirected and self._request.method == "GET"
        headers_sent = [*headers, *conditions] if conditional else headers
        return OutgoingRequest(self._request.method, headers_sent, self._request.body, conditional=conditional)

    def _own_headers(self) -> HeaderList:
        """Return the headers of the request and its login, unless a redirect has left the trusted origin."""
        agent = self._request.user_agent
        own = [] if agent is None else [(b"User-Agent", agent.encode("latin-1", "replace"))]
        if not self._at_trusted_origin:
            return own
        stated = [(name.encode("ascii"), value.encode("latin-1", "replace")) for name, value in self._request.headers]
        if self._login is not None and not self._request.has_header("Authorization"):
            own.append((b"Authorization", self._login))
        return own + stated

    def follow(self, reply: Reply) -> None:
        """Follow a redirect. Raises FetchFailed if it has no address, or leads in a circle.

        A POST becomes a GET, as in browsers, unless the status of the redirect keeps the method. In that case the POST
        is repeated at the same origin; for another origin FetchFailed is raised.
        """
        location = reply.first(b"location")
        if location is None:
            raise FetchFailed("redirect", f"the server answered {reply.status} without an address to go to")
        next_target = self.target.join(location)
        at_home = self._at_trusted_origin and next_target.origin == self._trusted_target.origin
        if reply.status not in REDIRECTS_KEEPING_METHOD or self._request.method == "GET":
            self._request = self._request.without_body()
        elif not at_home:
            raise FetchFailed(
                "redirect",
                f"the server redirects the POST to {next_target.host}, and its body goes to no other origin; if that "
                "is meant, write the new address into url",
            )
        if (self._request.method, next_target.url) in self._seen:
            raise FetchFailed("redirect", "the server redirects in a circle (it may insist on cookies)")
        self._seen.add((self._request.method, next_target.url))
        downgraded = self.target.scheme == "https" and next_target.scheme == "http"
        self._is_permanent = self._is_permanent and reply.status in PERMANENT_REDIRECTS and not downgraded
        self.moved_to = next_target.url if self._is_permanent else None
        self._at_trusted_origin = at_home
        self.target = next_target
