#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The report in a real browser: real clicks and keys. REPORT_SHOTS=FOLDER keeps pictures of what was seen.

. "$(dirname "$0")/../cli/harness"
. "$top/tests/full/browser.sh"
trap 'browser_stop; cleanup' EXIT
browser_start
browser_size 1400 900

# is WANTED SCRIPT: the script returns that, perhaps after a moment
is() {
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		got=$(browser_run "$2")
		[ "$got" != "$1" ] || return 0
		sleep 0.1
	done
	echo "$got, not $1: $2"
	return 1
}
clicks() { browser_click "$1" && is "$2" "$3"; }
types() { browser_type "$1" "$2" && is "$3" "$4"; }
keep() { [ -z "${REPORT_SHOTS:-}" ] || browser_shot "$REPORT_SHOTS/$1.png"; }

count="return document.getElementById('count').textContent"
why="return document.getElementById('explanation').textContent.split(String.fromCharCode(10))[0]"
chosen="const row = document.querySelector('.row[aria-selected=true] .number'); return row ? row.textContent : ''"
table="return [...document.querySelectorAll('#entries tr')].map((row) => row.cells[0].textContent + ' ' + row.cells[2].textContent + ' ' + row.cells[3].textContent).join('; ')"

passes "the DNS lab" ends 0 report -r "$captures/dns-timeout.pcap" "$rules/dns.rules" -o dns.html
browser_open "$PWD/dns.html"
passes "all packets are there" is '"9 packets"' "$count"
passes "the title names the capture" is 'true' "return document.title.startsWith('$captures/dns-timeout.pcap')"
passes "a click on a packet explains it" clicks '#p4' '"packet 4 at 31.000000 s: UDP 192.168.1.10:53 > 192.168.1.2:35237 len 49"' "$why"
passes "and why its entry was not found" is 'true' "return document.getElementById('explanation').textContent.includes('entry #1 of this flow expired at 30.020000 s')"
keep why
passes "the table behind it" clicks '#tab-table' '""' "$table"
passes "a moment back: the entry expires" clicks '#back' '"#1 replied expires"' "$table"
passes "and before that it lives" clicks '#back' '"#1 replied 18 s"' "$table"
passes "and to the beginning" clicks '#first' '"#1 unreplied 30 s"' "$table"
passes "forwards again" clicks '#forth' '"#1 replied 30 s"' "$table"
keep table
passes "the rules" clicks '#tab-rules' '"4 3 0 2 0 0"' "return [...document.querySelectorAll('.rule b')].map((count) => count.textContent).join(' ')"
coverage="return document.getElementById('coverage').innerText.replace(/[ \\\\s]+/g, ' ').trim()"
notes="return [...document.querySelectorAll('.rule small')].map((note) => note.textContent).join('; ')"
passes "what was exercised of them" is '"3 rules: 2 matched 0 not matched 1 not reached 0 can never match"' "$coverage"
passes "and what of each" is '"not reached: no packet came to it"' "$notes"
passes "a click on a rule shows its packets" clicks '.rule' '"4 of 9 packets"' "$count"
keep rules
passes "and says that it is pressed" is '"true"' "return document.querySelector('.rule').getAttribute('aria-pressed')"
passes "a second click shows all" clicks '.rule' '"9 packets"' "$count"
passes "the policy has packets too" clicks '.rule:nth-of-type(2)' '"3 of 9 packets"' "$count"
browser_click '#clear'
passes "by verdict" types '#by-verdict' DROP '"3 of 9 packets"' "$count"
passes "and ctstate" types '#by-ctstate' NEW '"3 of 9 packets"' "$count"
passes "show all" clicks '#clear' '"9 packets"' "$count"
passes "by text" types '#by-text' '1.66' '"1 of 9 packets"' "$count"
browser_click '#clear'
passes "by flow" types '#by-flow' '2' '"4 of 9 packets"' "$count"
browser_click '#clear'
passes "diagrams" clicks '#tab-diagrams' '"sequence"' "return document.getElementById('kind').value"
passes "the sequence is drawn" is '1' "return document.querySelectorAll('#drawing svg').length"
keep diagrams
passes "another diagram" types '#kind' lifelines 'true' "return document.querySelector('#drawing svg title').textContent.startsWith('The life')"
passes "warnings: none" clicks '#tab-warnings' '"There are none."' "return document.getElementById('warnings').textContent"

