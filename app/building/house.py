"""Which services are there, and what are they made of? Settings become gateways, gateways become services."""

from datetime import timedelta
from typing import Final

from app.building.authority import authority_of
from app.building.ground import Ground, master_key_of
from app.building.judged import check_named
from app.building.policies import policies_of
from app.core.entropy import Entropy, text
from app.core.environment import Environment
from app.gateways.authority import Authority
from app.gateways.common_passwords import CommonPasswords
from app.gateways.messages.configured import messenger
from app.gateways.nulls import refuse_nulls
from app.gateways.passwords import Cost, Passwords, argon2id, old_schemes
from app.gateways.vision import Vision
from app.mfa.guessing import LIMITS
from app.mfa.password_policy import POLICIES
from app.mfa.sending import limits
from app.routers.wiring import House
from app.services.accounts import Accounts
from app.services.approved import Deeds
from app.services.audit_reading import AuditReading
from app.services.authenticators import AuthenticatorBinder
from app.services.bench import Bench
from app.services.bindings import Bindings
from app.services.block_list import BlockList
from app.services.captures import Captures
from app.services.clients import Clients
from app.services.counter import Counter
from app.services.deliveries import Deliveries
from app.services.document_readings import DocumentReadings
from app.services.doors import Doors
from app.services.examinations import Examinations
from app.services.face_comparisons import FaceComparisons
from app.services.face_enrolments import FaceEnrolments
from app.services.face_search import FaceSearch
from app.services.idempotency import Idempotency
from app.services.known_devices import KnownDevices
from app.services.liveness import Liveness
from app.services.liveness_batches import LivenessBatches
from app.services.login_steps import LoginSteps
from app.services.logins import Logins
from app.services.mint import Mint
from app.services.outbox import Outbox
from app.services.presented_tokens import PresentedTokens
from app.services.progress import Progress
from app.services.proofings import Proofings
from app.services.proposals import Proposals
from app.services.quotas import Limits as CallerLimits
from app.services.quotas import Quotas, networks_of
from app.services.renewals import Renewals
from app.services.resemblance import Resemblance
from app.services.reviews import Reviews
from app.services.rotation import Rotation
from app.services.rotations import Rotations
from app.services.sandbox_time import SandboxTime
from app.services.sms_logins import SmsLogins
from app.services.staff_enrolment import StaffEnrolments, StaffInvitations
from app.services.staff_people import StaffPeople
from app.services.staff_signin import StaffDoors, StaffSignIns
from app.services.standing import Standing
from app.services.tokens import Tokens
from app.services.typed_fields import TypedFields
from app.settings import Settings
from app.storage.audit_reading import AuditReader
from app.storage.notices import Notices
from app.verification.faces.weighing import UNJUDGED, Judged

PERFORMANCES_EACH: Final = 3
"""Liveness tries at once for each process that looks at faces: a frame takes it some 25 ms, and twelve a second come of each."""


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


def outbox_of(base: Ground) -> Outbox:
    """The way in to what is sent."""
    settings = base.settings
    bounds = limits(home_country=settings.sms_home_country, most_a_day=settings.sms_most_a_day)
    return Outbox(base.journal, base.vault, base.entropy, bounds, sender=settings.message_sender)


def examinations_of(
    base: Ground, vision: Vision, authority: Authority | None = None, *, judged: Judged = UNJUDGED
) -> Examinations:
    """What the worker does; `authority` in place of the one that the settings name."""
    refuse_nulls(base.settings.environment, vision)
    asked = authority or authority_of(base.settings, base.machine, base.names)
    search = FaceSearch(base.journal, base.vault, judged)
    policies = policies_of(base.settings)
    check_named(policies.all(), judged)
    resemblance = Resemblance(base.database, base.vault, search)
    return Examinations(base.journal, base.vault, vision, asked, policies, base.entropy, resemblance, judged)


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
    mint = Mint(base.keys.signer(), base.keys.token_mac, base.names, base.clock, issuer=issuer)
    return (
        Tokens(journal, base.vault, clients, mint, Renewals(journal, mint)),
        PresentedTokens(journal, clients, base.keys.verifier(issuer=issuer), mint, issuer=issuer),
    )


def house_of(
    base: Ground, vision: Vision, notices: Notices, passwords: Passwords, *, judged: Judged = UNJUDGED
) -> House:
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
    check_named(policies.all(), judged)
    bench = Bench(journal, vault, policies, entropy, life=life)
    outbox, steps = outbox_of(base), LoginSteps(journal, vault, limits, sms_allowed=settings.sms_factor == "allowed")
    invitations = StaffInvitations(journal, vault, entropy)
    block_list = BlockList(journal, policies)
    deeds = Deeds(base.clock, invitations, clients, policies, block_list)
    most = PERFORMANCES_EACH * settings.looker_processes
    liveness = Liveness(journal, vault, vision, policies, entropy, most=most)
    return House(
        accounts=Accounts(journal, vault),
        audit_reading=AuditReading(journal, AuditReader(settings.auditor_url())),
        block_list=block_list,
        bindings=Bindings(journal, vault, binder, outbox, entropy),
        captures=Captures(journal, vault, policies, entropy, issuer=settings.base_url),
        clients=clients,
        counter=Counter(journal, vault, bench, authority_of(settings, base.machine, base.names)),
        deliveries=deliveries_of(base),
        document_readings=DocumentReadings(journal, vault, vision, policies),
        doors=Doors(journal, presented),
        face_comparisons=FaceComparisons(journal, vault, vision, policies, entropy, judged),
        face_enrolments=FaceEnrolments(journal, vault, vision, policies, entropy, judged),
        idempotency=Idempotency(journal, vault),
        known_devices=devices,
        liveness=liveness,
        liveness_batches=LivenessBatches(liveness),
        logins=Logins(journal, vault, clients, steps, binder, devices, outbox, passwords, entropy),
        presented_tokens=presented,
        progress=Progress(journal, vault, notices, most=settings.progress_streams),
        proofings=Proofings(
            journal, vault, vision, notices, policies, entropy, life=life, most_waiting=settings.examinations_waiting
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
        typed_fields=TypedFields(journal, vault),
        issuer=settings.base_url,
    )
