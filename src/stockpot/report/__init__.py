"""One pure function from the figures of a cook to each form: terminal, Markdown, pictures, page.

Nothing is parsed back from any of them: ``figures.json`` is the truth.
"""
