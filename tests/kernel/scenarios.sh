#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# scenarios.sh [FIRST [LAST]]: generated scenarios (tests/kernel/scenario), each asked of the running kernel by
# `ctreplay verify`. Without arguments: seeds 1 to 60, all that ever failed, and 40 that are new every day. Prints TAP;
# a scenario that differs is printed with its seed, which makes it again. Needs what verify needs; skips aloud without.

set -u

ctreplay=${CTREPLAY:-$PWD/ctreplay}
scenario=${CTREPLAY_SCENARIO:-$PWD/tests/kernel/scenario}
[ -x "$ctreplay" ] || { echo "Bail out! there is no program at $ctreplay"; exit 99; }
[ -x "$scenario" ] || { echo "1..0 # SKIP there is no generator at $scenario"; exit 0; }
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM

# Seeds that once showed a difference.
failed_once='4 18 28 46 115'

if [ $# -gt 0 ]; then
	seeds=$(seq "$1" "${2:-$1}")
else
	day=$(($(date +%s) / 86400 * 100))
	seeds="$(seq 1 60) $failed_once $(seq "$day" $((day + 39)))"
fi

n=0
n_failed=0
for seed in $seeds; do
	rm -rf "$work/s"
	mkdir "$work/s"
	"$scenario" "$seed" "$work/s" || { echo "Bail out! the generator failed with seed $seed"; exit 99; }
	set -- "$work/s/packets.pcap" -4 "$work/s/rules"
	[ ! -f "$work/s/rules6" ] || set -- "$@" -6 "$work/s/rules6"
	for try in 1 2 3; do
		# shellcheck disable=SC2046 # one option a word
		"$ctreplay" verify -r "$@" $(cat "$work/s/args") >"$work/output" 2>&1
		status=$?
		# The kernel's own clock runs on meanwhile: a difference counts when it comes three times.
		[ $status -eq 1 ] || break
		echo "# seed $seed differs, try $try: $(head -n 1 "$work/output")"
	done
	n=$((n + 1))
	if [ $status -eq 0 ]; then
		echo "ok $n - seed $seed"
	elif [ $status -eq 3 ] && grep -q 'could not be asked' "$work/output"; then
		echo "1..0 # SKIP $(grep -m 1 'could not be asked' "$work/output")"
		exit 0
	elif [ $status -eq 3 ]; then
		echo "ok $n - seed $seed # SKIP $(tail -n 2 "$work/output" | head -n 1)"
	else
		n_failed=$((n_failed + 1))
		echo "not ok $n - seed $seed"
		sed 's/^/# /' "$work/output" | head -n 40
	fi
done
echo "1..$n"
[ "$n_failed" -eq 0 ]
