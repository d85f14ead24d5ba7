"""What is one unit of work? One connection, one commit, every store; leaving commits, raising rolls back."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Generic, TypeVar

from procrastinate import App as Queue
from psycopg import DatabaseError, OperationalError

from app.core.load import Load
from app.core.refusal import OutcomeUnknown, Unavailable
from app.storage.audit import Audit
from app.storage.authenticators import Authenticators
from app.storage.captures import Captures
from app.storage.clients import Clients
from app.storage.compromised_numbers import CompromisedNumbers
from app.storage.connections import Connection, Connections
from app.storage.consents import Consents
from app.storage.contacts import Contacts
from app.storage.face_blocks import FaceBlocks
from app.storage.face_counts import FaceCounts
from app.storage.face_listings import FaceListings
from app.storage.faces import Faces
from app.storage.gallery import Gallery
from app.storage.gathered import Gathered
from app.storage.guesses import Guesses
from app.storage.idempotency import Idempotency
from app.storage.images import Images
from app.storage.jobs import Jobs
from app.storage.keys import Keys
from app.storage.known_devices import KnownDevices
from app.storage.leftovers import Leftovers
from app.storage.liveness import LivenessChallenges
from app.storage.logins import Logins
from app.storage.messages import Messages
from app.storage.persons import Persons
from app.storage.proofings import Proofings
from app.storage.proposals import Proposals
from app.storage.reviews import Reviews
from app.storage.rotations import Rotations
from app.storage.sandbox_clock import SandboxClockRow
from app.storage.sendings import Sendings
from app.storage.sessions import Sessions
from app.storage.sms_codes import SmsCodes
from app.storage.staff import Staff
from app.storage.staff_sessions import StaffSessions
from app.storage.standing import Seen, look
from app.storage.subscribers import Subscribers
from app.storage.tokens import Tokens
from app.storage.verifiers import Verifiers

Kept = TypeVar("Kept")
RETRY_AFTER = timedelta(seconds=5)
ANSWER_SECONDS = 2.0
LONGEST = timedelta(minutes=5)
"""Of one unit of work: the worker's and the command line's. Whoever serves requests gives a shorter one."""


class _Store(Generic[Kept]):
    """A store of the unit's, made where it is asked for: most units need three of thirty."""

    def __init__(self, kind: Callable[[Connection], Kept]) -> None:
        self._kind = kind

    def __get__(self, work: "Work", _: type["Work"]) -> Kept:
        return self._kind(work.connection)


class Work:
    """Every store over one connection; what is written through any of them commits together or not at all."""

    audit = _Store(Audit)
    authenticators = _Store(Authenticators)
    captures = _Store(Captures)
    clients = _Store(Clients)
    compromised_numbers = _Store(CompromisedNumbers)
    consents = _Store(Consents)
    contacts = _Store(Contacts)
    face_blocks = _Store(FaceBlocks)
    face_counts = _Store(FaceCounts)
    face_listings = _Store(FaceListings)
    faces = _Store(Faces)
    gallery = _Store(Gallery)
    guesses = _Store(Guesses)
    idempotency = _Store(Idempotency)
    images = _Store(Images)
    keys = _Store(Keys)
    known_devices = _Store(KnownDevices)
    leftovers = _Store(Leftovers)
    liveness = _Store(LivenessChallenges)
    logins = _Store(Logins)
    messages = _Store(Messages)
    persons = _Store(Persons)
    proofings = _Store(Proofings)
    proposals = _Store(Proposals)
    rotations = _Store(Rotations)
    sandbox_clock = _Store(SandboxClockRow)
    sendings = _Store(Sendings)
    reviews = _Store(Reviews)
    sessions = _Store(Sessions)
    staff = _Store(Staff)
    staff_sessions = _Store(StaffSessions)
    sms_codes = _Store(SmsCodes)
    subscribers = _Store(Subscribers)
    tokens = _Store(Tokens)
    verifiers = _Store(Verifiers)

    def __init__(self, connection: Connection, queue: Queue) -> None:
        self.connection = connection
        self.jobs = Jobs(connection, queue)

    @asynccontextmanager
    async def part(self) -> AsyncIterator[None]:
        """A part that may fail alone: raising out of it undoes the part and leaves the rest of the unit standing."""
        async with self.connection.transaction():
            yield


class Database:
    """The pool of connections; `async with database.work() as work` is the only way in."""

    def __init__(
        self,
        url: str,
        queue: Queue,
        *,
        connections: int,
        acquire_seconds: float = 5.0,
        longest: timedelta = LONGEST,
        begun: Callable[[Work], Awaitable[None]] | None = None,
    ) -> None:
        self._queue = queue
        self._begun = begun
        self._connections = Connections(
            url, most=connections, acquire_seconds=acquire_seconds, longest_seconds=longest.total_seconds()
        )
        self.gathered = Gathered(self._connected)

    async def open(self) -> None:
        """Connect; requests before that are refused as unavailable."""
        await self._connections.open()

    async def close(self) -> None:
        """Give every connection back."""
        await self._connections.close()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """One unit of work; raises Unavailable where the database cannot be reached (A123), OutcomeUnknown where it was lost at COMMIT."""
        committing: Connection | None = None
        try:
            async with self._connections.begun() as connection:
                work = Work(connection, self._queue)
                if self._begun is not None:
                    await self._begun(work)
                yield work
                committing = connection
        except OperationalError as error:
            self._connections.suspect(error)
            unanswered = committing is not None and committing.closed
            raise (OutcomeUnknown if unanswered else Unavailable)(retry_after_seconds=RETRY_AFTER.seconds) from error

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[Work]:
        """Questions alone, each for itself, half as dear: for what is judged again where it is changed. Nothing is written here."""
        async with self._connected() as connection:
            work = Work(connection, self._queue)
            if self._begun is not None:
                await self._begun(work)
            yield work

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Work]:
        """One statement that changes and commits by itself; raises as `work` does, for it is its own COMMIT."""
        connection: Connection | None = None
        try:
            async with self._connections.taken() as connection:
                yield Work(connection, self._queue)
        except OperationalError as error:
            self._connections.suspect(error)
            unanswered = connection is not None and connection.closed
            raise (OutcomeUnknown if unanswered else Unavailable)(retry_after_seconds=RETRY_AFTER.seconds) from error

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Connection]:
        """A connection for one statement that commits by itself; raises Unavailable as `work` does."""
        try:
            async with self._connections.taken() as connection:
                yield connection
        except OperationalError as error:
            self._connections.suspect(error)
            raise Unavailable(retry_after_seconds=RETRY_AFTER.seconds) from error

    def load(self) -> Load:
        """Connections in use, and units of work waiting for one."""
        return self._connections.load()

    async def standing(self) -> Seen:
        """What the database knows of how we stand; raises Unavailable, sooner than a unit of work would.

        Also where it is not of the shape we ask for: of a database that was not migrated nobody is let in.
        """
        try:
            async with self._connections.begun(ANSWER_SECONDS) as connection:
                return await look(connection)
        except DatabaseError as error:
            if isinstance(error, OperationalError):
                self._connections.suspect(error)
            raise Unavailable(retry_after_seconds=RETRY_AFTER.seconds) from error

    async def answers(self) -> bool:
        """Whether a statement runs now; for readiness."""
        try:
            async with self._connections.begun(ANSWER_SECONDS) as connection:
                await connection.execute("SELECT 1")
        except OperationalError as error:
            self._connections.suspect(error)
            return False
        return True
