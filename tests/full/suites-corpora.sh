#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Real rulesets, each with a suite that records what they do with real captures: it passes, and when the verdict of a rule that
# matched is turned round, `ctreplay test` fails and `ctreplay diff` names the line. Rulesets and captures: CTREPLAY_CORPORA,
# or ../shared/corpora beside the source tree. Then many cases through GNU parallel, one of the parts killed. Prints TAP;
# skips aloud what is not here.

set -u
LC_ALL=C; export LC_ALL
ctreplay=${CTREPLAY:-$PWD/ctreplay}
[ -x "$ctreplay" ] || { echo "Bail out! there is no program at $ctreplay"; exit 99; }
source=$(cd "${srcdir:-$(dirname "$0")/../..}" && pwd) || exit 99
corpora=${CTREPLAY_CORPORA:-$source/../shared/corpora}
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
cd "$work" || exit 99

FEWEST_PLANTED=20

n=0
n_failed=0
tell() { # STATUS WORDS
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else n_failed=$((n_failed + 1)); echo "not ok $n - $2"; fi
}

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
	n=$((n + 1))
	echo "ok $n - real rulesets # SKIP none at $corpora"
fi

# 2,000 cases in four parts
{
	printf '{ "rules": "%s", "capture": "%s", "local": "192.168.1.2", "cases": [\n' "$source/rules/dns.rules" "$source/captures/dns-timeout.pcap"
	for i in $(seq 2000); do
		echo "$([ "$i" = 1 ] || echo ,) { \"name\": \"case $i\", \"expect\": [ { \"packets\": $((i % 9 + 1)), \"in\": \"$([ $((i % 9)) = 0 ] || [ $((i % 9)) = 4 ] || echo eth0)\" } ] }"
	done
	echo '] }'
} >many.json
"$ctreplay" test many.json --jobs 4 >whole
tell $? "2,000 cases in four processes"
if command -v parallel >/dev/null 2>&1; then
	seq 4 | parallel --will-cite "'$ctreplay' test many.json --shard {}/4 --results results.{} >log.{}"
	"$ctreplay" test --merge results.1 results.2 results.3 results.4 >merged && cmp -s whole merged
	tell $? "the same through GNU parallel on four workers"
else
	n=$((n + 1))
	echo "ok $n - through GNU parallel # SKIP parallel is not here"
	for k in 1 2 3 4; do "$ctreplay" test many.json --shard $k/4 --results results.$k >/dev/null; done
fi
# A part that is killed when it has told some cases and not all
"$ctreplay" test many.json --shard 3/4 --results results.3 >/dev/null &
part=$!
while [ ! -s results.3 ] || [ "$(wc -l <results.3)" -gt 450 ]; do kill -0 $part 2>/dev/null || break; done
kill -9 $part 2>/dev/null
wait $part 2>/dev/null
if grep -q '"kind":"end"' results.3; then
	# It was quicker than the signal: the same as if it had not been.
	head -n 200 results.3 >cut && mv cut results.3
fi
"$ctreplay" test --merge results.1 results.2 results.3 results.4 >merged
[ $? -eq 1 ] && grep -q '[1-9][0-9]* not run$' merged
tell $? "a killed part is noticed: $(tail -n 1 merged)"
echo "1..$n"
[ "$n_failed" -eq 0 ]
