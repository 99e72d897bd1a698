"""The note of `stockpot serve`: it leads to one that runs here, and to no other."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from stockpot.errors import ConfigError
from stockpot.flows import serving
from stockpot.flows.serving import Serving

HERE = Serving(
    "http://127.0.0.1:7/api", "http://127.0.0.1:8", "/store", serving.socket.gethostname(), 1, "today"
)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def test_the_note_is_there_while_it_serves_and_gone_afterwards(cache):
    with serving.alone():
        assert serving.read() is None
        serving.tell(HERE)
        assert serving.read() == HERE
        assert json.loads((cache / "stockpot" / "serving.json").read_text())["api"] == HERE.api
    assert serving.read() is None
    assert not serving.note().exists()


def test_a_note_of_one_that_is_gone_leads_nowhere():
    with serving.alone():
        pass
    serving.tell(HERE)
    assert serving.read() is None


def test_a_note_of_another_host_leads_nowhere():
    with serving.alone():
        serving.tell(replace(HERE, host="elsewhere"))
        assert serving.read() is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"api": 1}'])
def test_a_damaged_note_leads_nowhere(text):
    with serving.alone():
        serving.note().write_text(text)
        assert serving.read() is None


def test_only_one_serves():
    with serving.alone():
        assert (
            refusal()
            == "stockpot serve already runs and is about to be ready: use that one, or stop it first."
        )
        serving.tell(HERE)
        assert refusal().startswith("stockpot serve already runs at http://127.0.0.1:7: use")
        assert serving.read() == HERE


def refusal() -> str:
    with pytest.raises(ConfigError) as told, serving.alone():
        pass
    return str(told.value)
