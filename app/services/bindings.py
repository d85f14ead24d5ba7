"""How does an accepted applicant become a subscriber? A contact proven, a password, a TOTP authenticator."""

import json
from dataclasses import replace

from app.core import ids
from app.core.audit import Actor
from app.core.entropy import Entropy, digits
from app.core.ids import FaceId, ProofingId
from app.core.refusal import Refusal
from app.core.secret import Secret
from app.mfa import contact_code
from app.mfa.contact_address import Channel, normalised
from app.mfa.contact_code import ContactCode, ContactCodeClosed
from app.services import face_anchors, face_search, first_face, wording
from app.services.authenticators import AuthenticatorBinder, Enrolment
from app.services.callers import ApplicantCaller
from app.services.examination_document import ALSO, Document, as_now, kind_of, known_by, numbers_in, values
from app.services.journal import Journal
from app.services.outbox import Outbox
from app.services.proofing_view import ProofingView, opened_by, viewed
from app.services.vault import PersonVault, Sealed, Use, Vault
from app.services.wording import Template
from app.storage.contacts import Contact
from app.storage.subscribers import AccountState, Alias, AlsoKnown, Subscriber
from app.storage.work import Work
from app.verification.proofing import Move, Proofing

CODE_NONCE_BYTES = 16
ENROLMENT = "enrolment"


