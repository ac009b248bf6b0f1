"""Tests of the fuzzing: its gates, and that planted bugs are found."""
