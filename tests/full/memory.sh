#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a live flow takes, all told: the most memory that a replay with 1,000,000 of them had, beside one with 1,000. And what the
# length of a capture takes: nothing, from standard input neither.

. "$(dirname "$0")/../tap"
MOST_BYTES=160	# a flow
MOST_MEASURED=180	# one with counters
MOST_GROWTH=512	# KiB, whatever the length
unset MAKEFLAGS MFLAGS MAKELEVEL
bench=tests/bench
make -s ctreplay $bench/bench_generate $bench/bench_measure >"$work/make.out" 2>&1 || {
	tell 1 "it builds" "$work/make.out"
	finish
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
# flows MOST WORDS KIND [OPTION...]
flows() {
	most=$1 words=$2
	shift 2
	few=$(live 1000 "$@") many=$(live 1000000 "$@")
	set -- $few $many
	bytes=$((($4 - $2) * 1024 / ($3 - $1)))
	[ "$3" -ge 990000 ] && [ $bytes -le "$most" ]
	tell $? "$words: $3 live flows, $bytes bytes each, of at most $most"
}
flows $MOST_BYTES udp udp
flows $MOST_BYTES tcp tcp
flows $MOST_MEASURED "udp with accounting" udp --sysctl net.netfilter.nf_conntrack_acct=1
for n_frames in 200000 4000000; do
	peak "$bench/bench_generate /dev/fd/1 $n_frames 1000 | $run -r -"
done >"$work/peaks"
growth=$(awk 'NR == 1 { first = $1 } END { print $1 - first }' "$work/peaks")
[ "$(wc -l <"$work/peaks")" -eq 2 ] && [ "$growth" -le $MOST_GROWTH ]
tell $? "4,000,000 frames on standard input take $growth KiB more than 200,000"
finish
