#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# record-labs.sh [LAB...]: makes the labs of captures/ anew, in a copy, all at once: real programs talk, this machine's
# kernel filters, both are recorded (captures/record). Then compare-lab replays the new captures, whose ports, numbers and
# times nobody has seen before. Prints TAP; about a minute. Needs root and the programs of the labs; skips aloud.

set -u

skip() {
	echo "1..0 # SKIP $*"
	exit 0
}

top=$(cd "$(dirname "$0")/../.." && pwd) || exit 99
[ -n "${CTREPLAY:-}" ] || CTREPLAY=$PWD/ctreplay
[ -x "$CTREPLAY" ] || { echo "Bail out! there is no program at $CTREPLAY"; exit 99; }
for program in conntrack curl dig dnsmasq ethtool ip iptables-legacy-restore nmap ping python3 socat ss ssh ssh-keygen sshd \
	taskset tcpdump traceroute; do
	command -v "$program" >/dev/null || skip "there is no $program"
done
{ unshare -n true 2>/dev/null && ip netns list >/dev/null 2>&1; } || skip "a network namespace needs root"

work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
cp -r "$top/captures" "$work/captures" || exit 99
cd "$work/captures" || exit 99

# shellcheck disable=SC2046 # a list of words
[ $# -gt 0 ] || set -- $(for make in */make; do echo "${make%/make}"; done)

# record LAB...: all at once. What the kernel would not let us record once (tcpdump lost a packet) it may the second time.
record() {
	for lab; do
		(cd "$lab" && { ./make || ./make; } >../"$lab.log" 2>&1 || : >../"$lab.failed") &
	done
	wait
	for lab; do
		[ ! -e "$lab.failed" ] || { echo "Bail out! $lab could not be recorded: $(grep -v Killed "$lab.log" | tail -n 1)"; exit 99; }
	done
}

# A busy machine makes the kernel late by a tick: then 29 seconds are left of 30. So what differs is recorded again, twice.
record "$@"
for try in 1 2 3; do
	CTREPLAY_CAPTURES=$work/captures "$top/tests/kernel/compare-lab" "$CTREPLAY" "$@" >"$work/tap"
	differing=$(sed -n 's/^not ok [0-9]* - \([^ ]*\).*/\1/p' "$work/tap" | sort -u)
	{ [ -n "$differing" ] && [ "$try" -lt 3 ]; } || break
	# shellcheck disable=SC2086 # a list of words
	record $differing
done
cat "$work/tap"
[ -z "$differing" ]
