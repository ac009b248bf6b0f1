"""What every emulated vendor stands on: routing, checking, worlds, storage, clock, webhooks. Knows no vendor."""
