#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# --limit: what an input may cost beyond its size. Each limit is reached with a small number, and told; with the usual one the same
# input passes. tests/full/hostile.sh reaches the usual ones.

. "$(dirname "$0")/harness"

printf '# ctreplay packets\n0 udp 10.0.0.2:4000 > 10.0.0.1:53 len 2000 fragments 8\n' >pieces
printf '# ctreplay packets\n0 udp 10.0.0.2:4000 > 10.0.0.1:53 len 9\n' >one
printf -- '-A INPUT -m set --match-set s src -j DROP\n' >set.rules
printf 'create s hash:ip\nadd s 10.0.0.0/24\n' >sets
printf 'A=xxxxxxxxxxxxxxxx\nA="$A$A"\nA="$A$A"\niptables -A INPUT -m comment --comment "$A" -j ACCEPT\n' >shell
printf 'iptables -N c\niptables -F\niptables -X\niptables -A INPUT -p tcp\niptables -F\niptables -D INPUT -p udp\n' >passed
printf 'iptables -A INPUT -s 1.1.1.1,2.2.2.2 -d 1.1.1.1,2.2.2.2\niptables -A INPUT -s 1.1.1.1,2.2.2.2,3.3.3.3\n' >lists
printf 'for i in 1 2 3 4 5; do\niptables -A INPUT -s $i\ndone\n' >loop
printf 'for i in 1 2 3 4 5; do\niptables-restore -n <<E\n*filter\n-A INPUT\nCOMMIT\nE\ndone\n' >restore
{
	echo '*filter'
	for i in 1 2 3 4 5 6 7 8; do echo ":c$i - [0:0]"; done
	echo '-A INPUT -j c1'
	for i in 1 2 3 4 5 6 7; do printf -- '-A c%d -j c%d\n-A c%d -j c%d\n' $i $((i + 1)) $i $((i + 1)); done
	echo COMMIT
} >jumps

all_are_listed() {
	[ "$("$CTREPLAY" list limits | wc -l)" -eq 12 ] && "$CTREPLAY" list limits set-elements | grep -q '^set-elements  *2097152  '
}
passes "list limits has them all, with the usual numbers" all_are_listed
says "a limit without a number" 2 "^ctreplay: error: --limit 'unfolding': NAME=NUMBER is needed" run -r one set.rules --limit unfolding
says "a limit of nothing" 2 "a whole number, 1 or more, is needed$" run -r one set.rules --limit unfolding=0
says "a limit that nobody knows" 2 "\`ctreplay list limits\` has the names" run -r one set.rules --limit sets=9
# refuses NAME PATTERN ARGUMENT...: exit code 2, and the first line of standard error
refuses() {
	told=$1
	pattern=$2
	shift 2
	is_refused() {
		"$CTREPLAY" "$@" 2>error
		[ $? -eq 2 ] && head -n 1 error | grep -E "$pattern" && grep -q -e '--limit' error
	}
	passes "$told" is_refused "$@"
}
refuses "frames of a packet script" '^pieces:2:[0-9]*: error: the frames of this script take more than 2000 bytes beyond 20 for each of its own' \
	run -r pieces jumps --limit script-bytes=2000
refuses "elements of sets" '^sets:2:7: error: with this one, more elements are named than "200"' \
	run -r one set.rules --ipset sets --limit set-elements=200
refuses "rules that commands pass" '^passed:6:10: error: the commands above have passed more than 8 rules and chains on their way' \
	check passed --limit rules-passed=8
passes "as many as there may be" "$CTREPLAY" check passed --limit rules-passed=12
refuses "rules of lists of addresses" '^lists:2:10: error: with this one, lists of addresses stand for more than 4 rules besides' \
	check lists --limit rules-expanded=4
passes "as many as there may be of them" "$CTREPLAY" check lists --limit rules-expanded=5
refuses "memory that rules take" '^lists:1:10: error: with this one, the rules take more than 1000 bytes of memory beyond 200 for each' \
	check lists --limit rules-bytes=1000
