#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# table-full.sh: what a kernel does when its connection table is full. Its limit belongs to the whole machine, so kernels in virtual time
# are asked: `ctreplay verify` about the cases of tests/cases/table-full, and about tables of which so many entries are near every new one
# that some give way, and so few that often none does. Which, depends on a key that is drawn; how many, and who never, does not. Prints TAP.
#
# CTREPLAY_UML names the program that runs a command under such a kernel; ../shared/uml/run-uml.sh beside the tree unless said
# otherwise. Skips aloud without.

. "$(dirname "$0")/../tap"
need ctreplay
uml=${CTREPLAY_UML:-$source/../shared/uml/run-uml.sh}
[ -x "$uml" ] || skip_all "there is no $uml"
cp "$ctreplay" "$work/ctreplay" && cd "$work" || exit 99

# A kernel whose table holds $1 entries in $2 buckets; it tells what it logged. It has just booted: see clocks.sh.
cat >boot <<'END'
sysctl -qw net.netfilter.nf_conntrack_buckets="$2" net.netfilter.nf_conntrack_max="$1" || exit
shift 2
date -s @1767225290 >/dev/null
sleep 310
dmesg -C
"$@"
status=$?
dmesg | grep -c 'table full, dropping packet' >logged
exit $status
END
"$uml" -w 100 sh boot 9 512 true >output 2>&1 </dev/null || skip_all "$uml: $(head -n 1 output)"

result() { tell "$1" "$2" output; }

# The cases: packet by packet, and a line in the kernel's log.
for version in 6.1 6.12; do
	for case in "$source"/tests/cases/table-full/*; do
		# shellcheck disable=SC2046 # one option a word
		./ctreplay verify --kernel "$version" --real-time \
			--kernel-command "$uml -k linux-uml-$version-hz250 -w 100 sh boot 3 262144" \
			-r "$case/packets" "$case/rules" $(cat "$case/args") >output 2>&1 </dev/null &&
			! grep -q 'not comparable' output && [ "$(cat logged)" -gt 0 ]
		result $? "${case##*/}, by Linux $version"
	done
done

cat >rules <<'END'
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A OUTPUT -m conntrack --ctstate INVALID
COMMIT
END
# talk N_ASSURED N_OTHERS N_NEW: so many flows that are, so many that are not, and then so many more.
talk() {
	awk -v assured="$1" -v others="$2" -v new="$3" '
	function say(time, there, back, port, n) {
		for (i = 1; i <= n; i++)
			printf "%.4f udp %s > %s len 1\n", time + i / 10000, there ? there ":" i : back, there ? back : "10.0.0.1:" i
	}
	BEGIN {
		print "# ctreplay packets"
		say(0, "10.0.0.1", "10.0.0.2:1", 1, assured)
		say(1, "", "10.0.0.2:1", 1, assured)
		say(4, "10.0.0.1", "10.0.0.2:1", 1, assured)
		say(5, "10.0.0.1", "10.0.0.2:2", 2, others)
		say(6, "10.0.0.1", "10.0.0.2:3", 3, new)
	}' >packets
}

# counts FILE: how many new ones were dropped, how many entries were ended, how many of those were ASSURED; a line a packet
counts() {
	grep -c 'table full' "$1.dropped"
	grep -c '\[DESTROY\]' "$1.events"
	grep '\[DESTROY\]' "$1.events" | grep -c ASSURED
}

# both MAX N_ASSURED N_OTHERS N_NEW: asks the kernel and the simulation; "kernel" and "ours" are their counts
both() {
	talk "$2" "$3" "$4"
	set -- "$1" -r packets rules --local 10.0.0.1/24@eth0 --kernel 6.12
	max=$1
	shift
	"$uml" -k linux-uml-6.12-hz250 -w 100 sh boot "$max" 512 \
		./ctreplay verify --kernel-only --json --real-time "$@" >answers 2>output </dev/null || return
	# Each answer holds the events that came with its packet. What ends later has expired.
	sed -n 's/.*"events":\[\(.*\)\],"story".*/\1/p' answers | tr '{' '\n' >kernel.events
	grep '"verdict":"DROP"' answers | sed 's/.*/table full/' >kernel.dropped
	./ctreplay run "$@" --sysctl "net.netfilter.nf_conntrack_max=$max" --sysctl net.netfilter.nf_conntrack_buckets=512 \
		--out events=ours.all --out text=ours.dropped >output 2>&1 || return
	# Likewise: an end by expiry has no seconds left.
	grep -v '^\[DESTROY\] udp      17 src' ours.all >ours.events
	# shellcheck disable=SC2046 # six words
	set -- $(counts kernel) $(counts ours)
	k_dropped=$1 k_ended=$2 k_assured=$3 o_dropped=$4 o_ended=$5 o_assured=$6
	echo "dropped, ended, of these ASSURED: kernel $1 $2 $3, ours $4 $5 $6" >output
}

# A bucket of 512 has four entries, each twice, and one at least stands near every new one: nobody is dropped, buckets are emptied.
both 1060 60 1000 200 && [ $((k_dropped + o_dropped + k_assured + o_assured)) -eq 0 ] &&
	[ "$k_ended" -ge 200 ] && [ "$o_ended" -ge 200 ]
result $? "where entries are near every new one, some give way, and none that is ASSURED ($(cat output))"

# 80 tuples in 512 buckets: in 28 of 100 eights of buckets there is none.
both 40 0 40 400 && [ "$k_dropped" -gt 60 ] && [ "$k_dropped" -lt 170 ] && [ "$o_dropped" -gt 60 ] && [ "$o_dropped" -lt 170 ] &&
	[ "$k_ended" -ge $((400 - k_dropped)) ] && [ "$o_ended" -ge $((400 - o_dropped)) ]
result $? "where few are, as many new ones are dropped as the kernel drops, by their chance ($(cat output))"
finish
