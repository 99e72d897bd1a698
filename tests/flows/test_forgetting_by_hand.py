"""Forgetting at the command line: which row it is, what it cost, and mistakes in one sentence."""

import pytest

from stockpot.flows import cli
from stockpot.flows.cli import main
from stockpot.flows.forgetting_by_hand import spelt
from tests.cooked import cooked
from tests.small import frame, settings


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return cooked(tmp_path_factory.mktemp("cook"), frame())[0]


def test_forget_says_which_row_it_is_and_where_the_soup_without_it_lies(run, capsys, monkeypatch):
    monkeypatch.setattr(cli.console, "width", 1000)
    main(["forget", str(run), "--row", "17"])
    out = capsys.readouterr().out.splitlines()
    first = frame().iloc[17]
    assert out[0].startswith(f"Row 17, counted from 0: size {first['size']}, count {first['count']}, kind ")
    assert out[0].endswith(", ...")
    assert any(line.startswith("Fidelity of its rows to the 39 that are left is ") for line in out)
    assert f"The soup, 12 rows and forget.json are in {run / 'forget-17'} (" in out[-1]
    assert sorted(path.name for path in (run / "forget-17").iterdir()) == [
        "forget.json",
        "soup",
        "synthetic.csv",
    ]
    main(["forget", str(run), "--row", "17"])  # again, over its own


def test_several_rows_of_one_fold_go_at_once_into_a_folder_of_ones_own(run, tmp_path, capsys):
    rows = [str(row) for row in settings(40).deal(40).folds[1][:2]]
    main(["forget", str(run), "--row", rows[0], "--row", rows[1], "--out", str(tmp_path / "without")])
    assert (tmp_path / "without" / "soup" / "soup.json").is_file()
    assert capsys.readouterr().out.count("counted from 0: ") == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["RUN", "--row", "40"], "There is no row 40: the table has 40, counted from 0"),
        (["RUN", "--row", "oak"], "oak"),
        (["RUN"], "--row"),
        (["none", "--row", "3"], "none holds no cook's results: it lacks config.yaml"),
    ],
)
def test_what_cannot_be_forgotten_is_told(run, capsys, arguments, sentence):
    with pytest.raises(SystemExit) as ended:
        main(["forget", *(str(run) if part == "RUN" else part for part in arguments)])
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (2, "")
    assert err.startswith("stockpot: ")
    assert err.count("\n") == 1
    assert sentence in err


def test_a_missing_value_is_said_so():
    assert spelt(frame().iloc[0][["size"]]).startswith("size ")
    row = frame()[["kind", "years"]].astype(object).iloc[0]
    row["kind"] = None
    assert spelt(row).startswith("kind missing, years ")
