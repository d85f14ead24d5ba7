"""Do the commands compare, count and refuse as they say, and does what they sign come to be believed?"""

import asyncio
import json
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import typer
from PIL import Image, ImageFile
from typer.testing import CliRunner, Result

from app.cli import commands
from app.cli._face_describing import BROKEN, MANY_FACES, Described, described
from app.cli._face_evaluation import Made, calibration, document, made, page, verdict
from app.cli._face_learning import of_folder
from app.cli._face_pairs import Pair, Pairs, copies, paired, references, tried
from app.cli._face_pictures import COLLECTED
from app.cli._labels import NoLabels
from app.cli.keys import make_first
from app.core.entropy import SystemEntropy
from app.embedded import Database
from app.gateways.face_calibration import calibration_document, fit_document, judged_by
from app.gateways.keys import KeyChain, face_keys
from app.gateways.statements import StatementSigner
from app.gateways.vision.face_choice import OURS
from app.settings import Settings
from app.specimens.portraits import astronaut, grace_hopper, selfie
from app.verification.faces.calibration import Usage, fitting, may_accept, stated
from app.verification.faces.evaluation import Evaluation, evaluations
from app.verification.faces.learning import learned
from tests.gateways.forging import NOW, master_key
from tests.verification.faces_population import flat, population

MODEL = "net@1"
NAMED = "enrolled,probe,same,enrolled_person,probe_person"
DRAWN = population(1200)
FIT = learned(flat(DRAWN.drawn(400, 1)), model=MODEL, population="<drawn>", made_on=date(2026, 11, 26))


def hufu(*words: str) -> Result:
    return CliRunner().invoke(commands(), list(words), env={"COLUMNS": "200"})


@pytest.fixture(scope="module")
def measured() -> Made:
    """Sixty drawn people, three enrolled pictures each, everybody with everybody."""
    faces = {
        Path(f"{who}-{at}"): each for who, person in enumerate(DRAWN.drawn(60, 4)) for at, each in enumerate(person)
    }
    listed = [
        Pair(tuple(Path(f"{one}-{at}") for at in range(3)), Path(f"{other}-3"), one == other, "<all>", (str(one), str(other)))
        for one in range(60)
        for other in range(60)
    ]  # fmt: skip
    pairs = Pairs(tuple(listed), named=True)
    seen = Described(faces, {Path("group"): MANY_FACES}, MODEL)
    usage = Usage(MODEL, FIT.id, "selfie_selfie", references(listed))
    return made(evaluations(tried(listed, faces, FIT)), seen, pairs, usage=usage, population="<drawn>")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faces")
    for name, portrait in (("a", astronaut()), ("h", grace_hopper())):
        for seed in (1, 2):
            (folder / f"{name}{seed}.jpg").write_bytes(selfie(portrait, seed))
    (folder / "none.jpg").write_bytes(b"no picture")
    return folder


def test_everything_is_counted_once(measured: Made) -> None:
    told = document(measured)
    whole = told["evaluations"][0]
    assert (whole["persons"], whole["genuine"], whole["impostor"]) == (60, 60, 60 * 59)
    assert (told["pictures"], told["unusable"], told["usage"]["references"]) == (241, {MANY_FACES: 1}, 3)


def test_the_page_stands_by_itself_and_escapes_what_it_was_given(measured: Made) -> None:
    html = page(measured)
    assert "<drawn>" not in html
    assert "&lt;drawn&gt;" in html
    assert html.count("<svg") == 2 * len(measured.found) == 4
    assert "<script" not in html
    assert "http" not in html.replace("http-equiv", "")
    assert "default-src 'none'" in html
    assert "nan" not in html


