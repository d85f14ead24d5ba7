"""Which keys does this process work with, though they change while it runs? Those of the newest rows it has read.

Whoever signs, checks, seals or hashes holds one object for the life of the process; what changes is what it holds.
"""

from collections.abc import Sequence
from datetime import datetime

from app.assertion.key_ring import KeyRing
from app.core.entropy import Entropy
from app.core.ids import PersonId
from app.core.wrapped_key import Purpose, WrappedKey
from app.gateways.digests import BlindIndex, TokenMac
from app.gateways.keys import KeyChain, UnwrappedKey, unwrapped
from app.gateways.master_key import MasterKey
from app.gateways.sealing import SealingKey
from app.gateways.signing import Signer, Verifier

APART = frozenset({Purpose.AUDIT, Purpose.FACES})
_Name = tuple[Purpose, int, bytes]


class LiveKeys:
    """The chain in force, and everybody who works with it."""

    def __init__(self, master: MasterKey, rows: Sequence[WrappedKey], now: datetime) -> None:
        self._master = master
        self._held: dict[_Name, UnwrappedKey] = {}
        self._chain = self.read(rows, now)
        self.index = BlindIndex(self._chain.index.keys)
        self.token_mac = TokenMac(self._chain.token_mac.keys)
        self._signers: list[Signer] = []
        self._verifiers: list[Verifier] = []

    def read(self, rows: Sequence[WrappedKey], now: datetime) -> KeyChain:
        """The chain of these rows, not yet in force; what was unwrapped before is not asked of the master key again.

        Raises KeyMissing or MasterKeyUnfit, and then everything stays as it was. May wait for a key service.
        """
        known = self._held
        # Never the audit's or the faces': a process that answers callers signs no heads and no calibrations.
        held = {
            _name(row): _known(known, row) or unwrapped(row, self._master) for row in rows if row.purpose not in APART
        }
        chain = KeyChain.of(list(held.values()), now)
        self._held = held
        return chain

    def follow(self, chain: KeyChain) -> None:
        """Put a chain in force."""
        self._chain = chain
        self.index.follow(chain.index.keys)
        self.token_mac.follow(chain.token_mac.keys)
        for signer in self._signers:
            signer.follow(chain.signing)
        for verifier in self._verifiers:
            verifier.follow(chain.ring)

    def signer(self) -> Signer:
        """Who signs with whichever key's turn it is."""
        self._signers.append(Signer(self._chain.signing))
        return self._signers[-1]

    def verifier(self, *, issuer: str) -> Verifier:
        """Who believes the keys that are published."""
        self._verifiers.append(Verifier(self._chain.ring, issuer=issuer))
        return self._verifiers[-1]

    @property
    def chain(self) -> KeyChain:
        """The chain in force."""
        return self._chain

    @property
    def ring(self) -> KeyRing:
        """The public halves of the signing keys."""
        return self._chain.ring

    def data_key(self, version: int | None = None) -> SealingKey:
        """As the chain says."""
        return self._chain.data_key(version)

    def new_person_key(self, person: PersonId, entropy: Entropy) -> SealingKey:
        """As the chain says."""
        return self._chain.new_person_key(person, entropy)

    def wrap_person_key(self, key: SealingKey, entropy: Entropy) -> bytes:
        """As the chain says."""
        return self._chain.wrap_person_key(key, entropy)

    def unwrap_person_key(self, wrapped: bytes, person: PersonId) -> SealingKey:
        """As the chain says."""
        return self._chain.unwrap_person_key(wrapped, person)


def _name(row: WrappedKey) -> _Name:
    return row.purpose, row.version, row.wrapped


def _known(held: dict[_Name, UnwrappedKey], row: WrappedKey) -> UnwrappedKey | None:
    """The same key with the times its row has now; None: it was never unwrapped, or its row says more than its times."""
    before = held.get(_name(row))
    if before is None or (before.row.suite, before.row.environment, before.row.master) != (
        row.suite,
        row.environment,
        row.master,
    ):
        return None
    return UnwrappedKey(row, before.secret)
