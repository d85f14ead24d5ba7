"""What does a command say of a setting that is none?"""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize("command", [["worker"], ["faces", "re-enrol"]])
def test_a_setting_that_is_none_ends_a_command_by_its_name_and_never_by_its_value(command: list[str]) -> None:
    wrong = {"HUFU_FACE_CROPS": "9", "HUFU_PORT": "s3cret", "HUFU_DATA": "data"}
    ended = subprocess.run(
        [sys.executable, "-m", "app.cli", *command],
        env={**os.environ, **wrong}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines() == [
        "HUFU_PORT: Input should be a valid integer, unable to parse string as an integer",
        "HUFU_FACE_CROPS: Input should be less than or equal to 8",
    ]
