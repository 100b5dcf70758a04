"""The laws of the house, read out of the source with `ast`.

A law is a function from the project's root to the violations that it finds, each `path:line: what is wrong`. The
project has none; every law is shown to find one in a small project that breaks it.
"""
