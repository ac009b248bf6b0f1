"""Tests of the Podium client, against the emulator."""
