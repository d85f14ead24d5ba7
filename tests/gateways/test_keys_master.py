"""What wraps all other keys?"""

import base64
import os
import stat
from pathlib import Path

import pytest

from app.core.entropy import SystemEntropy
from app.core.environment import Environment
from app.core.secret import Secret
from app.gateways.master_key import FileMasterKey, MasterKeyUnfit, is_private

KEY = Secret(b"k" * 32)


def written(path: Path, *, octets: bytes = bytes(range(32)), mode: int = 0o600) -> Path:
    path.write_bytes(base64.b64encode(octets) + b"\n")
    path.chmod(mode)
    return path


def master(path: Path) -> FileMasterKey:
    return FileMasterKey(path, entropy=SystemEntropy(), environment=Environment.DEVELOPMENT)


def test_what_it_wraps_it_unwraps(tmp_path: Path) -> None:
    held = master(written(tmp_path / "key"))
    assert held.unwrap(held.wrap(KEY, context=b"data"), context=b"data").reveal() == KEY.reveal()


@pytest.mark.rule("A116")
def test_a_wrapped_key_shows_nothing_of_the_key_and_no_two_wrappings_are_alike(tmp_path: Path) -> None:
    held = master(written(tmp_path / "key"))
    first, second = held.wrap(KEY, context=b"data"), held.wrap(KEY, context=b"data")
    assert first != second
    assert KEY.reveal() not in first + second


def test_a_key_wrapped_for_one_purpose_is_not_unwrapped_for_another(tmp_path: Path) -> None:
    held = master(written(tmp_path / "key"))
    with pytest.raises(MasterKeyUnfit):
        held.unwrap(held.wrap(KEY, context=b"data"), context=b"index")


@pytest.mark.rule("A116")
def test_another_master_key_unwraps_nothing_and_has_another_name(tmp_path: Path) -> None:
    held, other = master(written(tmp_path / "key")), master(written(tmp_path / "other", octets=bytes(32)))
    assert held.name != other.name
    with pytest.raises(MasterKeyUnfit):
        other.unwrap(held.wrap(KEY, context=b"data"), context=b"data")


@pytest.mark.parametrize("octet", [0, 2, 3, 14, 15, -1])
def test_a_changed_wrapping_is_refused(tmp_path: Path, octet: int) -> None:
    held = master(written(tmp_path / "key"))
    wrapped = bytearray(held.wrap(KEY, context=b"data"))
    wrapped[octet] ^= 1
    with pytest.raises(MasterKeyUnfit):
        held.unwrap(bytes(wrapped), context=b"data")


@pytest.mark.parametrize("length", [0, 2, 3, 14, 15, 30])
def test_a_cut_wrapping_is_refused(tmp_path: Path, length: int) -> None:
    held = master(written(tmp_path / "key"))
    with pytest.raises(MasterKeyUnfit):
        held.unwrap(held.wrap(KEY, context=b"data")[:length], context=b"data")


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_of_its_owner_alone_is_taken(tmp_path: Path, mode: int) -> None:
    assert master(written(tmp_path / "key", mode=mode)).name.startswith("file:")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o602, 0o700, 0o777, 0o4600])
def test_a_file_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(MasterKeyUnfit, match="0600"):
        master(written(tmp_path / "key", mode=mode))


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_key_of_another_length_is_refused(tmp_path: Path, length: int) -> None:
    with pytest.raises(MasterKeyUnfit, match="32 bytes"):
        master(written(tmp_path / "key", octets=bytes(length)))


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir(mode=0o700)
    os.mkfifo(tmp_path / "pipe", mode=0o600)
    for name in ("missing", "folder", "pipe"):
        with pytest.raises(MasterKeyUnfit):
            master(tmp_path / name)


@pytest.mark.parametrize(("owner", "private"), [(1000, True), (0, True), (1001, False)])
def test_only_a_file_of_the_reader_or_of_root_is_private(owner: int, private: object) -> None:
    status = os.stat_result((stat.S_IFREG | 0o600, 0, 0, 1, owner, 0, 45, 0, 0, 0))
    assert is_private(status, reader=1000) is private


def test_what_is_not_base64_is_refused_without_being_shown(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("swordfish!")
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(MasterKeyUnfit) as error:
        master(tmp_path / "key")
    assert "swordfish" not in str(error.value)
