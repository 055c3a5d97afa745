"""Mutation testing: break one line of the product, run the tests that reach it, and say when none of them noticed."""
