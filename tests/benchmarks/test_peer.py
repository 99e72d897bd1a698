"""A peer answers from another process; here the other environment is this one."""

import sys
from pathlib import Path

import pandas as pd
import pytest

from stockpot.benchmarks import peer
from stockpot.benchmarks.methods import METHODS

SCRIPTS = Path(peer.__file__).parent / "peers"


class Here(peer.Peer):
    """Its script lies in a folder of the test's."""

    @property
    def python(self):
        return Path(sys.executable)


@pytest.fixture
def script(tmp_path, monkeypatch):
    """Write what the peer does."""
    (tmp_path / "peers").mkdir()
    (tmp_path / "peers" / "draw.py").write_text((SCRIPTS / "draw.py").read_text())
    monkeypatch.setattr(peer, "HERE", tmp_path)

    def write(body):
        text = f"def again(train, kinds, rows, seed):\n    {body}\n"
        (tmp_path / "peers" / "with_test.py").write_text(text)

    return write


def there(*, flagged=False):
    return Here("again", "", "", "with_test", flagged, 0)


TRAIN = pd.DataFrame({"n": [1.5, None, 3.0], "c": ["1", float("nan"), "None"]})


def test_rows_come_back_as_they_went(script):
    script("return train")
    found = peer.draw(there(), TRAIN, 3, 0)
    pd.testing.assert_frame_equal(found.rows, TRAIN, check_dtype=False)
    assert found.peak_mb > 0


def test_a_peer_that_takes_no_missing_values_gets_none_and_gives_them(script):
    script("assert train.notna().all().all(); return train")
    found = peer.draw(there(flagged=True), TRAIN, 3, 0)
    assert found.rows["n"].isna().tolist() == [False, True, False]
    assert found.rows["c"].isna().tolist() == [False, True, False]


def test_a_peer_that_fails_says_why(script):
    script("raise ValueError('unlucky')")
    with pytest.raises(RuntimeError, match="ValueError: unlucky"):
        peer.draw(there(), TRAIN, 3, 0)


def test_an_environment_that_cannot_be_made_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("STOCKPOT_STORE", str(tmp_path))
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(OSError, match="environment cannot be made"):
        peer.install(there())


def test_every_peer_that_can_be_run_has_its_script():
    able = [found for found in peer.peers() if found.module]
    assert able
    for found in able:
        assert f"def {found.method}(" in (SCRIPTS / f"{found.module}.py").read_text()
        assert found.install
        assert found.method in METHODS
