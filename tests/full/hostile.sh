#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Inputs that are made to cost: each ends in the way that is told here, within a bound on memory (ulimit -v) and on CPU time
# (ulimit -t) that grows with its size and with nothing else. Bounds are several times what is needed, so that no slow machine
# breaks them, and far below what such inputs cost where nothing holds them. docs/fuzzing.md, "What an input may cost".
# Prints TAP; skips aloud what cannot be asked here.

. "$(dirname "$0")/../tap"
need ctreplay
cd "$work" || exit 99
if nm "$ctreplay" 2>/dev/null | grep -q __asan_init; then
	echo "1..0 # SKIP a sanitizer's memory has no bound"
	exit 0
fi


# Every input may use this much besides.
base_kb=400000
base_seconds=3

# costs WORDS FILE NS BYTES STATUS PATTERN ARGUMENT...: of an input of N bytes, `ctreplay ARGUMENT...` takes at most NS
# nanoseconds and BYTES bytes for each, ends with STATUS, and says a line that matches PATTERN
costs() {
	words=$1 file=$2 ns=$3 bytes=$4 status=$5 pattern=$6
	shift 6
	size=$(wc -c <"$file")
	seconds=$((base_seconds + size * ns / 1000000000))
	kb=$((base_kb + size * bytes / 1024))
	(
		ulimit -c 0
		ulimit -v $kb && ulimit -t $seconds && exec "$ctreplay" "$@"
	) >out 2>&1 </dev/null
	ended=$?
	[ $ended -eq "$status" ] && grep -E -q -e "$pattern" out
	result=$?
	tell $result "$words: $size bytes, at most $seconds s and $kb kB"
	[ $result -eq 0 ] || { echo "# ended with $ended"; head -n 5 out | cut -c1-300 | sed 's/^/# /'; }
}

printf '# ctreplay packets\n0 udp 10.0.0.2:4000 > 10.0.0.1:53 len 9\n' >one.packets
printf '*filter\n-A INPUT -m conntrack --ctstate NEW\nCOMMIT\n' >few.rules
head -c 10000000 /dev/zero | tr '\0' x >x

# --- packets

# script WORDS [N]: what awk does with i, from 0 to 2^20 - 1 or N - 1
script() {
	awk "BEGIN { print \"# ctreplay packets\"; print \"link raw\"; for (i = 0; i < ${2:-1048576}; i++) { $1 } }" >made.packets
	"$ctreplay" craft made.packets -w made.pcap || exit 99
}

script 'printf "%d.%06d udp 10.0.%d.%d:%d > 10.0.0.1:53 len 0\n", i / 1000000, i % 1000000, i / 65536, i / 256 % 256, 1024 + i % 256'
costs "2^20 flows" made.pcap 400 8 0 'Entries .*1048576 created' run -q -r made.pcap few.rules --local 10.0.0.1
costs "a packet script of 2^20 lines" made.packets 400 20 0 'Entries .*1048576 created' run -q -r made.packets few.rules --local 10.0.0.1
script 'printf "%d.%06d udp 10.%d.%d.2:%d > 10.0.0.1:%d len 0\n", i / 1000000, i % 1000000, i / 65536, i / 256 % 256, 1024 + i % 256, 20000 - i % 256'
costs "2^20 flows whose ports have one sum" made.pcap 400 8 0 'Entries .*1048576 created' run -q -r made.pcap few.rules --local 10.0.0.1
# again TIMES: the packets of made.pcap so many times more
again() {
	tail -c +25 made.pcap >made.more
	k=0
	while [ $k -lt "$1" ]; do
		cat made.more >>made.pcap
		k=$((k + 1))
	done
	rm -f made.more
}
script 'printf "0 udp 10.0.0.2:9 > 10.0.0.1:53 id 7 len 65000 frag %d+ size 8\n", 8 * i' 8000
again 131
costs "2^20 fragments of one datagram" made.pcap 400 8 0 'HELD' run -q -r made.pcap few.rules --local 10.0.0.1
script 'printf "0 udp 10.0.0.2:9 > 10.0.0.1:53 id 7 len 65000 frag %d+ size 8\n", 64000 - 16 * i' 4000
again 262
costs "2^20 fragments of one datagram, the last ones first" made.pcap 400 8 0 'HELD' run -q -r made.pcap few.rules --local 10.0.0.1
script 'printf "%d.%06d udp 10.0.%d.2:9 > 10.0.0.1:53 id %d len 1000 frag 8+ size 8\n", i / 1000000, i % 1000000, i / 65536, i % 65536'
costs "2^20 first fragments of as many datagrams" made.pcap 400 8 0 'HELD' run -q -r made.pcap few.rules --local 10.0.0.1
script 'printf "%d.%06d udp 10.1.0.%d:%d > 192.0.2.1:53 len 0\n", i / 1000000, i % 1000000, i / 60000, 1024 + i % 60000' 262144
printf '*nat\n-A POSTROUTING -j MASQUERADE --random-fully\nCOMMIT\n' >nat.rules
costs "2^18 flows behind one address" made.pcap 2000 8 0 'Verdicts .*DROP' run -q -r made.pcap nat.rules --local 10.1.0.254/16@eth0 \
	--local 192.0.2.254/24@eth1 --sysctl net.ipv4.ip_forward=1
