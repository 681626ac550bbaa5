#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# shrink.sh: does the shrinker find what is planted? The kernel alone gets another udp_timeout, from an iptables-restore in front
# of the real one; of a generated scenario little may be left, and that little must differ, and agree where nothing is planted.
# Prints TAP; needs what verify needs, skips aloud without.

set -u

absolute() {
	echo "$(cd "$(dirname "$1")" && pwd)/${1##*/}"
}

ctreplay=$(absolute "${CTREPLAY:-$PWD/ctreplay}")
scenario=$(absolute "${CTREPLAY_SCENARIO:-$PWD/tests/kernel/scenario}")
shrink=$(absolute "${CTREPLAY_SHRINK:-$PWD/tests/kernel/shrink}")
[ -x "$scenario" ] && [ -x "$shrink" ] || { echo "Bail out! make check-kernel builds $scenario and $shrink"; exit 99; }
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM

mkdir "$work/bin" "$work/s"
cat >"$work/bin/iptables-legacy-restore" <<'RESTORE'
#!/bin/sh
echo 7 >/proc/sys/net/netfilter/nf_conntrack_udp_timeout
PATH=${PATH#*:}
exec iptables-legacy-restore "$@"
RESTORE
chmod +x "$work/bin/iptables-legacy-restore"
cd "$work" || exit 99

"$scenario" 7 s || exit 99
# shellcheck disable=SC2046 # one option a word
"$ctreplay" verify -r s/packets.pcap -4 s/rules $(cat s/args) >output 2>&1
status=$?
if [ $status -eq 3 ]; then
	echo "1..0 # SKIP $(head -n 1 output)"
	exit 0
fi

echo "1..5"
failed=0
report() {
	[ "$1" -eq 0 ] && echo "ok $2" || { echo "not ok $2"; failed=1; sed 's/^/# /' output; }
}
report $status "1 - the scenario agrees"
"$shrink" "$ctreplay" s none >output 2>&1
[ $? -eq 1 ] && grep -q 'no difference' output
report $? "2 - where nothing differs nothing is shrunk"
PATH=$work/bin:$PATH "$shrink" "$ctreplay" s case >output 2>&1
report $? "3 - a planted difference is shrunk"
[ "$(grep -c '^[0-9]' case/packets)" -le 2 ] && [ "$(grep -c '^-A' case/rules)" -eq 0 ] && grep -q ' udp ' case/packets
report $? "4 - to at most two packets, of UDP, and no rule"
# shellcheck disable=SC2046 # one option a word
"$ctreplay" verify -r case/packets case/rules $(cat case/args) >output 2>&1 &&
	! PATH=$work/bin:$PATH "$ctreplay" verify -r case/packets case/rules $(cat case/args) >output 2>&1
report $? "5 - and the case differs where it is planted alone"
exit $failed