@pytest.mark.rule("R92")
def test_what_is_signed_here_is_what_a_score_rests_on_there(measured: Made, tmp_path: Path) -> None:
    master = master_key(tmp_path)
    signer = StatementSigner(face_keys(master, KeyChain.fresh(master, SystemEntropy(), NOW)).values())
    written = calibration_document(calibration(measured, NOW.date()))
    files = [signer.signed(each, now=NOW).octets() for each in (fit_document(FIT), written)]
    judged = judged_by(MODEL, files[0], [files[1]], signer.own)
    found = fitting(judged.calibrations, measured.usage)
    assert stated(99.0, measured.usage, found).calibration == written["id"]


@pytest.mark.rule("R75")
def test_sixty_people_are_too_few_for_a_face_to_decide(measured: Made) -> None:
    assert not may_accept(calibration(measured, NOW.date()), 1e9)
    assert "no threshold has an FMR of at most 0.0001" in page(measured)


def test_two_photographs_are_compared_and_nothing_is_claimed(pictures: Path) -> None:
    run = hufu("faces", "compare", str(pictures / "a1.jpg"), str(pictures / "a2.jpg"), "--json")
    assert run.exit_code == 0, run.output
    told = json.loads(run.stdout)
    assert (told["fmr"], told["calibration"], told["fit"]) == ("uncalibrated", "uncalibrated", None)
    assert (told["why"], told["references"]) == ("no calibration is loaded", 1)
    assert 0.95 < told["score"] <= 1.0


def test_pairs_of_photographs_are_counted(pictures: Path, tmp_path: Path) -> None:
    rows = ["a1.jpg,a2.jpg,1", "h1.jpg,h2.jpg,1", "a1.jpg,h1.jpg,0", "a2.jpg,h2.jpg,0", "none.jpg,h2.jpg,0"]
    (pictures / "pairs.csv").write_text("\n".join(["enrolled,probe,same", *rows]) + "\n", "utf-8")
    run = hufu("evaluate", "faces", str(pictures / "pairs.csv"), "--json", str(tmp_path / "out.json"))
    assert run.exit_code == 0, run.output
    told = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert (told["pictures"], told["unusable"], told["pairs"]) == (5, {"no picture": 1}, 5)
    assert (told["evaluations"][0]["genuine"], told["evaluations"][0]["impostor"]) == (2, 2)
    assert "faces are referred to people" in run.stdout


@pytest.mark.rule("R92")
def test_a_calibration_the_house_signed_is_gone_by_and_another_s_is_not(
    pictures: Path, fresh_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    master_key(tmp_path)
    monkeypatch.setenv("HUFU_OWNER_DATABASE_URL", fresh_database.owner_url.reveal())
    monkeypatch.setenv("HUFU_MASTER_KEY_FILE", str(tmp_path / "master.key"))
    asyncio.run(make_first(Settings()))
    out, pairs = str(tmp_path / "cal"), pictures / "few.csv"
    pairs.write_text("enrolled,probe,same\na1.jpg,a2.jpg,1\na1.jpg,h1.jpg,0\n", "utf-8")
    run = hufu("evaluate", "faces", str(pairs), "--calibration", out)
    assert run.exit_code == 0, run.output
    compare = ("faces", "compare", str(pictures / "a1.jpg"), str(pictures / "a2.jpg"), "--json", "--calibration", out)
    told = json.loads(hufu(*compare).stdout)
    assert told["calibration"] in run.stdout
    assert told["fmr"]["upper"] > 0.9  # of one pair
    assert hufu(*compare, "--key", "another").exit_code == 2


def test_nothing_is_learned_where_nobody_can_sign(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUFU_DATA", str(pictures / "nowhere"))
    monkeypatch.delenv("HUFU_OWNER_DATABASE_URL", raising=False)
    run = hufu("faces", "fit", str(pictures), "--out", str(pictures / "out"), "--population", "two")
    assert (run.exit_code, "nothing can be signed or believed" in run.stderr) == (2, True), run.output
    assert not (pictures / "out").exists()


def test_a_fit_that_is_none_is_not_gone_by(pictures: Path) -> None:
    (pictures / "fit").write_bytes(b"{}")
    one, other = str(pictures / "a1.jpg"), str(pictures / "a2.jpg")
    run = hufu("faces", "compare", one, other, "--fit", str(pictures / "fit"), "--key", "somebody")
    assert (run.exit_code, "not the members of a signed statement" in run.stderr) == (2, True), run.output


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("enrolled,probe\na1.jpg,a2.jpg\n", "no column same"),
        ("enrolled,probe,same\na1.jpg,a2.jpg,yes\n", "line 2: same is 0 or 1"),
        ("enrolled,probe,same\na1.jpg,b.jpg,1\n", "line 2: there is no file b.jpg"),
        ("enrolled,probe,same\na1.jpg;a1.jpg;a1.jpg;a1.jpg;a1.jpg;a1.jpg,a2.jpg,1\n", "more than 5"),
        ("enrolled,probe,same\na1.jpg,./a1.jpg,1\n", "line 2: a picture beside itself"),
        ("enrolled,probe,same\na1.jpg;a2.jpg,a2.jpg,1\n", "line 2: a picture beside itself"),
        (f"{NAMED}\na1.jpg,a2.jpg,1,x,x\na1.jpg,a2.jpg,1,,\n", "not in others"),
        (f"{NAMED}\na1.jpg,a2.jpg,1,x,x\nh1.jpg,a2.jpg,0,y,z\n", "line 3: a2.jpg is of z here and of x above"),
        (f"{NAMED}\na1.jpg,a2.jpg,1,x,y\n", "line 2: same is 1, and the people are x and y"),
        (f"{NAMED}\na1.jpg,h1.jpg,0,x,x\n", "line 2: same is 0, and the people are x and x"),
    ],
)
def test_what_are_no_pairs_is_said_in_a_line(pictures: Path, text: str, why: str) -> None:
    (pictures / "odd.csv").write_text(text, "utf-8")
    with pytest.raises(NoLabels, match=why):
        paired(pictures / "odd.csv")


