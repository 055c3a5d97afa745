"""`/rules`: every rule on one page that a person can read and search, without a token, scripts or outside assets."""

from services.claims.api.rules_page.routes import router

__all__ = ["router"]
