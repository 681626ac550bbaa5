#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# ctreplay step in a real terminal of 80 by 24 (tmux): keys in, what stands on the screen out.

. "$(dirname "$0")/../cli/harness"
if ! command -v tmux >/dev/null 2>&1; then
	echo "1..0 # SKIP tmux is not there"
	exit 0
fi
if "$CTREPLAY" step 2>&1 </dev/null | grep -q 'not built in'; then
	echo "1..0 # SKIP step is not built in: ncurses was missing"
	exit 0
fi
n_terminals=0
terminal() { tmux -L "ctreplay-$$-$n_terminals" -f /dev/null "$@"; }
trap 'terminal kill-server 2>/dev/null; cleanup' EXIT

# start WIDTH HEIGHT ARGUMENT...
start() {
	terminal kill-server 2>/dev/null
	n_terminals=$((n_terminals + 1))
	size="-x $1 -y $2"
	shift 2
	# shellcheck disable=SC2086 # words
	terminal new-session -d $size "TERM=screen '$CTREPLAY' step $*; echo ended with \$?; sleep 60"
}
keys() { terminal send-keys "$@"; }

# sees PATTERN: the screen holds that, perhaps after a moment
sees() {
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
		terminal capture-pane -p >screen
		! grep -E -q -e "$1" screen || return 0
		sleep 0.1
	done
	echo "nothing that matches: $1"
	cat screen
	return 1
}
# press KEYS PATTERN
press() { keys "$1" && sees "$2"; }
# type WORDS PATTERN: and Enter
type_words() { keys "$1" && keys Enter && sees "$2"; }

start 80 24 -r "$captures/dns-timeout.pcap" "$rules/dns.rules"
passes "begins at the first packet" sees 'packet 1 of 9   filter OUTPUT 1'
passes "with its entry" sees '^#1 +30 s +unreplied +new +udp 192.168.1.2:35237'
passes "and its rule" sees '^=> +1  -A OUTPUT -p udp'
passes "all on 24 lines of 80" sh -c '[ "$(wc -l <screen)" -le 24 ] && ! grep -q ".\{81\}" screen'
passes "n goes on" press n 'packet 2 of 9   filter INPUT 1'
passes "the entry is changed" sees '^#1 +30 s +replied +changed'
passes "p goes back" press p 'packet 1 of 9'
passes "to the table as it was" sees 'unreplied +new'
passes "G is the end" press G 'packet 9 of 9   filter INPUT policy'
passes "where an entry has just ended" sees '^#2 +0 s +assured +ended'
passes "and the policy has decided three times" sees '^=> +3  policy DROP'
passes "g is the beginning" press g 'packet 1 of 9'
passes "e explains" press e 'looks for +udp 192.168.1.2:35237 > 192.168.1.10:53'
passes "any key comes back" press z 'packet 1 of 9'
keys b
passes "a breakpoint on a verdict" type_words 'verdict DROP' 'breakpoint 1: verdict DROP'
passes "c stops there" press c 'packet 3 of 9'
passes "and says why" sees 'stopped by a breakpoint'
passes "and at the next" press c 'packet 4 of 9'
passes "C backwards" press C 'packet 3 of 9'
passes "x forgets" press x 'all breakpoints are removed'
keys b
passes "a filter" type_words 'src host 192.168.1.66' 'breakpoint 1'
keys G
passes "stops the way back" press C 'packet 3 of 9'
keys x b
passes "a filter that is none" type_words 'udp udp' 'no breakpoint: .*syntax error'
keys b
passes "a state" type_words 'state assured' 'breakpoint 1: state assured'
passes "is reached" press c 'packet 8 of 9'
keys x b
passes "a rule" type_words 'rule filter OUTPUT 1' 'breakpoint 1: rule'
passes "is met backwards" press C 'packet 5 of 9'
passes "B lists" press B '1: rule filter OUTPUT 1'
keys /
passes "search" type_words '192.168.1.66' 'packet 3 of 9'
keys :
passes "a number" type_words '7' 'packet 7 of 9'
passes "? helps" press '?' 'run to the next breakpoint'
keys q
keys 3
sleep 0.5
terminal capture-pane -p >screen
passes "and with entries" sh -c 'grep -q "^#2" screen && ! grep -q "Verdict ctstate" screen'
passes "0 shows all" press 0 'Verdict ctstate'
passes "q quits" press q 'ended with 0'

