#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# ctreplay test: what is expected and met, what is not and why, suites that are wrong, parts of a run.

. "$(dirname "$0")/harness"
pcap=$captures/dns-timeout.pcap
dns=$rules/dns.rules

# suite NAME: a suite of the cases on standard input, for the DNS lab
suite() {
	{
		printf '{ "rules": "%s", "capture": "%s", "local": "192.168.1.2", "cases": [\n' "$dns" "$pcap"
		cat
		echo '] }'
	} >"$1.json"
}
# expects NAME EXPECTATION...: a suite of one case
expects() {
	name=$1
	shift
	{
		printf '{ "name": "%s", "expect": [ ' "$name"
		separator=
		for expectation; do printf '%s%s' "$separator" "$expectation"; separator=', '; done
		printf ' ] }\n'
	} | suite "$name"
}
met() {
	expects "$@" && ends 0 test "$name.json"
}
not_met() { # PATTERN NAME EXPECTATION...
	pattern=$1
	shift
	expects "$@" && ends 1 test "$name.json" && grep -E -q -e "$pattern" .own/stdout && return 0
	echo "nothing that matches: $pattern"
	cat .own/stdout
	return 1
}

passes "a verdict by number" met number '{ "packets": 1, "verdict": "ACCEPT" }'
passes "numbers and ranges" met ranges '{ "packets": "1-2,5-8", "verdict": "ACCEPT" }' '{ "packets": [ 3, 4, 9 ], "verdict": "DROP" }'
passes "a filter, and how many" met filter '{ "packets": "src host 192.168.1.66", "verdict": "DROP", "count": 1 }'
passes "a rule by name, by its words, by its comment" met rule '{ "packets": 2, "rule": "filter INPUT 1" }' '{ "packets": 2, "rule": "INPUT 1" }' \
	'{ "packets": 2, "rule": "RELATED,ESTABLISHED" }' '{ "packets": 3, "rule": "policy" }'
passes "the entry's words" met entry '{ "packets": 1, "entry": "udp dport=53 [UNREPLIED]" }' '{ "packets": 3, "entry": false }'
passes "nothing was translated" met sent '{ "packets": "all", "sent": false, "answer": false, "log": false }'
passes "direction and interfaces" met way '{ "packets": 2, "direction": "reply", "in": "eth0", "out": false }'
passes "the table at a time" met table '{ "entries": "udp", "at": "30s", "count": 1 }' '{ "entries": "udp", "at": 31, "count": 0 }'
passes "the table at one time, asked twice" met twice '{ "entries": "udp", "at": "30s", "count": 1 }' '{ "entries": "dport=53", "at": 30, "count": 1 }'
passes "the table after a packet, and at the end" met after '{ "entries": "sport=35237", "after": 8 }' '{ "entries": "udp", "at": "end", "count": 0 }'
passes "events in order" met events '{ "events": [ "[NEW]", "[DESTROY]", "[NEW]" ] }'
passes "a counter, a policy's too" met counter '{ "counter": "filter INPUT 1", "packets": 4, "bytes": 309 }' '{ "counter": "INPUT policy", "packets": 3 }'

