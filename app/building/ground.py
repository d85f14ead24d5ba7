"""What does every process of ours stand on? Settings, clock, database and keys, opened once at its start."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from procrastinate import App as Queue

from app.core.clock import Clock, Machine, SandboxClock, SteadyClock, SystemClock
from app.core.entropy import Entropy, NameEntropy, SystemEntropy
from app.core.environment import Environment
from app.core.master import MasterKeyFrom
from app.gateways.kms import HttpMasterKey, KeyService
from app.gateways.live_keys import LiveKeys
from app.gateways.master_key import FileMasterKey, MasterKey, private_text
from app.gateways.master_module import from_module
from app.services.journal import Journal
from app.services.keyring import Keyring, unwrapped
from app.services.sandbox_time import follow
from app.services.vault import Vault
from app.settings import Settings
from app.storage.jobs import make_queue
from app.storage.work import LONGEST, Database


@dataclass(frozen=True, slots=True)
class Ground:
    """What every process of ours stands on."""

    settings: Settings
    clock: Clock
    machine: Machine
    steady: SteadyClock
    """What `clock` goes by: the machine's, as far as it is to be believed."""
    entropy: Entropy
    names: Entropy
    """For what is a name and no secret."""
    database: Database
    queue: Queue
    keys: LiveKeys
    keyring: Keyring
    journal: Journal
    vault: Vault


async def ground(settings: Settings, *, clock: Machine | None = None, longest: timedelta = LONGEST) -> Ground:
    """Open the database and unwrap the keys; raises where either is not to be had, and then nothing starts.

    `longest`: of one unit of work.
    """
    return await _ground(settings, settings.application_url(), clock or SystemClock(), longest)


async def owners_ground(settings: Settings) -> Ground:
    """The same as the owner of the database: for what the application may not do, its keys above all."""
    return await _ground(settings, settings.owner_url(), SystemClock(), LONGEST)


async def _ground(settings: Settings, url: str, machine: Machine, longest: timedelta) -> Ground:
    steady, entropy, names, begun = SteadyClock(machine), SystemEntropy(), NameEntropy(), None
    shown: Clock = steady
    if settings.environment is Environment.SANDBOX:
        shown = moved = SandboxClock(steady)
        begun = partial(follow, moved)
    queue = make_queue(url)
    database = Database(url, queue, connections=settings.database_connections, longest=longest, begun=begun)
    await database.open()
    try:
        keys = await unwrapped(database, master_key_of(settings, entropy), shown)
    except BaseException:
        await database.close()
        raise
    journal = Journal(database, shown, names)
    return Ground(
        settings,
        shown,
        machine,
        steady,
        entropy,
        names,
        database,
        queue,
        keys,
        Keyring(database, keys, shown),
        journal,
        Vault(journal, keys, entropy),
    )


def master_key_of(settings: Settings, entropy: Entropy) -> MasterKey:
    """What unwraps the keys of this environment and of no other; raises MasterKeyUnfit."""
    match settings.master_key_from:
        case MasterKeyFrom.FILE:
            return FileMasterKey(settings.master_key, entropy=entropy, environment=settings.environment)
        case MasterKeyFrom.KMS:
            secret = private_text(settings.kms_secret_file, "HUFU_KMS_SECRET_FILE")
            service = KeyService(settings.kms_url.rstrip("/"), settings.kms_key, secret, settings.kms_ca_file)
            return HttpMasterKey(service, environment=settings.environment)
        case MasterKeyFrom.MODULE:
            return from_module(settings.master_key_module, settings.environment)
