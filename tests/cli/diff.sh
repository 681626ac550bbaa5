#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# ctreplay diff: nothing differs from itself; what was changed is found, and by its cause.

. "$(dirname "$0")/harness"
pcap=$captures/dns-timeout.pcap
dns=$rules/dns.rules

for folder in "$captures"/*/; do
	lab=$(basename "$folder")
	[ -f "$folder/capture.pcap" ] && [ -f "$folder/rules" ] && [ -f "$folder/host" ] || continue
	# shellcheck disable=SC2046 # one option a word
	passes "nothing differs from itself: $lab" ends 0 diff "$folder/rules" "$folder/rules" -r "$folder/capture.pcap" $(cat "$folder/host")
	passes "and that is said" grep -q '^no difference found in [0-9]* packets and [0-9]* flows*$' .own/stdout
done

finds() { # PATTERN: a line of what the last diff said
	grep -E -q -e "$1" .own/stdout && return 0
	echo "nothing that matches: $1"
	cat .own/stdout
	return 1
}
sed 's/RELATED,ESTABLISHED/RELATED/' "$dns" >related.rules
passes "answers no longer let in" ends 1 diff "$dns" related.rules -r "$pcap"
passes "the verdicts" finds '^[0-9]+ of 9 packets differ, in 1 of 2 flows .*: 4 ACCEPT -> DROP$'
passes "what follows is counted with the first" finds '^1 flow: ACCEPT becomes DROP; and then [0-9]+ more packets of it$'
passes "the rule that did it" finds '^  old  ACCEPT ESTABLISHED  filter INPUT 1 .*dns.rules:9$'
passes "the policy that does it now" finds '^  new  DROP ESTABLISHED  filter INPUT policy related.rules:6$'

{ sed '/-A INPUT/i -A INPUT -s 203.0.113.1 -j LOG' "$dns"; } >moved.rules
passes "a rule with another number is the same rule" ends 0 diff "$dns" moved.rules -r "$pcap"
sed 's/:INPUT DROP/:INPUT ACCEPT/; $i -A INPUT -j REJECT' "$dns" >reject.rules
passes "REJECT instead of DROP" ends 1 diff "$dns" reject.rules -r "$pcap"
passes "an answer" finds '^       answers: icmp-port-unreachable \(ACCEPT\)|^       answers: icmp-port-unreachable \(DROP\)'
passes "--only counts nothing else" ends 0 diff "$dns" reject.rules -r "$pcap" --only nat
passes "--packets looks at a part" ends 0 diff "$dns" related.rules -r "$pcap" --packets 'src host 192.168.1.66'

passes "one file, a setting for one side" ends 1 diff "$dns" -r "$pcap" --new-sysctl net.netfilter.nf_conntrack_udp_timeout=60
passes "with = in one word" ends 1 diff "$dns" -r "$pcap" --old-sysctl=net.netfilter.nf_conntrack_udp_timeout=60
passes "the same for both" ends 0 diff "$dns" -r "$pcap" --sysctl net.netfilter.nf_conntrack_udp_timeout=60
passes "another host" ends 1 diff "$dns" -r "$pcap" --old-local 192.168.1.2 --new-local 192.168.1.10

json() {
	ends 1 diff --json "$dns" related.rules -r "$pcap" || return 1
	[ "$(grep -c '^{"kind":"packet"' .own/stdout)" -eq "$(sed -n 's/^{"kind":"summary".*"different":\([0-9]*\).*/\1/p' .own/stdout)" ]
}
passes "--json: a line for each packet that differs" json

# Packets made from the rules
generated() { # LINE: only this line of the new rules can be the cause
	ends 1 diff "$dns" changed.rules --generate --only verdict || return 1
	finds "^  (old|new)  .*changed.rules:$1\$"
}
passes "nothing differs from itself: generated" ends 0 diff "$dns" "$dns" --generate -w made.packets
passes "and that is said" finds '^no difference found in [0-9]+ generated packets and [0-9]+ flows$'
passes "the generated packets, kept, say for which host" grep -q '^# The host: --local 10.200.0.1/24@eth0 --local 2001:db8:c8::1/64@eth0 --route 0.0.0.0/0@eth0' made.packets
kept_are_the_same() {
	ends 1 diff "$dns" related.rules --generate --json -w made.packets || return 1
	sed 's/"generated":true/"generated":false/' .own/stdout >once
	# shellcheck disable=SC2046 # one option a word
	ends 1 diff "$dns" related.rules --json -r made.packets $(sed -n 's/^# The host: //p' made.packets) && cmp once .own/stdout
}
passes "and are the same when they are read" kept_are_the_same
sed 's/--dport 53 /--dport 54 /' "$dns" >changed.rules
passes "another port" generated 12
sed 's/1024:65535/1025:65535/' "$dns" >changed.rules
passes "one port less" generated 8
sed '/-A INPUT/i -A INPUT -s 203.0.113.9 -i eth0 -p tcp --syn -m tcp --dport 22 -j ACCEPT' "$dns" >changed.rules
passes "a way in" generated 9
passes "the capture and then packets of our own" ends 1 diff "$dns" changed.rules -r "$pcap" --generate
passes "are told apart" sh -c 'grep -q "^no difference found in 9 packets and 2 flows" .own/stdout && grep -q "^generated packets; host 192.168.1.2" .own/stdout'
twice() {
	"$CTREPLAY" diff "$dns" changed.rules --generate --json >once
	"$CTREPLAY" diff "$dns" changed.rules --generate --json >again
	cmp once again
}
passes "the same packets every time" twice

says "no new rules, no old ones" 2 'no rules' diff -r "$pcap"
says "three files" 2 'OLD and NEW' diff "$dns" "$dns" "$dns" -r "$pcap"
says "an unknown thing" 2 "expected verdict, rule" diff "$dns" "$dns" -r "$pcap" --only colour
says "an unknown option of one side" 2 'unknown option --sysctll; did you mean --sysctl' diff "$dns" "$dns" -r "$pcap" --new-sysctll=x
printf '*filter\n:INPUT DROP [0:0]\n-A INPUT -m set --match-set bad src,dst -j DROP\n-A INPUT -p udp -j ACCEPT\nCOMMIT\n' >set.rules
echo 'create bad hash:net,port family inet' >old.ipset
{ cat old.ipset; echo 'add bad 192.168.7.0/24,udp:53'; } >new.ipset
passes "an element of a set, without a capture" ends 1 diff set.rules --generate --old-ipset old.ipset --new-ipset new.ipset --only verdict
passes "the rule that asks for it" finds '^  new  DROP NEW  filter INPUT 1 set.rules:3$'
passes "both sides have it" ends 0 diff set.rules --generate --ipset new.ipset
says "nothing to keep" 2 'without --generate' diff "$dns" "$dns" -r "$pcap" -w made.packets
says "nowhere to keep it" 3 'nowhere' diff "$dns" "$dns" --generate -w nowhere/made.packets
says "standard input" 2 'reads the capture twice' diff "$dns" "$dns" -r -
finish
