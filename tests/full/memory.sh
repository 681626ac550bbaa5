#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a live flow takes, all told: the most memory that a replay with 1,000,000 of them had, beside one with 1,000. And what the
# length of a capture takes: nothing, from standard input neither.

set -u
LC_ALL=C; export LC_ALL
MOST_BYTES=160	# a flow
MOST_MEASURED=180	# one with counters
MOST_GROWTH=512	# KiB, whatever the length
unset MAKEFLAGS MFLAGS MAKELEVEL
source=$(cd "$(dirname "$0")/../.." && pwd) || exit 99
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
bench=tests/bench
make -s ctreplay $bench/bench_generate $bench/bench_measure >"$work/make.out" 2>&1 || {
	echo "1..1"
	echo "not ok 1 - it builds"
	tail -n 5 "$work/make.out" | sed 's/^/# /'
	exit 1
}
run="./ctreplay run -q $source/tests/bench/stateful.rules --local 192.168.1.254/24 --sysctl net.netfilter.nf_conntrack_max=20000000"

# peak COMMAND: KiB
peak() { $bench/bench_measure 1 "$1" | awk '{ print $2 }'; }
# live FLOWS KIND [OPTION...]: entries that are alive at the end, and KiB
live() {
	$bench/bench_generate "$work/pcap" $(($1 + 200000)) "$1" "$2" open || exit 99
	shift 2
	$run -r "$work/pcap" "$@" | sed -n 's/.*Entries .*, \([0-9]*\) still there.*/\1/p'
	peak "$run -r $work/pcap $*"
}
n=0
n_failed=0
# judge HOLDS WORDS
judge() {
	n=$((n + 1))
	if [ "$1" -eq 1 ]; then echo "ok $n - $2"; else n_failed=$((n_failed + 1)); echo "not ok $n - $2"; fi
}

# flows MOST WORDS KIND [OPTION...]
flows() {
	most=$1 words=$2
	shift 2
	few=$(live 1000 "$@") many=$(live 1000000 "$@")
	set -- $few $many
	bytes=$((($4 - $2) * 1024 / ($3 - $1)))
	judge $(($3 >= 990000 && bytes <= most)) "$words: $3 live flows, $bytes bytes each, of at most $most"
}
echo 1..4
flows $MOST_BYTES udp udp
flows $MOST_BYTES tcp tcp
flows $MOST_MEASURED "udp with accounting" udp --sysctl net.netfilter.nf_conntrack_acct=1
for n_frames in 200000 4000000; do
	peak "$bench/bench_generate /dev/fd/1 $n_frames 1000 | $run -r -"
done >"$work/peaks"
growth=$(awk 'NR == 1 { first = $1 } END { print $1 - first }' "$work/peaks")
judge $(($(wc -l <"$work/peaks") == 2 && growth <= MOST_GROWTH)) "4,000,000 frames on standard input take $growth KiB more than 200,000"
exit $((n_failed != 0))
