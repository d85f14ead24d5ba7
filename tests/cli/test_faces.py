"""Do the commands compare, count and refuse as they say, and does what they sign come to be believed?"""

import asyncio
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from app.cli import commands
from app.cli._face_describing import MANY_FACES, Described
from app.cli._face_evaluation import Made, calibration, document, made, page
from app.cli._face_pairs import Pair, paired, references, tried
from app.cli._labels import NoLabels
from app.cli.keys import make_first
from app.core.entropy import SystemEntropy
from app.embedded import Database
from app.gateways.face_calibration import calibration_document, fit_document, judged_by
from app.gateways.keys import KeyChain, face_keys
from app.gateways.statements import StatementSigner
from app.settings import Settings
from app.specimens.portraits import astronaut, grace_hopper, selfie
from app.verification.faces.calibration import Usage, fitting, may_accept, stated
from app.verification.faces.evaluation import evaluations
from app.verification.faces.learning import learned
from tests.gateways.forging import NOW, master_key
from tests.verification.faces_population import flat, population

MODEL = "net@1"
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
    pairs = [
        Pair(tuple(Path(f"{one}-{at}") for at in range(3)), Path(f"{other}-3"), one == other, "<all>", (str(one), str(other)))
        for one in range(60)
        for other in range(60)
    ]  # fmt: skip
    seen = Described(faces, {Path("group"): MANY_FACES}, MODEL)
    usage = Usage(MODEL, FIT.id, "selfie_selfie", references(pairs))
    return made(evaluations(tried(pairs, faces, FIT)), seen, usage=usage, population="<drawn>", pairs=len(pairs))


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
    assert (run.exit_code, "nothing can be signed" in run.stderr) == (2, True), run.output
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
        ("enrolled,probe,same,enrolled_person,probe_person\na1.jpg,a2.jpg,1,x,x\na1.jpg,a2.jpg,1,,\n", "not in others"),
    ],
)
def test_what_are_no_pairs_is_said_in_a_line(pictures: Path, text: str, why: str) -> None:
    (pictures / "odd.csv").write_text(text, "utf-8")
    with pytest.raises(NoLabels, match=why):
        paired(pictures / "odd.csv")


def test_one_threshold_is_for_one_number_of_references(pictures: Path) -> None:
    (pictures / "mixed.csv").write_text("enrolled,probe,same\na1.jpg;a2.jpg,h1.jpg,0\na1.jpg,a2.jpg,1\n", "utf-8")
    with pytest.raises(NoLabels, match="one number of them"):
        references(paired(pictures / "mixed.csv"))


def test_pairs_whose_pictures_show_no_face_are_left_out() -> None:
    pair = Pair((Path("a"),), Path("b"), same=True, cohort="", persons=("x", "x"))
    assert tried([pair], {Path("a"): np.ones(128, np.float32)}, None) == []