passes "another verdict, with what would have done it" not_met 'why not ACCEPT.*nearest first' verdict '{ "packets": 4, "verdict": "ACCEPT" }'
passes "says where and what" not_met 'verdict.json:2: packet 4 UDP 192.168.1.10:53 > 192.168.1.2:35237' verdict '{ "packets": 4, "verdict": "ACCEPT" }'
passes "says which rule it was" not_met 'expected ACCEPT, got DROP by filter INPUT policy .*dns.rules:6' verdict '{ "packets": 4, "verdict": "ACCEPT" }'
passes "and why it is there" not_met 'late answers come in' because '{ "packets": 4, "verdict": "ACCEPT", "because": "late answers come in" }'
passes "another rule" not_met 'rule: expected by "OUTPUT 2", got ACCEPT by filter OUTPUT 1' other '{ "packets": 1, "rule": "OUTPUT 2" }'
passes "three packets in full, the rest counted" not_met 'and 3 more packets' many '{ "packets": "all", "verdict": "DROP" }'
passes "a rule that no rule is" not_met 'no rule is, or says, "web in"' nobody '{ "packets": 1, "verdict": "DROP", "rule": "web in" }'
passes "the same reason once" not_met 'why not ACCEPT. the same as for packet 4' once '{ "packets": "4,9", "verdict": "ACCEPT" }'
passes "a counter with its rule" not_met 'packets of "INPUT 1": expected 5, got 4: -A INPUT -m state' ruled '{ "counter": "INPUT 1", "packets": 5 }'
passes "no such packets" not_met 'expected some, there are none' none '{ "packets": "tcp" }'
passes "too many entries" not_met 'expected 0, there are 1' entries '{ "entries": "udp", "at": "5s", "count": 0 }'
passes "half a word is no word" not_met 'there are none' half '{ "entries": "sport=3523", "at": "5s" }'
passes "an event that does not come" not_met 'event 2: expected "\[NEW\] tcp"' event '{ "events": [ "[NEW]", "[NEW] tcp" ] }'
passes "one event too many" not_met 'expected 1, there are 7' exact '{ "events": [ "[NEW]" ], "exactly": true }'
passes "a counter" not_met 'packets of "INPUT 1": expected 5, got 4' count '{ "counter": "INPUT 1", "packets": 5 }'
passes "a rule that is not there" not_met 'there is no rule "INPUT 7"' norule '{ "counter": "INPUT 7", "packets": 0 }'
passes "nothing expected is no pass" not_met 'nothing is expected' empty
printf '{ "name": "a", "rules": "nowhere.rules", "expect": [ { "packets": 1 } ] }' | suite broken
passes "rules that are not there" ends 1 test broken.json
passes "count as broken" grep -q '0 passed, 0 failed, 1 could not be run' .own/stdout
head -c 300 "$captures/dns-timeout.pcap" >cut.pcap
printf '{ "name": "a", "capture": "cut.pcap", "expect": [ { "packets": 1, "verdict": "ACCEPT" } ] }' | suite cut
passes "a capture that is cut short proves nothing" ends 1 test cut.json
passes "and is told" grep -q 'cut.pcap: cut short after packet 2' .own/stdout

# What is wrong is told before a case runs.
refused() { # PATTERN ARGUMENT...
	pattern=$1
	shift
	ends 2 test "$@" && grep -E -q -e "$pattern" .own/stderr && return 0
	echo "nothing that matches: $pattern"
	cat .own/stderr
	return 1
}
wrong() { # NAME PATTERN SUITE
	echo "$3" >wrong.json
	passes "$1" refused "$2" wrong.json
}
wrong "an unknown key" 'wrong.json:1:57: error: unknown key "verdikt"' '{ "cases": [ { "name": "a", "expect": [ { "packets": 1, "verdikt": "DROP" } ] } ] }'
wrong "an unknown verdict" 'unknown verdict "DENY"' '{ "cases": [ { "name": "a", "expect": [ { "packets": 1, "verdict": "DENY" } ] } ] }'
wrong "must-fail is no word" 'wrong.json:1:' '{ "cases": [ { "name": "a", "must-fail": "yes", "expect": [] } ] }'
wrong "an unknown key of a case" 'unknown key "expct"' '{ "cases": [ { "name": "a", "expct": [] } ] }'
wrong "a case without a name" 'needs a "name"' '{ "cases": [ { "expect": [] } ] }'
wrong "two cases of one name" 'another case has this name' '{ "cases": [ { "name": "a" }, { "name": "a" } ] }'
wrong "no cases" 'needs "cases"' '{ "rules": "x" }'
wrong "an expectation of nothing" 'an expectation has one of' '{ "cases": [ { "name": "a", "expect": [ { "verdict": "DROP" } ] } ] }'
wrong "no JSON" 'ends before its JSON does' '{ "cases": ['
# What must fail is on trial itself: it passes when it is caught.
must_fail() { # NAME EXPECTED VERDICT
	printf '{ "name": "%s", "must-fail": true, "expect": [ { "packets": 4, "verdict": "%s" } ] }' "$1" "$3" | suite "$1" && ends "$2" test "$1.json"
}
passes "what must fail and does passes" must_fail caught 0 ACCEPT
passes "without a word" sh -c '! grep -q expected .own/stdout'
passes "what must fail and does not fails" must_fail missed 1 DROP
passes "and says so" grep -q 'every expectation is met, but this case must fail' .own/stdout
printf '{ "name": "a", "must-fail": true, "expect": "missing.expect.json" }' | suite recorded
passes "nothing is recorded of it" ends 1 test --record recorded.json
passes "in no file" test ! -e missing.expect.json
printf '{ "name": "a", "expect": [ { "packets": 1 } ], "name": "b" }' | suite again
passes "a case with two names" refused '^again.json:2:48: error: "name" stands here twice' again.json
printf '{ "name": "a", "expect": [ { "events": [ "[NEW]" ], "events": [ "udp" ] } ] }' | suite again
passes "an expectation that says a thing twice" refused '^again.json:2:53: error: "events" stands here twice' again.json
says "no suite" 2 'no suite' test
says "a suite that is not there" 2 'nowhere.json' test nowhere.json
says "a filter that nothing passes" 2 "no case's name holds" test number.json --filter zebra
says "an unknown format" 2 'expected text, tap, junit or github' test number.json --format xml
says "a shard that cannot be" 2 'expected K/N' test number.json --shard 3/2

