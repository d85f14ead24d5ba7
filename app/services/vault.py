"""How do personal data rest and wake? Sealed under their person's own key; every waking is an event with its purpose."""

from collections.abc import Iterable
from enum import StrEnum

from app.core import ids
from app.core.audit import Actor, Event, Outcome
from app.core.entropy import Entropy
from app.core.ids import PersonId
from app.core.secret import Secret
from app.gateways.live_keys import LiveKeys
from app.gateways.sealing import Place, SealingKey, key_version, seal, unseal
from app.services.journal import Journal
from app.storage.persons import WrappedPersonKey
from app.storage.verifiers import Verifier
from app.storage.work import Work


class Sealed(StrEnum):
    """What is kept sealed, as `table.column`: part of what each ciphertext is bound to."""

    IMAGE = "images.sealed"
    LIKENESS = "images.sealed_likeness"
    STATEMENT = "reviews.sealed_statement"
    OWN_NUMBER = "reviewers.sealed_number"
    VOTE_REASON = "votes.sealed_reason"
    TYPED = "votes.sealed_typed"
    EXAMINATION = "proofings.sealed_examination"
    TYPED_FIELD = "proofings.sealed_typed"
    KNOWN = "proofings.sealed_known"
    LIVENESS = "liveness_challenges.sealed"
    LIVENESS_JUDGEMENT = "liveness_challenges.sealed_judgement"
    FACE = "proofings.sealed_face"
    REFERENCE = "face_references.sealed_image"
    DESCRIPTOR = "face_descriptors.sealed_descriptor"
    ATTRIBUTES = "subscribers.sealed_attributes"
    CONTACT = "contacts.sealed_address"
    ALIAS = "aliases.sealed_address"
    AUTHENTICATOR = "authenticators.sealed_secret"
    STAFF_NAME = "staff.sealed_name"
    STAFF_PASSWORD = "staff.sealed_password"  # noqa: S105  the name of a place
    STAFF_SEED = "staff.sealed_seed"
    RECIPIENT = "messages.sealed_recipient"
    BODY = "messages.sealed_body"
    VALUES = "messages.sealed_values"
    ANSWER = "idempotency_keys.sealed_answer"

    def at(self, row: str) -> Place:
        """The place of one row's value."""
        table, _, column = self.value.partition(".")
        return Place(table, column, row)


class Use(StrEnum):
    """What a keyed hash finds."""

    APPLICANT_TOKEN = "applicant_token"  # noqa: S105  the name of a use
    CLIENT_SECRET = "client_secret"  # noqa: S105
    AUTHORIZATION_CODE = "authorization_code"
    CONTACT_CODE = "contact_code"
    LOGIN_CODE = "login_code"
    ADDRESS = "address"
    RESIDENT_NUMBER = "resident_number"
    COMPROMISED_NUMBER = "compromised_number"
    IDENTITY = "identity"
    IMAGE = "image"
    LIKENESS = "likeness"
    FACE_BLOCK = "face_block"
    FACE_REFUSAL = "face_refusal"
    NETWORK = "network"
    DEVICE = "device"
    DEVICE_TOKEN = "device_token"  # noqa: S105
    SENDING = "sending"
    AUTHENTICATOR = "authenticator"
    STAFF_NAME = "staff_name"
    STAFF_SESSION = "staff_session"
    ENROLMENT_CODE = "enrolment_code"
    CAPTURE_CODE = "capture_code"
    CAPTURE_TOKEN = "capture_token"  # noqa: S105
    IDEMPOTENCY_KEY = "idempotency_key"
    REQUEST = "request"


NOBODY = PersonId("")
"""Who is looked for where there is no such person."""


class PersonVault:
    """What belongs to one person, opened for one unit of work."""

    def __init__(self, journal: Journal, entropy: Entropy, work: Work, key: SealingKey) -> None:
        self._journal = journal
        self._entropy = entropy
        self._work = work
        self._key = key

    def seal(self, what: Sealed, row: str, plain: bytes) -> bytes:
        """The ciphertext for this row alone."""
        return seal(plain, key=self._key, place=what.at(row), entropy=self._entropy)

    async def open(self, what: Sealed, row: str, sealed: bytes, *, by: Actor, purpose: str) -> bytes:
        """The plain value, after the event that says who woke it and why."""
        event = Event(
            action="data.unseal",
            outcome=Outcome.ALLOWED,
            actor=by,
            at=self._journal.clock.now(),
            subject=self._key.owner,
            object_id=row,
            reason=purpose,
            detail={"what": what.value},
        )
        await self._journal.note(self._work, event)
        return unseal(sealed, key=self._key, place=what.at(row))

    def open_verifier(self, row: str, sealed: bytes, what: Sealed = Sealed.AUTHENTICATOR) -> bytes:
        """A password hash or seed: no personal data, and the event of the log-in itself tells of its use."""
        return unseal(sealed, key=self._key, place=what.at(row))


