"""Looking after a store: what is listed, checked and pruned; and what is never touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stockpot.artefact import MANIFEST
from stockpot.flows.cli import main
from stockpot.keeper import ABANDONED_SECONDS
from stockpot.shelves import Near, shelves
from stockpot.stocktaking import DAY, account, pruning, row, seconds, size, told_size
from stockpot.store import FORGOTTEN_SECONDS, Store
from tests.s3 import Shared

LIVING = """
import sys
from pathlib import Path
from stockpot.store import Store

def fill(folder):
    (folder / "a").write_text("one")
    print("in the middle", flush=True)
    sys.stdin.readline()

store = Store(Path(sys.argv[1]))
store.attend()
store.make("train", "k", fill)
"""


def writes(text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / "a").write_text(text) and None


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Three artefacts of two tables, last used one, two and three days ago."""
    made = Store(tmp_path / "store")
    for days, (stage, key, of) in enumerate(
        (("train", "k", "oak"), ("train", "j", "elm"), ("soup", "k", "oak"))
    ):
        made.make(stage, key, writes("x" * 1000), of)
        age(made.folder(stage, key), (days + 1) * DAY)
    return made


def age(path: Path, by: float) -> None:
    then = time.time() - by
    os.utime(path, (then, then))


def held(store: Store) -> list[str]:
    """stage/key of what is there."""
    return [f"{entry.stage}/{entry.key}" for entry in Near(store).entries()]


