#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# clocks.sh [CASE...]: the cases of tests/cases whose rules read the kernel's clock (limit, hashlimit, recent, rateest, connlimit,
# time), those of extensions that only that kernel has, and those that show another kernel, asked of a kernel in virtual time: `ctreplay verify --real-time` packet by packet, and what the rules counted,
# which for -m time is all that can be compared. That kernel's date is the capture's. Prints TAP.
#
# CTREPLAY_UML names the program that runs a command under such a kernel, of the version that -k names; ../shared/uml/run-uml.sh beside
# the tree unless said otherwise. Skips aloud without.

. "$(dirname "$0")/../tap"
need ctreplay
uml=${CTREPLAY_UML:-$source/../shared/uml/run-uml.sh}
[ -x "$uml" ] || skip_all "there is no $uml"

# Scripts of packets begin at 2026-01-01 00:00:00 UTC. A kernel that has just booted counts its ticks from below zero for five minutes.
command_on() {
	echo "$uml -k linux-uml-$1-hz250 -w 100 sh -c 'date -s @1767225290 >/dev/null; sleep 310; exec \"\$@\"' sh"
}
sh -c "$(command_on 6.1) true" >"$work/output" 2>&1 </dev/null ||
	skip_all "$uml: $(head -n 1 "$work/output")"

# counted FILE: "family table chain rule packets bytes" of each rule and policy, from iptables-save -c
counted() {
	awk '
	/^# ctreplay: ip6/ { family = "ipv6" }
	/^# ctreplay: iptables/ { family = "ipv4" }
	/^\*/ { table = substr($1, 2) }
	/^:/ { n[table, substr($1, 2)] = 0; tell(substr($1, 2), 0, $3) }
	/^\[/ { tell($3, ++n[table, $3], $1) }
	function tell(chain, rule, counters) {
		if (counters == "[0:0]")
			return
		gsub(/[][]/, "", counters)
		sub(/:/, " ", counters)
		print family, table, chain, rule, counters
	}' "$1" | sort
}

# counted_there: the same of what the kernel says
counted_there() {
	sed -n 's/^{"kind":"counter","family":"\(.*\)","table":"\(.*\)","chain":"\(.*\)","rule":\(.*\),"packets":\(.*\),"bytes":\(.*\)}/\1 \2 \3 \4 \5 \6/p' |
		grep -v ' 0 0$' | sort
}

# ask CASE: 0 when both say the same, 3 when there is nothing to compare; what was said is in $work/differs
ask() (
	cd "$1" || exit 99
	set -- -r packets
	[ ! -f rules ] || set -- "$@" rules
	[ ! -f rules6 ] || set -- "$@" -6 rules6
	version=$(sed -n 's/.*--kernel \(6[.0-9]*\).*/\1/p' args 2>/dev/null)
	: "${version:=6.1}"
	command=$(command_on "$version")
	# shellcheck disable=SC2046 # one option a word
	set -- "$@" $(sed 's/--snapshot [^ ]*//' args 2>/dev/null)
	"$ctreplay" verify --kernel-command "$command" --kernel "$version" --real-time "$@" >"$work/differs" 2>&1 </dev/null || exit
	# What is not comparable by packets is by counters, where nothing went another way.
	sh -c "$command \"\$@\"" sh "$ctreplay" verify --kernel-only --json --real-time --kernel "$version" "$@" 2>&1 </dev/null |
		counted_there >"$work/there"
	"$ctreplay" run --kernel "$version" "$@" --out "counters=$work/counters" >/dev/null 2>&1 || exit 1
	counted "$work/counters" >"$work/here"
	[ -s "$work/there" ] && diff "$work/there" "$work/here" >"$work/differs"
)

if [ $# -eq 0 ]; then
	for rules in "$source"/tests/cases/*/*/rules "$source"/tests/cases/*/*/rules6; do
		folder=${rules%/*}
		if ! [ -f "$folder/packets" ] || [ -f "$folder/expected.exit" ]; then
			continue
		fi
		# Other kernels, sets, sysctls and acts of people are asked about elsewhere; what a script begins at another time is not asked.
		if grep -q -e '--kernel 6.12*\( \|$\)' "$folder/args" 2>/dev/null; then
			case $folder in */extensions/* | */kernels/*) echo "$folder";; esac
			continue
		fi
		! grep -q -e --kernel -e --ipset -e --actions -e --sysctl "$folder/args" 2>/dev/null || continue
		! grep -q '^start ' "$folder/packets" || continue
		grep -q -e '-m \(limit\|hashlimit\|recent\|rateest\|connlimit\|time\) ' "$rules" && echo "$folder"
	done | sort -u >"$work/folders"
	# shellcheck disable=SC2046 # one folder a word
	set -- $(cat "$work/folders")
fi
for folder; do
	name=${folder%/}
	name=${name#"$source/tests/cases/"}
	ask "$folder"
	status=$?
	if [ $status -eq 3 ] && grep -q '^nothing could be compared' "$work/differs"; then
		skip "$name" "$(sed -n 's/^not comparable: //p' "$work/differs" | head -n 1)"
	else
		tell $status "$name"
		[ $status -eq 0 ] || show "$work/differs" 30
	fi
done
finish
