"""Writes the parts of generated modules that are too intricate for a template."""
