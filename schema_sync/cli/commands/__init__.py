"""The commands, a module each: its options, one or two calls of the engine, and a report."""
