from pathlib import Path

from fanfold.ocr.isolation.handle import environment
from fanfold.settings import Engine

ALLOWED = {
    "PATH",
    "PYTHONPATH",
    "LC_ALL",
    "OMP_THREAD_LIMIT",
    "MALLOC_ARENA_MAX",
}


def test_only_what_programs_need_is_passed_on(monkeypatch):
    for name in ("AWS_SESSION_TOKEN", "FANFOLD_BUCKET", "HOME", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "canary")
    for name in ("LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH"):
        monkeypatch.delenv(name, raising=False)
    assert set(environment(Engine())) == ALLOWED


def test_tesseract_finds_its_data_where_the_settings_say():
    assert environment(Engine(tessdata=Path("/opt/data")))["TESSDATA_PREFIX"] == "/opt/data"
