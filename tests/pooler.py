"""A pooler of PostgreSQL connections, for the tests of what is done through one.

It does what PgBouncer does in transaction mode, and no more: clients log in once, and each of their transactions is
given whichever server process is free; in session mode a client keeps the one that it was given. The process that it
tells its clients at the login is made up (manual: 55.2, Message Flow).
"""

from __future__ import annotations

import os
import select
import socket
import struct
import threading
from collections import deque
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

_PLAIN_ONLY: Final = (80877103, 80877104)
"""SSLRequest and GSSENCRequest (manual: 55.7, Message Formats)."""
_TERMINATE: Final = b"X\x00\x00\x00\x04"


class Server:
    """A connection to the server, logged in, and what the server said to that."""

    def __init__(self, address: tuple[str, int], startup: bytes) -> None:
        self.socket = socket.create_connection(address)
        self.socket.sendall(startup)
        self.left = b""
        self.is_idle = False
        self.greeting = b""
        while not self.is_idle:
            self.greeting += self.receive()

    def receive(self) -> bytes:
        """What there is to be passed on; `is_idle` says whether no transaction is open after it."""
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionError("the server has closed the connection")
        self.left += data
        while len(self.left) >= 5:
            length = 1 + struct.unpack("!I", self.left[1:5])[0]
            if len(self.left) < length:
                break
            if self.left[:1] == b"Z":
                self.is_idle = self.left[5:6] == b"I"
            self.left = self.left[length:]
        return data

    def welcome(self) -> bytes:
        """The greeting with another process in it."""
        at = self.greeting.index(b"K\x00\x00\x00\x0c")
        return self.greeting[: at + 5] + os.urandom(8) + self.greeting[at + 13 :]


class Pooler:
    """Listens on a free local port while the block lasts; `url` is what clients connect to."""

    def __init__(self, url: str, *, session: bool = False) -> None:
        parts = urlsplit(url)
        self._address = (str(parts.hostname), int(parts.port or 5432))
        self._session = session
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._idle: deque[Server] = deque()
        self._open: list[socket.socket] = []
        port = self._listening.getsockname()[1]
        self.url = parts._replace(netloc=f"{parts.username}@127.0.0.1:{port}").geturl()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for each in [self._listening, *self._open]:
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            self._open.append(client)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            startup = _startup(client)
            server: Server | None = self._take(startup)
            assert server is not None
            client.sendall(server.welcome())
            while True:
                if server is not None and server.is_idle and not self._session:
                    self._idle.append(server)
                    server = None
                ready, _, _ = select.select([client, *([server.socket] if server else [])], [], [])
                if client in ready:
                    asked = client.recv(1 << 16)
                    if not asked or asked == _TERMINATE:
                        return
                    server = server or self._take(startup)
                    server.is_idle = False
                    server.socket.sendall(asked)
                if server is not None and server.socket in ready:
                    client.sendall(server.receive())
        except (OSError, ValueError):
            return
        finally:
            client.close()

    def _take(self, startup: bytes) -> Server:
        """The server connection that has been idle for longest, or a new one."""
        if self._idle and not self._session:
            return self._idle.popleft()
        server = Server(self._address, startup)
        self._open.append(server.socket)
        return server


def _startup(client: socket.socket) -> bytes:
    """The first message of a client, after its questions for encryption."""
    while True:
        head = client.recv(8, socket.MSG_WAITALL)
        length, code = struct.unpack("!II", head)
        if code not in _PLAIN_ONLY:
            return head + client.recv(length - 8, socket.MSG_WAITALL)
        client.sendall(b"N")
