"""Runs each vendor's hiring flow through the typed client against the served emulator."""
