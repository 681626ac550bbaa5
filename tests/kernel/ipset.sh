#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ipset.sh: the sets of tests/cases/ipset asked of the running kernel. `ctreplay verify` makes them with the real ipset,
# compares every packet and rule, and what `ipset save` prints at the end must be what we print: both sorted, because the kernel
# lists elements in the order of a hash that is keyed anew each time, and without that key (initval). Sets with timeouts are
# replayed in real time. What is printed is also restored and saved again by the real ipset. Prints TAP; needs root, ipset,
# iptables and nftables, and skips aloud without them. Sets of kinds that the running kernel was built without are asked of
# User-Mode Linux 6.1, which CTREPLAY_UML names, as clocks.sh has it.

. "$(dirname "$0")/../tap"
report() { tell "$1" "$2" "$work/output"; }

command -v ipset >/dev/null || skip_all "there is no ipset"
unshare -n ipset list >/dev/null 2>&1 || skip_all "a network namespace needs root, or the kernel has no sets"
need_kernel

# What both print: sorted, without the hash's key and without headings.
comparable() { # FILE
	sed '/^#/d; s/ initval 0x[0-9a-f]*//' "$1" | sort
}

same() { # FILE FILE
	comparable "$1" >"$work/one"
	comparable "$2" >"$work/other"
	diff "$work/one" "$work/other" >"$work/output"
}

saved_again() {
	if [ -n "$elsewhere" ]; then
		sh -c "$elsewhere sh -c 'ipset restore <$1 && ipset save'" >"$2" 2>"$work/output" </dev/null
	else
		unshare -n sh -c 'ipset restore && ipset save' <"$1" >"$2" 2>"$work/output"
	fi
}

# choose_kernel: what is put before a command so that a kernel with these sets runs it, in $elsewhere; false: there is none
choose_kernel() {
	elsewhere=
	! unshare -n ipset restore <sets >"$work/output" 2>&1 || return 0
	grep -q 'set type not supported' "$work/output" || return 0
	uml=${CTREPLAY_UML:-$source/../shared/uml/run-uml.sh}
	elsewhere="$uml -w 100 sh -c 'sleep 310; exec \"\$@\"' sh"
	[ -x "$uml" ] && sh -c "$elsewhere true" >/dev/null 2>&1 </dev/null
}

for folder in "$source"/tests/cases/ipset/*/; do
	cd "$folder" || exit 99
	name=$(basename "$folder")
	if ! choose_kernel; then
		skip "$name" "the kernel has no such sets, and there is no other one"
		continue
	fi
	real_time=
	! grep -q timeout sets || real_time=--real-time
	files="-r packets rules"
	[ ! -f rules6 ] || files="$files -6 rules6"
	# Listings on the way are ours alone.
	options=$(sed 's/--snapshot [^ ]*//g' args)
	# shellcheck disable=SC2086 # one option a word
	if [ -n "$elsewhere" ]; then
		options="$options --kernel 6.1"
		"$ctreplay" verify --kernel-command "$elsewhere" --real-time $files $options >"$work/output" 2>&1
	else
		"$ctreplay" verify $real_time $files $options >"$work/output" 2>&1
	fi
	[ $? -eq 0 ] && grep -q '^agreement' "$work/output"
	report $? "$name: agreement in every packet"
	# shellcheck disable=SC2086
	sh -c "$elsewhere \"\$@\"" sh "$ctreplay" verify $real_time --kernel-only --out "ipset=$work/kernel" $files $options >/dev/null 2>"$work/output" &&
		"$ctreplay" run -q --out "ipset=$work/ours" $files $options >/dev/null 2>"$work/output" &&
		same "$work/kernel" "$work/ours"
	report $? "$name: the sets at the end are the kernel's"
	saved_again "$work/ours" "$work/again" && same "$work/ours" "$work/again"
	report $? "$name: ipset restores and saves what is printed"
done
finish