class Bindings:
    """The applicant's road from the decision to two bound authenticators."""

    def __init__(
        self, journal: Journal, vault: Vault, binder: AuthenticatorBinder, outbox: Outbox, entropy: Entropy
    ) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._binder = binder
        self._outbox = outbox
        self._entropy = entropy

    async def send_code(self, caller: ApplicantCaller, proofing_id: str, channel: Channel, given: str) -> ContactCode:
        """Send a code to the address; it leaves through the outbox, after the commit."""
        async with self._journal.act("contact.send_code", caller.actor(), object_id=proofing_id) as act:
            address = normalised(channel, given)
            async with self._database.work() as work:
                proofing = await self._moved(work, caller, proofing_id, Move.SEND_CODE)
                act.subject = proofing.person_id
                code = digits(self._entropy.draw(CODE_NONCE_BYTES), contact_code.DIGITS)
                digest = self._vault.mac(Use.CONTACT_CODE, _covered(proofing.id, channel, address, code))
                now = self._clock.now()
                earlier = await work.contacts.lock(proofing.id)
                sent = (
                    ContactCode(asked_by=proofing.id, digest=digest, sent_at=now)
                    if earlier is None
                    else earlier.code.again(digest, now=now)
                )
                person = await self._vault.person(work, proofing.person_id)
                await work.contacts.put(
                    proofing.id,
                    Contact(
                        channel,
                        person.seal(Sealed.CONTACT, proofing.id, address.encode()),
                        self._vault.index(Use.ADDRESS, address),
                        sent,
                    ),
                )
                words = wording.contact_code(
                    code,
                    sender=self._outbox.sender,
                    channel=channel,
                    language=proofing.language,
                    life=contact_code.LIFE,
                )
                await self._outbox.leave(work, proofing.person_id, channel, address, words, expires_at=sent.expires_at)
                await self._outbox.count(
                    work, channel, address, network=act.actor.network, client_id=proofing.client_id
                )
                await act.record(work, channel=channel, sent=sent.sent)
                return sent

    async def prove_contact(self, caller: ApplicantCaller, proofing_id: str, given: str) -> ProofingView:
        """Spend the code and enrol: the address becomes an alias of a new subscriber."""
        refusal: Refusal | None
        async with self._journal.act("contact.prove", caller.actor(), object_id=proofing_id) as act:
            async with self._database.work() as work:
                proofing = await self._moved(work, caller, proofing_id, Move.PROVE_CONTACT)
                act.subject = proofing.person_id
                contact = await work.contacts.lock(proofing.id)
                if contact is None:
                    raise ContactCodeClosed
                person = await self._vault.person(work, proofing.person_id)
                address = await person.open(
                    Sealed.CONTACT, proofing.id, contact.sealed_address, by=act.actor, purpose=ENROLMENT
                )
                covered = _covered(proofing.id, contact.channel, address.decode(), given)
                digest = self._vault.mac(Use.CONTACT_CODE, covered)
                code, refusal = contact.code.prove(digest, asked_by=proofing.id, now=self._clock.now())
                await work.contacts.put(proofing.id, replace(contact, code=code))
                if refusal is None:
                    refusal = await self._enrol(work, proofing, contact, address, act.actor)
                if refusal is None:
                    await work.proofings.save(proofing)
                await act.record(work, refusal, channel=contact.channel)
                view = await viewed(work, proofing, self._clock.now())
            if refusal is not None:
                raise refusal
        return view

    async def set_password(self, caller: ApplicantCaller, proofing_id: str, password: Secret[str]) -> ProofingView:
        """Bind a password that the policy allows."""
        async with self._journal.act("password.bind", caller.actor(), object_id=proofing_id) as act:
            async with self._database.work() as work:
                proofing = await self._moved(work, caller, proofing_id, Move.BIND)
                act.subject = proofing.person_id
                words = await self._binder.own_words(work, proofing.person_id, by=act.actor)
            hashed = await self._binder.hash_password(self._binder.judge(password, words))
            async with self._database.work() as work:
                proofing = await self._moved(work, caller, proofing_id, Move.BIND)
                await self._binder.replace_password(work, proofing.person_id, hashed, source=proofing.id)
                view = await self._settled(work, proofing)
                await act.record(work, policy=self._binder.policy.name)
        return view

    async def begin_totp(self, caller: ApplicantCaller, proofing_id: str) -> Enrolment:
        """A new seed, shown once; it counts only when a code of it has been seen."""
        async with self._journal.act("totp.begin", caller.actor(), object_id=proofing_id) as act:
            async with self._database.work() as work:
                proofing = await self._moved(work, caller, proofing_id, Move.BIND)
                act.subject = proofing.person_id
                enrolment = await self._binder.begin_totp(work, proofing.person_id, source=proofing.id, by=act.actor)
                await act.record(work)
                return enrolment

    async def confirm_totp(self, caller: ApplicantCaller, proofing_id: str, code: str) -> ProofingView:
        """Bind the authenticator by one code, which is then used (A38)."""
        async with self._journal.act("totp.bind", caller.actor(), object_id=proofing_id) as act:
            async with self._database.work() as work:
                proofing = await self._moved(work, caller, proofing_id, Move.BIND)
                act.subject = proofing.person_id
                refusal = await self._binder.confirm_totp(work, proofing.person_id, code)
                if refusal is None:
                    await self._outbox.tell(work, proofing.person_id, Template.AUTHENTICATOR_BOUND, by=act.actor)
                view = await self._settled(work, proofing)
                await act.record(work, refusal)
            if refusal is not None:
                raise refusal
        return view

    async def _moved(self, work: Work, caller: ApplicantCaller, proofing_id: str, move: Move) -> Proofing:
        stored = opened_by(caller, await work.proofings.lock(proofing_id), self._vault)
        return stored.proofing.move(move, now=self._clock.now())

    async def _settled(self, work: Work, proofing: Proofing) -> ProofingView:
        """Enrolled once both authenticators are bound; until then, what is missing."""
        now = self._clock.now()
        if not await work.authenticators.unbound(proofing.person_id):
            proofing = proofing.move(Move.ENROL, now=now)
        await work.proofings.save(proofing)
        return await viewed(work, proofing, now)

    async def _enrol(
        self, work: Work, proofing: Proofing, contact: Contact, address: bytes, by: Actor
    ) -> Refusal | None:
        stored = await work.proofings.find(proofing.id)
        if (
            stored is None
            or stored.sealed_examination is None
            or stored.number_index is None
            or proofing.decision is None
        ):
            raise LookupError(f"{proofing.id} was accepted without an examination")
        now = self._clock.now()
        person = await self._vault.person(work, proofing.person_id)
        examined = await person.open(
            Sealed.EXAMINATION, proofing.id, stored.sealed_examination, by=by, purpose=ENROLMENT
        )
        attributes = _attributes(examined)
        numbers, given = known_by(attributes), address.decode()
        subscriber = Subscriber(
            id=proofing.person_id,
            proofing_id=proofing.id,
            customer_ref=proofing.customer_ref,
            state=AccountState.ACTIVE,
            ial=proofing.decision.ial,
            language=proofing.language,
            sealed_attributes=person.seal(
                Sealed.ATTRIBUTES, proofing.person_id, json.dumps(attributes, ensure_ascii=False).encode()
            ),
            number_index=self._vault.index(Use.RESIDENT_NUMBER, numbers[0]),
            created_at=now,
            ial_missing=proofing.decision.assurance.missing,
        )
        sealed = person.seal(Sealed.ALIAS, proofing.person_id, address)
        # Both hashed anew: under whichever key they were found in this proofing, its time may be over.
        alias = Alias(contact.channel, self._vault.index(Use.ADDRESS, given), proofing.person_id, sealed, now)
        try:
            # What is taken undoes the account, not the fact that this code was used.
            async with work.part():
                await work.subscribers.add(subscriber, alias, self._also_known(numbers, given))
        except Refusal as refusal:
            return refusal
        await self._enrol_face(work, person, proofing, as_now(json.loads(examined)), by)
        return None

    async def _enrol_face(
        self, work: Work, person: PersonVault, proofing: Proofing, document: Document, by: Actor
    ) -> None:
        """The face accepted at the proofing becomes the first one enrolled, where its applicant agreed to that.

        One that was compared with another document than the account rests on is nobody's, and goes.
        """
        if not await face_anchors.vouched(work, proofing, document):
            if await first_face.forget(work, proofing):
                act = self._journal.act("proofing.purge_face", by, subject=proofing.person_id, object_id=proofing.id)
                await act.record(work, face_erased=True)
            return
        face_id = FaceId(ids.named("fac", self._entropy.draw(ids.NONCE_BYTES)))
        face = await first_face.enrol(work, person, proofing, face_id, by=by)
        if face is not None:
            await face_search.place(work, self._vault, person, proofing, by=by)
            act = self._journal.act("face.enrol", by, subject=proofing.person_id, object_id=face_id)
            await act.record(work, source=face.source, slot=face.slot, model=face.models[0])

    def _also_known(self, numbers: tuple[str, ...], address: str) -> AlsoKnown:
        named = [*((Use.RESIDENT_NUMBER, number) for number in numbers), (Use.ADDRESS, address)]
        return AlsoKnown(
            held=tuple(self._vault.index(Use.RESIDENT_NUMBER, number) for number in numbers),
            numbers=tuple(each for number in numbers for each in self._vault.indexes(Use.RESIDENT_NUMBER, number)),
            addresses=self._vault.indexes(Use.ADDRESS, address),
            alone=frozenset(self._vault.index_for_all(*each) for each in named),
        )


def _covered(proofing_id: ProofingId, channel: str, address: str, code: str) -> str:
    """What the digest covers: who asked, where it went, and the code (A39)."""
    return f"{proofing_id}\n{channel}\n{address}\n{code}"


def _attributes(examined: bytes) -> dict[str, str]:
    """What is kept of the document as the subscriber's attributes: no ethnicity, which was never kept."""
    document = as_now(json.loads(examined))
    read = {name: value for name, value in values(document).items() if value}
    _, *others = numbers_in(document)
    return {**read, "document": kind_of(document)} | ({ALSO: " ".join(others)} if others else {})
