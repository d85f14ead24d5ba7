"""Is what reviewers type held to the same rules as what is read?"""

from datetime import date

import pytest

from app.verification.documents.resident_number import NumberCheckWrong
from app.verification.examination import Kind
from app.verification.typed import (
    CardExpired,
    DateMalformed,
    DayImpossible,
    Guardian,
    GuardianNeeded,
    NumberTellsOtherwise,
    Relation,
    SexUnknown,
    StateUnknown,
    StillUnread,
    Typed,
    as_typed,
    completed,
    guarded,
    needed,
)

TODAY = date(2026, 11, 22)
READ: dict[str, str | None] = {
    "name": "欧阳样例", "number": "11010119900307002X", "address": "北京市东城区", "authority": "北京市公安局东城分局",
    "valid_from": "2016-03-07", "valid_to": "2036-03-07",
}  # fmt: skip
MINOR = "110101201203070024"


def test_what_was_read_and_what_was_typed_make_one_identity() -> None:
    found = completed({**READ, "name": None}, Typed(name="欧阳 样例"), today=TODAY)
    assert (found.name, found.sex, found.birth.isoformat()) == ("欧阳 样例", "女", "1990-03-07")


def test_what_nobody_read_or_typed_is_named() -> None:
    with pytest.raises(StillUnread) as refused:
        completed({**READ, "name": None, "valid_to": None}, Typed(), today=TODAY)
    assert refused.value.facts == {"fields": "name, valid_to"}


@pytest.mark.rule("R3")
def test_a_typed_number_keeps_the_rules_of_numbers() -> None:
    with pytest.raises(NumberCheckWrong):
        completed(READ, Typed(number="110101199003070021"), today=TODAY)


@pytest.mark.rule("R34")
@pytest.mark.parametrize(("end", "good"), [("2026-11-22", True), ("2026-11-21", False), ("long_term", True)])
def test_nobody_is_accepted_on_a_card_that_has_expired(end: str, *, good: bool) -> None:
    if good:
        assert completed(READ, Typed(valid_to=end), today=TODAY).valid_to == end
        return
    with pytest.raises(CardExpired):
        completed(READ, Typed(valid_to=end), today=TODAY)


def test_a_date_is_written_as_dates_are() -> None:
    with pytest.raises(DateMalformed):
        completed(READ, Typed(valid_from="7 March 2016"), today=TODAY)


@pytest.mark.rule("R40")
@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("name", "　欧阳　样例 ", "欧阳 样例"),
        ("birth", "１９９０-03-07", "1990-03-07"),
        ("valid_from", "20160307", "2016-03-07"),
        ("valid_to", "long_term", "long_term"),
        ("valid_to", "长期", "long_term"),
        ("valid_to", " 長 期", "long_term"),
        ("sex", " 女", "女"),
    ],
)
def test_what_an_applicant_typed_is_spelled_as_fields_are(name: str, text: str, kept: str) -> None:
    assert as_typed(name, text, Kind.RESIDENT_CARD, today=TODAY) == kept


@pytest.mark.rule("R40")
@pytest.mark.parametrize(
    ("name", "text"), [("birth", "long_term"), ("valid_from", "长期"), ("valid_from", "2016-02-30")]
)
def test_what_is_no_day_is_no_day_for_an_applicant_either(name: str, text: str) -> None:
    with pytest.raises(DateMalformed) as refused:
        as_typed(name, text, Kind.RESIDENT_CARD, today=TODAY)
    assert refused.value.facts == {"field": name}


@pytest.mark.parametrize("text", ["F", "男女", "male"])
def test_a_sex_is_one_of_the_two_that_are_printed(text: str) -> None:
    with pytest.raises(SexUnknown):
        as_typed("sex", text, Kind.RESIDENT_CARD, today=TODAY)


def test_two_spellings_of_an_address_are_one_identity_and_two_names_are_not() -> None:
    said = completed(READ, Typed(), today=TODAY).covered(Kind.RESIDENT_CARD)
    assert completed(READ, Typed(address="北京市東城區"), today=TODAY).covered(Kind.RESIDENT_CARD) == said
    assert completed(READ, Typed(name="欧阳他人"), today=TODAY).covered(Kind.RESIDENT_CARD) != said


@pytest.mark.rule("R36")
@pytest.mark.parametrize("dot", "·•・‧∙．.･")
def test_a_dot_is_one_dot_however_it_is_typed(dot: str) -> None:
    found = completed(READ, Typed(name=f"阿里木 {dot}买买提"), today=TODAY)
    assert found.name == "阿里木·买买提"
    assert completed(READ, Typed(name="ST. JOHN"), today=TODAY).name == "ST. JOHN"


