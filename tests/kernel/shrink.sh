#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# shrink.sh: does the shrinker find what is planted? The kernel alone gets another udp_timeout, from an iptables-restore in front
# of the real one; of a generated scenario little may be left, and that little must differ, and agree where nothing is planted.
# Prints TAP; needs what verify needs, skips aloud without.

. "$(dirname "$0")/../tap"
need ctreplay scenario shrink
need_kernel

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
tell $? "the scenario agrees" output
"$shrink" "$ctreplay" s none >output 2>&1
[ $? -eq 1 ] && grep -q 'no difference' output
tell $? "where nothing differs nothing is shrunk" output
PATH=$work/bin:$PATH "$shrink" "$ctreplay" s case >output 2>&1
tell $? "a planted difference is shrunk" output
[ "$(grep -c '^[0-9]' case/packets)" -le 2 ] && [ "$(grep -c '^-A' case/rules)" -eq 0 ] && grep -q ' udp ' case/packets
tell $? "to at most two packets, of UDP, and no rule" output
# shellcheck disable=SC2046 # one option a word
"$ctreplay" verify -r case/packets case/rules $(cat case/args) >output 2>&1 &&
	! PATH=$work/bin:$PATH "$ctreplay" verify -r case/packets case/rules $(cat case/args) >output 2>&1
tell $? "and the case differs where it is planted alone" output
finish
