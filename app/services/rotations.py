"""What is made anew when a key gives way? Wrapped keys, sealed answers, keyed hashes: each purpose has its own walk."""

import hashlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from app.core.entropy import Entropy
from app.core.ids import PersonId
from app.core.wrapped_key import Purpose, WrappedKey
from app.gateways.live_keys import LiveKeys
from app.gateways.sealing import key_version, seal, unseal
from app.services.examination_document import as_now, known_by, number_in
from app.services.login_steps import phone_name
from app.services.rotation import Progress, Renew, Rotation, Stays, head_of, named
from app.services.vault import Sealed, Use
from app.storage.rotations import (
    ADDRESSES,
    ALL_NUMBERS,
    BLOCKS,
    CASES,
    CONTACTS,
    LIKENESSES,
    NUMBERS,
    OWN_NUMBERS,
    PICTURES,
    SEALED_UNDER_DATA,
    OldRow,
    Walked,
)
from app.storage.work import Work
from app.verification.documents.authenticity.bands import bands
from app.verification.faces.search import block_of

EVERYBODY_KNOWS = "until every process knows the key"
EVERYBODY_MAKES = "until every process makes with it"


@dataclass(frozen=True, slots=True)
class Indexed:
    """A keyed hash, and how its plain value is had back."""

    walked: Walked
    sealed: Sealed
    use: Use
    plain: Callable[[bytes], tuple[str, ...]]
    """All that the row may be of; which of several, its hash tells."""
    of_person: bool = False
    """The ciphertext is bound to its person rather than to its own row."""


def _text(plain: bytes) -> tuple[str, ...]:
    return (plain.decode(),)


def _number_read(examination: bytes) -> tuple[str, ...]:
    number = number_in(as_now(json.loads(examination)))
    return () if number is None else (number,)


def _numbers(attributes: bytes) -> tuple[str, ...]:
    return known_by(json.loads(attributes))


def _part(part: int) -> Callable[[bytes], tuple[str, ...]]:
    return lambda likeness: (bands(likeness)[part].hex(),)


def _number(attributes: bytes) -> tuple[str, ...]:
    return _numbers(attributes)[:1]


def _block(attributes: bytes) -> tuple[str, ...]:
    read = json.loads(attributes)
    block = block_of(read.get("sex", ""), read.get("birth", ""))
    return () if block is None else (block,)


INDEXED = (
    Indexed(NUMBERS, Sealed.ATTRIBUTES, Use.RESIDENT_NUMBER, _number),
    Indexed(ALL_NUMBERS, Sealed.ATTRIBUTES, Use.RESIDENT_NUMBER, _numbers, of_person=True),
    Indexed(ADDRESSES, Sealed.ALIAS, Use.ADDRESS, _text, of_person=True),
    Indexed(CASES, Sealed.EXAMINATION, Use.RESIDENT_NUMBER, _number_read),
    Indexed(CONTACTS, Sealed.CONTACT, Use.ADDRESS, _text),
    Indexed(OWN_NUMBERS, Sealed.OWN_NUMBER, Use.RESIDENT_NUMBER, _text),
    Indexed(PICTURES, Sealed.IMAGE, Use.IMAGE, lambda octets: (hashlib.sha256(octets).hexdigest(),)),
    *(Indexed(each, Sealed.LIKENESS, Use.LIKENESS, _part(part)) for part, each in enumerate(LIKENESSES)),
    Indexed(BLOCKS, Sealed.ATTRIBUTES, Use.FACE_BLOCK, _block, of_person=True),
)


COUNTED: dict[str, tuple[Use, Callable[[str], str]]] = {
    "authenticators": (Use.AUTHENTICATOR, str),
    "subscribers": (Use.AUTHENTICATOR, phone_name),
    "staff": (Use.AUTHENTICATOR, str),
    "known_devices": (Use.DEVICE, str),
}
"""What tries are counted for, and the name each is counted under. What was typed is kept nowhere: those counters begin anew."""


