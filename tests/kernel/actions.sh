#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# actions.sh: the commands of a case of tests/cases/actions, typed at their times while its packets go through the running
# kernel (exchange.c, in a namespace): does `conntrack -E` print what the case expects? The numbers of processes aside. Prints TAP.
# Needs root, ip, iptables, conntrack and /dev/net/tun; skips aloud without.

set -u
LC_ALL=C; export LC_ALL

absolute() {
	echo "$(cd "$(dirname "$1")" && pwd)/${1##*/}"
}

ctreplay=$(absolute "${CTREPLAY:-$PWD/ctreplay}")
exchange=$(absolute "${CTREPLAY_EXCHANGE:-$PWD/tests/kernel/exchange}")
case=$(cd "${srcdir:-$(dirname "$0")/../..}" && pwd)/tests/cases/actions/entries-are-made-and-their-states-set
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
cat >setup <<END
set -e
ip link set lo up
sysctl -qw net.ipv6.conf.lan.disable_ipv6=1 net.ipv6.conf.wan.disable_ipv6=1
ip link set lan arp off up
ip address add 10.0.1.1/24 dev lan
iptables-legacy-restore $case/rules
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
	done <"$case/actions"
} &
END
"$ctreplay" craft "$case/packets" -w capture >/dev/null &&
	unshare -n sh -c "'$exchange' capture answer 'sh setup'; sleep 0.5; kill \$(cat listener)" >errors 2>&1
# How many seconds were left at an end depends on how quickly things were typed.
words() {
	sed 's/ portid=[0-9]*//; s/ progname=conntrack//; s/^\(\[DESTROY\] tcp *6\) [0-9]*/\1/' "$1"
}
words events.kernel >kernel
words "$case/expected.events" >expected
echo "1..1"
if cmp -s kernel expected; then
	echo "ok 1 - conntrack -I and -U: $(wc -l <kernel) events"
else
	echo "not ok 1 - conntrack -I and -U"
	diff kernel expected | sed 's/^/# /'
	sed 's/^/# /' errors typed
	exit 1
fi
