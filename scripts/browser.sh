#!/usr/bin/env bash
# Make sure that the browser tests have a Chromium. Without one they are skipped, and this says so.
set -euo pipefail
python=${1:-python3}

found() {
  command -v chromium || command -v chromium-browser || command -v google-chrome || command -v google-chrome-stable ||
    "$python" - <<'PY'
import pathlib, sys
try:
    from playwright.sync_api import sync_playwright
    with sync_playwright() as p:
        path = pathlib.Path(p.chromium.executable_path)
except Exception:
    sys.exit(1)
sys.exit(0 if path.exists() else 1)
PY
}

if found > /dev/null 2>&1; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
  echo "no Chromium here: installing the package of this system for the browser tests"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } > /dev/null 2>&1 || true
fi
if ! found > /dev/null 2>&1; then
  printf '%s\n' \
    "************************************************************************************" \
    "* NO CHROMIUM: the browser tests of the report and of JupyterLab will be SKIPPED.  *" \
    "* Install Chromium (Debian: apt-get install chromium), or run, with network:       *" \
    "*   .venv/bin/playwright install --with-deps chromium                              *" \
    "************************************************************************************" >&2
fi
