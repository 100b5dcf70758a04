"""Contract suites for those who write an adapter or a store, and twins in memory for those who use one.

The suites are classes of pytest tests with pytest-asyncio; the extra `schema-sync[test]` brings both. The modules are
imported by name, `schema_sync.testing.store`, so that the twins do not need pytest.
"""