start 40 10 -r "$captures/dns-timeout.pcap" "$rules/dns.rules"
passes "a small window" sees 'packet 1 of 9'
start 30 6 -r "$captures/dns-timeout.pcap" "$rules/dns.rules"
passes "one that is too small says so" sees 'too small'
start 200 60 -r "$captures/web-server/capture.pcap" "$captures/web-server/rules" --local 10.0.0.2/24@eth0
keys b
passes "a large window, TCP" type_words 'state TIME_WAIT' 'breakpoint 1'
passes "reaches TIME_WAIT" press c '^#1 +120 s +TIME_WAIT +changed'

# A capture that is longer than what lies between two checkpoints: the same is seen from both sides, at every seam.
awk 'BEGIN {
	print "# ctreplay packets"
	for (i = 0; i < 35000; i++) {
		address = sprintf("10.%d.%d.%d", i / 65536 % 256 + 1, i / 256 % 256, i % 256)
		printf "%s udp %s:%d > 10.0.0.2:53 len 20\n", i ? "+0.01" : "0", address, 1024 + i % 50000
		printf "+0.005 udp 10.0.0.2:53 > %s:%d len 60\n", address, 1024 + i % 50000
	}
}' >long.packets
"$CTREPLAY" craft long.packets -w long.pcap && gzip -k long.pcap
printf '*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -p udp -m conntrack --ctstate NEW -j ACCEPT\n-A OUTPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\nCOMMIT\n' >long.rules
# jump NUMBER: the screen there is kept in the file NUMBER.jumped
jump() { keys : && keys "$1" && keys Enter && sees "packet $1 of" && cp screen "$1.jumped"; }
# is_same NUMBER: the screen shows what a jump to this packet showed
is_same() { sees "packet $1 of" && diff "$1.jumped" screen; }
both_ways() {
	jump $(($1 + 1)) && jump "$1" && press n "packet $(($1 + 1)) of" && is_same $(($1 + 1)) && press p "packet $1 of" && is_same "$1"
}
# Every packet has a rule of its own kind: half of those so far have matched each.
counts() { grep -q "^.. *$(($1 / 2 + $1 % 2))  -A INPUT" screen && grep -q "^.. *$(($1 / 2))  -A OUTPUT" screen; }
for capture in long.packets long.pcap.gz long.pcap; do
	start 80 40 -r "$capture" long.rules --local 10.0.0.2
	passes "$capture: the first packet" sees 'packet 1 of 70000'
	for number in 8192 32767 32768 40960 65536 69999 1; do
		passes "$capture: to packet $number and back" both_ways $number
		passes "what the rules had matched there" counts $number
	done
done
keys b
passes "a breakpoint far ahead" type_words 'entry 30000' 'breakpoint 1'
passes "is reached" press c 'packet 59999 of'
keys G
passes "and the last of its packets backwards" press C 'packet 60000 of'
"$CTREPLAY" run -q -r long.pcap long.rules --local 10.0.0.2 --packets 'src host 10.0.0.2' --out accepted=answers.pcap >/dev/null
"$CTREPLAY" run -q -r long.pcap long.rules --local 10.0.0.2 --packets 'dst host 10.0.0.2' --out accepted=questions.pcap >/dev/null
start 80 40 -r questions.pcap -r answers.pcap long.rules --local 10.0.0.2
passes "two captures as one" sees 'packet 1 of 70000'
passes "to packet 40000 of both and back" both_ways 40000
start 80 40 -r long.pcap long.rules --local 10.0.0.2
passes "a long capture" sees 'packet 1 of 70000'
keys G
passes "to its end" sees 'packet 70000 of'
keys :
keys 40000
keys Enter
passes "to its middle" sees 'packet 40000 of'
keys :
keys 50000
keys Enter
passes "and elsewhere" sees 'packet 50000 of'
rm long.pcap
passes "a capture that has gone is missed where it is needed" press g 'ended with 3'
passes "with a word about it" sees 'long.pcap: it cannot be read again'

says "without a terminal" 2 'step needs a terminal' step -r "$captures/dns-timeout.pcap" "$rules/dns.rules"
says "with an output" 2 'step writes nothing' step -r "$captures/dns-timeout.pcap" "$rules/dns.rules" --out json=x
says "from standard input" 2 'put the capture into a file' step -r - "$rules/dns.rules"
finish
