"""What does foresight write: what was learnt, and the promises?"""
