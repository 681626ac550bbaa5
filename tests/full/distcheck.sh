#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A release holds everything that it needs: it builds, passes its tests and cleans up from a
# read-only source tree (make distcheck).

. "$(dirname "$0")/../tap"
unset MAKEFLAGS MFLAGS MAKELEVEL CTREPLAY CC COMPILE_FLAGS TESTS TEST_SUITE_LOG

cd "$work" || exit 99
"$source/configure" >make.out 2>&1 && make -s -j "$n_jobs" distcheck >>make.out 2>&1
status=$?
tell $status "make distcheck passes"
if [ $status -ne 0 ]; then
	grep -E 'error|undefined|\*\*\*|^FAIL|^ERROR|^  not ok' make.out | head -n 12 | sed 's/^/# /'
	tail -n 60 make.out >&2
	finish
fi

# Two times, and from another time on: the date of a release is its source's.
sum_of_dist() {
	rm -f ctreplay-*.tar.gz
	SOURCE_DATE_EPOCH=1767225600 make -s dist >>make.out 2>&1 && cksum ctreplay-*.tar.gz
}
first=$(sum_of_dist)
sleep 2
second=$(sum_of_dist)
[ -n "$first" ] && [ "$first" = "$second" ]
tell $? "make dist writes the same bytes twice: $first, then $second"
finish
