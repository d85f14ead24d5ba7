r"""What does the HTTP gateway for text messages look like? A TOML file describes it; what is unsafe in it stops the start.

    [request]                        [signature]                                  [success]
    method = "POST"                  over = "{timestamp}\n{recipient}\n{body}"     status = [200]
    url = "https://sms.example/send" encoding = "hex"                             pointer = "/code"
    json = { to = "{recipient}", text = "{body}", sign = "{signature}" }          equals = "OK"

`json` or `form` is the body, value by value, so that no message can break out of its place; `headers` and `templates`
(ours to the gateway's, by `name.language`) are optional. Nothing but a URL's query is ever filled in.
"""

import json
import re
import tomllib
from collections.abc import Collection, Mapping
from typing import Any, Literal, Self
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
PLACE = re.compile(r"\{(\w+)\}")
IN_HEADERS = frozenset({"secret", "signature", "timestamp", "nonce", "message_id"})
"""What may stand in a header or be signed: never words of a message, whose line breaks would end it."""
ANYWHERE = IN_HEADERS | {
    "recipient",
    "digits",
    "national",
    "body",
    "template",
    "language",
    "code",
    "minutes",
    "payload",
}
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
STRICT = ConfigDict(extra="forbid", frozen=True, strict=True)


class Request(BaseModel):
    """What is asked of the gateway."""

    model_config = STRICT
    method: Literal["POST", "PUT", "GET"] = "POST"
    url: str
    headers: dict[str, str] = {}
    form: dict[str, str] | None = None
    body: dict[str, Any] | None = Field(None, alias="json")


class Signature(BaseModel):
    """HMAC-SHA256 under the gateway's secret."""

    model_config = STRICT
    over: str
    encoding: Literal["hex", "base64"] = "hex"


class Success(BaseModel):
    """What the gateway says when it took a message; all that is given must hold."""

    model_config = STRICT
    status: list[int] = [200]
    pointer: str | None = None
    """RFC 6901, into a JSON answer."""
    equals: str | int | bool | None = None
    pattern: str | None = None

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, given: str | None) -> str | None:
        try:
            re.compile(given or "")
        except re.error as error:
            raise ValueError(f"the pattern is none: {error}") from error
        return given

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.pointer is None) != (self.equals is None):
            raise ValueError("pointer and equals belong together")
        if self.pointer is None and self.pattern is None:
            raise ValueError("a status alone is no success: gateways answer 200 and an error within")
        return self

    def holds(self, status: int, answer: bytes) -> bool:
        """Whether the gateway said in so many words that it took the message."""
        if status not in self.status:
            return False
        text = answer.decode("utf-8", "replace")
        if self.pattern is not None and not re.search(self.pattern, text):
            return False
        return self.pointer is None or _pointed(text, self.pointer) == (type(self.equals), self.equals)


class SmsGateway(BaseModel):
    """A whole description."""

    model_config = STRICT
    request: Request
    signature: Signature | None = None
    success: Success
    templates: dict[str, str] = {}
    connect_seconds: float = 5.0
    whole_seconds: float = 15.0

    @property
    def needs_secret(self) -> bool:
        """Whether anything is made with the gateway's secret."""
        return self.signature is not None or "{secret}" in self.request.model_dump_json()

    @model_validator(mode="after")
    def _places_are_known(self) -> Self:
        _refuse_strangers(self.request.headers, IN_HEADERS, "request.headers")
        _refuse_strangers(self.request.form, ANYWHERE - {"payload"}, "request.form")
        _refuse_strangers(self.request.body, ANYWHERE - {"payload"}, "request.json")
        _refuse_strangers(self.request.url, ANYWHERE, "request.url")
        if self.signature is not None:
            _refuse_strangers(self.signature.over, ANYWHERE - {"signature"}, "signature.over")
        if self.request.form is not None and self.request.body is not None:
            raise ValueError("request.form and request.json are two bodies")
        return self


def parsed(text: str, *, hosts: Collection[str]) -> SmsGateway:
    """The description in a file; raises ValueError for one that is broken, or names a host that is not allowed."""
    gateway = SmsGateway.model_validate(tomllib.loads(text))
    where = urlsplit(gateway.request.url)
    if where.hostname not in hosts:
        raise ValueError(f"{where.hostname} is not among HUFU_SMS_GATEWAY_HOSTS")
    if where.scheme != "https" and where.hostname not in LOOPBACK:
        raise ValueError("a gateway on the network is spoken to by https")
    if PLACE.search(where.scheme + where.netloc + where.path):
        raise ValueError("nothing but the query of request.url is filled in")
    return gateway


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template with its places filled, each once: what a value holds is no place."""
    return PLACE.sub(lambda found: values[found[1]], template)


def filled_url(template: str, values: Mapping[str, str]) -> str:
    """The same for an address: every value is quoted whole."""
    return PLACE.sub(lambda found: quote(values[found[1]], safe=""), template)


def filled_json(template: Json, values: Mapping[str, str]) -> Json:
    """The same for every text within."""
    if isinstance(template, str):
        return filled(template, values)
    if isinstance(template, list):
        return [filled_json(each, values) for each in template]
    if isinstance(template, dict):
        return {name: filled_json(each, values) for name, each in template.items()}
    return template


def _refuse_strangers(given: object, known: Collection[str], where: str) -> None:
    """Raise where a place is named that nothing fills."""
    strange = set(PLACE.findall(json.dumps(given, ensure_ascii=False, default=str))) - set(known)
    if strange:
        raise ValueError(f"{where} names {', '.join(sorted(strange))}")


def _pointed(text: str, pointer: str) -> tuple[type, object] | None:
    """The value at an RFC 6901 pointer with its type (1 is not true); None: nothing is there."""
    try:
        found = json.loads(text)
        for part in pointer.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            found = found[int(name)] if isinstance(found, list) else found[name]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return None
    return type(found), found
