#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every test of `make check` passes with AddressSanitizer and UndefinedBehaviorSanitizer.

. "$(dirname "$0")/../tap"
unset MAKEFLAGS MFLAGS MAKELEVEL CTREPLAY CC COMPILE_FLAGS TESTS TEST_SUITE_LOG

cd "$work" || exit 99
if ! "$source/configure" --enable-sanitizers CFLAGS='-O1 -g' >configure.out 2>&1; then
	! grep -q 'cannot link with' configure.out || skip_all "the compiler has no sanitizers"
	tail -n 20 configure.out
	exit 1
fi
make -s -j "$n_jobs" >make.out 2>&1
status=$?
tell $status "it builds with sanitizers"
if [ $status -ne 0 ]; then
	grep -E 'error|undefined|\*\*\*' make.out | head -n 10 | sed 's/^/# /'
	finish
fi
make -s -j "$n_jobs" check >check.out 2>&1
status=$?
tell $status "make check passes with sanitizers ($(grep -c '^PASS' check.out) programs)"
if [ $status -ne 0 ]; then
	grep -A 6 -E "^(FAIL|ERROR):" check.out | head -n 40 | sed "s/^/# /"
	cat test-suite.log >&2
fi
finish
