"""How does an answer leave? In one piece where it can: the server writes head and body apart, and each is a call of the system."""

import asyncio
from typing import Any, Final

LENGTH: Final = b"\r\ncontent-length: "


class Wire(asyncio.Transport):
    """A transport that holds a head for its body: one that names a length, for then the body follows at once.

    The head of a stream names none and leaves as it comes. What is still held when the answer is complete, as of a
    HEAD, is let go by `flush`; what is held when the connection ends goes before.
    """

    __slots__ = ("_held", "_inner")

    def __init__(self, inner: asyncio.Transport) -> None:
        self._inner = inner
        self._held = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Hold a head; send anything else behind what is held."""
        if self._held:
            held, self._held = self._held, b""
            self._inner.write(held + data)
        elif data[:5] == b"HTTP/" and LENGTH in bytes(data):
            self._held = bytes(data)
        else:
            self._inner.write(data)

    def flush(self) -> None:
        """Nothing more follows; who hung up is told nothing."""
        held, self._held = self._held, b""
        if held and not self._inner.is_closing():
            self._inner.write(held)

    def close(self) -> None:
        """Send what is held, then end."""
        self.flush()
        self._inner.close()

    def abort(self) -> None:
        """End at once."""
        self._held = b""
        self._inner.abort()

    def is_closing(self) -> bool:
        """Whether it ends or has ended."""
        return self._inner.is_closing()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand what comes to another: the connection became a socket."""
        self._inner.set_protocol(protocol)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Of the socket and the encryption."""
        return self._inner.get_extra_info(name, default)

    def pause_reading(self) -> None:
        """Take no more of a body for now."""
        self._inner.pause_reading()

    def resume_reading(self) -> None:
        """Go on."""
        self._inner.resume_reading()
