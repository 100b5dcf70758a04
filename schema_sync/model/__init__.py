"""What a schema is: identities, objects, snapshots, changes, plans. Pure data; imports nothing else of this package."""
