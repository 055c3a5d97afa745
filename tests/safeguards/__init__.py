"""Which tests prove which safeguard: collected from the marks in the tests, and written as docs/security.md."""
