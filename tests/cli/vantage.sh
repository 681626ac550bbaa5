#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Captures of one router from inside, from outside and on all its interfaces: captures/router-*. Whatever of the three has
# every packet that the router decided about (`sides`), the counters are those of its kernel; and what was captured on all
# interfaces gives the kernel's events too, ports that it drew at random included. What is seen leaving is as predicted.

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

sorted_tables() {
	sed '/^#/d' "$1" | awk '/^\*/ { table = $0 } { printf "%s\t%05d\t%s\n", table, NR, $0 }' | sort | cut -f 3-
}

has_the_counters_of_the_kernel() { # LAB SIDE OPTION...
	replay "$@" || return 1
	sorted_tables counters >got
	sorted_tables "$captures/$1/counters" >wanted
	diff -u wanted got
}

has_the_events_of_the_kernel() { # LAB: what was replayed last
	sed '/\[DESTROY\]/d' events >got
	sed '/\[DESTROY\]/d' "$captures/$1/events" >wanted
	diff -u wanted got
}

# Two errors of the router itself are kept out of that lab's captures.
predicts_everything() { # LAB
	case $1 in
	router-icmp-errors) grep -q '^  On the way out .* with the prediction: 2 differ' text;;
	*) grep -q '^  On the way out .* with the prediction: no difference' text;;
	esac
}

for lab in "$captures"/router-*; do
	name=${lab##*/}
	for side in $(cat "$lab/sides"); do
		passes "$name, $side: the kernel's counters" has_the_counters_of_the_kernel "$name" "$side"
		passes "$name, $side: what leaves is as predicted" predicts_everything "$name"
		case $side in
		any) passes "$name, any: the kernel's events" has_the_events_of_the_kernel "$name";;
		inside) passes "$name, inside: found without being told, and told" sh -c '
			grep -q "^captured on lan (found from the capture" text';;
		esac
	done
done

drawn_ports_are_free() {
	replay router-masquerade inside || return 1
	sed 's/dport=[0-9]*\( \[ASSURED\]\)*$/dport=X\1/; s/\(type=0 code=0 id=\)[0-9]*/\1X/' events >got
	sed 's/dport=[0-9]*\( \[ASSURED\]\)*$/dport=X\1/; s/\(type=0 code=0 id=\)[0-9]*/\1X/' \
		"$captures/router-masquerade/events" >wanted
	diff -u wanted got
}
passes "from inside, nothing but ports that the kernel drew is otherwise" drawn_ports_are_free

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

says "an interface that the host does not have" 2 '--captured-on dmz: the host has no interface of that name' \
	run -r "$captures/router-netmap/any.pcap" "$captures/router-netmap/rules" --local 10.0.0.1@eth0 --captured-on dmz

finish
