"""Random PostgreSQL schemas, random changes of them, and the judges of the case suite.

A schema is a handful of *things*, each made by a *recipe*: templates of SQL with fields to choose and other things to
use. A step takes a tenant from one schema to another: what the server refuses of either is left out, both ways are
planned and applied, and the result is held to the promises that `tests/tenants.py` and `tests/oracle.py` know.

`python -m tests.generative` runs many steps and counts what they changed; a short run is a part of the suite.
"""
