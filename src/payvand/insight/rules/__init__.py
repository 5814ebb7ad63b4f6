"""How is punctuality measured? Pure: no database, no framework."""
