"""`/docs`: Swagger UI with scripts and styles from this process, so that no browser calls a third party.

The files under `docs_assets` are those of swagger-ui-dist 5.35.0 as published, with its licence. To renew them, take
`swagger-ui-bundle.js`, `swagger-ui.css` and the licence files of a newer one; the tests run them.
"""

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles

from shared.web.routes import Routes

ASSETS = Path(__file__).parent / "docs_assets"
POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; script-src 'self'; style-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
START = """window.ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
});
"""
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
_HEADERS = {"content-security-policy": POLICY, "cache-control": "no-cache"}

router = Routes(tokens=False)


@router.get("/docs", include_in_schema=False)
def docs_page(request: Request) -> HTMLResponse:
    """The page."""
    return HTMLResponse(PAGE.format(title=request.app.title), headers=_HEADERS)


@router.get("/docs/start.js", include_in_schema=False)
def docs_start() -> Response:
    """The page's own script; apart from the page, since the policy allows no inline script."""
    return Response(START, media_type="text/javascript", headers=_HEADERS)


def add_docs(app: FastAPI) -> None:
    """Serve the page and its assets."""
    app.include_router(router)
    app.mount("/docs/assets", StaticFiles(directory=ASSETS))
