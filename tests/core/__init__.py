"""Tests of what the vendors' clients share."""