# Recorded: what happens today passes today, and what changes is shown.
printf '{ "name": "all of it", "expect": "seen.json" }, { "name": "to the byte", "expect": [ { "golden": "seen.jsonl" } ] }' | suite recorded
passes "not recorded yet is no pass" ends 1 test recorded.json
passes "--record writes it" ends 0 test recorded.json --record
passes "then it passes" ends 0 test recorded.json
moved() { mkdir -p below && cp recorded.json seen.json seen.jsonl below && (cd below && "$CTREPLAY" test recorded.json) && "$CTREPLAY" test below; }
passes "wherever it is run from" moved
sed 's/RELATED,ESTABLISHED/RELATED/' "$dns" >changed.rules
sed "s,$dns,changed.rules," recorded.json >other.json
passes "other rules do not" ends 1 test other.json
passes "--update writes it anew" ends 0 test other.json --update
passes "and shows what changes" grep -q '^ *- .*"verdict":"ACCEPT"' .own/stdout
passes "then they do" ends 0 test other.json

# Both families have an INPUT.
printf '# ctreplay packets\n0 udp 192.0.2.2:1 > 192.0.2.1:53\n1 udp [2001:db8::2]:1 > [2001:db8::1]:53\n2 udp [2001:db8::2]:1 > [2001:db8::1]:53\n' >both.packets
printf '*filter\n-A INPUT -p udp -j ACCEPT\nCOMMIT\n' >both.rules
cat >both.json <<'SUITE'
{ "rules4": "both.rules", "rules6": "both.rules", "capture": "both.packets", "local": [ "192.0.2.1", "2001:db8::1" ], "cases": [
  { "name": "seen", "expect": "both.seen.json" },
  { "name": "told apart", "expect": [ { "counter": "ipv4 filter INPUT 1", "packets": 1 }, { "counter": "ipv6 INPUT 1", "packets": 2 },
    { "counter": "ipv6 -p udp", "packets": 2 }, { "counter": "INPUT 1", "packets": 3 }, { "packets": "2,3", "rule": "ipv6 filter INPUT 1" } ] } ] }
SUITE
passes "both families, recorded" ends 0 test both.json --record
passes "pass then, and are told apart" ends 0 test both.json
sed 's/"ipv6 filter INPUT 1" }/"ipv4 filter INPUT 1" }/' both.json >other.json
passes "a rule of the other family is another rule" ends 1 test other.json

