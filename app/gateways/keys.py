"""Which keys does the house hold? Every one versioned, wrapped by the master key at rest, unwrapped once in a process.

Master key → data keys → one key per person: erasing a person's wrapped key erases all that was sealed for them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.assertion.key_ring import KEEP_AFTER, PUBLISH_AHEAD, RELOAD_WITHIN, KeyRing
from app.core.entropy import Entropy
from app.core.environment import Environment
from app.core.ids import PersonId
from app.core.secret import Secret
from app.core.wrapped_key import SECRET_BYTES, SIGNATURE, SUITES, Family, Purpose, Suite, WrappedKey
from app.gateways.digests import BlindIndex, TokenMac, VersionedKey, VersionedKeys
from app.gateways.master_key import MasterKey, MasterKeyUnfit
from app.gateways.sealing import Place, SealingKey, Tampered, key_version, new_secret, seal, unseal
from app.gateways.signing import SigningPair

_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""n of P-256, SP 800-186 §3.2.1.3."""
_MAX_VERSION = 255
"""A digest names its key's version in one byte."""
SIGNATURES = frozenset(purpose for purpose in Purpose if SUITES[purpose] is SIGNATURE)
"""Whose keys are pairs."""


class KeyMissing(Exception):
    """A purpose has no key in use, or a value names a version that is not held."""


@dataclass(frozen=True, slots=True)
class UnwrappedKey:
    """A row and the key it holds."""

    row: WrappedKey
    secret: Secret[bytes]


@dataclass(frozen=True, slots=True)
class KeyChain:
    """All keys of the house, unwrapped."""

    data: VersionedKeys
    index: BlindIndex
    token_mac: TokenMac
    signing: tuple[SigningPair, ...]
    ring: KeyRing
    """The public halves of the signing keys."""

    @staticmethod
    def fresh(
        master: MasterKey,
        entropy: Entropy,
        now: datetime,
        *,
        purposes: Iterable[Purpose] = Purpose,
        family: Family = Family.AES,
    ) -> list[WrappedKey]:
        """First keys: one for each purpose, used at once."""
        return [_new(purpose, 1, family, master, entropy, now) for purpose in purposes]

    @staticmethod
    def unwrap(master: MasterKey, rows: Sequence[WrappedKey], now: datetime) -> "KeyChain":
        """The chain these rows hold."""
        return KeyChain.of([unwrapped(row, master) for row in rows], now)

    @staticmethod
    def of(held: Sequence[UnwrappedKey], now: datetime) -> "KeyChain":
        """The chain of these keys. Made again within `key_ring.RELOAD_WITHIN`: what is current may have moved on."""
        signing = _pairs(Purpose.SIGNING, held, now)
        return KeyChain(
            data=_versions(Purpose.DATA, held, now),
            index=BlindIndex(_versions(Purpose.INDEX, held, now)),
            token_mac=TokenMac(_versions(Purpose.TOKEN_MAC, held, now)),
            signing=signing,
            ring=tuple(pair.key for pair in signing),
        )

    def data_key(self, version: int | None = None) -> SealingKey:
        """The data key of a version, by default the current one: for what belongs to nobody, and for persons' keys."""
        wanted = self.data.current if version is None else version
        if wanted not in self.data.keys:
            raise KeyMissing(f"data key {wanted}")
        key = self.data.keys[wanted]
        return SealingKey(owner="", version=wanted, secret=key.secret, suite=key.suite)

    def new_person_key(self, person: PersonId, entropy: Entropy) -> SealingKey:
        """A person's own key, of the suite the house seals with now."""
        return new_person_key(person, entropy, self.data_key().suite)

    def wrap_person_key(self, key: SealingKey, entropy: Entropy, version: int | None = None) -> bytes:
        """A person's key as it rests in the database: one byte of suite, then the key; under the current data key."""
        named = bytes([key.suite]) + key.secret.reveal()
        return seal(named, key=self.data_key(version), place=_person_place(key.owner), entropy=entropy)

    def unwrap_person_key(self, wrapped: bytes, person: PersonId) -> SealingKey:
        """The key of this person and no other; raises Tampered."""
        octets = unseal(wrapped, key=self.data_key(key_version(wrapped)), place=_person_place(person))
        if len(octets) == SECRET_BYTES[Suite.AES_256_GCM]:  # from before keys of persons named their suite
            octets = bytes([Suite.AES_256_GCM]) + octets
        if octets[:1] not in _PERSONS or len(octets) - 1 != SECRET_BYTES[_PERSONS[octets[:1]]]:
            raise Tampered("not a person's key")
        return SealingKey(owner=person, version=1, secret=Secret(octets[1:]), suite=_PERSONS[octets[:1]])


_PERSONS = {bytes([suite]): suite for suite in SUITES[Purpose.DATA].values()}


def audit_keys(master: MasterKey, rows: Sequence[WrappedKey]) -> dict[int, SigningPair]:
    """Version → the keys that sign the audit's heads: all there ever were, for each must tell its own from a stranger's.

    No part of the chain: the worker that appends unwraps them, and no process that answers callers.
    """
    return _ever(Purpose.AUDIT, master, rows)


def face_keys(master: MasterKey, rows: Sequence[WrappedKey]) -> dict[int, SigningPair]:
    """Version → the keys that sign fits and calibrations, all there ever were; the keyboard's alone, as the audit's are the worker's."""
    return _ever(Purpose.FACES, master, rows)


