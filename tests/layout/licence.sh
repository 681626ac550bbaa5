#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every source file says its licence in one of its first three lines.

cd "${srcdir:-.}" || exit 99

{
	find src tests -type f \( -name '*.[ch]' -o -name '*.am' -o -name '*.sh' \)
	for file in configure.ac Makefile.am quickstart .ci/run tests/driver tests/run-* tests/bench/run; do
		[ ! -f "$file" ] || echo "$file"
	done
} | LC_ALL=C sort -u | {
	n=0
	wrong=
	while IFS= read -r file; do
		n=$((n + 1))
		sed 3q "$file" | grep -q 'SPDX-License-Identifier: GPL-2\.0-or-later' || wrong="$wrong
# $file"
	done
	echo 1..2
	[ $n -gt 0 ] && echo "ok 1 - there are files to look at" || echo "not ok 1 - there are files to look at"
	[ -z "$wrong" ] && echo "ok 2 - every source file has its SPDX line" ||
		echo "not ok 2 - every source file has its SPDX line$wrong"
}
