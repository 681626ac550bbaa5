#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# ThreadSanitizer finds nothing to say of runs whose formats work in a thread of their own.

unset MAKEFLAGS MFLAGS MAKELEVEL CTREPLAY CC
source=$(cd "${srcdir:-$(dirname "$0")/../..}" && pwd) || exit 99
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM

cd "$work" || exit 99
echo 'int main(void) { return 0; }' >probe.c
if ! cc -fsanitize=thread probe.c -o probe 2>probe.out || ! ./probe 2>>probe.out; then
	echo "1..0 # SKIP there is no ThreadSanitizer here"
	exit 0
fi
if ! "$source/configure" --without-libseccomp --disable-shared CFLAGS='-O1 -g -fsanitize=thread' LDFLAGS=-fsanitize=thread >make.out 2>&1 ||
   ! make -s -j2 ctreplay >>make.out 2>&1; then
	echo "1..1"
	echo "not ok 1 - it builds with ThreadSanitizer"
	tail -n 10 make.out | sed 's/^/# /'
	exit 1
fi
# A finding ends the program with 66, which no test expects.
TSAN_OPTIONS="log_path=$work/finding" CTREPLAY=$work/ctreplay
export TSAN_OPTIONS CTREPLAY
echo "1..1"
if sh "$source/tests/cli/threads.sh" >out 2>&1 && ! ls finding.* >/dev/null 2>&1; then
	echo "ok 1 - tests/cli/threads.sh with ThreadSanitizer"
	exit 0
fi
echo "not ok 1 - tests/cli/threads.sh with ThreadSanitizer"
{ grep -A 3 '^not ok' out; cat finding.* 2>/dev/null; } | head -n 40 | sed 's/^/# /'
exit 1
