"""Tests of the Talentics client."""
