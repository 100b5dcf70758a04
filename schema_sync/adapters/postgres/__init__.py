"""PostgreSQL 13 and newer, a schema per tenant."""
