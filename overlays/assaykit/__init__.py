"""Integrations with hiring-assessment vendors: clients, emulator, webhooks."""
