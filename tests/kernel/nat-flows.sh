#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# nat-flows.sh [SEED]: 10,000 flows of fifty clients, TCP, UDP and ICMP, against one public address and few ports, so that many
# find none. (A range whose size is no power of two may hide its last free port: the number that is drawn wraps at 65536.) Which port a flow gets is drawn; whether it gets one is not: every packet must meet the same verdict and
# ctstate here and in the running kernel, in which the same flows must be remembered. Neither may ever use a
# tuple twice at a time, or a port that the rules do not allow. Prints TAP. Needs what verify needs; skips aloud without.

. "$(dirname "$0")/../tap"
need ctreplay
seed=${1:-1}

cat >"$work/rules" <<'END'
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -o wan -p tcp -m tcp --dport 443 -j MASQUERADE --to-ports 40000-40063 --random
-A POSTROUTING -o wan -p tcp -j MASQUERADE --to-ports 40000-40063
-A POSTROUTING -o wan -p udp -j SNAT --to-source 203.0.113.2:41000-41031 --random-fully
-A POSTROUTING -o wan -j MASQUERADE
COMMIT
END

# Some flows share their source port, some have one that the rules allow, some come again before they are forgotten.
awk -v seed="$seed" '
function pick(n) {
	state = (state * 16807) % 2147483647
	return state % n
}
BEGIN {
	state = seed * 7919 % 2147483646 + 1
	print "# ctreplay packets"
	for (flow = 0; flow < 10000; flow++) {
		now += pick(30)
		time = sprintf("%d.%03d", now / 1000, now % 1000)
		client = "192.168.1." 10 + pick(50)
		server = "198.51.100." 1 + pick(5)
		port = pick(3) ? 1024 + pick(60000) : pick(2) ? 40000 + pick(64) : 5353
		kind = pick(20)
		if (kind < 10)
			line = "tcp " client ":" port " > " server ":" (pick(2) ? 443 : 80) " S seq " 1 + pick(1000000)
		else if (kind < 19)
			line = "udp " client ":" port " > " server ":" (pick(2) ? 53 : 123) " len 20"
		else
			line = "icmp " client " > " server " echo-request id " pick(40) " seq 1 len 8"
		print time, line
		if (pick(4) == 0)
			print time, line
	}
}' >"$work/flows.packets" </dev/null

set -- -r "$work/flows.packets" -4 "$work/rules" --local 192.168.1.1/24@lan --local 203.0.113.2/24@wan --route default@wan
"$ctreplay" verify --kernel-only -q "$@" --out "csv=$work/kernel.csv" --out "events=$work/kernel.events" >"$work/output" 2>&1
case $? in
0) ;;
3) skip_all "$(head -n 1 "$work/output")";;
*) sed 's/^/# /' "$work/output"; echo "Bail out! verify failed"; exit 99;;
esac
"$ctreplay" run -q "$@" --out "csv=$work/ours.csv" --out "events=$work/ours.events" >"$work/output" 2>&1 ||
	{ sed 's/^/# /' "$work/output"; echo "Bail out! run failed"; exit 99; }

report() { tell "$1" "$2" "$work/differ"; }

# columns FILE.csv NAME...: those columns, whatever their order in the file; commas inside quotes come in later columns
columns() {
	file=$1
	shift
	awk -F , -v names="$*" '
	BEGIN { n = split(names, wanted, " ") }
	NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	{
		line = $at[wanted[1]]
		for (i = 2; i <= n; i++)
			line = line "," $at[wanted[i]]
		print line
	}' "$file"
}

for side in kernel ours; do
	columns "$work/$side.csv" number ctstate direction entry change timeout verdict >"$work/$side.verdicts"
done
diff "$work/kernel.verdicts" "$work/ours.verdicts" >"$work/differ"
report $? "the same verdicts, ctstates and entries: $(grep -c ',ACCEPT$' "$work/ours.verdicts") packets accepted, $(grep -c ',DROP$' "$work/ours.verdicts") dropped"

# What is not drawn of an event: the port of the answer aside. Entries that end at the same time do so in any order.
for side in kernel ours; do
	sed 's/ dport=[0-9]*$//; s/ id=[0-9]*$//' "$work/$side.events" >"$work/plain"
	{
		grep -v DESTROY "$work/plain"
		grep DESTROY "$work/plain" | sort
	} >"$work/$side.plain"
done
diff "$work/kernel.plain" "$work/ours.plain" >"$work/differ"
report $? "the same events: $(wc -l <"$work/ours.events")"

for side in kernel ours; do
	# The answers' tuple, behind the event and the protocol.
	sed 's/^ *\[\([A-Z]*\)\] \([a-z]*\) .*\(src=.*\)$/\1 \2 \3/' "$work/$side.events" | awk '
	{ tuple = substr($0, length($1) + 2) }
	$1 == "NEW" && tuple in live { print "twice: " tuple }
	$1 == "NEW" { live[tuple] = 1; n++ }
	$1 == "DESTROY" { delete live[tuple] }
	END { if (n < 1000) print "only " n + 0 " entries" }' >"$work/differ"
	test ! -s "$work/differ"
	report $? "no tuple is used twice ($side)"
	sed -n 's/^ *\[NEW\] \([a-z]*\) .* dport=\([0-9]*\)$/\1 \2/p' "$work/$side.events" | awk '
	$1 == "tcp" && ($2 < 40000 || $2 > 40063) || $1 == "udp" && ($2 < 41000 || $2 > 41031)' >"$work/differ"
	test ! -s "$work/differ"
	report $? "every port is one that the rules allow ($side)"
done
finish
