"""Benchmarks: each module with a `main` is a section and prints ratios measured in the same run."""
