"""What does the house consist of? Settings become gateways and services; the API and the worker stand on the same."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib import resources
from importlib.resources.abc import Traversable

from procrastinate import App as Queue

from app.audit.tree import Hashing
from app.core.clock import Clock, SandboxClock, SystemClock
from app.core.entropy import Entropy, SystemEntropy, text
from app.core.environment import Environment
from app.core.secret import Secret
from app.gateways.audit_signing import HeadSigner
from app.gateways.common_passwords import CommonPasswords
from app.gateways.keys import KeyChain
from app.gateways.master_key import FileMasterKey
from app.gateways.messages.configured import messenger
from app.gateways.nulls import refuse_nulls
from app.gateways.passwords import Cost, Passwords, argon2id, old_schemes
from app.gateways.signing import Signer, Verifier
from app.gateways.vision import Vision
from app.gateways.witness.configured import witnesses_of
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
from app.services.keyring import unwrapped, unwrapped_for_audit
from app.services.login_steps import LoginSteps
from app.services.logins import Logins
from app.services.outbox import Outbox
from app.services.policies import Policies
from app.services.progress import Progress
from app.services.proofings import Proofings
from app.services.proposals import Proposals
from app.services.reviews import Reviews
from app.services.sandbox_time import SandboxTime, follow
from app.services.sms_logins import SmsLogins
from app.services.staff_enrolment import StaffEnrolments, StaffInvitations
from app.services.staff_people import StaffPeople
from app.services.staff_signin import StaffDoors, StaffSignIns
from app.services.tokens import Tokens
from app.services.vault import Vault
from app.settings import Settings
from app.storage.audit_reading import AuditReader
from app.storage.jobs import make_queue
from app.storage.notices import Notices
from app.storage.work import Database
from app.verification.policy import Policy, PolicyBroken, parse_policy


@dataclass(frozen=True, slots=True)
class Ground:
    """What every process of ours stands on."""

    settings: Settings
    clock: Clock
    entropy: Entropy
    database: Database
    queue: Queue
    keys: KeyChain
    journal: Journal
    vault: Vault


async def ground(settings: Settings, *, clock: Clock | None = None) -> Ground:
    """Open the database and unwrap the keys; raises where either is not to be had, and then nothing starts."""
    clock, entropy, begun = clock or SystemClock(), SystemEntropy(), None
    if settings.environment is Environment.SANDBOX:
        clock = SandboxClock(clock)
        begun = partial(follow, clock)
    url = settings.application_url()
    queue = make_queue(url)
    database = Database(url, queue, connections=settings.database_connections, begun=begun)
    await database.open()
    try:
        keys = await unwrapped(database, master_key_of(settings, entropy), clock)
    except BaseException:
        await database.close()
        raise
    journal = Journal(database, clock, entropy)
    return Ground(settings, clock, entropy, database, queue, keys, journal, Vault(journal, keys, entropy))


def master_key_of(settings: Settings, entropy: Entropy) -> FileMasterKey:
    """What unwraps the keys of this environment and of no other."""
    return FileMasterKey(settings.master_key, entropy=entropy, environment=settings.environment)


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


async def appending_of(base: Ground) -> Appending:
    """What appends to the audit's log; raises KeyMissing or RuntimeError where it cannot, and then no worker starts."""
    settings = base.settings
    keys = await unwrapped_for_audit(base.database, master_key_of(settings, base.entropy))
    return Appending(
        Secret(settings.appender_url()),
        HeadSigner(keys),
        witnesses_of(settings),
        base.clock,
        base.entropy,
        hashing=Hashing(settings.audit_hashing),
    )


def passwords_of(settings: Settings, entropy: Entropy) -> Passwords:
    """The hasher, at the settings' cost."""
    cost = Cost(memory_kib=settings.argon2_memory_kib, passes=settings.argon2_time_cost)
    return Passwords(
        argon2id(cost, old_schemes(settings.old_password_hashes)),
        dummy_secret=text(entropy.draw(32)),
        threads=settings.argon2_threads,
    )


def common_passwords_of(settings: Settings) -> tuple[CommonPasswords, ...]:
    """Every list of refused passwords; raises ListUnavailable, and then nothing may start (A9)."""
    loaded = settings.refused_passwords if settings.refused_passwords.exists() else None
    own = (path for path in (settings.common_passwords_file, loaded) if path is not None)
    return (CommonPasswords.from_wheel(), *map(CommonPasswords.load, own))


def tokens_of(base: Ground, clients: Clients) -> Tokens:
    """The one door for tokens."""
    issuer = base.settings.base_url
    return Tokens(
        base.journal,
        base.vault,
        clients,
        Signer(base.keys.signing),
        Verifier(base.keys.ring, issuer=issuer),
        base.keys.token_mac,
        base.entropy,
        issuer=issuer,
    )


def house_of(base: Ground, vision: Vision, notices: Notices, passwords: Passwords) -> House:
    """Every service of the API."""
    settings, journal, vault, entropy = base.settings, base.journal, base.vault, base.entropy
    refuse_nulls(settings.environment, vision)
    common = common_passwords_of(settings)
    policy = POLICIES[settings.password_policy]
    clients = Clients(journal, vault, entropy)
    binder = AuthenticatorBinder(journal, vault, passwords, common, policy, entropy, issuer_name="Hufu")
    tokens = tokens_of(base, clients)
    life = timedelta(hours=settings.proofing_hours)
    policies = policies_of(settings)
    bench = Bench(journal, vault, policies, entropy, life=life)
    outbox, steps = outbox_of(base), LoginSteps(journal, vault, sms_allowed=settings.sms_factor == "allowed")
    invitations = StaffInvitations(journal, vault, entropy)
    deeds = Deeds(base.clock, invitations, clients, policies)
    return House(
        accounts=Accounts(journal, vault),
        audit_reading=AuditReading(journal, AuditReader(settings.auditor_url())),
        bindings=Bindings(journal, vault, binder, outbox, entropy),
        clients=clients,
        counter=Counter(journal, vault, bench),
        deliveries=deliveries_of(base),
        doors=Doors(journal, tokens),
        idempotency=Idempotency(journal, vault),
        logins=Logins(journal, vault, clients, steps, binder, outbox, passwords, entropy),
        progress=Progress(journal, vault, notices, most=settings.progress_streams),
        proofings=Proofings(journal, vault, vision, notices, entropy, life=life),
        proposals=Proposals(journal, vault, deeds, invitations, entropy),
        reviews=Reviews(journal, vault, bench),
        sandbox_time=SandboxTime(journal),
        sms_logins=SmsLogins(journal, vault, steps, outbox, entropy),
        staff_doors=StaffDoors(journal, vault),
        staff_enrolments=StaffEnrolments(journal, vault, passwords, common, entropy),
        staff_people=StaffPeople(journal, vault),
        staff_sign_ins=StaffSignIns(journal, vault, passwords, entropy),
        tokens=tokens,
        issuer=settings.base_url,
    )