script 'printf "%d.%06d udp 10.0.0.2:9 > 10.0.0.1:53 len 0\n", i / 1000000, i % 1000000'
printf '*filter\n-A INPUT -m recent --name n --update --hitcount 65000 --seconds 10\n-A INPUT -m recent --name n --set\nCOMMIT\n' >recent.rules
costs "2^20 packets to be counted up to 65,000" made.pcap 400 8 0 'Verdicts' run -q -r made.pcap recent.rules --local 10.0.0.1
rm -f made.packets made.pcap

# --- captures

# Little-endian headers: a snapshot length of 2^31 - 1, and a record or block that promises as much.
printf '\324\303\262\241\2\0\4\0\0\0\0\0\0\0\0\0\377\377\377\177\145\0\0\0' >nothing.pcap
{ cat nothing.pcap; printf '\0\312\232\073\0\0\0\0\360\377\377\177\360\377\377\177'; head -c 100 /dev/zero; } >long.pcap
costs "a record of 2 GiB in a pcap file" long.pcap 1000 100 2 'after packet 0: ' run -q -r long.pcap few.rules
{
	printf '\n\r\r\n\034\0\0\0\115\074\053\032\001\0\0\0\377\377\377\377\377\377\377\377\034\0\0\0'
	printf '\1\0\0\0\0\377\377\177\1\0\0\0\377\377\377\177'
	head -c 100 /dev/zero
} >long.pcapng
costs "a block of 2 GiB in a pcapng file" long.pcapng 1000 100 2 'block' run -q -r long.pcapng few.rules
for pack in gzip zstd xz; do
	if ! command -v $pack >/dev/null 2>&1; then
		skip "a capture of zeros in $pack" "$pack is not there"
		continue
	fi
	{ cat nothing.pcap; head -c 400000000 /dev/zero; } | $pack -1 -c >bomb.$pack
	# Nothing unfolds more than 1000 times beyond the first 256 MiB, whatever its format could do.
	case $pack in
	gzip) costs "400 MB of zeros in gzip" bomb.gzip 20000 100 0 'Verdicts' run -q -r bomb.gzip few.rules;;
	*) costs "400 MB of zeros in $pack" bomb.$pack 20000 100 2 "$pack data unfolds to more than 1000 times its size" \
		run -q -r bomb.$pack few.rules;;
	esac
done
rm -f bomb.*

# --- rules

