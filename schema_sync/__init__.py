"""schema-sync keeps the schemas of many tenants in step, with Git as the store."""

__version__ = "0.1.0"
