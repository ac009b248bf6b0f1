"""The vendors, emulated: an engine driven by their specifications, and what each of them does."""
