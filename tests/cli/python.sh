#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# python/ctreplay over the library of this build: its own tests, and the example that draws.

cd "${srcdir:-.}" || exit 99
LC_ALL=C.UTF-8; export LC_ALL
build=${CTREPLAY%/*}
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT

CTREPLAY_LIBRARY=$build/libctreplay.so PYTHONPATH=python PYTHONDONTWRITEBYTECODE=1
export CTREPLAY_LIBRARY PYTHONPATH PYTHONDONTWRITEBYTECODE
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 7))' 2>/dev/null; then
	echo "1..0 # SKIP there is no python3 of 3.7 or later"
	exit 0
fi
if [ ! -e "$CTREPLAY_LIBRARY" ]; then
	echo "1..0 # SKIP the shared library was not built"
	exit 0
fi
# Programs of another machine, or with another C library, are not this Python's.
if python3 -c 'import ctypes, os; ctypes.CDLL(os.environ["CTREPLAY_LIBRARY"])' 2>&1 | grep -q -E 'invalid ELF header|libctreplay.so: cannot open'; then
	echo "1..0 # SKIP python3 is of another machine or C library than the build"
	exit 0
fi
python3 tests/cli/python_cases.py "$work" || exit 99
