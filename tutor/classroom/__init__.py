"""Rooms: a class that follows one moment of one real run, and answers questions about it."""
