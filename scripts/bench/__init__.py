"""Measures client, emulator and generator as ratios against a peer in the same run."""
