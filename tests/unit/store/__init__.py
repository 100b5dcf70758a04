"""The Git store, with plain Git as the judge."""
