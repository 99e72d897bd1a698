"""The soup's folder: what is wrong with it is one sentence, and nothing else is ever replaced by it."""

from __future__ import annotations

import json

import pytest

from stockpot.errors import FolderError
from stockpot.folder import FILES, PARTS
from stockpot.soup import Soup
from tests.small import frame, quick


@pytest.fixture(scope="module")
def soup():
    return quick(frame(40), folds=0)


@pytest.fixture
def folder(soup, tmp_path):
    return soup.save(tmp_path / "soup")


def sentence(path) -> str:
    with pytest.raises(FolderError) as error:
        Soup.load(path)
    text = str(error.value)
    assert str(path) in text
    assert "\n" not in text
    assert text.endswith(".")
    return text


def changed(path, **entries) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | entries))


def test_a_folder_holds_its_parts_and_nothing_else(folder):
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
    assert [path.name for path in folder.parent.iterdir()] == ["soup"]


def test_the_schema_is_sdvs(folder):
    metadata = json.loads((folder / "schema.json").read_text())
    assert metadata["METADATA_SPEC_VERSION"] == "SINGLE_TABLE_V1"
    assert metadata["columns"]["size"]["sdtype"] == "numerical"


def test_a_soup_of_a_future_format_is_refused(folder):
    changed(folder / "soup.json", format=2)
    text = sentence(folder)
    assert "format 2" in text
    assert "reads format 1" in text
    assert "newer" in text


@pytest.mark.parametrize("name", PARTS)
def test_a_folder_that_lacks_a_file_names_it(folder, name):
    (folder / name).unlink()
    assert f"it lacks {name}" in sentence(folder)


def test_a_flipped_byte_in_the_weights_is_noticed(folder):
    path = folder / "weights.safetensors"
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)
    assert "damaged" in sentence(folder)


@pytest.mark.parametrize("name", ["soup.json", "codec.json", "table.json", "margins.json", "provenance.json"])
def test_a_file_that_is_no_json_is_damaged(folder, name):
    (folder / name).write_bytes((folder / name).read_bytes()[:-20])
    assert "damaged" in sentence(folder)


@pytest.mark.parametrize("name", ["soup.json", "codec.json", "table.json", "margins.json"])
def test_json_that_says_something_else_is_damaged(folder, name):
    (folder / name).write_text('{"format": 1}')
    assert "damaged" in sentence(folder)


def test_a_family_that_is_unknown_is_one_sentence(folder):
    changed(folder / "soup.json", model="forest")
    assert "forest" in sentence(folder)


def test_a_path_that_is_no_folder_is_one_sentence(tmp_path):
    assert "no folder" in sentence(tmp_path / "nothing")
    (tmp_path / "file").write_text("")
    assert "no folder" in sentence(tmp_path / "file")
    (tmp_path / "empty").mkdir()
    assert "no soup" in sentence(tmp_path / "empty")


def test_saving_again_replaces_a_soup(soup, folder):
    (folder / "weights.safetensors").write_bytes(b"")
    soup.save(folder)
    assert Soup.load(folder).sample(3).shape == (3, 6)
    assert [path.name for path in folder.parent.iterdir()] == ["soup"]


def test_saving_never_replaces_something_else(soup, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one.txt").write_text("dear")
    with pytest.raises(FolderError, match="holds something else"):
        soup.save(tmp_path / "letters")
    assert (tmp_path / "letters" / "one.txt").read_text() == "dear"
    with pytest.raises(FolderError):
        soup.save(tmp_path / "letters" / "one.txt")


def test_the_same_soup_is_the_same_folder_byte_for_byte(soup, folder, tmp_path):
    again = quick(frame(40), folds=0).save(tmp_path / "again")
    for name in FILES:
        assert (again / name).read_bytes() == (folder / name).read_bytes(), name
