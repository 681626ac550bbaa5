#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# corpora.sh [--wide | RULESET...]: captures and rulesets of other people, kept outside the tree (CTREPLAY_CORPORA, as for
# tests/full/corpora.sh), through `ctreplay verify`: every capture but the largest under ten rulesets, once as the host that is
# found in the capture, once as a router between its private and its public addresses; and under two more, which are others
# every day. One to two minutes; --wide takes every ruleset that iptables 1.8.9 loads, IPv6 too, and fifteen minutes. A TAP line
# for each ruleset and host. A difference counts when it comes three times, for the kernel's own clock runs on meanwhile. Needs
# what verify needs; skips aloud without.

. "$(dirname "$0")/../tap"
corpora=${CTREPLAY_CORPORA:-$source/../shared/corpora}
[ -d "$corpora/pcaps" ] && [ -d "$corpora/rules" ] || skip_all "there are no corpora at $corpora"
need_kernel
AT_ONCE=4		# most of the time the kernel is waited for

# Rulesets that iptables 1.8.9 loads, with as many extensions as there are.
others='generated/firewalld.v4 generated/shorewall-Universal.v4 iptables-semantics/medium-company-30 iptables-semantics/contrived
	iptables-semantics/docker-topos1 iptables-semantics/gopherproxy iptables-semantics/sns-eduroam
	iptables-semantics/synology-cleanup iptables-semantics/topos-factory iptables-tests/firewalld-completed
	iptables-tests/restore-v4 iptables-tests/wireless-cpe istio/drop-invalid istio/ip-range moby/usernet-portmap-natunprot.S
	moby/usernet-portmap-noproxy.S net-network/ferm-dsl-router net-network/serverfault-762193 net-network/tails-1.5'
# pick N: one of them
pick() {
	# shellcheck disable=SC2086 # a list of words
	set -- "$1" $others
	shift $(($1 % ($# - 1) + 1))
	echo "$1"
}
day=$(($(date +%s) / 86400))
# Every row of the corpora's index whose last column says that no line failed; not those which miss the chains that they fill.
loads() {
	for ruleset; do
		! "$ctreplay" check "$corpora/rules/$ruleset" >/dev/null 2>&1 || echo "$ruleset"
	done
}
if [ "${1:-}" = --wide ]; then
	# shellcheck disable=SC2046 # one ruleset a word
	set -- $(loads $(tr -d '\r' <"$corpora/rules/INDEX.csv" | awk -F, 'NR > 1 && $(NF - 2) ~ /^v[46]$/ && $NF ~ /(^| )0$/ { print $1 }'))
fi
[ $# -gt 0 ] || set -- generated/shorewall-two-interfaces.v4 generated/ufw-server.v4 generated/firehol-default.v4 \
	iptables-semantics/sqrl-2015 iptables-semantics/rlworkman iptables-semantics/openwrt-aa-fixed \
	net-network/serverfault-769294 net-network/serverfault-765855 net-network/serverfault-758088 \
	net-network/ferm-dmz-router "$(pick $((2 * day)))" "$(pick $((2 * day + 1)))"

# options MODE RULESET: of verify. Two IPv6 rulesets belong to IPv4 ones.
options() {
	if grep -q "^$2,.*,v6,[^,]*,[^,]*\$" "$corpora/rules/INDEX.csv"; then
		echo -6 "$corpora/rules/$2"
	else
		echo -4 "$corpora/rules/$2"
	fi
	case $2 in
	generated/shorewall-two-interfaces.v4) echo -6 "$corpora/rules/generated/shorewall6-two-interfaces.v6";;
	generated/firehol-default.v4) echo -6 "$corpora/rules/generated/firehol-default.v6";;
	esac
	[ ! -s "$work/sets" ] || echo --ipset "$work/sets"
	[ "$1" = host ] || echo --local 203.0.113.1/24@eth0 --local 198.51.100.1/24@eth1 --local 2001:db8:ffff::1/64@eth0 \
		--route default@eth0 --route ::/0@eth0 --route 10.0.0.0/8@eth1 --route 192.168.0.0/16@eth1 --route 172.16.0.0/12@eth1
}

# Not these: libpcap cannot read the first, the second has UDP flows of which each must be waited for, two seconds long.
captures=$(cd "$corpora/pcaps" && find . -type f -size -300k ! -name '*.csv' ! -name 'README*' |
	grep -v -e wireshark/many_interfaces.pcapng.1 -e zeek/wireshark.pcap | sed 's|^\./||' | sort)

# make_sets RULESET: those that it names, empty, in $work/sets
make_sets() {
	grep -o -e '--\(match\|add\|del\)-set [^ ]*' "$corpora/rules/$1" |
		sed 's/[^ ]* \(.*\)/create \1 hash:ip family inet hashsize 1024 maxelem 65536/' | sort -u >"$work/sets"
}

# verify_one CAPTURE OPTION...: its output goes to $work/result.NAME, with the exit status at the end.
cat >"$work/verify-one" <<'EOS'
ctreplay=$1 corpora=$2 work=$3 capture=$4
shift 4
result=$work/result.$(echo "$capture" | tr / _)
for try in 1 2 3; do
	"$ctreplay" verify -r "$corpora/pcaps/$capture" "$@" >"$result" 2>&1
	status=$?
	[ $status -eq 1 ] || break
done
echo "status $status" >>"$result"
EOS

for ruleset; do
	make_sets "$ruleset"
	for mode in host router; do
		rm -f "$work"/result.*
		# shellcheck disable=SC2046 # one option a word
		for capture in $captures; do
			echo "'$capture'" $(options $mode "$ruleset")
		done | xargs -P $AT_ONCE -L 1 sh "$work/verify-one" "$ctreplay" "$corpora" "$work"
		n_captures=0 n_packets=0 differ=
		for result in "$work"/result.*; do
			n_captures=$((n_captures + 1))
			status=$(tail -n 1 "$result")
			alike=$(sed -n 's/.*: [0-9]* packets, \([0-9]*\) alike.*/\1/p' "$result" | tail -n 1)
			n_packets=$((n_packets + ${alike:-0}))
			case $status in
			'status 0') ;;
			'status 3') grep -q '^nothing could be compared' "$result" || differ="$differ $result";;
			*) differ="$differ $result";;
			esac
		done
		[ -z "$differ" ]
		tell $? "$ruleset as a $mode: $n_captures captures, $n_packets packets alike"
		for result in $differ; do
			echo "# ${result##*/result.}: $(grep -E 'DIFFERENCES|could not' "$result")"
			grep -v matched: "$result" | head -n 12 | sed 's/^/#   /'
		done
	done
done
finish