chains() { # N TIMES: N chains, each of which jumps to the next so many times
	awk -v n="$1" -v times="$2" 'BEGIN {
		print "*filter"
		for (i = 0; i < n; i++) print ":c" i " - [0:0]"
		print "-A INPUT -j c0"
		for (i = 0; i + 1 < n; i++) for (k = 0; k < times; k++) print "-A c" i " -j c" i + 1
		print "COMMIT"
	}'
}
chains 1000 1 >chains.rules
costs "1,000 chains deep" chains.rules 2000 200 0 '1 ACCEPT' run -q -r one.packets chains.rules --local 10.0.0.1
chains 100000 1 >chains.rules
costs "100,000 chains deep" chains.rules 2000 200 0 '1 ACCEPT' run -q -r one.packets chains.rules --local 10.0.0.1
chains 40 2 >chains.rules
costs "40 chains that jump twice each" chains.rules 2000 200 0 'limit rules-tried: 1 times a packet was dropped' \
	run -q -r one.packets chains.rules --local 10.0.0.1
awk 'BEGIN { printf "*filter\n-A INPUT"; for (i = 0; i < 10000; i++) printf " -m comment --comment c%d", i; print "\nCOMMIT" }' >comments.rules
costs "a rule with 10,000 comments" comments.rules 2000 200 2 'more than 64 matches in one rule' check comments.rules
awk 'BEGIN { print "*filter"; for (i = 0; i < 100000; i++) print "-A INPUT -i eth0:" i " -j ACCEPT"; print "COMMIT" }' >warnings.rules
costs "100,000 rules with a warning each" warnings.rules 2000 200 0 '^warnings.rules: valid' check warnings.rules
# many FILE BEFORE WORD BEHIND: a million times WORD, in one line
many() {
	{ printf '%b' "$2"; yes "$3" | head -n 1000000 | tr -d '\n'; printf '%b' "$4"; } >"$1"
}
many words.rules '*filter\n-A INPUT -m time --weekdays ' 8, '1 -j ACCEPT\nCOMMIT\n'
costs "1,000,000 warnings in a line" words.rules 2000 200 0 '^ctreplay: 999980 more warnings are not shown' check words.rules
many words.rules '*filter\n-A INPUT -m conntrack --ctstate ' NEW, 'NEW -j ACCEPT\nCOMMIT\n'
costs "1,000,000 words in a list" words.rules 2000 200 0 'valid: 1 table, 3 chains, 1 rule' check words.rules
chains 15000 1 >chains.rules
costs "15,000 chains deep, explained" chains.rules 2000 200 0 'ACCEPT' explain -r one.packets chains.rules --packet 1 --local 10.0.0.1
awk 'BEGIN { print "*filter"; for (i = 0; i < 50000; i++) print "-A INPUT -p tcp -m multiport --dports " i "," i + 3 "," i + 9 " -j ACCEPT"; print "COMMIT" }' >lint.rules
costs "50,000 rules compared with each other" lint.rules 2000 200 1 'not all pairs were compared' check --lint lint.rules
awk 'BEGIN { print "*filter"; for (i = 0; i < 100000; i++) print "-A INPUT -m set --match-set s" i " src"; print "COMMIT" }' >sets.rules
costs "100,000 sets that are not here" sets.rules 2000 200 0 'valid: 1 table, 3 chains' check sets.rules
# numbered N BEFORE BEHIND: N lines with a number from 0 on in each
numbered() {
	awk -v n="$1" -v before="$2" -v behind="${3-}" 'BEGIN { for (i = 0; i < n; i++) print before i behind }'
}
{ echo '*filter'; numbered 100000 '-A INPUT -i e'; numbered 100000 '-D INPUT -i e' | tac; echo COMMIT; } >deleted.rules
costs "100,000 rules deleted by their words, the last ones first" deleted.rules 2000 200 0 'valid: 1 table, 3 chains, 0 rules' \
	check deleted.rules
{ numbered 100000 'iptables -A INPUT -i e'; numbered 100000 'iptables -C INPUT -i e' | tac; } >asked.sh
costs "100,000 rules asked for by their words" asked.sh 2000 200 0 'valid: 1 table, 3 chains, 100000 rules' check asked.sh
{ echo '*filter'; numbered 200000 '-I INPUT -i e'; echo COMMIT; } >inserted.rules
costs "200,000 rules inserted at the head" inserted.rules 2000 200 0 'valid: 1 table, 3 chains, 200000 rules' check inserted.rules
{ echo '*filter'; numbered 100000 '-A INPUT -i e'; numbered 200000 '-I INPUT 40000 -i f'; echo COMMIT; } >middle.rules
costs "200,000 rules inserted in the middle" middle.rules 2000 200 2 'have passed more than 200000000 rules and chains' check middle.rules
{ echo '*filter'; numbered 100000 '-N c'; numbered 100000 '-X c'; echo COMMIT; } >removed.rules
costs "100,000 chains removed" removed.rules 2000 200 0 'valid: 1 table, 3 chains' check removed.rules
{ echo '*filter'; numbered 50000 '-N c'; yes -- -F | head -n 100000; echo COMMIT; } >flushed.rules
costs "50,000 chains flushed 100,000 times" flushed.rules 2000 200 2 'have passed more than 200000000 rules and chains' check flushed.rules
{ numbered 100000 'iptables -N c'; numbered 100000 'iptables -F d'; } >missing.sh
costs "100,000 chains that are not there, beside as many" missing.sh 2000 200 0 'valid: 1 table, 100003 chains' check missing.sh
pairs=$(yes 1 | head -n 256 | paste -s -d ,)
yes -- "-A INPUT -s $pairs -d $pairs" | head -n 100 >pairs.rules
costs "100 rules of 256 addresses twice" pairs.rules 2000 200 2 'lists of addresses stand for more than 500000 rules' check pairs.rules
values=$(yes 1 | head -n 1000 | paste -s -d ' ')
printf 'for i in %s; do\nfor k in %s; do\niptables -A INPUT -p tcp\ndone\ndone\n' "$values" "$values" >loops.sh
costs "a million commands of two loops" loops.sh 2000 200 2 'have repeated more than 200000 commands' check loops.sh
marks=$(yes -- '-m mark --mark 1' | head -n 60 | paste -s -d ' ')
printf 'for i in %s; do\nfor k in %s; do\niptables -A INPUT %s\ndone\ndone\n' "$values" "$values" "$marks" >heavy.sh
costs "a million rules of two loops, of 60 matches each" heavy.sh 2000 200 2 'rules take more than 268435456 bytes of memory' check heavy.sh
{ echo "A='$marks'"; yes 'iptables -A INPUT $A' | head -n 60000; } >variable.sh
costs "a variable that stands for 60 matches, 60,000 times" variable.sh 2000 200 2 'rules take more than 268435456 bytes of memory' check variable.sh
{ echo '*filter'; yes -- "-A INPUT -s $pairs -d $pairs $marks" | head -n 7; echo COMMIT; } >heavy.rules
costs "seven rules of 256 addresses twice, of 60 matches each" heavy.rules 2000 200 2 'rules take more than 268435456 bytes of memory' check heavy.rules
comment=$(head -c 500000 x)
{ echo "for i in $values $values $values; do"; echo "for k in $values $values; do"; echo "# $comment"; echo done; echo done; } >comments.sh
costs "6,000,000 times a comment of 500,000 bytes" comments.sh 2000 200 2 'have repeated more than 200000 commands' check comments.sh
{ echo 'f() {'; echo "# $comment"; echo '}'; yes f | head -n 200000; } >function.sh
costs "a function of a long comment, called 200,000 times" function.sh 2000 200 2 'have repeated more than 200000 commands' check function.sh
{ echo 'cat >f <<END'; echo '*filter'; echo "# $comment"; echo COMMIT; echo END; yes 'iptables-restore f' | head -n 30000; } >restores.sh
costs "a file with a long comment, loaded 30,000 times" restores.sh 2000 200 2 'have repeated more than 200000 commands' check restores.sh
{ echo 'cat >f <<END'; yes '*nat
COMMIT' | head -n 100000; echo END; yes 'iptables-restore f' | head -n 50000; } >tables.sh
costs "a file of 50,000 tables, loaded 50,000 times" tables.sh 2000 200 2 'have repeated more than 200000 commands' check tables.sh
awk 'BEGIN { for (i = 0; i < 30; i++) printf "f%d() {\nf%d\nf%d\n}\n", i, i + 1, i + 1; print "f30() {\niptables -A INPUT -p tcp\n}\nf0" }' >calls.sh
costs "functions that call another one twice, thirty deep" calls.sh 2000 200 2 'have repeated more than 200000 commands' check calls.sh
many commands.sh 'iptables -N x\n' 'a&&' 'a\n'
costs "1,000,000 commands in a line" commands.sh 2000 200 0 'valid: 1 table, 4 chains' check commands.sh
{ printf '*filter\n-A INPUT -m comment --comment "'; cat x; printf '" -j ACCEPT\nCOMMIT\n'; } >line.rules
costs "a comment of 10 MB" line.rules 2000 60 0 'only the first 255 of 10000000 characters are kept' check line.rules
costs "a word of 10 MB" x 2000 60 2 '^x:1:1: error: ' check x
{ echo A=xxxxxxxxxxxxxxxx; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do echo 'A="$A$A"'; done; echo 'iptables -A INPUT -s "$A"'; } >laughs.sh
costs "a shell variable that doubles 30 times" laughs.sh 2000 200 2 'the variables in this script stand for more than' check laughs.sh

# --- sets, hosts, suites, packet scripts

awk 'BEGIN { print "create s hash:ip maxelem 2000000"; for (i = 0; i < 1000000; i++) printf "add s 10.%d.%d.%d\n", i / 65536, i / 256 % 256, i % 256 }' >million.sets
printf -- '-A INPUT -m set --match-set s src -j DROP\n' >set.rules
costs "a set with a million members" million.sets 500 20 0 'Verdicts' run -q -r one.packets set.rules --ipset million.sets --local 10.0.0.1
printf 'create s hash:ip maxelem 4294967295\nadd s 10.0.0.0-10.255.255.255\n' >all.sets
costs "a set with sixteen million addresses" all.sets 1000 100 2 'more elements are named than' run -q -r one.packets set.rules --ipset all.sets
printf 'create s hash:ip comment counters skbinfo timeout 9 maxelem 16777216\nadd s 10.0.0.0/11 comment "of a range"\n' >most.sets
costs "as many addresses as there may be, with all that goes with them" most.sets 1000 100 0 'Verdicts' \
	run -q -r one.packets set.rules --ipset most.sets --local 10.0.0.1
printf 'create s hash:ip\ndel s 10.0.0.0-10.255.255.255 -exist\n' >none.sets
costs "sixteen million addresses deleted" none.sets 1000 100 2 'more elements are named than' run -q -r one.packets set.rules --ipset none.sets
awk 'BEGIN { printf "{\"interfaces\":"; for (i = 0; i < 1000000; i++) printf "["; for (i = 0; i < 1000000; i++) printf "]"; print "}" }' >deep.json
costs "a host file 1,000,000 deep" deep.json 1000 100 2 '^deep.json:1:' run -q -r one.packets few.rules --host deep.json
costs "a suite 1,000,000 deep" deep.json 1000 100 2 '^deep.json:1:' test deep.json
printf '# ctreplay packets\n0 udp 10.0.0.2:9 > 10.0.0.1:53 len 65000 fragments 8\n' >pieces.packets
costs "a line that is 8,126 fragments" pieces.packets 1000 10000 0 'HELD' run -q -r pieces.packets few.rules --local 10.0.0.1
{ cat pieces.packets; yes '0 udp 10.0.0.2:9 > 10.0.0.1:53 len 65000 fragments 8' | head -n 200; } >most.packets
costs "lines that are as many fragments as there may be" most.packets 400 40 0 'HELD' run -q -r most.packets few.rules --local 10.0.0.1
{ cat pieces.packets; yes '0 udp 10.0.0.2:9 > 10.0.0.1:53 len 65000 fragments 8' | head -n 10000; } >many.packets
costs "lines that are more fragments" many.packets 400 40 2 'the frames of this script take more than' run -q -r many.packets few.rules
{ cat pieces.packets; yes '0 again 1' | head -n 1000000; } >again.packets
costs "a fragment again, 1,000,000 times" again.packets 400 40 0 'HELD' run -q -r again.packets few.rules --local 10.0.0.1
{ echo '# ctreplay packets'; echo '0 udp 10.0.0.2:9 > 10.0.0.1:53 len 65000'; yes '0 again 1' | head -n 1000000; } >long.packets
costs "a long packet again, 1,000,000 times" long.packets 400 40 2 'the frames of this script take more than' run -q -r long.packets few.rules
{ echo '# ctreplay packets'; yes '0 udp 10.0.0.2:9 > 10.0.0.1:53 len 65000 frag 8+ size 8' | head -n 300000; } >cut.packets
costs "a piece of a long datagram, 300,000 times" cut.packets 400 40 2 'the frames of this script take more than' run -q -r cut.packets few.rules
chunks=$(yes 'chunk sack' | head -n 4000 | paste -s -d ' ')
{ echo '# ctreplay packets'; yes "0 sctp 10.0.0.2:9 > 10.0.0.1:9 $chunks" | head -n 100; } >chunks.packets
costs "100 packets of 4,000 chunks" chunks.packets 400 40 0 'Verdicts' run -q -r chunks.packets few.rules --local 10.0.0.1
printf '# ctreplay packets\n0 udp 10.0.0.2:9 > 10.0.0.1:53 len 9\n4000000000 udp 10.0.0.2:9 > 10.0.0.1:53 len 9\n' >century.packets
costs "two packets a century apart, and a listing every second" century.packets 1000 100 0 'limit listings: 1000000 were made' \
	run -q -r century.packets few.rules --local 10.0.0.1 --snapshot every=1s --out table=/dev/null
# json BEFORE N HEAD TAIL BEHIND: between BEFORE and BEHIND, N times HEAD, a number from 0 on, and TAIL, with commas; where HEAD
# ends in a point, the number is two of an address
json() {
	awk -v before="$1" -v n="$2" -v head="$3" -v tail="$4" -v behind="$5" 'BEGIN {
		is_address = head ~ /[.]$/
		printf "%s", before
		for (i = 0; i < n; i++) print (i ? "," : "") head (is_address ? int(i / 256) "." i % 256 : i) tail
		print behind
	}'
}
runs_on() { # WORDS: with made.json as the host
	costs "$1" made.json 1000 100 0 'Verdicts' run -q -r one.packets few.rules --host made.json
}
host='{"interfaces":[{"name":"e0","addresses":["10.0.0.1/8"]}]'
json '{"interfaces":[{"name":"e0","addresses":["10.0.0.1/8"]},' 50000 '{"name":"f' '","addresses":["fd00::1/64"],"rp_filter":1}' ']}' >made.json
runs_on "50,000 interfaces"
json '{"interfaces":[{"name":"e0","addresses":[' 50000 '"10.0.' '/32"' ']}]}' >made.json
runs_on "50,000 addresses"
json "$host,\"routes\":[" 50000 '{"dev":"e0","table":5,"to":"11.0.' '/32"}' ']' >made.json
json ',"rules":[' 50000 '{"table":5,"priority":' '}' ']}' >>made.json
runs_on "50,000 routes that 50,000 policy rules ask for"
json "$host,\"routes\":[" 50000 '{"to":"default","dev":"e0","metric":' '}' ']}' >made.json
runs_on "50,000 routes to everywhere"
json "$host,\"sysctls\":{" 50000 '"net.ipv4.conf.e' '.rp_filter":1' '}}' >made.json
runs_on "50,000 interfaces, by their sysctls"
suite='{"rules":"few.rules","capture":"one.packets","local":"10.0.0.1","cases":[{"name":"c","expect":['
json "$suite{\"verdict\":\"ACCEPT\",\"packets\":[1," 100000 1 '' ']}]}]}' >made.json
costs "the numbers of 100,000 packets" made.json 1000 100 0 '1 passed' test made.json
json "$suite" 50000 '{"entries":"udp","count":0,"at":1000' '}' ']}]}' >made.json
costs "50,000 moments at which entries are expected" made.json 1000 100 0 '1 passed' test made.json
json "$suite" 50000 '{"entries":"udp","at":9,"count":1,"because":"' '"}' ']}]}' >made.json
costs "50,000 expectations of one moment" made.json 1000 100 0 '1 passed' test made.json
long_filter=$(yes 'tcp or' | head -n 10000 | paste -s -d ' ')
printf '%s{"packets":"%s udp"}]}]}' "$suite" "$long_filter" >made.json
costs "a filter of 70 kB in a suite" made.json 1000 100 2 'a filter of 70003 bytes: those of more than 256 may have 10000 together' test made.json
printf 'uid=1 %s udp\n' "$long_filter" >made.annotations
costs "a filter of 70 kB" made.annotations 1000 100 2 'a filter of 70003 bytes' run -q -r one.packets few.rules --annotations made.annotations
numbered 50000 'uid=1 port ' '' | awk '{ print $1, $2, $3 % 65536 }' >made.annotations
costs "50,000 filters" made.annotations 20000 2000 0 'Verdicts' run -q -r one.packets few.rules --local 10.0.0.1 --annotations made.annotations
awk 'BEGIN { for (i = 0; i < 30000; i++) printf "0 conntrack -I -p udp -s 10.9.%d.%d -d 10.0.0.1 --sport 1 --dport 2 -t 600\n", i / 256, i % 256
	for (i = 0; i < 30000; i++) print "0 conntrack -U -s 1.1.1.1 -m 3" }' >made.actions
