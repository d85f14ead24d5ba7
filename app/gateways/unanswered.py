"""What may come of asking a house elsewhere over HTTPS, in place of its answer?"""

from typing import Final

import httpx

UNANSWERED: Final = (httpx.HTTPError, httpx.InvalidURL, OSError)
"""OSError: an alert that comes after the handshake is an `ssl.SSLError` that httpx lets through as it is (TLS 1.3: our
certificate was wanted); `TimeoutError`, which ends the whole time, is one of them too.
"""
