"""Generates a typed client for each vendor from the vendor's OpenAPI description.

The steps are `bundle` (several YAML files to one JSON document), `lint` (the project's own rules), `lower` (the shape
that openapi-python-client understands), `generate` (models, operations, facade, webhooks) and `index` (what overlays
and emulator read about the operations). Run them with ``python -m scripts.sdkgen``.
"""