@contextmanager
def maker(store: Store) -> Iterator[subprocess.Popen[str]]:
    """A process in the middle of making train/k; it ends when it is asked to."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", LIVING, str(store.root)], stdin=pipe, stdout=pipe, text=True
    ) as process:
        assert process.stdout
        assert process.stdin
        assert process.stdout.readline() == "in the middle\n"
        yield process
        process.stdin.close()


def test_an_account_tells_artefacts_bytes_and_times_of_each_stage(store):
    entries = Near(store).entries()
    rows = account(entries, lambda entry: entry.stage)
    assert [(one.name, one.count) for one in rows] == [("train", 2), ("soup", 1)]
    total = row("all", entries)
    assert (total.count, total.size) == (3, sum(one.size for one in rows))
    assert total.size == sum(path.stat().st_size for path in store.root.rglob("*") if path.is_file())
    assert total.first <= total.last
    assert abs(time.time() - DAY - total.used) < 60


def test_an_account_tells_the_tables_too(store):
    rows = account(Near(store).entries(), lambda entry: entry.of)
    assert {one.name: one.count for one in rows} == {"oak": 2, "elm": 1}


def test_using_an_artefact_makes_it_young_and_leaves_its_manifest_alone(store):
    made = (store.folder("soup", "k") / MANIFEST).stat().st_mtime_ns
    assert store.has("soup", "k")
    assert abs(store.folder("soup", "k").stat().st_mtime - time.time()) < 60
    assert (store.folder("soup", "k") / MANIFEST).stat().st_mtime_ns == made


@pytest.mark.parametrize(
    ("older", "keep", "gone"),
    [
        (None, None, []),
        (30 * DAY, None, []),
        (2.5 * DAY, None, ["soup/k"]),
        (1.5 * DAY, None, ["soup/k", "train/j"]),
        (None, 2500, ["soup/k"]),
        (None, 1500, ["soup/k", "train/j"]),
        (None, 0, ["soup/k", "train/j", "train/k"]),
        (2.5 * DAY, 1500, ["soup/k", "train/j"]),
    ],
)
def test_what_was_used_last_stays_longest(store, older, keep, gone):
    what = pruning(Near(store), older, keep)
    assert [f"{entry.stage}/{entry.key}" for entry in what.entries] == gone


def test_what_was_used_in_the_last_day_stays_unless_it_is_asked_for(store):
    store.has("train", "k")
    kept = pruning(Near(store), None, 0)
    assert [f"{entry.stage}/{entry.key}" for entry in kept.entries] == ["soup/k", "train/j"]
    assert kept.beyond > 0
    assert len(pruning(Near(store), 0.0, None).entries) == 3


def test_litter_is_what_nobody_will_read(store):
    half, young = (store.root / "train" / f".k.{n}.part" for n in (1, 2))
    for part in (half, young):
        part.mkdir()
    age(half, FORGOTTEN_SECONDS + 1)
    left = {
        "partial/k.safetensors": 0.0,  # its artefact is there
        "partial/long-ago.safetensors": ABANDONED_SECONDS + 1,
        "progress/long-ago": FORGOTTEN_SECONDS + 1,
        f"results/{'0' * 32}": 0.0,
        "running/1-2": 0.0,
    }
    kept = {"partial/lately.safetensors": ABANDONED_SECONDS / 2, "progress/now": 0.0, "results/notes": 0.0}
    for name, old in (left | kept).items():
        path = store.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("1")
        age(path, old)
    found = {Path(one.place).relative_to(store.root).as_posix() for one in Near(store).litter(time.time())}
    assert found == {*left, "train/.k.1.part"}


def test_a_record_that_names_an_artefact_that_is_there_stays(store):
    key = "1" * 32
    store.make("taste", key, writes("one"))
    store.results.mkdir()
    (store.results / key).write_text("{}")
    (store.results / ("2" * 32)).write_text(f'{{"result": [{{"key": "{key}"}}]}}')
    assert Near(store).litter(time.time()) == []
    store.remove("taste", key)
    assert len(Near(store).litter(time.time())) == 2


def jump(store: Store, by: float) -> None:
    """As if the clock had jumped ahead: everything is older by so much."""
    for path in store.root.rglob("*"):
        then = path.stat().st_mtime - by
        os.utime(path, (then, then))


def test_a_clock_that_jumps_takes_nothing_from_a_living_maker(tmp_path):
    store = Store(tmp_path / "store")
    store.make("base", "old", writes("of before"))
    store.make("base", "b", writes("base"))
    with maker(store) as process:
        store.has("base", "b")
        jump(store, 365 * DAY)
        what = pruning(Near(store), 30 * DAY, 0)
        assert [entry.key for entry in what.entries] == ["old"]
        assert what.litter == []
        store.make("train", "k", writes("another's"))  # it sweeps beside the living one
        assert list(store.root.glob("train/.k.*.part"))
        assert process.stdin
        process.stdin.close()
        assert process.wait(timeout=60) == 0
    assert store.has("train", "k")
    assert not list(store.running.iterdir())


def test_the_half_of_a_killed_maker_goes(tmp_path):
    store = Store(tmp_path / "store")
    with maker(store) as process:
        process.kill()
        process.wait()
    (part,) = store.root.glob("train/.k.*.part")
    assert len(Near(store).litter(time.time())) == 1  # its place on the roll
    age(part, FORGOTTEN_SECONDS + 1)
    assert len(Near(store).litter(time.time())) == 2


def test_what_is_used_in_the_future_stays(store):
    age(store.folder("soup", "k"), -365 * DAY)
    assert "soup/k" not in [f"{e.stage}/{e.key}" for e in pruning(Near(store), DAY, 0).entries]


def test_a_shared_place_is_listed_and_pruned_on_both_sides(shared: Shared):
    one = shared.machine("one")
    one.make("train", "k", writes("one"), "oak")
    one.make("soup", "k", writes("two"), "oak")
    far, near = shelves(one)
    assert [(e.stage, e.key, e.of) for e in far.entries(names=True)] == [
        ("train", "k", "oak"),
        ("soup", "k", "oak"),
    ]
    assert account(far.entries(names=True), lambda e: e.stage)[0].size > 3
    for shelf in (far, near):
        assert pruning(shelf, DAY, 0).entries == []
        what = pruning(shelf, 0.0, None)
        assert len(what.entries) == 2
        for entry in what.entries:
            shelf.remove(entry)
        assert shelf.entries(names=False) == []
    assert shared.objects() == []


def test_an_upload_that_ended_in_the_middle_goes_when_it_is_old(shared: Shared):
    shared.machine("one").make("train", "k", writes("one"))
    place = shared.far
    nonce = json.loads(place.read(place.at("train", "k", MANIFEST)))["nonce"]
    for name in ("train/k/another/a", "train/j/alone/a"):
        place.files.pipe_file(place.at(*name.split("/")), b"1")
    far = shelves(shared.machine("one"))[0]
    assert far.litter(far.now()) == []
    left = far.litter(far.now() + FORGOTTEN_SECONDS + 60)
    assert {one.place.rsplit("/", 2)[1] for one in left} == {"another", "alone"}
    for one in left:
        far.discard(one)
    assert shared.objects() == [f"train/k/{nonce}/a", f"train/k/{MANIFEST}"] or shared.machine("two").has(
        "train", "k"
    )


@pytest.mark.parametrize("damage", ["x", "", "gone", "manifest"])
def test_damage_is_told_on_both_sides(shared: Shared, damage):
    one = shared.machine("one")
    one.make("train", "k", writes("one"))
    place = shared.far
    nonce = json.loads(place.read(place.at("train", "k", MANIFEST)))["nonce"]
    there, here = place.at("train", "k", nonce, "a"), one.folder("train", "k") / "a"
    words = "a is not what was written"
    if damage == "gone":
        place.files.rm_file(there)
        here.unlink()
        words = "a is gone"
    elif damage == "manifest":
        place.files.pipe_file(place.at("train", "k", MANIFEST), b"{")
        (here.parent / MANIFEST).write_text("{")
        words = f"{MANIFEST} cannot be read"
    else:
        place.files.pipe_file(there, damage.encode())
        here.write_text(damage)
    for shelf in shelves(one):
        (entry,) = shelf.entries(names=False)
        assert shelf.damage(entry) == words


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, and what is said."""
    try:
        main(["store", *arguments])
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_ls_tells_each_stage_and_each_table(store, capsys):
    code, out, err = told(capsys, "ls", "--store", str(store.root), "--tables")
    assert (code, err) == (0, "")
    words = [line.split()[:2] for line in out.splitlines()]
    for line in (["train", "2"], ["soup", "1"], ["all", "3"], ["oak", "2"], ["elm", "1"]):
        assert line in words