def test_one_threshold_is_for_one_number_of_references(pictures: Path) -> None:
    (pictures / "mixed.csv").write_text("enrolled,probe,same\na1.jpg;a2.jpg,h1.jpg,0\na1.jpg,a2.jpg,1\n", "utf-8")
    with pytest.raises(NoLabels, match="one number of them"):
        references(paired(pictures / "mixed.csv").listed)


def test_pairs_whose_pictures_show_no_face_are_left_out() -> None:
    pair = Pair((Path("a"),), Path("b"), same=True, cohort="", persons=("x", "x"))
    assert tried([pair], {Path("a"): np.ones(128, np.float32)}, None) == []


def test_one_picture_under_two_names_is_no_second_photograph_of_anybody() -> None:
    faces = {Path(name): np.full(128, size, np.float32) for name, size in (("a", 1), ("b", 2), ("copy", 1))}
    pairs = [Pair((Path("a"),), Path(probe), same=True, cohort="", persons=("x", "x")) for probe in ("b", "copy")]
    assert (len(tried(pairs, faces, None)), copies(pairs, faces)) == (1, 1)


@pytest.mark.rule("R75")
def test_where_nobody_said_who_is_who_no_bound_over_people_is_claimed(measured: Made) -> None:
    guessed = replace(sure(measured), named=False)
    assert not may_accept(calibration(guessed, NOW.date()), 1e9)
    assert "enrolled_person and probe_person name them" in verdict(guessed)
    assert ("(guessed:" in page(guessed), "(guessed:" in page(measured)) == (True, False)
    assert may_accept(calibration(sure(measured), NOW.date()), 1e9)


@pytest.mark.rule("R75", "R78")
def test_a_cohort_of_which_it_is_not_sure_keeps_a_face_from_deciding_and_is_named(measured: Made) -> None:
    whole, cohort = sure(measured).found
    weak = replace(measured, found=[whole, measured.found[1]])
    assert not may_accept(calibration(weak, NOW.date()), 1e9)
    assert verdict(weak).startswith("it is not sure of the strangers of <all> by themselves")
    assert verdict(replace(measured, found=[whole, cohort])).endswith("on (R75)")
    unseen = replace(sure(measured), cohorts=frozenset({"<all>", "lone"}))
    assert not may_accept(calibration(unseen, NOW.date()), 1e9)
    assert verdict(unseen).startswith("too few people were compared to claim anything of lone")


