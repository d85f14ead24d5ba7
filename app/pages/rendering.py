"""How does a screen become HTML? A template, the strings of the reader's language, and a strict content policy."""

import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from app.routers.language import CHINESE, ENGLISH

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing from elsewhere, nothing inline, in nobody's frame."""
CLOSED: Final = {
    "content-security-policy": POLICY,
    "permissions-policy": "camera=(), microphone=(), geolocation=(), display-capture=()",
}
"""What a screen may do unless it says otherwise."""
TEMPLATES: Final = Environment(
    loader=PackageLoader("app.pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def strings(language: str) -> Mapping[str, Mapping[str, str]]:
    """The words of every screen, one table each."""
    return tomllib.loads((resources.files("app.pages") / "strings" / f"{language}.toml").read_text(encoding="utf-8"))


STRINGS: Final = {language: strings(language) for language in (CHINESE, ENGLISH)}


def page(name: str, *, language: str, **shown: object) -> HTMLResponse:
    """The screen `name`; whatever is shown is escaped."""
    html = TEMPLATES.get_template(f"{name}.html").render(
        language=language, words=STRINGS[language][name], house=STRINGS[language]["house"], **shown
    )
    headers = {"content-language": language, "vary": "accept-language", **CLOSED}
    return HTMLResponse(html, headers=headers)
