#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A change planted in real rulesets is found by `ctreplay diff --generate`, without any capture, and named by its line; and
# nothing differs from itself. In each ruleset three rules of table filter are tried, in turn: the verdict of one is turned
# round, ACCEPT to DROP and back. A rule that nothing can reach hides its change, so one of three must be found.
# Rulesets: CTREPLAY_CORPORA, or ../shared/corpora beside the source tree. Prints TAP; skips aloud without them.

set -u
LC_ALL=C; export LC_ALL
ctreplay=${CTREPLAY:-$PWD/ctreplay}
[ -x "$ctreplay" ] || { echo "Bail out! there is no program at $ctreplay"; exit 99; }
source=$(cd "${srcdir:-$(dirname "$0")/../..}" && pwd) || exit 99
corpora=${CTREPLAY_CORPORA:-$source/../shared/corpora}
[ -r "$corpora/rules/INDEX.csv" ] || { echo "1..0 # SKIP no rulesets at $corpora/rules"; exit 0; }
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM

FEWEST_FOUND=30

# The lines of rules of table filter that accept or drop: the first, the middle and the last one.
candidates() {
	awk '/^\*/ { table = $0 } table == "*filter" && /^-A .* -j (ACCEPT|DROP)( |$)/ { lines[++n] = NR }
		END { if (n) { print lines[int((n + 1) / 2)]; if (n > 1) print lines[n]; if (n > 2) print lines[1] } }' "$1"
}

turn_round() { # FILE LINE
	awk -v line="$2" 'NR != line { print; next }
		/ -j ACCEPT/ { sub(/ -j ACCEPT/, " -j DROP"); print; next } { sub(/ -j DROP/, " -j ACCEPT"); print }' "$1"
}

n=0
n_failed=0
n_found=0
tell() { # STATUS WORDS
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else n_failed=$((n_failed + 1)); echo "not ok $n - $2"; fi
}

for name in $(tail -n +2 "$corpora/rules/INDEX.csv" | cut -d , -f 1); do
	rules=$corpora/rules/$name
	[ -f "$rules" ] && "$ctreplay" check "$rules" >/dev/null 2>&1 || continue
	lines=$(candidates "$rules")
	[ -n "$lines" ] || continue
	"$ctreplay" diff "$rules" "$rules" --generate >"$work/same" 2>/dev/null
	status=$?
	tell $status "$name does not differ from itself"
	[ $status -eq 0 ] || tail -n 1 "$work/same" | sed 's/^/# /'
	found=
	for line in $lines; do
		turn_round "$rules" "$line" >"$work/planted"
		"$ctreplay" diff "$rules" "$work/planted" --generate --only verdict --all >"$work/output" 2>/dev/null
		[ $? -eq 1 ] && grep -q ":$line\$" "$work/output" && { found=$line; break; }
	done
	if [ -n "$found" ]; then
		n_found=$((n_found + 1))
		tell 0 "$name: the change in line $found is found"
	else
		echo "# $name: no change is seen in lines $(echo $lines)"
	fi
done
[ "$n_found" -ge $FEWEST_FOUND ]
tell $? "changes are found in at least $FEWEST_FOUND rulesets: $n_found"
echo "1..$n"
[ "$n_failed" -eq 0 ]