costs "30,000 entries, and 30,000 actions that change none" made.actions 1000 100 0 'limit actions-passed: the actions before made.actions:' \
	run -q -r one.packets few.rules --local 10.0.0.1 --actions made.actions
yes '0 iptables-restore few.rules' | head -n 50000 >made.actions
costs "50,000 reloads" made.actions 1000 1000 0 'Verdicts' run -q -r one.packets few.rules --local 10.0.0.1 --actions made.actions
numbered 50000 'nfct add timeout p' ' inet udp unreplied 10 replied 20' >made.timeouts
costs "50,000 timeout policies" made.timeouts 1000 100 0 'Verdicts' run -q -r one.packets few.rules --local 10.0.0.1 --timeouts made.timeouts
{ echo 'create s list:set size 1000000'; echo 'create z hash:ip'; echo 'add s z'
	awk 'BEGIN { for (i = 0; i < 60000; i++) printf "create s%d hash:ip\nadd s s%d before z\n", i, i }'; } >made.sets
costs "a list of sets in which 60,000 stand before another one" made.sets 500 20 2 'more elements are named than' \
	run -q -r one.packets set.rules --ipset made.sets
costs "a packet script of one word" x 1000 20 2 'not a capture file' run -q -r x few.rules
{ printf '# ctreplay packets\n'; cat x; } >line.packets
costs "a line of 10 MB in a packet script" line.packets 1000 40 2 '^line.packets:2:1: error: ' run -q -r line.packets few.rules

finish
