"""What is a protocol endpoint? A plain Starlette route that tells its template, so that logs and metrics can name it."""

from starlette.routing import Match, Route
from starlette.types import Scope


class PlainRoute(Route):
    """A route without FastAPI's parsing; FastAPI's own routes note themselves in the scope, Starlette's do not."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Starlette's match, with the route noted."""
        match, child = super().matches(scope)
        return match, {**child, "route": self}