class Rotations:
    """`hufu keys rotate-…`: each tells how far it has come; started again after a kill it goes on."""

    def __init__(self, rotation: Rotation, keys: LiveKeys, entropy: Entropy) -> None:
        self._rotation = rotation
        self._database = rotation.journal.database
        self._keys = keys
        self._entropy = entropy
        self.stays: tuple[Stays, ...] = ()
        """After a rotation: older keys that something still names."""

    async def data(self) -> AsyncIterator[Progress]:
        """A new data key; persons' keys are wrapped with it, kept answers sealed with it, the old key is destroyed."""
        rotation = self._rotation
        key = await rotation.begin(Purpose.DATA, SEALED_UNDER_DATA)
        async for progress in rotation.known(key, EVERYBODY_KNOWS):
            yield progress
        async for progress in self._under_data(key):
            yield progress
        async for progress in rotation.in_use(key, EVERYBODY_MAKES):
            yield progress
        async for progress in self._under_data(key):
            yield progress
        self.stays = await rotation.retire(key, SEALED_UNDER_DATA)

    async def index(self) -> AsyncIterator[Progress]:
        """A new index key; every keyed hash whose plain value rests sealed is made anew, others grow old."""
        rotation = self._rotation
        key = await rotation.begin(Purpose.INDEX, tuple(each.walked for each in INDEXED))
        # Before anybody looks under the new key: an authenticator whose tries are counted must not get new ones.
        await self._carry(key)
        async for progress in rotation.known(key, EVERYBODY_KNOWS):
            yield progress
        async for progress in self._indexed(key):
            yield progress
        async for progress in rotation.in_use(key, EVERYBODY_MAKES):
            yield progress
        for old in await self._carry(key):
            async with self._database.work() as work:
                await work.rotations.forget(old)
        async for progress in self._indexed(key):
            yield progress
        self.stays = await rotation.retire(key)

    async def one_that_waits(self, purpose: Purpose) -> AsyncIterator[Progress]:
        """A new key for signatures or token hashes: published, then used; what the old one made runs out by itself."""
        key = await self._rotation.begin(purpose)
        async for progress in self._rotation.known(key, EVERYBODY_KNOWS):
            yield progress
        self.stays = await self._rotation.retire(key)

    async def _under_data(self, key: WrappedKey) -> AsyncIterator[Progress]:
        persons, answers = SEALED_UNDER_DATA
        chain = self._keys.chain

        async def wrapped(_: Work, row: OldRow) -> bytes:
            own = chain.unwrap_person_key(row.value, PersonId(str(row.key)))
            return chain.wrap_person_key(own, self._entropy, key.version)

        async def answered(_: Work, row: OldRow) -> bytes:
            place = Sealed.ANSWER.at(named(row.key))
            plain = unseal(row.value, key=chain.data_key(key_version(row.value)), place=place)
            return seal(plain, key=chain.data_key(key.version), place=place, entropy=self._entropy)

        for walked, renew in ((persons, wrapped), (answers, answered)):
            async for progress in self._rotation.walk(walked, key, renew):
                yield progress

    async def _indexed(self, key: WrappedKey) -> AsyncIterator[Progress]:
        for indexed in INDEXED:
            async for progress in self._rotation.walk(indexed.walked, key, self._hashed(indexed, key)):
                yield progress

    def _hashed(self, indexed: Indexed, key: WrappedKey) -> Renew:
        async def hashed(work: Work, row: OldRow) -> bytes | None:
            if row.sealed is None or row.person_id is None:
                return None
            own = self._keys.unwrap_person_key((await work.persons.key(row.person_id)).wrapped, row.person_id)
            place = indexed.sealed.at(row.person_id if indexed.of_person else named(row.key))
            may_be = indexed.plain(unseal(row.sealed, key=own, place=place))
            if len(may_be) > 1:
                may_be = tuple(each for each in may_be if row.value in self._keys.index.digests(indexed.use, each))
            return self._keys.index.under(key.version, indexed.use, may_be[0]) if may_be else None

        return hashed

    async def _carry(self, key: WrappedKey) -> tuple[bytes, ...]:
        """Counters that hold failures under the new key too; their names under the old one."""
        async with self._database.work() as work:
            spent = await work.rotations.counting(head_of(key))
        carried: list[bytes] = []
        for what, (use, name) in COUNTED.items():
            after = "" if spent else None
            while after is not None:
                async with self._database.work() as work:
                    found = await work.rotations.counted(what, after, self._rotation.unit)
                    for each in found:
                        carried += await self._carried(work, key, spent, use, name(each))
                after = found[-1] if found else None
        return tuple(carried)

    async def _carried(self, work: Work, key: WrappedKey, spent: frozenset[bytes], use: Use, name: str) -> list[bytes]:
        new = self._keys.index.under(key.version, use, name)
        olds = spent.intersection(self._keys.index.digests(use, name)) - {new}
        for old in olds:
            await work.rotations.carry(old, new)
        return list(olds)
