#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# cases.sh [CASE...]: every case of tests/cases, asked of the running kernel by `ctreplay verify`. What a case expects is
# thereby what the kernel says: but for those in tests/cases/deviations, about which it must say something else, as docs/fidelity.md
# does. Prints TAP; a case of which nothing can be compared is skipped, saying why. Needs what verify needs; skips aloud without.

. "$(dirname "$0")/../tap"
need_kernel
LANES=4		# most of the time the kernel is waited for

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

# is_asked CASE: those of other kernels are not, nor where nobody acts on the kernel while packets pass, or tells it what annotations tell;
# nor what expects an error, which is about messages; and the hosts that verify makes have no link-local addresses to answer from
is_asked() {
	! [ -f "$1/expected.exit" ] || return
	case $(cat "$1/args" 2>/dev/null) in
	*--kernel*|*--actions*|*--annotations*) return 1;;
	esac
	case $1 in */paths/a-link-local-source-may-leave-where-it-came-in) return 1;; esac
}

# one CASE: a TAP line
one() {
	name=${1#"$source/tests/cases/"}
	for try in 1 2; do
		ask "$1"
		status=$?
		[ $status -eq 1 ] || break
		case $name in deviations/*) break;; esac
		echo "# $name differs, try $try"
	done
	case $name:$status in
	deviations/*:1) tell 0 "$name";;
	deviations/*:0)
		tell 1 "$name"
		echo "# a deviation that is none: the kernel agrees"
		;;
	*:0) tell 0 "$name";;
	*:1)
		tell 1 "$name"
		show "$work/output"
		;;
	*:3) skip "$name" "$(tail -n 2 "$work/output" | head -n 1)";;
	*:2) skip "$name" "$(head -n 1 "$work/output")";;
	*) tell 1 "$name";;
	esac
}

[ $# -gt 0 ] || set -- "$source"/tests/cases/*/*/
for folder; do
	! is_asked "${folder%/}" || echo "${folder%/}"
done >"$work/all"
in_lanes $LANES one <"$work/all"
finish