def test_one_day_typed_in_two_ways_is_one_identity() -> None:
    found = completed(READ, Typed(valid_from="20160307", valid_to="20360307"), today=TODAY)
    assert (found.valid_from, found.valid_to) == ("2016-03-07", "2036-03-07")
    assert found.covered(Kind.RESIDENT_CARD) == completed(READ, Typed(), today=TODAY).covered(Kind.RESIDENT_CARD)


def test_a_name_set_apart_by_one_and_together_by_another_is_one_identity() -> None:
    apart = completed(READ, Typed(name="欧阳 样例"), today=TODAY).covered(Kind.RESIDENT_CARD)
    assert apart == completed(READ, Typed(), today=TODAY).covered(Kind.RESIDENT_CARD)


@pytest.mark.rule("R2")
@pytest.mark.parametrize(("typed", "field"), [({"sex": "男"}, "sex"), ({"birth": "1990-03-08"}, "birth")])
def test_what_is_typed_against_the_number_is_refused(typed: dict[str, str], field: str) -> None:
    with pytest.raises(NumberTellsOtherwise) as refused:
        completed(READ, Typed(**typed), today=TODAY)
    assert refused.value.facts == {"field": field}
    assert completed(READ, Typed(sex="女", birth="19900307"), today=TODAY).sex == "女"


@pytest.mark.rule("R35")
def test_a_minor_is_accepted_at_the_counter_with_a_guardian_alone() -> None:
    minor = completed(READ, Typed(number=MINOR), today=TODAY)
    guarded(minor, Guardian("欧阳父", Relation.PARENT), in_person=True, today=TODAY)
    with pytest.raises(GuardianNeeded):
        guarded(minor, None, in_person=True, today=TODAY)
    with pytest.raises(GuardianNeeded):
        guarded(minor, Guardian("欧阳父", Relation.PARENT), in_person=False, today=TODAY)


PASSPORT: dict[str, str | None] = {
    "name": "ERIKSSON ANNA", "number": "K204418C7", "authority": "SWE", "valid_to": "2030-01-01", "sex": "F",
    "birth": "1990-03-07",
}  # fmt: skip


@pytest.mark.rule("R70")
def test_a_states_document_is_known_by_the_states_code_however_it_is_typed() -> None:
    found = completed(PASSPORT, Typed(authority=" SWE"), today=TODAY, kind=Kind.PASSPORT)
    assert (found.authority, found.number) == ("SWE", "K204418C7")
    with pytest.raises(StateUnknown):
        completed(PASSPORT, Typed(authority="HM Passport Office"), today=TODAY, kind=Kind.PASSPORT)
    spaced = completed(PASSPORT, Typed(number="k20441-8c7"), today=TODAY, kind=Kind.PASSPORT)
    assert spaced.number == "K204418C7"


@pytest.mark.rule("R37", "R69")
def test_a_sex_is_one_that_documents_of_its_kind_print() -> None:
    assert as_typed("sex", " F", Kind.PASSPORT, today=TODAY) == "F"
    assert completed(PASSPORT, Typed(sex="X"), today=TODAY, kind=Kind.PASSPORT).sex == "X"
    for said in ("女", "female"):
        with pytest.raises(SexUnknown) as refused:
            completed(PASSPORT, Typed(sex=said), today=TODAY, kind=Kind.PASSPORT)
        assert refused.value.facts == {"field": "sex", "printed": "M, F, X"}


@pytest.mark.parametrize(
    "name", ["ERIKSSON ANNA", "Eriksson Anna", "ERIKSSON, ANNA", "Eriksson,Anna", "eriksson  ANNA"]
)
def test_a_latin_name_typed_in_two_ways_is_one_identity(name: str) -> None:
    found = completed(PASSPORT, Typed(name=name), today=TODAY, kind=Kind.PASSPORT)
    assert found.name == "ERIKSSON ANNA"
    assert found.covered(Kind.PASSPORT) == completed(PASSPORT, Typed(), today=TODAY, kind=Kind.PASSPORT).covered(
        Kind.PASSPORT
    )


@pytest.mark.parametrize("typed", [{"sex": "M"}, {"birth": "1990-03-08"}])
def test_two_who_type_two_births_or_sexes_of_a_passport_do_not_agree(typed: dict[str, str]) -> None:
    one, other = (completed(PASSPORT, each, today=TODAY, kind=Kind.PASSPORT) for each in (Typed(), Typed(**typed)))
    assert one.covered(Kind.PASSPORT) != other.covered(Kind.PASSPORT)
    assert one.covered_before(Kind.PASSPORT) == other.covered_before(Kind.PASSPORT)


