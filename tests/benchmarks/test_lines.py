import dataclasses

from stockpot.benchmarks.lines import Cell, Line, append, read

CELL = Cell("floor", "tables", None, "vcd", "Arthritis", 0)


def at(seed):
    return dataclasses.replace(CELL, seed=seed)


def test_a_line_is_read_as_it_was_written(tmp_path):
    lines = [Line(CELL, {"fidelity": 81.25}), Line(at(1), error="no answer in 3 s")]
    append(tmp_path / "new" / "out.jsonl", lines)
    assert read(tmp_path / "new") == lines


def test_a_figure_that_cannot_be_told_is_left_out():
    assert "utility" not in Line(CELL, {"utility": float("nan")}).text()


def test_lines_of_all_files_of_a_folder_are_read(tmp_path):
    append(tmp_path / "a.jsonl", [Line(CELL)])
    append(tmp_path / "b.jsonl", [Line(at(1))])
    assert [line.cell.seed for line in read(tmp_path)] == [0, 1]
    assert read(tmp_path / "not there") == []


def test_half_a_line_of_a_killed_writer_is_no_line_and_spoils_none(tmp_path):
    path = tmp_path / "out.jsonl"
    path.write_text(Line(CELL).text()[:20])
    append(path, [Line(at(1))])
    assert read(tmp_path) == [Line(at(1))]