# Keys: \ue013 up, \ue015 down, \ue010 End, \ue011 Home, \ue00c Escape
passes "Home" types '#list' '\ue011' '"1"' "$chosen"
passes "two down" types '#list' '\ue015\ue015' '"3"' "$chosen"
passes "End" types '#list' '\ue010' '"9"' "$chosen"
passes "up" types '#list' '\ue013' '"8"' "$chosen"
passes "p goes back" types '#list' 'p' '"7"' "$chosen"
passes "d finds the next that was dropped" types '#list' 'd' '"9"' "$chosen"
browser_type '#list' '\ue013f'
passes "of packet 8" is '"4 of 9 packets"' "$count"
passes "Escape: all" types '#list' '\ue00c' '"9 packets"' "$count"
passes "2 shows the table" types '#list' '2' 'false' "return document.getElementById('table').hidden"
passes "the list names its active row" is 'true' "return document.getElementById(document.getElementById('list').getAttribute('aria-activedescendant')).getAttribute('aria-selected') === 'true'"
passes "every control has a name" is '0' "return [...document.querySelectorAll('button, select, input')].filter((one) => !(one.textContent.trim() || one.getAttribute('aria-label') || one.labels && one.labels.length)).length"

# Hostile words come out as words
cat >hostile.rules <<'HOSTILE'
*filter
:INPUT DROP [0:0]
-A INPUT -m comment --comment "</script><img src=x onerror=alert(1)>" -j ACCEPT
COMMIT
HOSTILE
passes "a rule that wants to be a script" ends 0 report -r "$captures/dns-timeout.pcap" hostile.rules -o hostile.html
browser_open "$PWD/hostile.html"
passes "is a rule" is '"9 packets"' "$count"
passes "in its words" is 'true' "return document.getElementById('rules').textContent.includes('</script><img src=x')"
passes "and no image" is '0' "return document.querySelectorAll('img').length"

# Rules that can never match, and the sum that the coverage command gives
lab=$top/docs/labs/8-rule-order-and-chains
passes "rules in the wrong order" ends 0 report -r "$lab/lab.packets" "$lab/my.rules" --local 10.0.0.1 -o order.html
browser_open "$PWD/order.html"
browser_click '#tab-rules'
passes "are told" is '3' "return document.querySelectorAll('.rule.useless').length"
passes "with the rules in their way" is 'true' "return document.querySelector('.rule.useless small').textContent.startsWith('can never match, everything that it would match is taken by filter INPUT 3 $lab/my.rules:11')"
sum=$("$CTREPLAY" coverage -r "$lab/lab.packets" "$lab/my.rules" --local 10.0.0.1 | sed -n 's/.*; 11 rules: \([0-9]*\) matched, \([0-9]*\) never matched[^,]*, \([0-9]*\) never reached[^,]*, \([0-9]*\) can never.*/11 rules: \1 matched \2 not matched \3 not reached \4 can never match/p')
passes "as many as the coverage command finds" is "\"$sum\"" "$coverage"
keep coverage

# A long capture
awk 'BEGIN {
	print "# ctreplay packets"
	for (i = 0; i < 50000; i++) {
		printf "%s udp 10.%d.%d.%d:%d > 10.0.0.2:53 len 20\n", i ? "+0.001" : "0", i / 65536 % 256, i / 256 % 256, i % 256, 1024 + i % 50000
		printf "+0.0005 udp 10.0.0.2:53 > 10.%d.%d.%d:%d len 60\n", i / 65536 % 256, i / 256 % 256, i % 256, 1024 + i % 50000
	}
}' >long.packets
printf '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p udp -m conntrack --ctstate NEW -j ACCEPT\nCOMMIT\n' >long.rules
passes "100000 packets" ends 0 report -r long.packets long.rules --local 10.0.0.2 -o long.html
ls -l long.html | awk '{ print "# " $5 " bytes" }'
browser_open "$PWD/long.html"
passes "are all there" is '"100000 packets"' "$count"
loaded=$(browser_run "return Math.round(performance.getEntriesByType('navigation')[0].loadEventEnd)")
echo "# loaded in $loaded ms"
passes "in less than 10 s" test "${loaded:-99999}" -lt 10000
passes "few rows are drawn" is 'true' "return document.querySelectorAll('.row').length < 100"
passes "End" types '#list' '\ue010' '"100000"' "$chosen"
passes "explained" is 'true' "return document.getElementById('explanation').textContent.startsWith('packet 100000 at')"
browser_click '#tab-table'
spent=$(browser_run "const slider = document.getElementById('slider'); const from = performance.now(); for (let i = 0; i < 20; i++) { slider.value = Math.floor(slider.max * i / 20); slider.dispatchEvent(new Event('input')); } return Math.round((performance.now() - from) / 20)")
echo "# a move of the slider: $spent ms"
passes "shows entries" is 'true' "return document.querySelectorAll('#entries tr').length > 100"
passes "moves within a tenth of a second" test "${spent:-9999}" -lt 100
spent=$(browser_run "const from = performance.now(); const select = document.getElementById('by-text'); select.value = '10.0.7.'; select.dispatchEvent(new Event('input')); return Math.round(performance.now() - from)")
echo "# a filter: $spent ms"
passes "and so does a filter, within half a second" test "${spent:-9999}" -lt 500
keep long

browser_complaints >complaints
passes "no page complained of anything" test ! -s complaints
sed 's/^/# /' complaints
finish
