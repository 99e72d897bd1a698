"""Constraints: what must hold in every drawn row, or over all of them.

A constraint is a sentence in the spelling of ``DataFrame.query`` (``low <= high``, ``a + b == total``,
``10 <= size <= 40``), or one of ``unique(a, b)``, ``combinations(a, b)`` and ``one_hot(a, b, c)``. As with
CHECK in SQL, a row passes unless the condition is false: a missing value leaves it open.
"""
