"""Soups on the Hugging Face Hub, or what stands in for it: no Hub is asked."""

from __future__ import annotations

import huggingface_hub
import pandas as pd
import pytest
from huggingface_hub import ModelCard, constants

from stockpot import Soup, hub
from stockpot.errors import FolderError, HubError
from stockpot.flows.cli import main
from stockpot.folder import FILES
from tests.hub import READER, WRITER, StandIn, stand_in
from tests.small import frame, quick

# of the client library itself, where it uploads by Git LFS
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>' to upload raw:DeprecationWarning")


@pytest.fixture(scope="module")
def soup():
    return quick(frame(40), folds=0)


@pytest.fixture
def there(monkeypatch, tmp_path):
    """The stand-in, whose writer is logged in. Weights go there as Git LFS puts them: Xet's server is not
    stood in for.
    """
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no token"))
    monkeypatch.setenv("HF_TOKEN", WRITER)
    with stand_in() as found:
        monkeypatch.setenv("HF_ENDPOINT", found.url)
        yield found


def test_a_pushed_soup_is_loaded_from_there_and_draws_the_same_rows(soup, there: StandIn):
    assert soup.push_to_hub("me/trees") == f"{there.url}/me/trees"
    assert sorted(there.repos["me/trees"].files) == sorted(FILES)
    rows = soup.sample(30, seed=3)
    for loaded in (Soup.load("hf://me/trees"), Soup.from_pretrained("me/trees")):
        pd.testing.assert_frame_equal(loaded.sample(30, seed=3), rows)


def test_what_is_pushed_is_the_folder_byte_for_byte(soup, there, tmp_path):
    folder = soup.save(tmp_path / "soup")
    soup.push_to_hub("me/trees")
    for name in FILES:
        assert there.repos["me/trees"].files[name] == (folder / name).read_bytes(), name


def test_a_repository_is_private_unless_told_otherwise(soup, there):
    soup.push_to_hub("me/mine")
    soup.push_to_hub("me/everybodys", private=False)
    assert there.repos["me/mine"].private
    assert not there.repos["me/everybodys"].private


def test_pushing_again_is_another_commit(soup, there):
    soup.push_to_hub("me/trees", message="first")
    soup.push_to_hub("me/trees", message="second")
    assert there.messages == ["first", "second"]


def test_the_command_pushes_a_folder_with_its_card_and_draws_from_there(soup, there, tmp_path, capsys):
    folder = soup.save(tmp_path / "soup")
    (folder / "README.md").write_text((folder / "README.md").read_text().replace("unknown", "cc0-1.0"))
    main(["push", str(folder), "me/trees"])
    assert f"{there.url}/me/trees" in capsys.readouterr().out
    assert b"license: cc0-1.0" in there.repos["me/trees"].files["README.md"]
    main(["sample", "hf://me/trees", "--rows", "3", "--out", str(tmp_path / "rows.csv")])
    assert len(pd.read_csv(tmp_path / "rows.csv")) == 3


def test_the_command_pushes_the_constraints_too(there, tmp_path):
    folder = quick(frame(40), folds=0, constraints=["count <= 8"]).save(tmp_path / "soup")
    main(["push", str(folder), "me/trees"])
    assert "constraints.json" in there.repos["me/trees"].files
    assert Soup.load("hf://me/trees").sample(30)["count"].max() <= 8


def test_a_card_that_was_edited_outlives_loading_and_saving(soup, tmp_path):
    folder = soup.save(tmp_path / "soup")
    (folder / "README.md").write_text("Mine.\n")
    again = Soup.load(folder).save(tmp_path / "again")
    assert (again / "README.md").read_text() == "Mine.\n"


def test_the_card_is_what_the_hub_reads(soup, tmp_path):
    data = ModelCard.load(soup.save(tmp_path / "soup") / "README.md").data
    assert data.library_name == "stockpot"
    assert data.license == "unknown"


def refused(call) -> str:
    with pytest.raises(HubError) as error:
        call()
    told = str(error.value)
    assert "\n" not in told
    assert told.endswith(".")
    return told


def test_who_is_unknown_or_may_only_read_is_told_so(soup, there):
    assert "(401)" in refused(lambda: soup.push_to_hub("me/trees", token="hf_nobody"))
    told = refused(lambda: soup.push_to_hub("me/trees", token=READER))
    assert "me/trees" in told
    assert "(403)" in told
    assert "write access" in told


def test_a_private_or_missing_repository_is_told_so(soup, there):
    soup.push_to_hub("me/mine")
    assert "(401)" in refused(lambda: Soup.load("hf://me/mine", token="hf_nobody"))
    assert "(404)" in refused(lambda: Soup.load("hf://me/nothing"))
    assert len(Soup.load("hf://me/mine", token=READER).sample(2)) == 2
    assert "(404)" in refused(lambda: Soup.load("hf://me/mine@nowhere"))


def test_a_broken_hub_is_told_so(soup, there):
    there.broken = True
    assert "answered 500" in refused(lambda: soup.push_to_hub("me/trees"))


def test_no_network_is_told_so(soup, there, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    told = refused(lambda: soup.push_to_hub("me/trees"))
    assert "http://127.0.0.1:9 cannot be reached" in told
    assert "cannot be reached" in refused(lambda: Soup.load("hf://me/trees"))


def test_a_soup_that_was_fetched_before_is_there_without_a_network(soup, there, monkeypatch):
    soup.push_to_hub("me/trees")
    Soup.load("hf://me/trees")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert len(Soup.load("hf://me/trees").sample(2)) == 2


@pytest.mark.parametrize(
    "name", ["trees", "a/b/c", "me/tre es", "hf://", "", "me/--trees", "datasets/me/trees"]
)
def test_a_name_that_is_none_is_one_sentence(soup, there, name):
    refused(lambda: soup.push_to_hub(name))
    assert there.repos == {}


def test_a_repository_that_holds_no_soup_is_one_sentence(there):
    huggingface_hub.HfApi(endpoint=there.url).create_repo("me/other")
    there.repos["me/other"].commits.append({"README.md": b"hello"})
    with pytest.raises(FolderError, match=r"lacks soup\.json"):
        Soup.load("hf://me/other")


def test_a_folder_that_is_no_soup_is_not_pushed(there, tmp_path, capsys):
    (tmp_path / "letters").mkdir()
    with pytest.raises(SystemExit) as end:
        main(["push", str(tmp_path / "letters"), "me/trees"])
    assert end.value.code == 2
    assert "is no soup" in capsys.readouterr().err
    assert there.repos == {}


def test_a_place_has_an_owner_a_name_and_perhaps_a_revision():
    assert hub.place_of("hf://me/trees@v1.0") == ("me/trees", "v1.0")
    assert hub.place_of("me/trees") == ("me/trees", None)
