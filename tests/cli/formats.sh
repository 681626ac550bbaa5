#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every format of every kind of capture: formats_cases.py.

command -v python3 >/dev/null 2>&1 || { echo "1..0 # SKIP python3 is not here"; exit 0; }
. "$(dirname "$0")/harness"
CTREPLAY=$CTREPLAY PYTHONDONTWRITEBYTECODE=1 python3 "$top/tests/cli/formats_cases.py"
