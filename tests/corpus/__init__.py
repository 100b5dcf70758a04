"""The corpus: other tools' test cases and the histories of real applications, as input for ours.

`python -m tests.corpus --corpus DIR --histories DIR` takes every case and every pair of states that is one tenant's,
and holds the result to the same promises as our own cases. Each ends in one of the outcomes of `results.Outcome`.
"""
