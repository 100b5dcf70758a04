"""Reports as text for people and for other tools. Pure: a report in, a string out; all foreign text is escaped."""
