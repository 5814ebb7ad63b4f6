"""Where do millions of readings lie, and which engine answers questions about them?"""