class Vault:
    """The keys of the house, as services use them."""

    def __init__(self, journal: Journal, keys: LiveKeys, entropy: Entropy) -> None:
        self._journal = journal
        self._keys = keys
        self._entropy = entropy
        self._stand_ins: dict[tuple[int, Sealed], Verifier] = {}

    async def new_person(self, work: Work) -> PersonId:
        """A pseudonym and a key for somebody we have not met."""
        person_id = PersonId(ids.named("per", self._entropy.draw(ids.NONCE_BYTES)))
        wrapped = self._keys.wrap_person_key(self._keys.new_person_key(person_id, self._entropy), self._entropy)
        await work.persons.add(WrappedPersonKey(person_id, wrapped), self._journal.clock.now())
        return person_id

    async def person(self, work: Work, person_id: PersonId) -> PersonVault:
        """One person's vault, for this unit of work."""
        stored = await work.persons.key(person_id)
        key = self._keys.unwrap_person_key(stored.wrapped, person_id)
        return PersonVault(self._journal, self._entropy, work, key)

    def stand_in(self, verifier: bytes, what: Sealed = Sealed.AUTHENTICATOR) -> Verifier:
        """Nobody's hash under nobody's key, as somebody's rest (A28); made anew when the house has another data key."""
        version = self._keys.chain.data.current
        if (version, what) not in self._stand_ins:
            key = self._keys.new_person_key(NOBODY, self._entropy)
            sealed = seal(verifier, key=key, place=what.at(NOBODY), entropy=self._entropy)
            wrapped = self._keys.wrap_person_key(key, self._entropy)
            self._stand_ins = {**self._stand_ins, (version, what): Verifier(NOBODY, sealed, wrapped)}
        return self._stand_ins[version, what]

    def open_verifier(self, found: Verifier, person_id: PersonId, what: Sealed = Sealed.AUTHENTICATOR) -> bytes:
        """What rests there, of somebody or of nobody."""
        key = self._keys.unwrap_person_key(found.wrapped_key, person_id)
        return unseal(found.sealed, key=key, place=what.at(found.id))

    def open_many(self, what: Sealed, rows: Iterable[tuple[PersonId, bytes, str, bytes]]) -> tuple[bytes, ...]:
        """Values of many persons, each by its person, their wrapped key, its row; whoever asks records the waking of all."""
        return tuple(
            unseal(sealed, key=self._keys.unwrap_person_key(wrapped, person_id), place=what.at(row))
            for person_id, wrapped, row, sealed in rows
        )

    def seal_ours(self, what: Sealed, row: str, plain: bytes) -> bytes:
        """The ciphertext of what belongs to nobody or to many, and does not rest long: under the house's own key."""
        return seal(plain, key=self._keys.data_key(), place=what.at(row), entropy=self._entropy)

    def open_ours(self, what: Sealed, row: str, sealed: bytes) -> bytes:
        """The plain value; whoever asks records the reading."""
        return unseal(sealed, key=self._keys.data_key(key_version(sealed)), place=what.at(row))

    def index(self, use: Use, value: str) -> bytes:
        """The keyed hash of a personal attribute, to store."""
        return self._keys.index.digest(use, value)

    def indexes(self, use: Use, value: str) -> tuple[bytes, ...]:
        """The keyed hashes it may have been stored as, the current key's first."""
        return self._keys.index.digests(use, value)

    def index_for_all(self, use: Use, value: str) -> bytes:
        """The keyed hash that every process makes alike at this moment, to wait for each other by; never stored."""
        return self._keys.index.oldest(use, value)

    def index_among(self, stored: Iterable[bytes | None], use: Use, value: str, *formerly: str) -> bytes:
        """The keyed hash to compare with stored ones: made as theirs where one is this value's, whichever key made it.

        `formerly`: how the same was written when stored ones may have been made.
        """
        given = set(stored)
        made = (each for spelled in (value, *formerly) for each in self.indexes(use, spelled))
        return next((each for each in made if each in given), self.index(use, value))

    def mac(self, use: Use, secret: str) -> bytes:
        """The keyed hash of a secret we hand out, to store."""
        return self._keys.token_mac.digest(use, secret)

    def macs(self, use: Use, secret: str) -> tuple[bytes, ...]:
        """The keyed hashes it may have been stored as."""
        return self._keys.token_mac.digests(use, secret)

    def vouches(self, use: Use, given: Secret[str], stored: bytes) -> bool:
        """Whether the stored keyed hash is this secret's."""
        return self._keys.token_mac.matches(use, given.reveal(), stored=stored)
