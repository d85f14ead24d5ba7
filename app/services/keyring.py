"""Where does a process get its keys? Made once by the owner, unwrapped once at start."""

from app.core.clock import Clock
from app.core.entropy import Entropy
from app.gateways.keys import KeyChain
from app.gateways.master_key import MasterKey
from app.storage.work import Database


async def make_first_keys(database: Database, master: MasterKey, entropy: Entropy, clock: Clock) -> bool:
    """The first set of keys, if there is none yet; whether it was made. Runs as the owner: the application only reads."""
    async with database.work() as work:
        if await work.keys.all():
            return False
        for key in KeyChain.fresh(master, entropy, clock.now()):
            await work.keys.add(key)
    return True


async def unwrapped(database: Database, master: MasterKey, clock: Clock) -> KeyChain:
    """Every key of the house; raises KeyMissing or MasterKeyUnfit, and then nothing may start."""
    async with database.work() as work:
        rows = await work.keys.all()
    return KeyChain.unwrap(master, rows, clock.now())
