#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# coverage.sh: what `ctreplay coverage` says that every rule and policy has counted, packets and bytes, is what the running kernel
# counts: for the labs of captures/, for two captures together, and for real rulesets (CTREPLAY_CORPORA, as for
# tests/full/corpora.sh) with packets made from their rules. These are rulesets without matches that read the kernel's clock or
# draw numbers. Prints TAP; needs what verify needs, and skips aloud without. Under a minute.

. "$(dirname "$0")/../tap"
corpora=${CTREPLAY_CORPORA:-$source/../shared/corpora}
need_kernel
cd "$work" || exit 99

kernel() {
	capture=$1
	shift
	"$ctreplay" verify --kernel-only --quiet --zero -r "$capture" "$@" --out counters=counters >output 2>&1 &&
		sh "$source/tests/list-counters" save counters
}
ours() { # OPTION...
	"$ctreplay" coverage --json "$@" 2>output | sh "$source/tests/list-counters" coverage
}
compare() { # NAME: the files theirs and ours, which are not empty
	[ -s theirs ] && diff theirs ours >difference
	status=$?
	tell $status "$1: $(awk '$4 != "policy" { n++ } $4 != "policy" && $5 { m++ } END { print n + 0 " rules, " m + 0 " of them with packets" }' theirs)"
	[ $status -eq 0 ] || show difference
}

for lab in "$source"/captures/*/capture.pcap; do
	folder=${lab%/*}
	# A rule with a rate: the kernel's clock goes on as it likes.
	! grep -q -e '-m limit' "$folder/rules" || continue
	# shellcheck disable=SC2046 # one option a word
	set -- "$folder/rules" $(cat "$folder/host")
	kernel "$lab" "$@" >theirs
	ours -r "$lab" "$@" >ours
	compare "${folder##*/}"
done

# Two captures add up.
set -- "$source/captures/port-scan/rules" --local 10.0.0.2/24@eth0
{ kernel "$source/captures/port-scan/capture.pcap" "$@"; kernel "$source/captures/web-server/capture.pcap" "$@"; } |
	awk '{ key = $1 " " $2 " " $3 " " $4; n[key] += $5; m[key] += $6 } END { for (key in n) print key, n[key], m[key] }' | sort >theirs
ours -r "$source/captures/port-scan/capture.pcap" -r "$source/captures/web-server/capture.pcap" "$@" >ours
compare "two captures together"

if [ -d "$corpora/rules" ]; then
	for name in ferm-tests/modules-multiport ferm-tests/targets-connmark fwbuilder/firewall10.cmds \
		fwbuilder/firewall3.cmds fwbuilder/vrrp_cluster_1_linux-1.cmds generated/ferm-ipv6.ip6.rules generated/firewalld.v4 \
		iptables-semantics/docker-topos1 iptables-semantics/medium-company-30 iptables-semantics/topos-factory \
		iptables-semantics/ugent-1.4.21 iptables-tests/firewalld-completed iptables-tests/restore-v4 iptables-tests/wireless-cpe \
		moby/new-daemon.S moby/usernet-internal.S moby/usernet-portmap.S net-network/ferm-dmz-router \
		net-network/ferm-dsl-router net-network/serverfault-758088 net-network/serverfault-762193 net-network/serverfault-765855 \
		net-network/serverfault-769294; do
		rules=$corpora/rules/$name
		[ -f "$rules" ] || continue
		"$ctreplay" diff "$rules" "$rules" --generate -w made.packets >output 2>&1
		# shellcheck disable=SC2046
		set -- "$rules" $(sed -n 's/^# The host: //p' made.packets)
		kernel made.packets "$@" >theirs
		ours -r made.packets "$@" >ours
		compare "$name"
	done
else
	skip "real rulesets" "none at $corpora"
fi
finish
