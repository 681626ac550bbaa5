#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every test of `make check` passes with AddressSanitizer and UndefinedBehaviorSanitizer.

unset MAKEFLAGS MFLAGS MAKELEVEL
unset CTREPLAY CC COMPILE_FLAGS TESTS TEST_SUITE_LOG
source=$(cd "${srcdir:-.}" && pwd) || exit 99
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM

cd "$work" || exit 99
if ! "$source/configure" --enable-sanitizers CFLAGS='-O1 -g' >configure.out 2>&1; then
	if grep -q 'cannot link with' configure.out; then
		echo "1..0 # SKIP the compiler has no sanitizers"
		exit 0
	fi
	tail -n 20 configure.out
	exit 1
fi
echo 1..2
if make -s >make.out 2>&1; then
	echo "ok 1 - it builds with sanitizers"
else
	echo "not ok 1 - it builds with sanitizers"
	grep -E 'error|undefined|\*\*\*' make.out | head -n 10 | sed 's/^/# /'
	exit 1
fi
if make -s check >check.out 2>&1; then
	echo "ok 2 - make check passes with sanitizers ($(grep -c '^PASS' check.out) programs)"
else
	echo "not ok 2 - make check passes with sanitizers"
	grep -A 6 -E "^(FAIL|ERROR):" check.out | head -n 40 | sed "s/^/# /"
	cat test-suite.log >&2
	exit 1
fi
