#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every match and target that claims to be what the kernel does (exact, seeded) is one that the kernel is asked about: in the
# rows of which scenarios are made (tests/kernel/scenario*.c), or in a case that tests/kernel/cases.sh or clocks.sh asks.

cd "${srcdir:-.}" || exit 99

# What neither can ask, and why.
excused() {
	case $1 in
	nfacct) echo "matches every packet, and counts into an object that the kernel must have before";;
	esac
}

# claims FILE: the name of the extension in it that is exact or seeded
claims() {
	grep -q '\.class = EXTENSION_\(EXACT\|SEEDED\)' "$1" &&
		awk '/^const struct (match|target)_type/ { inside = 1 }
			inside && match($0, /\.name = "[^"]*"/) { print substr($0, RSTART + 9, RLENGTH - 10); exit }' "$1"
}

# is_asked OPTION NAME
is_asked() {
	grep -q -e "$1 $2[ \"]" tests/kernel/scenario*.c && return
	for rules in $(grep -l -e "$1 $2\( \|\$\)" tests/cases/*/*/rules tests/cases/*/*/rules6); do
		folder=${rules%/*}
		[ -f "$folder/expected.exit" ] || return 0
	done
	return 1
}

n=0
for file in src/rules/match/*.c src/rules/target/*.c; do
	name=$(claims "$file") && [ -n "$name" ] || continue
	case $file in */match/*) option=-m;; *) option=-j;; esac
	n=$((n + 1))
	if is_asked "$option" "$name"; then
		echo "ok $n - $option $name"
	elif [ -n "$(excused "$name")" ]; then
		echo "ok $n - $option $name is not asked: it $(excused "$name")"
	else
		echo "not ok $n - $option $name is exact, and no kernel is asked about it"
	fi
done
echo "1..$n"
