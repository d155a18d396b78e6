"""Casework: queues, parafs, four eyes, and two people at once."""
