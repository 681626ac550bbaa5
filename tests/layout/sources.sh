#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every source file is listed once in src/sources.am or tests/tests.am, and every listed file exists.

cd "${srcdir:-.}" || exit 99
LC_ALL=C; export LC_ALL
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT

# check SENTENCE FILE: the file holds what is wrong, one complaint a line
n=0
check() {
	n=$((n + 1))
	if [ -s "$2" ]; then
		echo "not ok $n - $1"
		sed 's/^/# /' "$2"
	else
		echo "ok $n - $1"
	fi
}

# listed FILE.am FOLDER: the words below FOLDER that stand in lists
listed() { sed 's/#.*//' "$1" | tr -s ' \t\\' '\n\n\n' | grep "^$2/" | sort; }

echo 1..5
listed src/sources.am src >"$work/listed"
find src -type f -name '*.[ch]' | sort >"$work/there"
comm -13 "$work/listed" "$work/there" | sed 's/$/: add its line to src\/sources.am/' >"$work/forgotten"
comm -23 "$work/listed" "$work/there" | sed 's/$/: is listed in src\/sources.am but is not there/' >"$work/gone"
uniq -d "$work/listed" | sed 's/$/: is listed twice in src\/sources.am/' >"$work/twice"
check "every file of src is listed in src/sources.am" "$work/forgotten"
check "every file that src/sources.am lists is there" "$work/gone"
check "no file is listed twice" "$work/twice"

listed tests/tests.am tests/unit | grep -v '\.[ch]$' | sed 's/$/.c/' >"$work/listed"
find tests/unit -name 'test_*.c' 2>/dev/null | sort >"$work/there"
{
	comm -13 "$work/listed" "$work/there" | sed 's/$/: add it to unit_tests in tests\/tests.am/'
	comm -23 "$work/listed" "$work/there" | sed 's/$/: is listed in tests\/tests.am but is not there/'
} >"$work/unit"
check "unit_tests in tests/tests.am names every unit test" "$work/unit"

# A list holds the files of its own folder, so that a reader finds what he looks for.
awk '
	/^ctreplay_[a-z]+ *=/ { list = $1; sub(/^ctreplay_/, "", list) }
	/^[ \t]*src\// {
		folder = list
		if (list == "matches") folder = "rules/match"
		if (list == "targets") folder = "rules/target"
		if (list == "trackers") folder = "conntrack/tracker"
		if (list == "helpers") folder = "conntrack/helper"
		if (list == "sinks") folder = "sink"
		if (list == "pictures") folder = "picture"
		if (index($1, "src/" folder "/") != 1)
			print $1 ": does not belong into ctreplay_" list
	}' src/sources.am >"$work/places"
check "every file stands in the list of its folder" "$work/places"
