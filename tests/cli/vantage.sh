#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Where was a capture taken? tests/kernel/compare-lab compares the captures of captures/router-* with what their kernel said, each
# with --captured-on; here is what is found without it, and what is said of it.

. "$(dirname "$0")/harness"

# replay LAB SIDE OPTION...: counters, events and text in ./counters, ./events, ./text
replay() {
	lab=$captures/$1
	side=$2
	shift 2
	# shellcheck disable=SC2046 # one option a word
	"$CTREPLAY" run -r "$lab/$side.pcap" "$lab/rules" $(cat "$lab/host") "$@" \
		--out counters=counters --out events=events --out text=text || return 1
}

finds_it() { # LAB SIDE INTERFACE
	replay "$1" "$2" --captured-on "$3" || return 1
	mv counters counters.told
	mv events events.told
	replay "$1" "$2" || return 1
	cmp counters counters.told && cmp events events.told && case $2 in
	any) grep -q '^captured on .*lan' text && grep -q '^captured on .*wan' text;;
	*) grep -q "^captured on $3 (found from the capture" text;;
	esac
}
for lab in "$captures"/router-*; do
	name=${lab##*/}
	while read -r side interface _; do
		passes "$name, $side: found from the capture" finds_it "$name" "$side" "$interface"
	done <"$lab/sides"
done

counts_every_frame_as_arriving() {
	replay router-masquerade inside --captured-on arriving || return 1
	! grep -q 'captured on' text && grep -q 'INVALID' text
}
passes "--captured-on arriving: everything came in" counts_every_frame_as_arriving

says_what_differs() {
	sed 's/--to 10.99.1.0/--to 10.99.2.0/' "$captures/router-netmap/rules" >other.rules
	# shellcheck disable=SC2046 # one option a word
	"$CTREPLAY" run -r "$captures/router-netmap/any.pcap" other.rules $(cat "$captures/router-netmap/host") >text
	grep -q 'prediction differs: predicted 10\.99\.2\.10:[0-9]* > 198\.51\.100\.80:53' text
}
passes "other rules: the capture shows what differs" says_what_differs

# alike CASE: the same of a packet script and of the capture that craft makes of it
alike() (
	cd "$1" || exit 1
	"$CTREPLAY" craft packets -w "$work/crafted.pcap" 2>/dev/null || exit 0	# more than a capture can hold
	eval "set -- $(head -n 1 args 2>/dev/null)"
	[ ! -f rules6 ] || set -- "$@" -6 rules6
	[ ! -f rules ] || set -- "$@" rules
	for capture in packets "$work/crafted.pcap"; do
		"$CTREPLAY" run -r "$capture" "$@" --out json=- 2>"$work/${capture##*/}.errors" | sed 's/"capture":"[^"]*"//' >"$work/${capture##*/}.json"
	done
	cmp "$work/packets.json" "$work/crafted.pcap.json" && cmp "$work/packets.errors" "$work/crafted.pcap.errors"
)
are_alike() {
	n_alike=0
	for case in "$top"/tests/cases/*/*/; do
		[ -f "$case/packets" ] && [ ! -f "$case/expected.exit" ] || continue
		alike "$case" || { echo "$case"; return 1; }
		n_alike=$((n_alike + 1))
	done
	[ "$n_alike" -gt 200 ]
}
passes "a packet script is taken like the capture that craft makes of it" are_alike

says "an interface that the host does not have" 2 '--captured-on dmz: the host has no interface of that name' \
	run -r "$captures/router-netmap/any.pcap" "$captures/router-netmap/rules" --local 10.0.0.1@eth0 --captured-on dmz

finish
