#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The tree builds without a warning under clang and gcc, whichever the main build used.

unset MAKEFLAGS MFLAGS MAKELEVEL
unset CTREPLAY CC COMPILE_FLAGS TESTS TEST_SUITE_LOG
source=$(cd "${srcdir:-.}" && pwd) || exit 99
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM

n=0
failed=0
echo 1..2
for compiler in gcc clang; do
	n=$((n + 1))
	if ! command -v $compiler >/dev/null 2>&1; then
		echo "ok $n - it builds without a warning under $compiler # SKIP $compiler is not there"
		continue
	fi
	mkdir "$work/$compiler" && cd "$work/$compiler" || exit 99
	if "$source/configure" --enable-werror CC=$compiler CFLAGS=-O2 >make.out 2>&1 &&
	   make -s -k all check TESTS= >>make.out 2>&1; then
		echo "ok $n - it builds without a warning under $compiler"
	else
		failed=1
		echo "not ok $n - it builds without a warning under $compiler"
		grep -E 'error|undefined|\*\*\*' make.out | head -n 10 | sed 's/^/# /'
	fi
done
exit $failed
