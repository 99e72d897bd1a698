"""Where tables come from: files of every kind, here or behind a URL; databases; the Hub; a pipe.

    asked.py     what a person may say of a table's source
    place.py     what a place is by its name alone
    fetch.py     a file behind a URL, or from standard input, as a file here
    unpack.py    a compressed file, within bounds
    letters.py   bytes as text: which encoding
    dialect.py   what separates a line's fields, and which sign is the decimal point
    cells.py     columns of Python's own values, in the dtypes that a CSV of them would have
    excel.py, database.py, hub.py

``stockpot.reading`` is the door.
"""
