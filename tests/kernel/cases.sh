#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# cases.sh [CASE...]: asks the running kernel about the cases of tests/cases/host and tests/cases/nat: the same host built
# from the same description, the same packets. Prints TAP; needs what `ctreplay verify` needs, skips aloud without.

set -u

top=$(cd "$(dirname "$0")/../.." && pwd) || exit 99
ctreplay=${CTREPLAY:-$PWD/ctreplay}
[ -x "$ctreplay" ] || { echo "Bail out! there is no program at $ctreplay"; exit 99; }
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM

# The kernel draws a port at random, or the answer is recorded before it is translated: another port is no difference.
drawn='a-port-changes-though-nobody-asked a-source-keeps-its-mapping two-clients-with-one-port-leave-with-two
two-pings-with-one-identifier when-ports-run-out-packets-are-dropped an-answer-of-reject-speaks-for-the-public-address'

[ $# -gt 0 ] || set -- "$top"/tests/cases/host/* "$top"/tests/cases/nat/*
n=0
failed=0
for case in "$@"; do
	name=${case##*/}
	case " $(echo $drawn) " in *" $name "*) continue;; esac
	capture=packets
	[ -f "$case/packets" ] || capture=capture.pcap
	(cd "$case" && eval "\"\$ctreplay\" verify -r $capture rules $(cat args 2>/dev/null)") >"$work/output" 2>&1
	status=$?
	if [ $status -eq 3 ] && [ $n -eq 0 ]; then
		echo "1..0 # SKIP $(head -n 1 "$work/output")"
		exit 0
	fi
	n=$((n + 1))
	if [ $status -eq 0 ]; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		sed 's/^/# /' "$work/output"
		failed=1
	fi
done
echo "1..$n"
exit $failed
