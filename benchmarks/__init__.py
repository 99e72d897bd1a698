"""The public benchmark: which rows a method may see, how its rows are scored, and the page that tells."""
