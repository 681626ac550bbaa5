#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# expectations-full.sh: 512 connections of IRC announce eight files each, which is all that nf_conntrack_expect_max (4096) allows: what one
# more announces is dropped with its packet, one of the 512 may still put its newest in the place of its oldest, and where one has ended there
# is room again. The limit belongs to the whole machine, so that it cannot be lowered for a case. Asked of the running kernel by
# `ctreplay verify`. Prints TAP; skips aloud without what verify needs, and where the limit is another.

# shellcheck source=tests/tap
. "$(dirname "$0")/../tap"
need ctreplay
most=$(cat /proc/sys/net/netfilter/nf_conntrack_expect_max 2>/dev/null)
[ "$most" = 4096 ] || skip_all "nf_conntrack_expect_max is ${most:-nowhere}, not 4096"

cat >"$work/rules" <<'END'
*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -p tcp -m tcp --dport 6667 -j CT --helper irc
COMMIT
END
awk 'function begin(port) {
	print "+0.001 tcp client:" port " > server:6667 S seq 1000 win 8192"
	print "+0.001 tcp server:6667 > client:" port " S. seq 5000 ack 1001 win 8192"
	sequence[port] = 1001
}
function announce(port, file) {
	print "+0.001 tcp client:" port " > server:6667 P. seq " sequence[port] " ack 5001 win 8192 data " \
	      "\"PRIVMSG bob :\\x01DCC SEND f 167772418 " file "\\x01\\r\\n\""
	sequence[port] += 42
}
BEGIN {
	print "# ctreplay packets\nhost client 10.0.1.2\nhost server 10.0.2.2"
	for (i = 0; i < 512; i++) {
		begin(2000 + i)
		for (j = 0; j < 8; j++)
			announce(2000 + i, 10000 + 8 * i + j)
	}
	begin(3000); announce(3000, 20000); announce(3000, 20000)
	announce(2000, 20001)
	announce(3000, 20000)
	print "+0.001 tcp 10.0.2.9:1000 > client:10009 S seq 1 win 100"
	announce(3000, 20000); announce(3000, 20002)
}' >"$work/packets"

ask() {
	"$ctreplay" "$@" -r "$work/packets" "$work/rules" --local 10.0.1.1/24@eth1 --local 10.0.2.1/24@eth2
}
ask run --out events,expect="$work/events" --quiet >/dev/null
[ "$(grep -c NEW "$work/events")" -eq 4098 ] && [ "$(grep -c DESTROY "$work/events")" -eq 2 ]
tell $? "4096 are expected, one more in the place of its elder sister, one more in that of one that was met"
ask verify >"$work/output" 2>&1
status=$?
if [ $status -eq 3 ]; then
	skip "so says the running kernel, packet by packet" "$(head -n 1 "$work/output")"
else
	tell $status "so says the running kernel, packet by packet: $(tail -n 1 "$work/output")"
	show "$work/output" 20
fi
finish
