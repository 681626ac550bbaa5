#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Real rulesets, each with a suite that records what they do with real captures: it passes, and when the verdict of a rule that
# matched is turned round, `ctreplay test` fails and `ctreplay diff` names the line. Rulesets and captures: CTREPLAY_CORPORA,
# or ../shared/corpora beside the source tree. Prints TAP; skips aloud without them.

. "$(dirname "$0")/../tap"
need ctreplay
corpora=${CTREPLAY_CORPORA:-$source/../shared/corpora}
cd "$work" || exit 99

FEWEST_PLANTED=20


# The line of the rule of table filter that matched most packets of the capture and accepts or drops them.
busiest() { # RULES CAPTURE
	"$ctreplay" coverage --json -r "$2" "$1" 2>/dev/null |
		sed -n 's/.*"table":"filter".*"line":\([0-9]*\),"text":"-A [^"]* -j \(ACCEPT\|DROP\)".*"packets":\([1-9][0-9]*\),"bytes".*"first":{.*/\3 \1/p' |
		sort -k1,1nr -k2,2n | head -n 1 | cut -d ' ' -f 2
}

turn_round() { # FILE LINE
	awk -v line="$2" 'NR != line { print; next }
		/ -j ACCEPT/ { sub(/ -j ACCEPT/, " -j DROP"); print; next } { sub(/ -j DROP/, " -j ACCEPT"); print }' "$1"
}

if [ -r "$corpora/rules/INDEX.csv" ] && [ -d "$corpora/pcaps" ]; then
	n_planted=0
	for name in $(grep ',save,' "$corpora/rules/INDEX.csv" | cut -d , -f 1); do
		rules=$corpora/rules/$name
		[ -f "$rules" ] && "$ctreplay" check "$rules" >/dev/null 2>&1 || continue
		line=
		for capture in ndpi/http_ipv6.pcap ndpi/smtp-starttls.pcap ndpi/synscan.pcap zeek/wireshark.pcap ndpi/KakaoTalk_talk.pcap ndpi/netbios.pcap ndpi/1kxun.pcap; do
			[ -f "$corpora/pcaps/$capture" ] || continue
			line=$(busiest "$rules" "$corpora/pcaps/$capture")
			[ -z "$line" ] || break
		done
		[ -n "$line" ] && ! turn_round "$rules" "$line" | cmp -s - "$rules" || continue
		cp "$rules" tried.rules
		printf '{ "rules": "tried.rules", "capture": "%s", "cases": [ { "name": "%s", "expect": "seen.json" } ] }\n' \
			"$corpora/pcaps/$capture" "$name" >suite.json
		rm -f seen.json
		"$ctreplay" test suite.json --record >/dev/null 2>&1 && "$ctreplay" test suite.json >/dev/null 2>&1
		tell $? "$name: a recorded suite passes"
		turn_round "$rules" "$line" >tried.rules
		"$ctreplay" test suite.json >said 2>&1
		[ $? -eq 1 ] && grep -q "tried.rules:$line" said
		tell $? "$name: test finds the change in line $line"
		"$ctreplay" diff "$rules" tried.rules -r "$corpora/pcaps/$capture" --all >said 2>/dev/null
		[ $? -eq 1 ] && grep -q "tried.rules:$line\$" said
		tell $? "$name: diff names line $line"
		n_planted=$((n_planted + 1))
	done
	[ $n_planted -ge $FEWEST_PLANTED ]
	tell $? "at least $FEWEST_PLANTED rulesets were tried so: $n_planted"
else
	skip "real rulesets" "none at $corpora"
fi

finish
