"""Tests of the TestDome client."""
