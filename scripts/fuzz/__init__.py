"""Fuzzes the emulator with schemathesis, from the same specs that the clients are generated from."""
