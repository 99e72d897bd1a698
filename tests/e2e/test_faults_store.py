"""The store fills up, turns read-only, is damaged, is shared by two cooks."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.e2e.disks import disk
from tests.e2e.house import House, Pot, pot
from tests.e2e.needs import needs

FULL = "stockpot: [Errno 28] No space left on device"


def trained(states: dict[str, str]) -> dict[str, str]:
    """Of the training tasks."""
    return {name: state for name, state in states.items() if name.startswith("train 1 ingredient")}


@needs("mount", "umount")
def test_a_cook_on_a_disk_that_is_full_keeps_what_it_made_and_goes_on_when_there_is_room(
    house: House, undisturbed: Pot, tmp_path
):
    trees = pot(tmp_path, "full-disk")
    with disk(tmp_path / "store", "size=160k") as small:
        full = house.run("cook", *trees.arguments(workers=1))
        assert full.code == 1
        assert full.err.startswith(FULL)
        assert full.err.count("\n") == 1
        (run,) = house.runs_of(trees.table)
        assert run["state_name"] == "Failed"
        kept = trees.trained()
        assert 0 < len(kept) < 4
        assert not list((tmp_path / "store").glob("*/.*"))
        small.change("size=64m")
        assert house.run("cook", *trees.arguments()).code == 0
        assert {key: made for key, made in trees.trained().items() if key in kept} == kept
    assert trees.soup() == undisturbed.soup()


@needs("mount", "umount")
def test_a_store_that_turns_read_only_is_told_in_a_sentence_and_keeps_what_it_has(
    house: House, undisturbed: Pot, tmp_path
):
    trees = pot(tmp_path, "read-only")
    with disk(tmp_path / "store", "size=160k") as small:
        assert house.run("cook", *trees.arguments(workers=1)).code == 1
        kept = trees.trained()
        small.change("ro,size=64m")
        ended = house.run("cook", *trees.arguments())
        told = "cannot be written (Read-only file system): give another folder for the store (--store)."
        assert ended.err == f"stockpot: {tmp_path / 'store'} {told}\n"
        assert ended.code == 2
        small.change("rw")
        assert house.run("cook", *trees.arguments()).code == 0
        assert {key: made for key, made in trees.trained().items() if key in kept} == kept
        small.change("ro")
        assert house.run("cook", *trees.arguments(out="again")).code == 0
    assert trees.soup() == undisturbed.soup()
    assert trees.soup("again") == undisturbed.soup()


@needs("mount", "umount")
def test_a_stage_that_fails_four_times_ends_the_run_with_what_was_done_kept(
    house: House, undisturbed: Pot, tmp_path
):
    trees = pot(tmp_path, "four-times")
    with disk(tmp_path / "store" / "taste", "size=4k,nr_inodes=1"):  # no room for another folder
        failed = house.run("cook", *trees.arguments())
    assert (failed.code, failed.err.startswith(FULL)) == (1, True)
    (run,) = house.runs_of(trees.table)
    tries = {task["name"]: (task["state_name"], task["run_count"]) for task in house.tasks_of(run)}
    assert run["state_name"] == "Failed"
    assert tries["taste soups of four-times"] == ("Failed", 4)
    assert {name.split()[0] for name in tries} == {"read", "look", "train", "taste"}
    assert house.run("cook", *trees.arguments()).code == 0
    states = house.states_of(house.runs_of(trees.table)[-1])
    assert set(trained(states).values()) == {"Cached"}
    assert states["taste soups of four-times"] == "Completed"
    assert trees.soup() == undisturbed.soup()


def test_what_is_flipped_or_truncated_behind_cached_results_is_made_again_and_nothing_else(
    house: House, undisturbed: Pot, tmp_path
):
    trees = pot(tmp_path, "damaged")
    assert house.run("cook", *trees.arguments()).code == 0
    flipped, truncated, *others = sorted(trees.trained())
    flip(weights(trees, flipped))
    truncate(weights(trees, truncated))
    for key, damage in zip(others, (flip, truncate), strict=True):
        damage(tmp_path / "store" / "results" / key)
    shutil.rmtree(tmp_path / "store" / "soup")  # or all that is delivered would be there
    before = trees.trained()
    assert house.run("cook", *trees.arguments()).code == 0
    made = {key for key, when in trees.trained().items() if when != before[key]}
    assert made == {flipped, truncated}
    assert trees.soup() == undisturbed.soup()


def weights(trees: Pot, key: str) -> Path:
    return trees.folder / "store" / "train" / key / "ingredients.safetensors"


def flip(path: Path) -> None:
    """One bit in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncate(path: Path) -> None:
    """To its half."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def test_two_different_cooks_at_once_on_one_store_do_not_meet(house: House, undisturbed: Pot, tmp_path):
    trees, others = pot(tmp_path, "together"), pot(tmp_path, "other", rows=50)
    with (
        house.start("cook", *trees.arguments()) as one,
        house.start("cook", *others.arguments(out="other")) as two,
    ):
        said = [process.communicate(timeout=240)[1] for process in (one, two)]
    assert (one.returncode, two.returncode, *said) == (0, 0, "", "")
    assert house.run("cook", *others.arguments(out="alone", store="another")).code == 0
    assert trees.soup() == undisturbed.soup()
    assert trees.soup("other") == trees.soup("alone")
