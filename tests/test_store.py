"""The store: what is there is whole, whoever made it, whatever became of the maker."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from stockpot.errors import FolderError
from stockpot.store import FORGOTTEN_SECONDS, MANIFEST, Store, default_root

KILLED = """
import os, signal, sys
from pathlib import Path
from stockpot.store import Store

def fill(folder):
    (folder / "a").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)

Store(Path(sys.argv[1])).make("train", "k", fill)
"""


def writes(text: str, made: list[str] | None = None):
    """A maker that writes one file, and tells that it ran."""

    def fill(folder: Path) -> None:
        (folder / "a").write_text(text)
        if made is not None:
            made.append(text)

    return fill


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_what_is_made_is_there_with_its_manifest(store):
    assert store.make("train", "k", writes("one"))
    assert store.has("train", "k")
    assert (store.folder("train", "k") / "a").read_text() == "one"
    assert set(json.loads((store.folder("train", "k") / MANIFEST).read_text())["files"]) == {"a"}
    assert store.seconds("train", "k") >= 0


def test_what_is_there_is_not_made_again(store):
    made: list[str] = []
    assert store.make("train", "k", writes("one", made))
    assert not store.make("train", "k", writes("two", made))
    assert made == ["one"]


def test_another_stage_or_key_is_another_artefact(store):
    store.make("train", "k", writes("one"))
    assert not store.has("taste", "k")
    assert not store.has("train", "j")


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "a").write_text("two"),
        lambda folder: (folder / "a").write_text(""),
        lambda folder: (folder / "a").unlink(),
        lambda folder: (folder / MANIFEST).unlink(),
        lambda folder: (folder / MANIFEST).write_text("{"),
        lambda folder: (folder / MANIFEST).write_text("[]"),
        lambda folder: (folder / MANIFEST).write_text('{"files": {"a": 3}}'),
        lambda folder: (folder / MANIFEST).write_bytes(b"\xff"),
        shutil.rmtree,
    ],
)
def test_a_damaged_artefact_is_made_again(store, damage):
    store.make("train", "k", writes("one"))
    damage(store.folder("train", "k"))
    assert not store.has("train", "k")
    assert store.make("train", "k", writes("one"))
    assert (store.folder("train", "k") / "a").read_text() == "one"


def test_a_maker_that_fails_leaves_nothing(store):
    def fill(folder: Path) -> None:
        (folder / "a").write_text("half")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        store.make("train", "k", fill)
    assert not store.has("train", "k")
    assert list((store.root / "train").iterdir()) == []


def test_a_killed_maker_leaves_nothing_that_is_read(store):
    done = subprocess.run([sys.executable, "-c", KILLED, str(store.root)])
    assert done.returncode == -signal.SIGKILL
    assert len(list((store.root / "train").iterdir())) == 1
    assert not store.has("train", "k")
    assert store.make("train", "k", writes("whole"))


def test_what_a_maker_left_long_ago_is_swept_and_a_living_ones_is_not(store):
    left, living = store.root / "train" / ".k.1.part", store.root / "train" / ".k.2.part"
    for part in (left, living):
        part.mkdir(parents=True)
    then = time.time() - FORGOTTEN_SECONDS - 1
    os.utime(left, (then, then))
    store.make("train", "k", writes("one"))
    assert not left.exists()
    assert living.exists()


def test_two_makers_of_one_key_leave_one_whole_artefact(store):
    both = threading.Barrier(2)

    def fill(folder: Path) -> None:
        both.wait(timeout=10)
        (folder / "a").write_text("same")

    made: list[bool] = []
    threads = [threading.Thread(target=lambda: made.append(store.make("train", "k", fill))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [True, True]
    assert store.has("train", "k")
    assert [path.name for path in (store.root / "train").iterdir()] == ["k"]


def test_a_root_that_is_a_file_is_told_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    for root in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(FolderError, match=r"cannot be written.*--store"):
            Store(root).make("train", "k", writes("one"))


def test_a_root_that_is_read_only_is_told_in_a_sentence(store, monkeypatch):
    def refuse(*_args, **_options):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(FolderError, match=r"cannot be written \(Read-only file system\)"):
        store.make("train", "k", writes("one"))


def test_a_full_disk_is_a_fault_of_the_world(store, monkeypatch):
    def refuse(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(OSError, match="No space"):
        store.make("train", "k", writes("one"))


def test_the_root_is_the_users_cache_unless_the_environment_names_another(monkeypatch, tmp_path):
    monkeypatch.delenv("STOCKPOT_STORE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_root() == tmp_path / ".cache" / "stockpot"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert default_root() == tmp_path / "cache" / "stockpot"
    monkeypatch.setenv("STOCKPOT_STORE", "~/mine")
    assert default_root() == tmp_path / "mine"
