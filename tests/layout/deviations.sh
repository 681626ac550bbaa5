#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every deviation that docs/fidelity.md names leads to the case that shows it, and every case of a deviation is named there.
# What tests/README.md says about tracking names files that are there.

cd "${srcdir:-.}" || exit 99
LC_ALL=C; export LC_ALL
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
page=docs/fidelity.md

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

echo 1..6

# Items: "SECTION<tab>text", an item a line: rows of tables and points of lists, with what is folded.
awk '
function flush() { if (item != "") print section "\t" item; item = "" }
/^## / { flush(); section = substr($0, 4); next }
/^```/ { flush(); is_code = !is_code; next }
is_code { next }
/^\| / { flush(); if (++n_rows[section] > 1) print section "\t" $0; next }
/^- / { flush(); item = $0; next }
/^  / && item != "" { item = item " " substr($0, 3); next }
{ flush() }
END { flush() }' $page >"$work/items"

grep -E '^(Choices where|Other kernels|What a capture|Not simulated yet)' "$work/items" | grep -v '](\.\./tests/' >"$work/bare"
check "every deviation names its case" "$work/bare"

grep -o '](\.\./[^)]*)' $page | sed 's/^](\.\.\///; s/)$//' | sort -u >"$work/links"
while read -r link; do
	[ -e "$link" ] || echo "$link: is not there"
done <"$work/links" >"$work/dead"
check "the cases that it names are there" "$work/dead"

for folder in tests/cases/deviations/*/; do
	grep -q -x "${folder%/}" "$work/links" || echo "${folder%/}: $page does not name it"
done >"$work/unnamed"
check "every case of a deviation is named" "$work/unnamed"

# syntax MARK SECTION: as many files in the list as sentences in the section
syntax() {
	listed=$(grep -c -x "#! $1" tests/kernel/syntax-of-deviations.cases)
	named=$(grep -c "^Rules that iptables 1.8.9 $2" "$work/items")
	[ "$listed" -eq "$named" ] && [ "$named" -gt 0 ] || echo "$named in $page, $listed in tests/kernel/syntax-of-deviations.cases"
}
syntax taken 'refuses, and are taken' >"$work/syntax"
check "every rule that is taken and iptables refuses is asked" "$work/syntax"
syntax refused 'takes, and are refused' >"$work/syntax"
check "every rule that is refused and iptables takes is asked" "$work/syntax"

sed -n '/^## Tracking/,$p' tests/README.md | grep '^| ' | grep -o '`[^`]*/[^`]*`' | tr -d '`' | sort -u >"$work/held"
while read -r pattern; do
	# shellcheck disable=SC2086 # patterns
	ls -d tests/$pattern >/dev/null 2>&1 || echo "tests/README.md: nothing is called tests/$pattern"
done <"$work/held" >"$work/dead"
[ -s "$work/held" ] || echo "tests/README.md names nothing" >"$work/dead"
check "where each thing that tracking does is held is there" "$work/dead"