def test_verify_tells_what_is_damaged_and_ends_with_1(store, capsys):
    where = ("--store", str(store.root))
    assert told(capsys, "verify", *where) == (0, f"{store.root}: 3 artefacts, all whole.\n", "")
    (store.folder("soup", "k") / "a").write_text("y")
    code, out, _ = told(capsys, "verify", *where)
    assert code == 1
    assert out.splitlines() == [
        "soup/k of oak: a is not what was written",
        f"{store.root}: 3 artefacts, 1 damaged (--put-away takes it away).",
    ]
    assert "soup/k" in held(store)
    assert told(capsys, "verify", *where, "--put-away")[0] == 1
    assert "soup/k" not in held(store)
    assert told(capsys, "verify", *where)[0] == 0


def test_gc_takes_what_is_asked_for_and_says_so(store, capsys):
    where = ("--store", str(store.root))
    assert "Nothing that is whole goes without --older-than or --keep." in told(capsys, "gc", *where)[1]
    assert (
        "1 artefact and 0 abandoned files would go, 1."
        in told(capsys, "gc", *where, "--older-than", "60h", "--dry-run")[1]
    )
    assert len(held(store)) == 3
    assert "1 artefact and 0 abandoned files went, 1." in told(capsys, "gc", *where, "--older-than", "60h")[1]
    assert held(store) == ["train/j", "train/k"]
    store.has("train", "k")
    assert "more than 1B stay: used in the last day" in told(capsys, "gc", *where, "--keep", "1B")[1]
    assert held(store) == ["train/k"]


@pytest.mark.parametrize("command", ["ls", "verify", "gc"])
def test_an_empty_store_is_told_in_a_sentence(tmp_path, capsys, command):
    (tmp_path / "store").mkdir()
    code, out, err = told(capsys, command, "--store", str(tmp_path / "store"))
    assert (code, err) == (0, "")
    assert out.splitlines()[0].startswith(f"{tmp_path}/store")


@pytest.mark.parametrize("command", ["ls", "verify", "gc"])
def test_a_store_that_is_not_there_is_told_in_a_sentence(tmp_path, capsys, command):
    code, out, err = told(capsys, command, "--store", str(tmp_path / "none"))
    assert (code, out) == (2, "")
    assert err == (
        f"stockpot: There is no store at {tmp_path}/none: a cook makes it; name another one with --store.\n"
    )


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize("command", ["ls", "verify", "gc"])
def test_a_bucket_that_is_not_there_is_told_in_a_sentence(capsys, command):
    code, out, err = told(capsys, command, "--store", "s3://nobodys/prefix")
    assert (code, out) == (2, "")
    assert err.startswith("stockpot: There is no store at s3://nobodys/prefix (The specified bucket does not")


def test_a_store_that_may_only_be_read_is_listed_and_checked_and_not_pruned(store, capsys, monkeypatch):
    def refuse(*_args: object, **_options: object) -> None:
        raise OSError(30, "Read-only file system")

    for name in ("rename", "touch", "unlink", "mkdir", "write_text"):
        monkeypatch.setattr(Path, name, refuse)
    where = ("--store", str(store.root))
    assert told(capsys, "ls", *where)[0] == 0
    assert told(capsys, "verify", *where)[0] == 0
    code, _, err = told(capsys, "gc", *where, "--older-than", "1h")
    assert code == 2
    assert err.startswith(f"stockpot: {store.root} cannot be written (Read-only file system): give another")


@pytest.mark.parametrize(
    ("text", "value"), [("30d", 30 * DAY), ("1.5h", 5400.0), ("2w", 14 * DAY), ("0s", 0.0)]
)
def test_times_are_read(text, value):
    assert seconds(text, "older-than") == value


@pytest.mark.parametrize(
    ("text", "value"), [("5GB", 5 * 10**9), ("500m", 5 * 10**8), ("1.5 kB", 1500), ("7", 7)]
)
def test_sizes_are_read(text, value):
    assert size(text, "keep") == value


def test_sizes_are_told_in_three_digits():
    assert [told_size(n) for n in (7, 1500, 2_000_000, 3e12)] == ["7 B", "1.5 kB", "2.0 MB", "3.0 TB"]


@pytest.mark.parametrize(("flag", "value"), [("--older-than", "soon"), ("--keep", "little")])
def test_a_time_or_size_that_cannot_be_read_is_told(store, capsys, flag, value):
    code, _, err = told(capsys, "gc", "--store", str(store.root), flag, value)
    assert code == 2
    assert f"Option '{flag[2:]}' is '{value}': give a" in err
