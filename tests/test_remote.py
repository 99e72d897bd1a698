"""A store that machines share: each has a mirror of its own, and what one made the others have."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fsspec
import pytest

from stockpot import remote as far
from stockpot.artefact import MANIFEST
from stockpot.errors import ConfigError, FolderError
from stockpot.remote import Remote, remote
from stockpot.store import Store, default_root, located, open_store
from tests.s3 import READER, READERS_SECRET, Server, Shared, become


def writes(text: str, made: list[str] | None = None) -> Callable[[Path], None]:
    def fill(folder: Path) -> None:
        (folder / "a").write_text(text)
        (folder / "b").write_text("b")
        if made is not None:
            made.append(text)

    return fill


def test_what_one_machine_made_the_other_does_not_make(shared):
    made: list[str] = []
    one, other = shared.machine("one"), shared.machine("other")
    assert one.make("train", "k", writes("one", made))
    assert not other.make("train", "k", writes("two", made))
    assert made == ["one"]
    assert (other.folder("train", "k") / "a").read_text() == "one"
    assert other.seconds("train", "k") == one.seconds("train", "k")


def test_the_manifest_names_the_files_of_one_maker(shared):
    shared.machine("one").make("train", "k", writes("one"), of="trees")
    manifest = json.loads(shared.far.read(shared.far.at("train", "k", MANIFEST)))
    nonce = manifest["nonce"]
    assert shared.objects() == sorted(f"train/k/{name}" for name in (MANIFEST, f"{nonce}/a", f"{nonce}/b"))
    assert manifest["of"] == "trees"


def test_half_an_upload_is_never_read(shared):
    one = shared.machine("one")
    one.make("train", "k", writes("one"))
    shared.far.files.rm_file(shared.far.at("train", "k", MANIFEST))
    assert len(shared.objects()) == 2
    assert not shared.machine("other").has("train", "k")
    assert not shared.machine("other").known("train", "k")


def damaged(shared: Shared, damage: str) -> None:
    far, manifest = shared.far, shared.far.at("train", "k", MANIFEST)
    nonce = json.loads(far.read(manifest))["nonce"]
    file = far.at("train", "k", nonce, "a")
    if damage == "truncated":
        far.files.pipe_file(file, b"on")
    elif damage == "flipped":
        far.files.pipe_file(file, b"onE")
    elif damage == "gone":
        far.files.rm_file(file)
    else:
        far.files.pipe_file(manifest, damage.encode())


@pytest.mark.parametrize(
    "damage",
    [
        "truncated",
        "flipped",
        "gone",
        "{",
        "[]",
        "",
        '{"seconds": 1, "files": {"../../out": "0"}, "nonce": "n"}',
    ],
)
def test_a_damaged_object_is_made_again_and_everybody_has_the_new_one(shared, damage):
    shared.machine("one").make("train", "k", writes("one"))
    damaged(shared, damage)
    made: list[str] = []
    assert shared.machine("other").make("train", "k", writes("one", made))
    assert not shared.machine("third").make("train", "k", writes("one", made))
    assert made == ["one"]


def test_a_damaged_mirror_takes_the_far_sides(shared):
    one = shared.machine("one")
    one.make("train", "k", writes("one"))
    (one.folder("train", "k") / "a").write_text("two")
    assert one.has("train", "k")
    assert (one.folder("train", "k") / "a").read_text() == "one"


def test_what_the_far_side_lost_is_offered_again(shared):
    shared.machine("one").make("train", "k", writes("one"))
    shared.far.forget("train", "k")
    assert shared.objects() == []
    assert shared.machine("one").has("train", "k")
    assert shared.machine("other").has("train", "k")


def test_two_makers_of_one_key_do_no_harm(shared):
    both = threading.Barrier(2)

    def fill(folder: Path) -> None:
        both.wait(timeout=20)
        writes("same")(folder)

    makers = [
        threading.Thread(target=shared.machine(name).make, args=("train", "k", fill))
        for name in ("one", "other")
    ]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert shared.machine("third").has("train", "k")


def test_a_mirror_that_has_all_asks_the_far_side_once_a_process(shared, monkeypatch):
    one = shared.machine("one")
    one.make("train", "k", writes("one"))
    monkeypatch.setattr(far.Remote, "files", property(lambda _: pytest.fail("asked again")))
    assert one.has("train", "k")
    assert one.known("train", "k")


def test_known_looks_seldom_at_what_is_not_there(shared, monkeypatch):
    other = shared.machine("other")
    assert not other.known("train", "k")
    shared.machine("one").make("train", "k", writes("one"))
    assert not other.known("train", "k")
    monkeypatch.setattr(far, "LOOK_SECONDS", 0.0)
    assert other.known("train", "k")
    assert not other.folder("train", "k").exists()


def test_an_old_artefact_that_is_used_is_as_new(shared, monkeypatch):
    shared.machine("one").make("train", "k", writes("one"))
    before = shared.far.read(shared.far.at("train", "k", MANIFEST))
    made = shared.far.files.modified(shared.far.at("train", "k", MANIFEST))
    monkeypatch.setattr(far, "USED_SECONDS", 0.0)
    while shared.far.files.modified(shared.far.at("train", "k", MANIFEST)) == made:  # S3 tells whole seconds
        time.sleep(0.2)
        assert shared.machine("other").has("train", "k")
    assert shared.far.read(shared.far.at("train", "k", MANIFEST)) == before


@pytest.mark.usefixtures("owner")
def test_who_may_only_read_uses_what_is_there_and_is_told_what_he_cannot_add(s3, monkeypatch, tmp_path):
    shared = Shared(s3.bucket.url("for-readers"), tmp_path)
    shared.machine("one").make("train", "k", writes("one"))
    become(monkeypatch, s3.bucket.environment(READER, READERS_SECRET))
    reader = shared.machine("reader")
    assert reader.has("train", "k")
    with pytest.raises(FolderError, match=r"may not be used with the credentials that were found.*--store"):
        reader.make("train", "j", writes("two"))


def wrong(s3: Server, patch: pytest.MonkeyPatch, url: str, **changed: Any) -> Store:
    """A store that is asked for as a person would, in this environment."""
    become(patch, s3.bucket.environment() | changed)
    return open_store(url)


@pytest.mark.usefixtures("owner")
def test_a_bucket_that_is_not_there_is_told_in_a_sentence(s3, monkeypatch):
    store = wrong(s3, monkeypatch, "s3://nobodys/prefix")
    with pytest.raises(FolderError, match=r"s3://nobodys/prefix cannot be written.*make its bucket"):
        store.make("train", "k", writes("one"))


@pytest.mark.usefixtures("owner")
def test_wrong_credentials_are_told_in_a_sentence(s3, monkeypatch):
    store = wrong(s3, monkeypatch, s3.bucket.url("p"), AWS_SECRET_ACCESS_KEY="wrong")
    with pytest.raises(FolderError, match="may not be used with the credentials that were found"):
        store.make("train", "k", writes("one"))


@pytest.mark.usefixtures("owner")
def test_no_credentials_are_told_in_a_sentence(s3, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    gone = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    store = wrong(s3, monkeypatch, s3.bucket.url("q"), **gone)
    with pytest.raises(ConfigError, match="has no credentials for it: set AWS_ACCESS_KEY_ID"):
        store.make("train", "k", writes("one"))


def test_credentials_in_the_url_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="holds credentials: leave them out of the URL"):
        open_store("s3://key:secret@bucket/prefix")


def test_a_protocol_that_nobody_knows_is_told_in_a_sentence():
    with pytest.raises(ConfigError, match=r"'oak' is no protocol that fsspec knows.*s3://bucket/prefix"):
        open_store("oak://bucket/prefix").has("train", "k")


def test_a_protocol_that_is_not_installed_is_told_with_what_installs_it(monkeypatch):
    def absent(*_args: object, **_options: object) -> None:
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr(fsspec, "filesystem", absent)
    with pytest.raises(ConfigError, match=r"not installed: pip install 'stockpot\[s3\]'"):
        Remote("s3://bucket/prefix").holds("train", "k")


@pytest.mark.usefixtures("owner")
def test_a_network_that_fails_is_a_fault_of_the_world(s3, monkeypatch):
    store = wrong(
        s3, monkeypatch, s3.bucket.url("r"), AWS_ENDPOINT_URL="http://127.0.0.1:9", AWS_MAX_ATTEMPTS="1"
    )
    monkeypatch.setattr(fsspec.get_filesystem_class("s3"), "retries", 1)
    with pytest.raises(OSError, match=r"could not be used: Could not connect"):
        store.make("train", "k", writes("one"))
    assert not store.known("train", "k")


def test_a_mirror_lies_in_the_users_cache_and_the_url_is_its_name(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    one, other = open_store("s3://bucket/one"), open_store("s3://bucket/other")
    assert one.root.parent == other.root.parent == tmp_path / "stockpot" / "mirrors"
    assert one.root != other.root
    assert (one.location, located("s3://bucket/one/")) == ("s3://bucket/one", "s3://bucket/one")
    monkeypatch.setenv("STOCKPOT_STORE", "s3://bucket/one")
    assert default_root() == one.root
    assert remote("s3://bucket/one") is one.remote
