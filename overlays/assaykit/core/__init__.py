"""What the vendors' clients share: errors, tokens, retries, redaction, the client itself."""
