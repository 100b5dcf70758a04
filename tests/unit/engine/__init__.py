"""The engine on real databases, with a real store."""
