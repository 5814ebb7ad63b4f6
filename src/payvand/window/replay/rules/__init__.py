"""How does a log become cases and figures? Pure: no database, no files."""
