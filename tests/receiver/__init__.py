"""Webhooks received in every framework."""
