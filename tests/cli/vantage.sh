#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Where was a capture taken? tests/kernel/compare-lab compares the captures of captures/router-* with what their kernel said, each
# with --captured-on; here is what is found without it, and what is said of it.

. "$(dirname "$0")/harness"

# replay_in LAB OPTION...: in the lab's folder; counters, events and text in ./counters, ./events, ./text
replay_in() (
	cd "$captures/$1" || exit 1
	shift
	# shellcheck disable=SC2046 # one option a word
	"$CTREPLAY" run rules $(cat host) "$@" --out "counters=$work/counters" --out "events=$work/events" --out "text=$work/text"
)

# replay LAB SIDE OPTION...
replay() {
	lab=$1
	side=$2
	shift 2
	replay_in "$lab" -r "$side.pcap" "$@"
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

# as_recorded LAB: ./counters and ./events hold what the kernel said, and all that left was predicted
as_recorded() {
	grep -q 'no difference' text || return 1
	grep -v '^#' counters | sort >counters.plain
	grep -v '^#' "$captures/$1/counters" | sort | cmp - counters.plain || return 1
	grep -v DESTROY "$captures/$1/events" >events.record
	grep -v DESTROY events | cmp events.record -
}

# The captures of two sides at once, in either order, tell all that the one of all interfaces tells.
finds_both() { # LAB SIDE SIDE
	replay_in "$1" -r "$2.pcap" -r "$3.pcap" || return 1
	grep -q "^captured on .* ($2.pcap), .* ($3.pcap): found from the captures" text && as_recorded "$1"
}
for lab in "$captures"/router-*; do
	passes "${lab##*/}, inside and outside at once: what the kernel said" finds_both "${lab##*/}" inside outside
	passes "${lab##*/}, outside and inside at once: what the kernel said" finds_both "${lab##*/}" outside inside
done

# Other forms of the same captures. octets FILE...: awk's input, a file after the other, each behind a line of its name; its output is
# written as bytes.
octets() {
	for file; do
		echo "file $file"
		od -An -v -tu1 "$file"
	done
}

# The libpcap header and packets of each file: start[file, i], at which packets[file] records begin, from 1.
read_pcap='
function le(file, at) { return byte[file, at] + 256 * (byte[file, at + 1] + 256 * (byte[file, at + 2] + 256 * byte[file, at + 3])) }
function put(value) { printf "\\%03o", value }
function put_le(value, n) { for (; n > 0; n--) { put(value % 256); value = int(value / 256) } }
function put_bytes(file, at, n) { for (; n > 0; n--) put(byte[file, at++]) }
$1 == "file" { files++; next }
{ for (i = 1; i <= NF; i++) byte[files, size[files]++] = $i }
END {
	for (file = 1; file <= files; file++)
		for (at = 24; at < size[file]; at += 16 + le(file, at + 8))
			start[file, ++packets[file]] = at
	write()
}'

# Linux cooked captures of version 2 as version 1, which does not know interfaces.
as_sll='
function write(    i, at, len) {
	put_bytes(1, 0, 20); put_le(113, 4)
	for (i = 1; i <= packets[1]; i++) {
		at = start[1, i]; len = le(1, at + 8)
		put_bytes(1, at, 8); put_le(len - 4, 4); put_le(le(1, at + 12) - 4, 4)
		at += 16
		put(0); put_bytes(1, at + 10, 1); put_bytes(1, at + 8, 2); put(0); put_bytes(1, at + 11, 1)
		put_bytes(1, at + 12, 8); put_bytes(1, at, 2); put_bytes(1, at + 20, len - 20)
	}
}'

# A bridge with a MAC address of its own: what comes in for it, its port (where the first packet was seen) takes for another machine's.
as_other_host='
function write(    i, at) {
	put_bytes(1, 0, 24)
	for (i = 1; i <= packets[1]; i++) {
		at = start[1, i]
		if (le(1, at + 20) == le(1, start[1, 1] + 20) && byte[1, at + 26] == 0)
			byte[1, at + 26] = 3
		put_bytes(1, at, 16 + le(1, at + 8))
	}
}'

# Captures of lan and wan in one pcapng file, whose interfaces have names.
as_pcapng='
function pad(n) { return (4 - n % 4) % 4 }
function interface(name) {
	put_le(1, 4); put_le(52, 4); put_le(1, 2); put_le(0, 2); put_le(65535, 4)
	put_le(2, 2); put_le(3, 2); printf "%s", name; put(0)
	put_le(9, 2); put_le(1, 2); put_le(9, 4)			# times are nanoseconds
	put_le(14, 2); put_le(8, 2); put_le(origin, 4); put_le(0, 4)	# since then
	put_le(0, 4); put_le(52, 4)
}
function packet(file, at,    len, whole, time) {
	len = le(file, at + 8); whole = 32 + len + pad(len)
	time = (le(file, at) - origin) * 1000000000 + le(file, at + 4)
	put_le(6, 4); put_le(whole, 4); put_le(file - 1, 4); put_le(int(time / 4294967296), 4); put_le(time % 4294967296, 4)
	put_le(len, 4); put_le(le(file, at + 12), 4)
	put_bytes(file, at + 16, len); put_le(0, pad(len)); put_le(whole, 4)
}
function is_before(a, b) { return le(1, a) != le(2, b) ? le(1, a) < le(2, b) : le(1, a + 4) <= le(2, b + 4) }
function write(    i, j) {
	put_le(168627466, 4); put_le(28, 4); put_le(439041101, 4); put_le(1, 2); put_le(0, 2); put_le(4294967295, 4); put_le(4294967295, 4)
	put_le(28, 4)
	origin = le(1, start[1, 1]) - 1
	interface("lan"); interface("wan")
	for (i = j = 1; i <= packets[1] || j <= packets[2];)
		if (j > packets[2] || (i <= packets[1] && is_before(start[1, i], start[2, j])))
			packet(1, start[1, i++])
		else
			packet(2, start[2, j++])
}'

takes_form() { # LAB FILE WORDS
	replay_in "$1" -r "$work/$2" || return 1
	grep -q "^captured on .*lan, wan ($3)" text && as_recorded "$1"
}
for lab in router-masquerade router-netmap; do
	# shellcheck disable=SC2059 # escapes of bytes, and nothing else
	printf "$(octets "$captures/$lab/any.pcap" | awk "$read_pcap $as_sll")" >$lab.sll.pcap
	# shellcheck disable=SC2059
	printf "$(octets "$captures/$lab/inside.pcap" "$captures/$lab/outside.pcap" | awk "$read_pcap $as_pcapng")" >$lab.pcapng
	passes "$lab, directions without interfaces: what the kernel said" takes_form $lab $lab.sll.pcap 'the link layer says which way each packet went'
	passes "$lab, names of interfaces: what the kernel said" takes_form $lab $lab.pcapng 'as the capture says'
done

# shellcheck disable=SC2059
printf "$(octets "$captures/router-bridge/any.pcap" | awk "$read_pcap $as_other_host")" >other.pcap
passes_over_others() {
	replay_in router-bridge -r "$work/other.pcap" && as_recorded router-bridge || return 1
	grep -q ' for another machine$' text || return 1
	! grep 'for another machine' text | grep 'ACCEPT'
}
passes "a bridge's port: what is for another machine is not looked at" passes_over_others

explains_copies() {
	# shellcheck disable=SC2046 # one option a word
	set -- $(cat "$captures/router-netmap/host") "$captures/router-netmap/rules"
	"$CTREPLAY" explain -r "$captures/router-netmap/any.pcap" "$@" --packet 4 >text || return 1
	grep -q '^not judged again: leaves: packet 3, as predicted' text || return 1
	"$CTREPLAY" explain -r "$captures/router-netmap/outside.pcap" "$@" --packet 1 >text || return 1
	grep -q '^captured on its way out; came in as 192.168.1.10:' text
}
passes "explain says what a packet on its way out is" explains_copies

# Packets of several captures come in order of time, those of one time in order of the captures.
merges_by_time() {
	for file in early late; do
		printf '# ctreplay packets\nstart 2026-01-01T00:00:0%sZ\n' "$([ $file = early ] && echo 0 || echo 1)" >$file.packets
	done
	printf '%s\n' '0 udp 10.0.0.2:1 > 10.0.0.1:1' '1 udp 10.0.0.2:2 > 10.0.0.1:2' '2.5 udp 10.0.0.2:3 > 10.0.0.1:3' >>early.packets
	printf '%s\n' '0 udp 10.0.0.2:4 > 10.0.0.1:4' '1 udp 10.0.0.2:5 > 10.0.0.1:5' '0.5 udp 10.0.0.2:6 > 10.0.0.1:6' >>late.packets
	"$CTREPLAY" craft late.packets -w late.pcap || return 1
	printf '*filter\nCOMMIT\n' >none.rules
	"$CTREPLAY" run -r early.packets -r late.pcap none.rules --local 10.0.0.1/24@eth0 --out csv=csv >text || return 1
	echo '1 2 4 5 6 3' >expected
	"$CTREPLAY" run -r early.packets -r late.pcap none.rules --local 10.0.0.1/24@eth0 --out json=- |
		sed -n 's/.*"summary":"UDP 10.0.0.2:\([0-9]\).*/\1/p' | tr '\n' ' ' | sed 's/ $//' >order
	[ "$(cat order)" = "$(cat expected)" ] && grep -q '1 packet, which was' text && grep -q '^early.packets, late.pcap: first' text
}
passes "several captures are merged by time" merges_by_time

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

# shellcheck disable=SC2046 # one option a word
says "an interface for some of several captures" 2 \
	'--captured-on is given 2 times, and there are 3 captures: once for all of them, or once for each, in the same order' \
	run -r early.packets -r early.packets -r late.pcap none.rules --local 10.0.0.1@eth0 --captured-on eth0 --captured-on eth0
says "captures of two link types" 2 \
	"-r .*any.pcap: its link type is LINUX_SLL2, that of .*inside.pcap is EN10MB: captures that are replayed as one must have the same" \
	run -r "$captures/router-netmap/inside.pcap" -r "$captures/router-netmap/any.pcap" none.rules
says "standard input among several captures" 2 '-r -: standard input cannot be one of several captures' \
	run -r early.packets -r - none.rules
# shellcheck disable=SC2046 # one option a word
says "one of several captures of which nothing is known" 2 \
	'early.packets: where it was captured is not to be found in it, as it is in another of these captures' \
	run -r "$captures/router-netmap/inside.pcap" -r early.packets none.rules $(cat "$captures/router-netmap/host")

says "an interface that the host does not have" 2 '--captured-on dmz: the host has no interface of that name' \
	run -r "$captures/router-netmap/any.pcap" "$captures/router-netmap/rules" --local 10.0.0.1@eth0 --captured-on dmz

finish
