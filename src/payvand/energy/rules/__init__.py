"""How much is used, how sure is that, what will be used, and what will be missing? Pure."""
