#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# scenarios.sh: generated scenarios (tests/kernel/scenario), each asked of the running kernel by `ctreplay verify`.
# `make check-kernel SEEDS=1000 FIRST=1` runs it; without FIRST the seeds are new every minute, and before them come those that ever
# differed (failed-seeds); without SEEDS there are 500.
#
#   CTREPLAY_KERNEL_COMMAND   asks about scenarios whose rules read the kernel's clock: a kernel in virtual time, see
#   CTREPLAY_KERNEL_OPTIONS   docs/verify.md; options that go with it ("--kernel 6.1"). Unless said otherwise ../shared/uml/run-uml.sh
#                             beside the tree; without, the running kernel is asked, and what reads its clock is not compared.
#   AGREEMENT=FILE            where to write what write-agreement puts into docs/fidelity.md
#   CASES=FOLDER              where scenarios that differ are left, shrunk, each as a case of tests/cases
#
# Prints TAP. A scenario that differs three times in a row fails: it is shrunk, and printed with the seed that makes it
# again. One whose first difference does not come again is told as such: the live kernel's own clock ran on meanwhile. Needs
# what verify needs; skips aloud without.

. "$(dirname "$0")/../tap"
need ctreplay scenario shrink
need_kernel
LANES=4		# most of the time kernels are waited for
absolute() {
	echo "$(cd "$(dirname "$1")" && pwd)/${1##*/}"
}

# seeds_of FIRST COUNT: one a line
seeds_of() {
	awk -v first="$1" -v count="$2" 'BEGIN { for (i = 0; i < count; i++) printf "%.0f\n", first + i }'
}

# runs: what is asked about: a first seed and a number of seeds a line; seeds: each
seeds=${SEEDS:-500}
first=${FIRST:-$(($(date +%s) / 60 % 1000000 * 1000))}
[ -n "${FIRST:-}" ] || awk '/^[0-9]/ { print $1, 1 }' "$(dirname "$0")/failed-seeds" >"$work/runs"
echo "$first $seeds" >>"$work/runs"
while read -r start count; do seeds_of "$start" "$count"; done <"$work/runs" >"$work/seeds"
# User-Mode Linux in virtual time beside the tree, behind the five minutes in which its ticks are below zero.
uml=$source/../shared/uml/run-uml.sh
if [ -z "${CTREPLAY_KERNEL_COMMAND:-}" ] && [ -x "$uml" ]; then
	CTREPLAY_KERNEL_COMMAND="$uml -w 100 sh -c 'sleep 310; exec \"\$@\"' sh"
	CTREPLAY_KERNEL_OPTIONS='--kernel 6.1'
fi
cases=${CASES:+$(mkdir -p "$CASES" && absolute "$CASES/.")}
: "${CTREPLAY_KERNEL_COMMAND:=}" "${CTREPLAY_KERNEL_OPTIONS:=}"
if [ -n "$CTREPLAY_KERNEL_COMMAND" ] && ! sh -c "$CTREPLAY_KERNEL_COMMAND true" >"$work/trial" 2>&1 </dev/null; then
	echo "# the kernel of CTREPLAY_KERNEL_COMMAND cannot be asked: $(head -n 1 "$work/trial")"
	CTREPLAY_KERNEL_COMMAND=
fi

# Whether the other kernel is asked about the scenario in this folder. It is an older one: fragments and bent headers are asked of the
# reference.
asks_other_kernel() {
	[ -f clock ] && [ -n "$CTREPLAY_KERNEL_COMMAND" ] && ! grep -q -x -e headers -e fragments areas
}

# ask: its answer in output; in the scenario's folder
ask() {
	set -- -r packets.pcap -4 rules
	[ ! -f rules6 ] || set -- "$@" -6 rules6
	if asks_other_kernel; then
		# shellcheck disable=SC2086 # one option a word
		set -- "$@" --kernel-command "$CTREPLAY_KERNEL_COMMAND" --real-time $CTREPLAY_KERNEL_OPTIONS
	fi
	# shellcheck disable=SC2046 # one option a word
	"$ctreplay" verify --json --all "$@" $(cat args) >output 2>errors </dev/null
}

# shrink_it SEED: the fewest packets and rules that still differ, as TAP comments
shrink_it() {
	set -- "$ctreplay" . "${cases:-$work}/seed-$1"
	if asks_other_kernel; then
		# shellcheck disable=SC2086 # one option a word
		set -- "$@" --kernel-command "$CTREPLAY_KERNEL_COMMAND" --real-time $CTREPLAY_KERNEL_OPTIONS
	fi
	"$shrink" "$@" 2>&1 | cut -c 1-300 | sed 's/^/# /'
}

# count_areas: a line for each packet: its area, and alike, different or not_comparable
count_areas() {
	awk '
	FNR == 1 { file++ }
	file == 1 { area[++n] = $0; next }
	match($0, /"packet":[0-9]+/) {
		packet = substr($0, RSTART + 9, RLENGTH - 9)
		if ($0 ~ /^{"kind":"difference"/) fate[packet] = "different"
		if ($0 ~ /^{"kind":"not_comparable"/) fate[packet] = "not_comparable"
	}
	END { for (i = 1; i <= n; i++) print area[i] "\t" (i in fate ? fate[i] : "alike") }' areas output >packets
}

# one_seed SEED: a TAP line; what was compared in packets, the kernel's name in kernels, what became of it in fate
one_seed() {
	cd "$work" || exit 99
	"$scenario" "$1" . || { echo "# the generator failed"; exit 99; }
	for try in 1 2 3; do
		ask
		status=$?
		[ $status -eq 1 ] || break
		cp output differs
	done
	case $status in
	0)
		[ $try -eq 1 ] || echo passing >fate
		tell 0 "seed $1"
		[ $try -eq 1 ] || { echo "# the kernel did not say this again:"; head -n 4 differs | cut -c 1-300 | sed 's/^/#   /'; }
		;;
	1)
		tell 1 "seed $1"
		shrink_it "$1"
		;;
	3)
		if grep -q 'could not be asked' errors; then
			tell 1 "seed $1"
			show errors
		else
			echo unlike >fate
			skip "seed $1" "nothing could be compared"
		fi
		;;
	*)
		tell 1 "seed $1"
		show errors
		;;
	esac
	count_areas
	sed -n 's/^{"kind":"verify","kernel":"\([^"]*\)".*/\1/p' output >kernels
	rm -f packets.pcap rules* args areas output differs
}

echo "# seeds $first to $((first + seeds - 1)); FIRST=$first SEEDS=$seeds makes them again"
in_lanes $LANES one_seed <"$work/seeds"

# agreement: the sums, as agreement files have them
agreement() {
	sed 's/^/seeds	/; s/ /	/' "$work/runs"
	echo "date	$(date -u +%Y-%m-%d)"
	for fate in unlike passing; do
		echo "$fate	$(find "$work/lanes" -name fate -exec grep -h -x $fate {} + | wc -l)"
	done
	find "$work/lanes" -name kernels -exec cat {} + | sort | uniq -c | sort -rn | sed 's/^ *\([0-9]*\) /kernel	\1	/'
	find "$work/lanes" -name packets -exec cat {} + | awk -F '\t' '
	{ all[$1]++; fate[$1, $2]++ }
	END {
		for (area in all)
			printf "area\t%s\t%d\t%d\t%d\t%d\n", area, all[area], fate[area, "alike"], fate[area, "different"], fate[area, "not_comparable"]
	}' | sort
}
agreement >"$work/agreement"
show "$work/agreement"
[ -z "${AGREEMENT:-}" ] || cp "$work/agreement" "$AGREEMENT"
finish
