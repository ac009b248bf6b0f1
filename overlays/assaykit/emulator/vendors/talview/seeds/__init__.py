"""The start world, one module for each group of resources."""
