"""Where rows go: a writer a kind of file, each a stream in constant memory; databases, and saved datasets.

``stockpot.writing`` is the door.
"""
