"""The command line: the only home of Click, of the process's environment and of its exit code."""

from schema_sync.cli.app import App

main = App()
"""`schema-sync`: call it to run `sys.argv` and end the process."""
