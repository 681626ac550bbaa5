#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# actions.sh: the commands of cases of tests/cases/actions, typed at their times while their packets go through the running
# kernel (exchange.c, in a namespace): does `conntrack -E` print what the case expects, and do the rules count as it says? The
# numbers of processes aside. The case of another kernel is typed there, in virtual time, where ../shared/uml/run-uml.sh is beside the tree
# (CTREPLAY_UML names another program that runs a command under the kernel that -k names). Prints TAP.
# Needs root, ip, iptables, conntrack and /dev/net/tun; skips aloud without.
#
#   actions.sh [CASE]     of one case, by its name: the kernel that runs

. "$(dirname "$0")/../tap"
need ctreplay exchange
script=$(cd "$(dirname "$0")" && pwd)/actions.sh
cases=$source/tests/cases/actions
[ "$(id -u)" -eq 0 ] || skip_all "a kernel of its own needs root"
for tool in ip unshare sysctl iptables-legacy-restore conntrack; do
	command -v $tool >/dev/null || skip_all "$tool is not here"
done
unshare -n true 2>/dev/null && [ -w /dev/net/tun ] || skip_all "no network namespace, or no /dev/net/tun"
cd "$work" || exit 99

# What the host's own stack would say to these packets is kept from the table.
write_setup() {
	cat <<-END
	set -e
	ip link set lo up
	sysctl -qw net.ipv6.conf.lan.accept_dad=0 net.ipv6.conf.lan.addr_gen_mode=1 net.ipv6.conf.wan.disable_ipv6=1
	sysctl -qw net.ipv4.ip_forward=1
	ip link set lan arp off up
	ip link set wan arp off up
	ip address add 10.0.1.1/24 dev lan
	ip address add 10.0.2.1/24 dev wan
	iptables-legacy-restore $1/rules
	iptables-legacy -t raw -A OUTPUT -m owner ! --uid-owner 0 -j DROP
	conntrack -E >events.kernel 2>/dev/null &
	echo \$! >listener
	sleep 0.5
	{
		before=0
		while read -r time command; do
			sleep \$(echo "\$time \$before" | awk '{ print \$1 - \$2 }')
			\$command >>typed 2>&1 || true
			before=\$time
		done <"$1/actions"
	} &
	END
}

# How many seconds were left at an end depends on how quickly things were typed; and where something was typed, up to two.
words() {
	sed 's/ portid=[0-9]*//; s/ progname=conntrack//; s/^\(\[DESTROY\] [a-z0-9]* *[0-9]*\) [0-9][0-9]* /\1 /' "$1" |
		awk '/USERSPACE/ { sub(" " $3 " " $4 " ", " " $3 " " int(($4 + 2) / 10) * 10 " ") } { print }'
}
# Of what a packet changed a second is gone when a tick comes before the kernel tells of it: that line alone, one less and no more, is as expected.
forgive_tick() {
	awk 'NR == FNR { expected[FNR] = $0; next }
		{ line = $0; sub(" " $3 " " $4 " ", " " $3 " " $4 + 1 " ", line); print $1 != "[DESTROY]" && line == expected[FNR] ? line : $0 }' "$1" "$2"
}

compare() {
	name=${1##*/}
	rm -f events.kernel typed
	write_setup "$1" >setup
	tables=$(sed -n 's/^\*//p' "$1/rules" | tr '\n' ' ')
	"$ctreplay" craft "$1/packets" -w capture >/dev/null &&
		unshare -n sh -c "'$exchange' capture answer 'sh setup'; sleep 0.5; kill \$(cat listener)
			for table in $tables; do iptables-legacy-save -c -t \$table; done >counters" >errors 2>&1
	words "$1/expected.events" >expected
	words events.kernel >typed.kernel
	forgive_tick expected typed.kernel >kernel
	if [ -e "$1/expected.counters" ]; then
		grep -v '^#' counters | sort >>kernel
		grep -v '^#' "$1/expected.counters" | sort >>expected
	fi
	diff kernel expected >differs
	tell $? "$name: $(grep -c '^ *\[[NUD]' kernel) events"
	[ ! -s differs ] || cat differs errors typed | sed 's/^/# /'
}

# compare_there CASE VERSION: the same by this script, run under another kernel
compare_there() {
	uml=${CTREPLAY_UML:-$source/../shared/uml/run-uml.sh}
	[ -x "$uml" ] || { skip "$1" "there is no $uml"; return; }
	"$uml" -k "linux-uml-$2-hz250" -w 200 env CTREPLAY="$ctreplay" CTREPLAY_EXCHANGE="$exchange" sh "$script" "$1" >there 2>&1 </dev/null
	grep -q '^ok 1 ' there
	status=$?
	tell $status "Linux $2: $(sed -n 's/^ok 1 - //p' there)"
	[ $status -eq 0 ] || show there
}

if [ $# -gt 0 ]; then
	compare "$cases/$1"
else
	compare "$cases/entries-are-made-and-their-states-set"
	compare "$cases/entries-of-every-kind-are-made-and-chosen"
	compare "$cases/masks-of-any-kind-choose-entries"
	compare_there entries-of-dccp-are-made-where-it-is-tracked 6.1
fi
finish
