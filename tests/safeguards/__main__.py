"""`python -m tests.safeguards` writes docs/security.md."""

from tests.safeguards.page import PAGE, page

PAGE.write_text(page())
print(f"wrote {PAGE.name}")
