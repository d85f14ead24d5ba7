"""What does the house consist of? Settings become gateways and services; the API and the worker stand on the same."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib import resources
from importlib.resources.abc import Traversable

from procrastinate import App as Queue

from app.audit.tree import Hashing
from app.core.clock import Clock, Machine, SandboxClock, SteadyClock, SystemClock
from app.core.entropy import Entropy, SystemEntropy, text
from app.core.environment import Environment
from app.core.master import MasterKeyFrom
from app.core.secret import Secret
from app.gateways.audit_signing import HeadSigner
from app.gateways.common_passwords import CommonPasswords
from app.gateways.kms import HttpMasterKey, KeyService
from app.gateways.live_keys import LiveKeys
from app.gateways.master_key import FileMasterKey, MasterKey, private_text
from app.gateways.master_module import from_module
from app.gateways.messages.configured import messenger
from app.gateways.nulls import refuse_nulls
from app.gateways.passwords import Cost, Passwords, argon2id, old_schemes
from app.gateways.vision import Vision
from app.gateways.witness import Witness
from app.gateways.witness.file import FileWitness
from app.gateways.witness.http import HttpWitness, WitnessHouse
from app.mfa.guessing import LIMITS
from app.mfa.password_policy import POLICIES
from app.mfa.sending import limits
from app.routers.wiring import House
from app.services.accounts import Accounts
from app.services.appending import Appending
from app.services.approved import Deeds
from app.services.audit_reading import AuditReading
from app.services.authenticators import AuthenticatorBinder
from app.services.bench import Bench
from app.services.bindings import Bindings
from app.services.clients import Clients
from app.services.counter import Counter
from app.services.deliveries import Deliveries
from app.services.doors import Doors
from app.services.examinations import Examinations
from app.services.idempotency import Idempotency
from app.services.journal import Journal
from app.services.keyring import Keyring, unwrapped, unwrapped_for_audit
from app.services.known_devices import KnownDevices
from app.services.login_steps import LoginSteps
from app.services.logins import Logins
from app.services.mint import Mint
from app.services.outbox import Outbox
from app.services.policies import Policies
from app.services.presented_tokens import PresentedTokens
from app.services.progress import Progress
from app.services.proofings import Proofings
from app.services.proposals import Proposals
from app.services.quotas import Limits as CallerLimits
from app.services.quotas import Quotas, networks_of
from app.services.renewals import Renewals
from app.services.reviews import Reviews
from app.services.rotation import Rotation
from app.services.rotations import Rotations
from app.services.sandbox_time import SandboxTime, follow
from app.services.sms_logins import SmsLogins
from app.services.staff_enrolment import StaffEnrolments, StaffInvitations
from app.services.staff_people import StaffPeople
from app.services.staff_signin import StaffDoors, StaffSignIns
from app.services.standing import Standing
from app.services.tokens import Tokens
from app.services.vault import Vault
from app.settings import Settings
from app.storage.audit_reading import AuditReader
from app.storage.jobs import make_queue
from app.storage.notices import Notices
from app.storage.work import LONGEST, Database
from app.verification.policy import Policy, PolicyBroken, parse_policy


@dataclass(frozen=True, slots=True)
class Ground:
    """What every process of ours stands on."""

    settings: Settings
    clock: Clock
    machine: Machine
    steady: SteadyClock
    """What `clock` goes by: the machine's, as far as it is to be believed."""
    entropy: Entropy
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
    steady, entropy, begun = SteadyClock(machine), SystemEntropy(), None
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
    journal = Journal(database, shown, entropy)
    return Ground(
        settings,
        shown,
        machine,
        steady,
        entropy,
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


def quotas_of(base: Ground) -> Quotas:
    """What one caller may ask of this process."""
    settings = base.settings
    limits = CallerLimits(
        network=settings.quota_network,
        client=settings.quota_client,
        person=settings.quota_person,
        exempt=networks_of(settings.quota_exempt_networks),
    )
    return Quotas(limits, base.machine.ticks)


def standing_of(base: Ground) -> Standing:
    """How this process stands."""
    return Standing(base.database, base.steady, base.clock, lambda: base.keys.ring, base.keyring.is_fresh)


def rotations_of(base: Ground, *, unit: int) -> Rotations:
    """How keys give way to others; for the owner."""
    master = master_key_of(base.settings, base.entropy)
    rotation = Rotation(
        base.journal, base.keys, base.keyring, master, base.entropy, family=base.settings.crypto_suite, unit=unit
    )
    return Rotations(rotation, base.keys, base.entropy)


def policy_of(settings: Settings) -> Policy:
    """The decision policy the settings name; raises PolicyBroken or FileNotFoundError.

    A policy made for another environment is refused: development's, chosen in production, would accept uncalibrated.
    """
    for folder in _policy_folders(settings):
        file = folder / f"{settings.policy_name}.toml"
        if file.is_file():
            policy = parse_policy(file.read_text(encoding="utf-8"))
            if policy.environment == settings.environment.value:
                return policy
            raise PolicyBroken(
                f"HUFU_POLICY={settings.policy_name} is for {policy.environment}, not {settings.environment}"
            )
    raise FileNotFoundError(f"HUFU_POLICY={settings.policy_name}: there is no such policy")


def policies_of(settings: Settings) -> Policies:
    """Every decision policy made for this environment, for two officers to choose among; raises PolicyBroken."""
    files = [file for folder in _policy_folders(settings) for file in folder.iterdir() if file.name.endswith(".toml")]
    found = [parse_policy(file.read_text(encoding="utf-8")) for file in files]
    ours = {policy.version: policy for policy in found if policy.environment == settings.environment.value}
    if len({policy.version for policy in found}) < len(found):
        raise PolicyBroken(f"two policies of one version below {settings.policies_folder}")
    return Policies(ours, policy_of(settings))


def _policy_folders(settings: Settings) -> list[Traversable]:
    """Ours, and the bank's own."""
    own = [] if settings.policies_folder is None else [settings.policies_folder]
    return [resources.files("app.verification") / "policies", *own]


async def appending_of(base: Ground) -> Appending:
    """What the worker appends to the audit's log; raises KeyMissing, or RuntimeError where no way to it is set."""
    settings = base.settings
    pairs = await unwrapped_for_audit(base.database, master_key_of(settings, base.entropy))
    return Appending(
        Secret(settings.appender_url()),
        HeadSigner(pairs),
        witnesses_of(settings),
        base.clock,
        base.entropy,
        hashing=Hashing(settings.audit_hashing),
    )


def witnesses_of(settings: Settings) -> list[Witness]:
    """Who outside the database is handed each head of the audit: a file, another house, or both."""
    found: list[Witness] = [] if settings.witness_file is None else [FileWitness(settings.witness_file)]
    if settings.audit_witness_url and settings.audit_witness_secret_file is not None:
        secret = private_text(settings.audit_witness_secret_file, "HUFU_AUDIT_WITNESS_SECRET_FILE")
        found.append(HttpWitness(WitnessHouse(settings.audit_witness_url, secret, settings.audit_witness_ca_file)))
    refuse_nulls(settings.environment, *found)
    return found


def outbox_of(base: Ground) -> Outbox:
    """The way in to what is sent."""
    settings = base.settings
    bounds = limits(home_country=settings.sms_home_country, most_a_day=settings.sms_most_a_day)
    return Outbox(base.journal, base.vault, base.entropy, bounds, sender=settings.message_sender)


def examinations_of(base: Ground, vision: Vision) -> Examinations:
    """What the worker does."""
    refuse_nulls(base.settings.environment, vision)
    return Examinations(base.journal, base.vault, vision, policies_of(base.settings), base.entropy)


def deliveries_of(base: Ground) -> Deliveries:
    """What the worker sends."""
    keeps_words = base.settings.environment is not Environment.PRODUCTION
    return Deliveries(
        base.journal, base.vault, messenger(base.settings, base.clock, base.entropy), keeps_words=keeps_words
    )


def passwords_of(settings: Settings, entropy: Entropy) -> Passwords:
    """The hasher, at the settings' cost."""
    cost = Cost(memory_kib=settings.argon2_memory_kib, passes=settings.argon2_time_cost)
    old = old_schemes(settings.old_password_hashes)
    return Passwords(
        argon2id(cost, old),
        old=old,
        dummy_secret=text(entropy.draw(32)),
        threads=settings.argon2_threads,
    )


def common_passwords_of(settings: Settings) -> tuple[CommonPasswords, ...]:
    """Every list of refused passwords; raises ListUnavailable, and then nothing may start (A9)."""
    loaded = settings.refused_passwords if settings.refused_passwords.exists() else None
    own = (path for path in (settings.common_passwords_file, loaded) if path is not None)
    return (CommonPasswords.from_wheel(), *map(CommonPasswords.load, own))


def tokens_of(base: Ground, clients: Clients) -> tuple[Tokens, PresentedTokens]:
    """The one door for tokens, and what judges them when they come back."""
    journal, issuer = base.journal, base.settings.base_url
    mint = Mint(base.keys.signer(), base.keys.token_mac, base.entropy, base.clock, issuer=issuer)
    return (
        Tokens(journal, base.vault, clients, mint, Renewals(journal, mint)),
        PresentedTokens(journal, clients, base.keys.verifier(issuer=issuer), mint, issuer=issuer),
    )


def house_of(base: Ground, vision: Vision, notices: Notices, passwords: Passwords) -> House:
    """Every service of the API."""
    settings, journal, vault, entropy = base.settings, base.journal, base.vault, base.entropy
    refuse_nulls(settings.environment, vision)
    common = common_passwords_of(settings)
    policy = POLICIES[settings.password_policy]
    quotas = quotas_of(base)
    clients = Clients(journal, vault, entropy, counted=quotas.client)
    limits = LIMITS[settings.password_policy]
    binder = AuthenticatorBinder(journal, vault, passwords, common, policy, limits, entropy, issuer_name="Hufu")
    devices = KnownDevices(journal, vault, entropy)
    tokens, presented = tokens_of(base, clients)
    life = timedelta(hours=settings.proofing_hours)
    policies = policies_of(settings)
    bench = Bench(journal, vault, policies, entropy, life=life)
    outbox, steps = outbox_of(base), LoginSteps(journal, vault, limits, sms_allowed=settings.sms_factor == "allowed")
    invitations = StaffInvitations(journal, vault, entropy)
    deeds = Deeds(base.clock, invitations, clients, policies)
    return House(
        accounts=Accounts(journal, vault),
        audit_reading=AuditReading(journal, AuditReader(settings.auditor_url())),
        bindings=Bindings(journal, vault, binder, outbox, entropy),
        clients=clients,
        counter=Counter(journal, vault, bench),
        deliveries=deliveries_of(base),
        doors=Doors(journal, presented),
        idempotency=Idempotency(journal, vault),
        known_devices=devices,
        logins=Logins(journal, vault, clients, steps, binder, devices, outbox, passwords, entropy),
        presented_tokens=presented,
        progress=Progress(journal, vault, notices, most=settings.progress_streams),
        proofings=Proofings(
            journal, vault, vision, notices, entropy, life=life, most_waiting=settings.examinations_waiting
        ),
        proposals=Proposals(journal, vault, deeds, invitations, entropy),
        quotas=quotas,
        reviews=Reviews(journal, vault, bench),
        sandbox_time=SandboxTime(journal),
        sms_logins=SmsLogins(journal, vault, steps, outbox, entropy),
        staff_doors=StaffDoors(journal, vault),
        staff_enrolments=StaffEnrolments(journal, vault, passwords, common, entropy),
        staff_people=StaffPeople(journal, vault),
        staff_sign_ins=StaffSignIns(journal, vault, devices, passwords, limits, entropy),
        standing=standing_of(base),
        tokens=tokens,
        issuer=settings.base_url,
    )
