#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# dialogs.sh: what two hosts say to each other in a protocol that has a helper (tests/kernel/dialog), with everything that goes
# wrong in it, asked of the running kernel by `ctreplay verify`. The seeds are always the same ones; SEEDS=1000 FIRST=5000 asks
# about others, HELPER=ftp about one helper ("sip/tcp": where it has two protocols). Broadcasts (netbios-ns, snmp) are asked only
# so: on some runs verify misses expectations that the host's own broadcasts make, all of them seen on others.
#
# Prints TAP. A dialog that differs three times in a row fails; KEEP=FOLDER keeps it. Needs what verify needs; skips aloud without.

. "$(dirname "$0")/../tap"
need ctreplay dialog
need_kernel
LANES=4		# most of the time the kernel is waited for
keep=${KEEP:+$(mkdir -p "$KEEP" && cd "$KEEP" && pwd)}
seeds=${SEEDS:-100}
first=${FIRST:-1}

# ask: its answer in output
ask() {
	set -- -r dialog/packets
	[ ! -f dialog/rules ] || set -- "$@" -4 dialog/rules
	[ ! -f dialog/rules6 ] || set -- "$@" -6 dialog/rules6
	# shellcheck disable=SC2046 # one option a word
	"$ctreplay" verify --all "$@" $(cat dialog/args) >output 2>&1 </dev/null
}

# one SEED: a TAP line
one() {
	cd "$work" && mkdir dialog || exit 99
	# shellcheck disable=SC2086 # no word, or one
	"$dialog" "$1" dialog ${HELPER:-} || { echo "# the generator failed"; exit 99; }
	for _ in 1 2 3; do
		ask
		status=$?
		[ $status -eq 1 ] || break
	done
	name="$(sed -n 's/.* -j CT --helper //p' dialog/rules* | head -n 1), seed $1"
	case $status in
	0) tell 0 "$name";;
	3) skip "$name" "$(tail -n 1 output)";;
	*)
		tell 1 "$name"
		show output
		[ -z "$keep" ] || { rm -rf "${keep:?}/seed-$1"; cp -R dialog "$keep/seed-$1"; }
		;;
	esac
}

echo "# seeds $first to $((first + seeds - 1))"
awk -v first="$first" -v n="$seeds" 'BEGIN { for (i = 0; i < n; i++) print first + i }' >"$work/seeds"
in_lanes $LANES one <"$work/seeds"
finish
