#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The tree builds without a warning under clang and gcc, whichever the main build used.

. "$(dirname "$0")/../tap"
unset MAKEFLAGS MFLAGS MAKELEVEL CTREPLAY CC COMPILE_FLAGS TESTS TEST_SUITE_LOG

for compiler in gcc clang; do
	if ! command -v $compiler >/dev/null 2>&1; then
		skip "it builds without a warning under $compiler" "$compiler is not there"
		continue
	fi
	mkdir "$work/$compiler" && cd "$work/$compiler" || exit 99
	"$source/configure" --enable-werror CC=$compiler CFLAGS=-O2 >make.out 2>&1 &&
		make -s -k -j "$n_jobs" all >>make.out 2>&1 && make -s -k -j "$n_jobs" check TESTS= >>make.out 2>&1
	status=$?
	tell $status "it builds without a warning under $compiler"
	[ $status -eq 0 ] || grep -E 'error|undefined|\*\*\*' make.out | head -n 10 | sed 's/^/# /'
done
finish
