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

set -u
LC_ALL=C; export LC_ALL

absolute() {
	echo "$(cd "$(dirname "$1")" && pwd)/${1##*/}"
}

ctreplay=$(absolute "${CTREPLAY:-$PWD/ctreplay}")
exchange=$(absolute "${CTREPLAY_EXCHANGE:-$PWD/tests/kernel/exchange}")
script=$(absolute "$0")
cases=$(cd "${srcdir:-$(dirname "$0")/../..}" && pwd)/tests/cases/actions
[ -x "$ctreplay" ] || { echo "Bail out! there is no $ctreplay"; exit 99; }
[ -x "$exchange" ] || { echo "Bail out! there is no $exchange"; exit 99; }
skip() {
	echo "1..0 # SKIP $*"
	exit 0
}
[ "$(id -u)" -eq 0 ] || skip "a kernel of its own needs root"
for tool in ip unshare sysctl iptables-legacy-restore conntrack; do
	command -v $tool >/dev/null || skip "$tool is not here"
done
if ! unshare -n true 2>/dev/null || ! [ -w /dev/net/tun ]; then
	skip "no network namespace, or no /dev/net/tun"
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
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

compare() {
	name=${1##*/}
	rm -f events.kernel typed
	write_setup "$1" >setup
	tables=$(sed -n 's/^\*//p' "$1/rules" | tr '\n' ' ')
	"$ctreplay" craft "$1/packets" -w capture >/dev/null &&
		unshare -n sh -c "'$exchange' capture answer 'sh setup'; sleep 0.5; kill \$(cat listener)
			for table in $tables; do iptables-legacy-save -c -t \$table; done >counters" >errors 2>&1
	words events.kernel >kernel
	words "$1/expected.events" >expected
	if [ -e "$1/expected.counters" ]; then
		grep -v '^#' counters | sort >>kernel
		grep -v '^#' "$1/expected.counters" | sort >>expected
	fi
	if cmp -s kernel expected; then
		echo "ok $2 - $name: $(grep -c '^ *\[[NUD]' kernel) events"
	else
		echo "not ok $2 - $name"
		diff kernel expected | sed 's/^/# /'
		sed 's/^/# /' errors typed
		n_failed=$((n_failed + 1))
	fi
}

# compare_there CASE NUMBER VERSION: the same by this script, run under another kernel
compare_there() {
	uml=${CTREPLAY_UML:-$(dirname "$cases")/../../../shared/uml/run-uml.sh}
	[ -x "$uml" ] || { echo "ok $2 - $1 # SKIP there is no $uml"; return; }
	"$uml" -k "linux-uml-$3-hz250" -w 200 env CTREPLAY="$ctreplay" CTREPLAY_EXCHANGE="$exchange" sh "$script" "$1" >there 2>&1 </dev/null
	if grep -q '^ok 1 ' there; then
		sed -n "s/^ok 1 - /ok $2 - Linux $3: /p" there
	else
		echo "not ok $2 - Linux $3: $1"
		sed 's/^/# /' there
		n_failed=$((n_failed + 1))
	fi
}

n_failed=0
if [ $# -gt 0 ]; then
	echo "1..1"
	compare "$cases/$1" 1
else
	echo "1..4"
	compare "$cases/entries-are-made-and-their-states-set" 1
	compare "$cases/entries-of-every-kind-are-made-and-chosen" 2
	compare "$cases/masks-of-any-kind-choose-entries" 3
	compare_there entries-of-dccp-are-made-where-it-is-tracked 4 6.1
fi
exit $((n_failed > 0))
