"""What does a log of an office say about its terms, read by its own clock and by ours?"""