# Many cases
for i in 1 2 3 4 5 6 7 8 9; do printf '%s{ "name": "case %s", "expect": [ { "packets": %s, "verdict": "ACCEPT" } ] }\n' "$([ $i = 1 ] || echo ,)" $i $i; done | suite nine
same_order() {
	ends 1 test nine.json && cp .own/stdout one && ends 1 test nine.json --jobs 4 && diff one .own/stdout
}
passes "side by side in the same order" same_order
passes "stop at the first failure" sh -c '"$0" test nine.json --fail-fast >fast; [ $? -eq 1 ] && [ "$(grep -c "^  ok" fast)" -eq 2 ] && grep -q "6 not run" fast' "$CTREPLAY"
passes "tap" sh -c '"$0" test nine.json --format tap | awk "/^ok/ { n++ } /^not ok/ { m++ } END { exit !(n == 6 && m == 3) }"' "$CTREPLAY"
passes "github" sh -c '"$0" test nine.json --format github | grep -c "^::error file=nine.json,line=" | grep -qx 3' "$CTREPLAY"
if command -v python3 >/dev/null 2>&1; then
	passes "junit is XML" sh -c '"$0" test nine.json recorded.json --format junit | python3 -c "
import sys, xml.etree.ElementTree as t
r = t.parse(sys.stdin).getroot()
assert [(s.get(\"tests\"), s.get(\"failures\")) for s in r] == [(\"9\", \"3\"), (\"2\", \"2\")]"' "$CTREPLAY"
else
	skip "junit is XML" "python3 is not here"
fi

# Runs again when a file changes that a case reads.
told_times() { [ "$(grep -c '1 passed' seen)" -ge "$1" ]; }
within_ten_seconds() { for _ in $(seq 100); do "$@" && return 0; sleep 0.1; done; return 1; }
watches() {
	cp "$dns" watched.rules && sed "s,$dns,watched.rules," number.json >watched.json || return 1
	"$CTREPLAY" test watched.json --watch >seen &
	watching=$!
	within_ten_seconds told_times 1 && echo '# changed' >>watched.rules && within_ten_seconds told_times 2
	watched=$?
	kill $watching
	wait $watching 2>/dev/null
	return $watched
}
passes "--watch: a rules file changes" watches

# Parts of a run, joined
for k in 1 2 3; do "$CTREPLAY" test nine.json --shard $k/3 --results part.$k >/dev/null; done
joined() { "$CTREPLAY" test nine.json >whole; "$CTREPLAY" test --merge part.3 part.1 part.2 >merged; [ $? -eq 1 ] && diff whole merged; }
passes "three parts are the whole" joined
passes "a part that passes ends with 0" ends 0 test nine.json --shard 2/9
passes "a part is missing" sh -c '"$0" test --merge part.1 part.3 >merged; [ $? -eq 1 ] && grep -q "3 not run" merged' "$CTREPLAY"
head -n 2 part.2 >killed.2
passes "a part that was killed" sh -c '"$0" test --merge part.1 killed.2 part.3 >merged; [ $? -eq 1 ] && grep -q "2 not run" merged' "$CTREPLAY"
printf '{"kind":"case","ind' >>killed.2
passes "in the middle of a line" sh -c '"$0" test --merge part.1 killed.2 part.3 >merged; [ $? -eq 1 ] && grep -q "2 not run" merged' "$CTREPLAY"
passes "a part twice" refused 'was told of already' --merge part.1 part.1
"$CTREPLAY" test number.json --results other.part >/dev/null
passes "a part of another run" refused 'results of another run' --merge part.1 other.part
sed 's/case 4/case four/' nine.json >renamed.json
"$CTREPLAY" test renamed.json --shard 2/3 --results renamed.2 >/dev/null
passes "a part of suites that were changed" refused 'its suites were not the same' --merge part.1 renamed.2 part.3

# As quickly as its size says: where each case looked at those before it, this took minutes.
awk 'BEGIN { for (i = 1; i <= 20000; i++)
	printf "%s{ \"name\": \"case %d\",\n\"expect\": [ { \"packets\": 1, \"verdict\": \"ACCEPT\" } ] }\n", (i > 1 ? "," : ""), i }' | suite many
passes "20,000 cases are read in seconds of the processor" sh -c 'ulimit -t 10; "$0" test --filter "case 20000" many.json' "$CTREPLAY"

passes "no results" refused 'no line of results' --merge "$dns"
finish
