"""The model: identities, snapshots and their bytes, whatever is in them."""
