"""The version, where the package and its user agent both find it without importing metadata."""

__version__ = "0.1.0"