def _ever(purpose: Purpose, master: MasterKey, rows: Sequence[WrappedKey]) -> dict[int, SigningPair]:
    return {
        row.version: SigningPair.of(
            unwrapped(row, master).secret,
            published_at=row.created_at,
            not_before=row.not_before,
            retired_at=row.retired_at,
        )
        for row in _of(purpose, rows)
    }


def new_person_key(person: PersonId, entropy: Entropy, suite: Suite = Suite.AES_256_GCM) -> SealingKey:
    """A person's own key."""
    return SealingKey(owner=person, version=1, secret=new_secret(suite, entropy), suite=suite)


def rotated(
    rows: Sequence[WrappedKey],
    purpose: Purpose,
    *,
    master: MasterKey,
    entropy: Entropy,
    now: datetime,
    family: Family = Family.AES,
) -> list[WrappedKey]:
    """The rows with a successor for one purpose: known at once, used when everybody knows it, which retires the others.

    Values made with a retired key are still opened and found; re-sealing them is another work. A successor that has
    not taken over yet is not overtaken: a rotation that was broken off goes on with it.
    """
    if awaited(rows, purpose, now):
        return list(rows)
    takes_over = now + (PUBLISH_AHEAD if purpose in SIGNATURES else RELOAD_WITHIN)
    version = max((row.version for row in _of(purpose, rows)), default=0) + 1
    successor = replace(_new(purpose, version, family, master, entropy, now), not_before=takes_over)
    retired = [replace(row, retired_at=takes_over) if _open(row, purpose) else row for row in rows]
    return [*retired, successor]


def awaited(rows: Iterable[WrappedKey], purpose: Purpose, now: datetime) -> bool:
    """Whether a key of this purpose is known and does not make yet."""
    return any(now < row.not_before for row in _of(purpose, rows))


def current(rows: Iterable[WrappedKey], purpose: Purpose, now: datetime) -> WrappedKey:
    """The key that makes; raises KeyMissing."""
    in_use = [
        row for row in _of(purpose, rows) if row.not_before <= now and (row.retired_at is None or now < row.retired_at)
    ]
    if not in_use:
        raise KeyMissing(f"no key in use for {purpose}")
    return max(in_use, key=lambda row: (row.not_before, row.version))


def unwrapped(row: WrappedKey, master: MasterKey) -> UnwrappedKey:
    """The key of a row; raises MasterKeyUnfit."""
    if row.environment is not master.environment:
        raise MasterKeyUnfit(
            f"{row.purpose} key {row.version} was made in {row.environment}, this is {master.environment}"
        )
    if row.master != master.name:
        raise MasterKeyUnfit(f"{row.purpose} key {row.version} was wrapped by {row.master}, this is {master.name}")
    context = _context(row.environment, row.purpose, row.version, row.suite)
    return UnwrappedKey(row, master.unwrap(row.wrapped, context=context))


def _versions(purpose: Purpose, held: Collection[UnwrappedKey], now: datetime) -> VersionedKeys:
    ours = [each for each in held if each.row.purpose is purpose]
    makes = current([each.row for each in ours], purpose, now)
    return VersionedKeys(makes.version, {each.row.version: VersionedKey(each.row.suite, each.secret) for each in ours})


def _pairs(purpose: Purpose, held: Iterable[UnwrappedKey], now: datetime) -> tuple[SigningPair, ...]:
    """The pairs of a purpose that signs, but for those whose last signature is worth nothing any more."""
    return tuple(
        SigningPair.of(
            each.secret,
            published_at=each.row.created_at,
            not_before=each.row.not_before,
            retired_at=each.row.retired_at,
        )
        for each in held
        if each.row.purpose is purpose and (each.row.retired_at is None or now < each.row.retired_at + KEEP_AFTER)
    )


def _new(
    purpose: Purpose, version: int, family: Family, master: MasterKey, entropy: Entropy, now: datetime
) -> WrappedKey:
    if version > _MAX_VERSION:
        raise ValueError(f"a {purpose} key has no version above {_MAX_VERSION}")
    suite = SUITES[purpose][family]
    secret = _signing_key(entropy) if purpose in SIGNATURES else new_secret(suite, entropy)
    wrapped = master.wrap(secret, context=_context(master.environment, purpose, version, suite))
    return WrappedKey(purpose, version, suite, master.name, master.environment, wrapped, created_at=now, not_before=now)


def _open(row: WrappedKey, purpose: Purpose) -> bool:
    return row.purpose is purpose and row.retired_at is None


def _of(purpose: Purpose, rows: Iterable[WrappedKey]) -> list[WrappedKey]:
    return [row for row in rows if row.purpose is purpose]


def _context(environment: Environment, purpose: Purpose, version: int, suite: Suite) -> bytes:
    """What a wrapped key is bound to: a row whose environment was rewritten does not open."""
    # Development's bear no mark: the keys of before there were marks were all made there.
    mark = "" if environment is Environment.DEVELOPMENT else f"{environment}|"
    return f"hufu key v1|{mark}{purpose}|{version}|{int(suite)}".encode()


def _person_place(owner: str) -> Place:
    return Place("persons", "wrapped_key", owner)


def _signing_key(entropy: Entropy) -> Secret[bytes]:
    """A private key of P-256 in PKCS #8: 64 bits more than needed, so the bias is below 2^-64, FIPS 186-5 A.2.1."""
    scalar = int.from_bytes(entropy.draw(40), "big") % (_P256_ORDER - 1) + 1
    private = ec.derive_private_key(scalar, ec.SECP256R1())
    return Secret(private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
