#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# ThreadSanitizer finds nothing to say of runs whose formats work in a thread of their own.

. "$(dirname "$0")/../tap"
unset MAKEFLAGS MFLAGS MAKELEVEL CTREPLAY CC

cd "$work" || exit 99
echo 'int main(void) { return 0; }' >probe.c
cc -fsanitize=thread probe.c -o probe 2>probe.out && ./probe 2>>probe.out || skip_all "there is no ThreadSanitizer here"
"$source/configure" --without-libseccomp --disable-shared CFLAGS='-O1 -g -fsanitize=thread' LDFLAGS=-fsanitize=thread >make.out 2>&1 &&
	make -s -j "$n_jobs" ctreplay >>make.out 2>&1 || { tell 1 "it builds with ThreadSanitizer"; tail -n 10 make.out | sed 's/^/# /'; finish; }
# A finding ends the program with 66, which no test expects.
TSAN_OPTIONS="log_path=$work/finding" CTREPLAY=$work/ctreplay
export TSAN_OPTIONS CTREPLAY
sh "$source/tests/cli/threads.sh" >out 2>&1 && ! ls finding.* >/dev/null 2>&1
status=$?
{ grep -A 3 '^not ok' out; cat finding.* 2>/dev/null; } >found
tell $status "tests/cli/threads.sh with ThreadSanitizer" found
finish