def sure(given: Made) -> Made:
    """As if thousands of people had been measured, in the cohort too."""
    return replace(given, found=[certain(each) for each in given.found])


def certain(found: Evaluation) -> Evaluation:
    points, beside = (
        (*each[:-1], replace(each[-1], fmr=0.0, upper=1e-5)) for each in (found.points, found.beside_all)
    )  # fmt: skip
    return replace(found, points=points, beside_all=beside)


def test_pictures_none_of_which_can_be_used_end_it_in_a_line_that_says_why(pictures: Path) -> None:
    (pictures / "text.jpg").write_bytes(b"nor this")
    (pictures / "useless.csv").write_text("enrolled,probe,same\nnone.jpg,text.jpg,1\n", "utf-8")
    run = hufu("evaluate", "faces", str(pictures / "useless.csv"))
    assert (run.exit_code, "none of 2 pictures shows one face: 2 with no picture" in run.stderr) == (2, True), (
        run.output
    )


def test_a_photograph_that_went_while_others_were_looked_at_is_counted(tmp_path: Path) -> None:
    seen = asyncio.run(described([tmp_path / "gone.jpg"], OURS, processes=1))
    assert seen.lost == "1 with no file that can be read"


@pytest.mark.parametrize("suffix", sorted(COLLECTED))
def test_what_collections_of_faces_are_kept_in_is_looked_at_too(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # face_recognition says so as it is imported
    kept, broken = tmp_path / f"kept{suffix.upper()}", tmp_path / f"broken{suffix}"
    Image.open(BytesIO(selfie(astronaut(), 1))).save(kept, COLLECTED[suffix])
    broken.write_bytes(kept.read_bytes()[:99])
    seen = asyncio.run(described([kept, broken], OURS, processes=1))
    assert (list(seen.faces), seen.unusable) == ([kept], {broken: BROKEN})


def test_a_folder_without_pictures_teaches_nothing(tmp_path: Path) -> None:
    with pytest.raises(typer.Exit) as ended:
        of_folder(Settings(), tmp_path, "nobody", 1)
    assert ended.value.exit_code == 2


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--json", "nowhere/out.json"), "nowhere/out.json: cannot be written"),
        (("--html", "nowhere/out.html"), "nowhere/out.html: cannot be written"),
        (("--html", "."), ".: cannot be written"),
        (("--calibration", "cal.json"), "nothing can be signed or believed"),
        (("--fit", "any.csv", "--key", "somebody"), "any.csv: "),
        (("--kind", "selfie"), "--kind is one of selfie_selfie, doc_selfie"),
    ],
)
def test_what_could_not_be_written_down_is_refused_before_the_work(
    pictures: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], why: str
) -> None:
    monkeypatch.chdir(pictures)
    monkeypatch.setenv("HUFU_DATA", str(pictures / "nowhere"))
    monkeypatch.delenv("HUFU_OWNER_DATABASE_URL", raising=False)
    (pictures / "any.csv").write_text("no labels\n", "utf-8")
    run = hufu("evaluate", "faces", "any.csv", *words)
    assert (run.exit_code, why in run.stderr) == (2, True), run.output


@pytest.mark.parametrize("words", [("compare", "a1.jpg", "a2.jpg"), ("re-enrol",)])
def test_a_command_that_cannot_begin_says_so_in_a_line(
    pictures: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(pictures)
    monkeypatch.setenv("HUFU_DATA", str(pictures / "nowhere"))
    monkeypatch.setenv("HUFU_FACE_MODELS", "nowhere/model.toml")
    for name in ("HUFU_DATABASE_URL", "HUFU_OWNER_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    run = hufu("faces", *words)
    assert (run.exit_code, len(run.stderr.splitlines())) == (2, 1), run.output
