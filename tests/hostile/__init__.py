"""Hostile names and contents: what a careless tool trips over, put into every place that a schema has.

`names.py` has the names. `postgres/` and `sqlite/` have sheets: SQL in which `@name@` stands for a name, and so on
(`sheets.py`). Each sheet is written once for each name. `places.py` says which places there are, by the structs of the
vocabulary, and which of them a schema has hostile contents in.
"""
