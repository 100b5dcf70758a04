"""SQLite's adapter: its text, its reading, its rules, its sessions."""
