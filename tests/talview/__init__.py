"""Tests of the Talview client."""
