"""Where does a process get its keys? Made once by the owner, unwrapped once at start."""

from app.core.clock import Clock
from app.core.entropy import Entropy
from app.core.wrapped_key import Purpose
from app.gateways.keys import KeyChain, KeyMissing, audit_keys
from app.gateways.master_key import MasterKey
from app.gateways.signing import SigningPair
from app.storage.work import Database

LATER = frozenset({Purpose.AUDIT})
"""Purposes that older houses have no key for. One of the others that is gone is not made again: it is to be brought back."""


async def make_first_keys(database: Database, master: MasterKey, entropy: Entropy, clock: Clock) -> bool:
    """The first set of keys, or what an older house lacks of it; whether any was made. As the owner: the application only reads."""
    async with database.work() as work:
        held = {key.purpose for key in await work.keys.all()}
        wanted = (LATER - held) if held else frozenset(Purpose)
        for key in KeyChain.fresh(master, entropy, clock.now()):
            if key.purpose in wanted:
                await work.keys.add(key)
    return bool(wanted)


async def unwrapped(database: Database, master: MasterKey, clock: Clock) -> KeyChain:
    """Every key of the house; raises KeyMissing or MasterKeyUnfit, and then nothing may start."""
    async with database.work() as work:
        rows = await work.keys.all()
    return KeyChain.unwrap(master, rows, clock.now())


async def unwrapped_for_audit(database: Database, master: MasterKey) -> dict[int, SigningPair]:
    """Version → the keys that sign the audit's heads; raises KeyMissing, which `hufu keys init` mends."""
    async with database.work() as work:
        found = audit_keys(master, await work.keys.all())
    if not found:
        raise KeyMissing(f"no key for {Purpose.AUDIT}; run `hufu keys init`")
    return found
