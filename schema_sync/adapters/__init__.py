"""Databases: what they hold (catalog queries) and how they change it (rules), a cell for each kind of object."""
