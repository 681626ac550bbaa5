#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# ctreplay coverage: its counts are those of run, several captures add up, and other tools read its tracefile.

. "$(dirname "$0")/harness"
web=$captures/web-server
scan=$captures/port-scan
host="--local 10.0.0.2/24@eth0"
same="$web/rules"

# What a kernel counted while the lab was recorded, packets and bytes of every rule and policy
is_what_the_kernel_counted() { # LAB CAPTURE
	family=ipv4
	grep -q 2001: "$1/host" && family=ipv6
	sh "$top/tests/list-counters" save family=$family "$1/counters" >theirs
	# shellcheck disable=SC2046 # one option a word
	(cd "$1" && "$CTREPLAY" coverage --json -r "$2.pcap" rules $(cat host)) >coverage.json || return 1
	sh "$top/tests/list-counters" coverage coverage.json >ours
	[ -s theirs ] && diff theirs ours
}
for lab in "$captures"/*/counters; do
	lab=${lab%/*}
	[ -f "$lab/capture.pcap" ] && capture=capture || capture=any
	passes "the counts are the kernel's: ${lab##*/}" is_what_the_kernel_counted "$lab" $capture
done

# shellcheck disable=SC2086 # $host: one option a word
cover() { ends 0 coverage "$@" $same $host; }
# shellcheck disable=SC2086
counters() { "$CTREPLAY" run -q --zero -r "$1" $same $host --out counters=- | sed -n 's/^\[\([0-9]*\):.*-A/\1 -A/p' | cut -d ' ' -f 1; }
packets() { sed -n 's/^{"kind":"rule",.*"packets":\([0-9]*\).*/\1/p' .own/stdout; }

they_add_up() {
	cover --json -r "$web/capture.pcap" -r "$scan/capture.pcap" || return 1
	packets >both
	counters "$web/capture.pcap" >one
	counters "$scan/capture.pcap" >two
	paste -d ' ' one two | awk '{print $1 + $2}' | diff both -
}
passes "several captures add up" they_add_up

shows() { # PATTERN FILE...
	grep -E -q -e "$1" .own/stdout && return 0
	echo "nothing that matches: $1"
	cat .own/stdout
	return 1
}
cat >shop.rules <<'RULES'
*filter
:INPUT DROP [0:0]
:later - [0:0]
-A INPUT -p udp -j ACCEPT
-A INPUT -p udp -m udp --dport 53 -j LOG
-A INPUT -s 203.0.113.0/24 -j LOG
-A INPUT -p tcp -j DROP
-A later -j LOG
COMMIT
RULES
passes "rules that do nothing" ends 0 coverage -r "$captures/dns-timeout.pcap" shop.rules --local 192.168.1.2/24@eth0
passes "matched: a count" shows '^ +7     4  -A INPUT -p udp -j ACCEPT$'
passes "no packet can match" shows '^ +!!!!!     5  '
passes "and why" shows 'filter INPUT 2 shop.rules:5: can never match, .* taken by filter INPUT 1 shop.rules:4'
passes "never reached" shows '^ +=====     6  '
passes "makes no difference" shows 'filter INPUT 4 shop.rules:7: makes no difference, .* policy'
passes "a chain to which no rule jumps" shows 'filter later: no rule jumps to this chain'
passes "the sum" shows '5 rules: 1 matched, 0 never matched .*, 3 never reached .*, 1 can never match'
passes "every rule with -v" ends 0 coverage -v -r "$captures/dns-timeout.pcap" shop.rules --local 192.168.1.2/24@eth0
passes "says packets, flows and states" shows 'filter INPUT 1 .*: 7 of 7 packets, [0-9]+ bytes; first packet [0-9]+, last [0-9]+; [0-9]+ flows?; .*ESTABLISHED'

passes "a tracefile" ends 0 coverage -r "$captures/dns-timeout.pcap" shop.rules --local 192.168.1.2/24@eth0 --lcov shop.info
if command -v lcov >/dev/null 2>&1; then
	lcov_agrees() { lcov --rc lcov_branch_coverage=1 --summary shop.info >summary 2>&1 && grep -q 'lines.*(1 of 5 lines)' summary && return 0; cat summary; return 1; }
	passes "which lcov reads: 1 of 5 lines" lcov_agrees
else
	skip "which lcov reads" "lcov is not here"
fi
passes "to standard output alone" ends 0 coverage -r "$captures/dns-timeout.pcap" shop.rules --local 192.168.1.2/24@eth0 --lcov -
passes "is the same" cmp shop.info .own/stdout

says "no capture" 2 'no capture' coverage shop.rules
says "no rules" 2 'no rules' coverage -r "$captures/dns-timeout.pcap"
says "a second capture that is not there" 2 'nowhere.pcap' coverage -r "$captures/dns-timeout.pcap" -r nowhere.pcap shop.rules
passes "then nothing is written" sh -c '! "$0" coverage -r "$1" -r nowhere.pcap shop.rules --lcov other.info >/dev/null 2>&1 && [ ! -e other.info ]' "$CTREPLAY" "$captures/dns-timeout.pcap"
finish