@pytest.mark.rule("R69", "R70")
def test_a_states_code_and_a_sex_are_typed_in_either_case() -> None:
    found = completed(PASSPORT, Typed(authority="swe", sex="f"), today=TODAY, kind=Kind.PASSPORT)
    assert (found.authority, found.sex) == ("SWE", "F")


@pytest.mark.rule("R18", "R19")
@pytest.mark.parametrize(
    ("number", "wanted"),
    [("911124198108030024", ()), ("CAN110081080310", ("sex", "birth"))],
)
def test_of_a_permanent_card_that_is_typed_which_its_number_does_not_tell(number: str, wanted: tuple[str, ...]) -> None:
    kind = Kind.PERMANENT_RESIDENT_CARD
    assert tuple(name for name in needed(kind, number, today=TODAY) if name in {"sex", "birth"}) == wanted


PERMANENT: dict[str, str | None] = {
    "name": "CESHI, YANGLI", "number": "CAN110081080310", "authority": "中华人民共和国国家移民管理局", "sex": "女",
    "birth": "1981-08-03", "valid_from": "2020-01-01", "valid_to": "2029-12-31",
}  # fmt: skip
OF: dict[Kind, dict[str, str | None]] = {
    Kind.RESIDENT_CARD: READ, Kind.PASSPORT: PASSPORT, Kind.PERMANENT_RESIDENT_CARD: PERMANENT,
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "typed", "field"),
    [
        (Kind.PASSPORT, {"birth": "2099-01-01"}, "birth"),
        (Kind.PASSPORT, {"birth": "2026-11-23"}, "birth"),
        (Kind.PERMANENT_RESIDENT_CARD, {"birth": "2081-08-03"}, "birth"),
        (Kind.RESIDENT_CARD, {"valid_from": "2026-11-23"}, "valid_from"),
        (Kind.RESIDENT_CARD, {"valid_from": "2030-01-01", "valid_to": "2029-01-01"}, "valid_from"),
        (Kind.RESIDENT_CARD, {"valid_from": "2026-11-23", "valid_to": "long_term"}, "valid_from"),
        (Kind.RESIDENT_CARD, {"valid_from": "2020-01-02", "valid_to": "2020-01-01"}, "valid_from"),
        (Kind.PERMANENT_RESIDENT_CARD, {"valid_from": "2027-01-01"}, "valid_from"),
    ],
)
def test_no_day_is_typed_that_no_document_can_print_by_now(kind: Kind, typed: dict[str, str], field: str) -> None:
    with pytest.raises(DayImpossible) as refused:
        completed(OF[kind], Typed(**typed), today=TODAY, kind=kind)
    assert refused.value.facts == {"field": field}


def test_today_is_no_day_to_come() -> None:
    begun = Typed(valid_from="2026-11-22")
    assert completed(READ, begun, today=TODAY).valid_from == "2026-11-22"
    assert completed(PASSPORT, Typed(birth="2026-11-22"), today=TODAY, kind=Kind.PASSPORT).birth == TODAY


@pytest.mark.parametrize("name", ["birth", "valid_from"])
def test_an_applicant_types_no_day_to_come_either(name: str) -> None:
    with pytest.raises(DayImpossible):
        as_typed(name, "2099-01-01", Kind.RESIDENT_CARD, today=TODAY)


@pytest.mark.rule("R33")
@pytest.mark.parametrize("kind", [Kind.PASSPORT, Kind.PERMANENT_RESIDENT_CARD, Kind.IDENTITY_CARD, Kind.VISA])
@pytest.mark.parametrize("end", ["long_term", "长期"])
def test_what_never_runs_for_ever_is_not_typed_so(kind: Kind, end: str) -> None:
    with pytest.raises(DateMalformed) as refused:
        completed(OF.get(kind, PASSPORT), Typed(valid_to=end), today=TODAY, kind=kind)
    assert refused.value.facts == {"field": "valid_to"}


@pytest.mark.rule("R33")
@pytest.mark.parametrize("end", ["长期", "長期", "长 期", "long_term"])
def test_one_term_typed_as_printed_or_in_our_word_is_one_identity(end: str) -> None:
    one, other = (completed(READ, Typed(valid_to=each), today=TODAY) for each in (end, "long_term"))
    assert one == other
