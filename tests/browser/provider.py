"""An OpenID Connect provider on this machine: whoever comes says who they are. For tests; needs joserfc."""

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "mtaa", "of the client"
PEOPLE = ("analyst", "operator", "stranger", "forger")  # the last one's token is for another log-in


class Provider(ThreadingHTTPServer):
    """Codes that were handed out and not yet redeemed, each with the claims that it stands for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.codes: dict[str, dict[str, Any]] = {}


class Answers(BaseHTTPRequestHandler):
    """The four endpoints."""

    server: Provider

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        if asked.path == "/.well-known/openid-configuration":
            issuer = self.server.issuer
            self._json(
                {
                    "issuer": issuer,
                    "authorization_endpoint": f"{issuer}/authorize",
                    "token_endpoint": f"{issuer}/token",
                    "jwks_uri": f"{issuer}/jwks",
                    "response_types_supported": ["code"],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256"],
                }
            )
        elif asked.path == "/jwks":
            self._json({"keys": [self.server.key.as_dict(private=False)]})
        elif asked.path == "/authorize" and query["client_id"] == CLIENT:
            self._answer("text/html", "".join(self._link(person, query) for person in PEOPLE).encode())
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        claims = self.server.codes.pop(body["code"][0], None)
        if self.path != "/token" or claims is None:
            self.send_error(400)
            return
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.server.key)
        self._json({"access_token": "none", "token_type": "Bearer", "expires_in": 60, "id_token": token})

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""

    def _link(self, person: str, query: dict[str, str]) -> str:
        code, now = secrets.token_hex(), int(time.time())
        self.server.codes[code] = {
            "iss": self.server.issuer,
            "aud": CLIENT,
            "sub": f"subject-{person}",
            "email": f"{person}@example.org",
            "email_verified": True,
            "iat": now,
            "exp": now + 60,
            "nonce": "another" if person == "forger" else query["nonce"],
        }
        back = urlencode({"code": code, "state": query["state"]})
        return f'<p><a href="{query["redirect_uri"]}?{back}">{person}</a></p>'

    def _json(self, value: dict[str, Any]) -> None:
        self._answer("application/json", json.dumps(value).encode())

    def _answer(self, kind: str, data: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def provided() -> Iterator[str]:
    """The issuer's address."""
    with Provider() as provider:
        threading.Thread(target=provider.serve_forever, daemon=True).start()
        yield provider.issuer
        provider.shutdown()
