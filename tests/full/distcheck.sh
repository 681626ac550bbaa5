#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A release holds everything that it needs: it builds, passes its tests and cleans up from a
# read-only source tree (make distcheck).

unset MAKEFLAGS MFLAGS MAKELEVEL
unset CTREPLAY CC COMPILE_FLAGS TESTS TEST_SUITE_LOG
source=$(cd "${srcdir:-.}" && pwd) || exit 99
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM

cd "$work" || exit 99
echo 1..2
if "$source/configure" >make.out 2>&1 && make -s distcheck >>make.out 2>&1; then
	echo "ok 1 - make distcheck passes"
else
	echo "not ok 1 - make distcheck passes"
	grep -E 'error|undefined|\*\*\*|^FAIL|^ERROR|^  not ok' make.out | head -n 12 | sed 's/^/# /'
	tail -n 60 make.out >&2
	exit 1
fi

# Two times, and from another time on: the date of a release is its source's.
sum_of_dist() {
	rm -f ctreplay-*.tar.gz
	SOURCE_DATE_EPOCH=1767225600 make -s dist >>make.out 2>&1 && cksum ctreplay-*.tar.gz
}
first=$(sum_of_dist)
sleep 2
second=$(sum_of_dist)
if [ -n "$first" ] && [ "$first" = "$second" ]; then
	echo "ok 2 - make dist writes the same bytes twice"
else
	echo "not ok 2 - make dist writes the same bytes twice"
	echo "# $first, then $second"
	exit 1
fi