passes "as much as they may take" "$CTREPLAY" check lists --limit rules-bytes=300000
refuses "commands of a loop" '^loop:3:1: error: loops and functions of this script have repeated more than 7 commands' \
	check loop --limit shell-repeats=7
passes "as many as there may be in a loop" "$CTREPLAY" check loop --limit shell-repeats=8
refuses "rules of a table in a loop" '^restore:4:1: error: loops and functions of this script have repeated more than 6 commands' \
	check restore --limit shell-repeats=6
refuses "variables of a shell script" '^shell:4:[0-9]*: error: the variables in this script stand for more than 100 bytes in all' \
	check shell --limit shell-bytes=100

are_told_of_ways() {
	"$CTREPLAY" run -r one jumps --local 10.0.0.1 --limit rules-tried=100 --out text=text --out counters=counters >/dev/null || return 1
	grep -q '1 DROP' text && grep -q '^warning: limit rules-tried: 1 times a packet was dropped because it had tried 100 rules' text
}
passes "a way through the rules that is too long" are_told_of_ways

are_told_of_listings() {
	printf '# ctreplay packets\n0 udp 10.0.0.2:9 > 10.0.0.1:53 len 9\n4000000000 udp 10.0.0.2:9 > 10.0.0.1:53 len 9\n' >century
	"$CTREPLAY" run -q -r century jumps --local 10.0.0.1 --snapshot every=1s --limit listings=50 --out table=table >text || return 1
	grep -q '^warning: limit listings: 50 were made' text && [ "$(grep -c 'at .* s' table)" -eq 50 ]
}
passes "listings at regular times" are_told_of_listings

# As long as they may be, and one longer.
a_filter() {
	printf 'udp'
	printf ' or udp%.0s' $(seq 99)
}
filters_are_bounded() {
	"$CTREPLAY" run -q -r one jumps --local 10.0.0.1 --packets "$(a_filter)" --limit filter-bytes=696 &&
	! "$CTREPLAY" run -q -r one jumps --local 10.0.0.1 --packets "$(a_filter)" --limit filter-bytes=695 2>error || return 1
	grep -q '^ctreplay: error: --packets: a filter of 696 bytes: those of more than 256 may have 695 together; --limit' error &&
	printf 'uid=1 %s\nuid=2 %s\n' "$(a_filter)" "$(a_filter)" >annotations &&
	! "$CTREPLAY" run -q -r one jumps --local 10.0.0.1 --annotations annotations --limit filter-bytes=1391 2>error || return 1
	grep -q '^annotations:2:7: error: a filter of 696 bytes: those of more than 256 may have 1391 together' error &&
	"$CTREPLAY" run -q -r one jumps --local 10.0.0.1 --annotations annotations --limit filter-bytes=1392
}
passes "long filters" filters_are_bounded

are_told_of_actions() {
	for i in 1 2 3 4 5; do echo "$i conntrack -I -p udp -s 10.9.0.$i -d 10.0.0.1 --sport 1 --dport 2 -t 600"; done >actions
	for i in 6 7 8; do echo "$i conntrack -D -p tcp"; done >>actions
	"$CTREPLAY" run -r one jumps --local 10.0.0.1 --actions actions --limit actions-passed=11 >text || return 1
	grep -q '^warning: limit actions-passed: the actions before actions:8 have looked at more than 11 entries, routes and rules, and' text &&
	[ "$(grep -c 'conntrack -D' text)" -eq 2 ] &&
	"$CTREPLAY" run -r one jumps --local 10.0.0.1 --actions actions --limit actions-passed=12 >text &&
	[ "$(grep -c 'conntrack -D' text)" -eq 3 ] && ! grep -q warning: text
}
passes "actions that look at the whole table" are_told_of_actions

passes_with_the_usual_limits() {
	"$CTREPLAY" run -q -r pieces set.rules jumps --ipset sets --local 10.0.0.1 >text && ! grep -q warning text &&
	"$CTREPLAY" check shell
}
passes "the same with the usual limits" passes_with_the_usual_limits

finish
