#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# cases.sh [CASE...]: every case of tests/cases, asked of the running kernel by `ctreplay verify`. What a case expects is
# thereby what the kernel says: but for those in tests/cases/deviations, about which it must say something else, as docs/fidelity.md
# does. Prints TAP; a case of which nothing can be compared is skipped, saying why. Needs what verify needs; skips aloud without.

set -u

source=$(cd "${srcdir:-$(dirname "$0")/../..}" && pwd) || exit 99
ctreplay=${CTREPLAY:-$PWD/ctreplay}
ctreplay=$(cd "$(dirname "$ctreplay")" && pwd)/${ctreplay##*/}
[ -x "$ctreplay" ] || { echo "Bail out! there is no program at $ctreplay"; exit 99; }
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM

# ask CASE: its output in $work/output
ask() (
	cd "$1" || exit 99
	capture=
	for file in capture.pcap capture.pcapng packets; do
		[ ! -f $file ] || capture=$file
	done
	set -- -r "$capture"
	[ ! -f rules ] || set -- "$@" rules
	[ ! -f rules6 ] || set -- "$@" -6 rules6
	[ ! -f args ] || eval "set -- \"\$@\" $(head -n 1 args)"
	"$ctreplay" verify "$@" >"$work/output" 2>&1 </dev/null
)

[ $# -gt 0 ] || set -- "$source"/tests/cases/*/*/
n=0
n_failed=0
for folder; do
	name=${folder%/}
	name=${name#"$source/tests/cases/"}
	# What expects an error is about messages, not about packets.
	! [ -f "$folder/expected.exit" ] || continue
	# Other kernels: not to be asked here.
	case $(cat "$folder/args" 2>/dev/null) in
	*--kernel*) continue;;
	# Nobody acts on the kernel while packets pass, and nobody tells it what annotations tell.
	*--actions*|*--annotations*) continue;;
	esac
	# The hosts that verify makes have no link-local addresses to answer from.
	[ "$name" != paths/a-link-local-source-may-leave-where-it-came-in ] || continue
	n=$((n + 1))
	for try in 1 2; do
		ask "$folder"
		status=$?
		[ $status -eq 1 ] || break
		case $name in deviations/*) break;; esac
		echo "# $name differs, try $try"
	done
	case $name:$status in
	deviations/*:1) status=0;;
	deviations/*:0)
		status=1
		echo "# a deviation that is none: the kernel agrees"
		;;
	esac
	case $status in
	0) echo "ok $n - $name";;
	1)
		n_failed=$((n_failed + 1))
		echo "not ok $n - $name"
		sed 's/^/# /' "$work/output" | head -n 40
		;;
	3)
		# A setting that this kernel does not have, or not for itself, and what it draws, is of that case alone.
		if grep -v 'could not be asked: \(net\.\|a route \)' "$work/output" | grep -q 'could not be asked' && [ $n -eq 1 ]; then
			echo "1..0 # SKIP $(grep -m 1 'could not be asked' "$work/output")"
			exit 0
		fi
		echo "ok $n - $name # SKIP $(tail -n 2 "$work/output" | head -n 1)"
		;;
	2) echo "ok $n - $name # SKIP $(head -n 1 "$work/output")";;
	*)
		n_failed=$((n_failed + 1))
		echo "not ok $n - $name"
		;;
	esac
done
echo "1..$n"
[ "$n_failed" -eq 0 ]
