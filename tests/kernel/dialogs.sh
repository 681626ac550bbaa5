#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# dialogs.sh: what two hosts say to each other in a protocol that has a helper (tests/kernel/dialog), with everything that goes
# wrong in it, asked of the running kernel by `ctreplay verify`. The seeds are always the same ones; SEEDS=1000 FIRST=5000 asks
# about others, HELPER=ftp about one helper ("sip/tcp": where it has two protocols). Broadcasts (netbios-ns, snmp) are asked only
# so: on some runs verify misses expectations that the host's own broadcasts make, all of them seen on others.
#
# Prints TAP. A dialog that differs three times in a row fails; KEEP=FOLDER keeps it. Needs what verify needs; skips aloud without.

set -u
LC_ALL=C; export LC_ALL

absolute() {
	echo "$(cd "$(dirname "$1")" && pwd)/${1##*/}"
}

ctreplay=$(absolute "${CTREPLAY:-$PWD/ctreplay}")
dialog=$(absolute "${CTREPLAY_DIALOG:-$PWD/tests/kernel/dialog}")
[ -x "$ctreplay" ] || { echo "Bail out! there is no program at $ctreplay"; exit 99; }
[ -x "$dialog" ] || { echo "Bail out! there is no generator at $dialog"; exit 99; }
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
keep=${KEEP:+$(mkdir -p "$KEEP" && absolute "$KEEP/.")}
seeds=${SEEDS:-100}
first=${FIRST:-1}
cd "$work" || exit 99

# ask: its answer in output
ask() {
	set -- -r dialog/packets
	[ ! -f dialog/rules ] || set -- "$@" -4 dialog/rules
	[ ! -f dialog/rules6 ] || set -- "$@" -6 dialog/rules6
	# shellcheck disable=SC2046 # one option a word
	"$ctreplay" verify --all "$@" $(cat dialog/args) >output 2>&1 </dev/null
}

echo "# seeds $first to $((first + seeds - 1))"
n=0 n_failed=0
while [ "$n" -lt "$seeds" ]; do
	seed=$((first + n))
	n=$((n + 1))
	rm -rf dialog
	mkdir dialog
	# shellcheck disable=SC2086 # no word, or one
	"$dialog" "$seed" dialog ${HELPER:-} || { echo "Bail out! the generator failed with seed $seed"; exit 99; }
	for _ in 1 2 3; do
		ask
		status=$?
		[ $status -eq 1 ] || break
	done
	helper=$(sed -n 's/.* -j CT --helper //p' dialog/rules* | head -n 1)
	case $status in
	0) echo "ok $n - $helper, seed $seed";;
	3)
		if grep -q 'could not be asked' output && [ $n -eq 1 ]; then
			echo "1..0 # SKIP $(grep -m 1 'could not be asked' output)"
			exit 0
		fi
		echo "ok $n - $helper, seed $seed # SKIP $(tail -n 1 output)"
		;;
	*)
		n_failed=$((n_failed + 1))
		echo "not ok $n - $helper, seed $seed"
		cut -c 1-300 output | head -n 40 | sed 's/^/# /'
		[ -z "$keep" ] || { rm -rf "${keep:?}/seed-$seed"; cp -R dialog "$keep/seed-$seed"; }
		;;
	esac
done
echo "1..$n"
[ "$n_failed" -eq 0 ]
