#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# rule-lines.sh [SEED [N]]: N generated rule lines (tests/kernel/rule_lines), each asked of iptables-legacy-restore and
# -save 1.8.9 (ip6tables for IPv6) and of `ctreplay format`: what the one takes the other takes, and prints the same; what
# the one refuses the other refuses. Without arguments: 1000 lines of seed 1, and 1000 that are new every day: about a minute. Prints TAP, a
# test for each hundred lines; a line that differs is shown. Needs root; skips aloud without.

. "$(dirname "$0")/../tap"
need ctreplay rule_lines
for program in unshare iptables-legacy-restore iptables-legacy-save ip6tables-legacy-restore ip6tables-legacy-save; do
	command -v "$program" >/dev/null || skip_all "there is no $program"
done
case $(iptables-legacy-restore -V) in
*v1.8.9*) ;;
*) skip_all "$(iptables-legacy-restore -V) is here, ctreplay has the words of v1.8.9";;
esac
if [ -z "${LINES_NAMESPACE:-}" ]; then
	unshare -n true 2>/dev/null || skip_all "a network namespace needs root"
	LINES_NAMESPACE=1; export LINES_NAMESPACE
	unshare -n "$0" "$@"
	exit
fi

# The sets and the accounting object that lines name.
for program in ipset nfacct; do
	command -v $program >/dev/null || skip_all "there is no $program"
done
ipset create foo hash:ip && ipset create bar hash:ip,port && ipset save >"$work/sets" && nfacct add acc || exit 99

# ask_iptables, ask_ctreplay: the rule as it is printed, in $work/real and $work/ours; "refused" when it is
ask_iptables() {
	if $prefix-legacy-restore <"$work/input" 2>"$work/stderr"; then
		$prefix-legacy-save -t "$table" | grep "^-A $chain\( \|$\)" | tail -n 1 >"$work/real"
	else
		echo refused >"$work/real"
	fi
}

ask_ctreplay() {
	if "$ctreplay" format --ipset "$work/sets" "$option" "$work/input" >"$work/printed" 2>"$work/messages"; then
		grep "^-A $chain\( \|$\)" "$work/printed" | tail -n 1 >"$work/ours"
	else
		echo refused >"$work/ours"
	fi
}

n_lines=0
n_different=0
report() {
	tell "$n_different" "seed $seed, $n_lines lines, $n_different different"
	n_different=0
}

tab=$(printf '\t')
# compare SEED N
compare() {
	seed=$1
	n_lines=0
	"$rule_lines" "$1" "$2" >"$work/lines" || { echo "Bail out! the generator failed"; exit 99; }
	while IFS="$tab" read -r family table chain rule before; do
		prefix=iptables
		option=-4
		[ "$family" = ipv4 ] || { prefix=ip6tables; option=-6; }
		{
			echo "*$table"
			[ "$before" = - ] || printf -- '-A %s %s\n' "$chain" "$before"
			printf -- '-A %s %s\nCOMMIT\n' "$chain" "$rule"
		} >"$work/input"
		ask_iptables
		ask_ctreplay
		# What other tables still hold may be in the way: an estimator of the same name that is another.
		if grep -q refused "$work/real" && ! grep -q refused "$work/ours"; then
			for full in raw mangle nat filter security; do
				iptables-legacy -t $full -F && ip6tables-legacy -t $full -F
			done
			ask_iptables
		fi
		n_lines=$((n_lines + 1))
		# Names of users and groups are looked up on the machine where the rules are loaded: here they may be none.
		if ! cmp -s "$work/real" "$work/ours" &&
		   ! { grep -q refused "$work/real" && grep -q 'is known to the host alone' "$work/messages"; }; then
			n_different=$((n_different + 1))
			echo "# $family $table $chain $rule"
			sed 's/^/#   iptables: /' "$work/real"
			sed 's/^/#     /' "$work/stderr" | head -n 1
			sed 's/^/#   ctreplay: /' "$work/ours"
			sed 's/^/#     /' "$work/messages" | head -n 1
		fi
		[ $((n_lines % 100)) -ne 0 ] || report
	done <"$work/lines"
	[ $((n_lines % 100)) -eq 0 ] || report
}

if [ $# -gt 0 ]; then
	compare "$1" "${2:-100}"
else
	compare 1 1000
	compare $((100000 + $(date +%s) / 86400)) 1000
fi
finish
