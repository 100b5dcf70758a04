"""What the case suite cannot see of the PostgreSQL adapter: its tokeniser, its sessions, its way of reading."""
