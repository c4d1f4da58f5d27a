"""A proxy on this machine that has logged somebody in: it names them to the app, whatever the browser says."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

HEADER = b"X-Forwarded-User"


class Relay(socketserver.BaseRequestHandler):
    """One connection: the head of its first request is amended, a WebSocket's handshake among them; the rest passes."""

    server: "Proxy"

    def handle(self) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            got = self.request.recv(65536)
            if not got:
                return
            head += got
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(HEADER.lower() + b":")]
        with socket.create_connection(("127.0.0.1", self.server.port)) as app:
            app.sendall(b"\r\n".join([lines[0], HEADER + b": " + self.server.name, *lines[1:]]))
            back = threading.Thread(target=_pass, args=(app, self.request), daemon=True)
            back.start()
            _pass(self.request, app)
            back.join()


class Proxy(socketserver.ThreadingTCPServer):
    """Passes on to the app at `port` what comes, as from `name`."""

    daemon_threads, block_on_close = True, False

    def __init__(self, port: int, name: str):
        super().__init__(("127.0.0.1", 0), Relay)
        self.port, self.name = port, name.encode()


@contextmanager
def proxied(address: str, name: str) -> Iterator[str]:
    """Where the app at `address` answers to somebody of this name."""
    with Proxy(int(address.rpartition(":")[2]), name) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{proxy.server_address[1]}"
        proxy.shutdown()


def _pass(here: socket.socket, there: socket.socket) -> None:
    try:
        while data := here.recv(65536):
            there.sendall(data)
        there.shutdown(socket.SHUT_WR)
    except OSError:  # one side hung up
        return
