"""``stockpot ablate``: mistakes are told in one sentence before Prefect starts."""

import pytest

from stockpot.flows import ablate_by_hand
from stockpot.flows.cli import main
from tests.small import frame

WRONG = {
    "trees.csv --learn 41": "Option 'learn' is 41, which leaves 19 of 60 rows to judge",
    "few.csv": "Option 'learn' is 15, which leaves 10 of 25 rows to judge: at least 20 must judge",
    "trees.csv --seeds 0": "Option 'seeds' is '0': it should be greater than or equal to 1.",
    "trees.csv --model oak": "Option 'model' is 'oak': it should be 'field' or 'char'.",
    "trees.csv --preset seed": "Option 'preset' is 'seed', which only the char family has: add --model char.",
    "trees.csv --novel 3": "Unknown option: --novel.",
    "none.csv": "There is no file none.csv: check the path.",
    "trees.csv --out few.csv": "few.csv is a file: give a folder (--out).",
}


@pytest.mark.parametrize("arguments", WRONG)
def test_a_mistake_is_told_in_a_sentence(tmp_path, monkeypatch, capsys, arguments):
    def refuse(*_args, **_options):
        raise AssertionError("Prefect was asked to run")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STOCKPOT_STORE", str(tmp_path / "store"))
    monkeypatch.setattr(ablate_by_hand, "_run", refuse)
    for name, rows in (("trees", 60), ("few", 25)):
        frame(rows).to_csv(f"{name}.csv", index=False)
    with pytest.raises(SystemExit) as ended:
        main(["ablate", *arguments.split()])
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (2, "")
    assert err.startswith("stockpot: ")
    assert WRONG[arguments] in err
    assert err.count("\n") == 1
