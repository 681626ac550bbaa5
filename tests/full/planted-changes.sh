#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every real ruleset that loads has a suite: packets made from its rules (`ctreplay diff --generate -w`), and what becomes of them
# (`ctreplay test --record`). Then one rule of table filter is changed: its verdict is turned round, it is removed, or its port
# is another. `ctreplay diff --generate` finds the change without any capture and names the rule; `ctreplay test` fails and
# names it too. And nothing differs from itself. Of each kind three rules are tried in turn, for a rule that nothing can reach
# hides its change. Rulesets: CTREPLAY_CORPORA, or ../shared/corpora beside the source tree. Prints TAP; skips aloud without them.

. "$(dirname "$0")/../tap"
need ctreplay
corpora=${CTREPLAY_CORPORA:-$source/../shared/corpora}
[ -r "$corpora/rules/INDEX.csv" ] || skip_all "no rulesets at $corpora/rules"
cd "$work" || exit 99

# In so many rulesets at least
FEWEST_verdict=45
FEWEST_removal=40
FEWEST_port=20


# The lines of rules of table filter that accept or drop (for port: and name one): the middle, the last and the first one.
candidates() { # KIND FILE
	awk -v kind="$1" '/^\*/ { table = $1 } /-t (nat|mangle|raw|security)/ || /^ *#/ || (table && table != "*filter") { next }
		/(^| )(-A|-I) .* -j (ACCEPT|DROP)( |$)/ && (kind != "port" || / --dport [0-9]+( |$)/) { lines[++n] = NR }
		END { if (n) { print lines[int((n + 1) / 2)]; if (n > 1) print lines[n]; if (n > 2) print lines[1] } }' "$2"
}
plant() { # KIND FILE LINE
	awk -v kind="$1" -v line="$3" 'NR != line { print; next }
		kind == "removal" { print ""; next }
		kind == "port" { match($0, / --dport [0-9]+/); head = substr($0, 1, RSTART - 1); tail = substr($0, RSTART + RLENGTH)
			port = substr($0, RSTART + 9, RLENGTH - 9); print head " --dport " port + 1 tail; next }
		/ -j ACCEPT/ { sub(/ -j ACCEPT/, " -j DROP"); print; next } { sub(/ -j DROP/, " -j ACCEPT"); print }' "$2"
}
# The rule in this line, of the old rules or of the new ones, is named as a cause.
names_line() { grep -E -q "^  (old|new)  .* [^ ]*:$1\$" "$2"; }

# A suite of the ruleset with packets of its own, and today's behaviour
make_suite() { # RULES
	"$ctreplay" diff "$1" "$1" --generate -w made.packets >said 2>/dev/null || return 1
	sed -n 's/^# The host://p' made.packets | sed 's/ --local \([^ ]*\)/ local "\1"/g; s/ --route \([^ ]*\)/ route "\1"/g' | awk -v name="$2" '
		{ for (i = 1; i < NF; i += 2) all[$i] = all[$i] (all[$i] ? ", " : "") $(i + 1) }
		END { printf "{ \"rules\": \"tried.rules\", \"capture\": \"made.packets\", \"local\": [ %s ], \"route\": [ %s ],\n", all["local"], all["route"]
			printf "  \"cases\": [ { \"name\": \"%s\", \"expect\": \"seen.json\" } ] }\n", name }' >suite.json
	cp "$1" tried.rules && rm -f seen.json && "$ctreplay" test suite.json --record >/dev/null
}

# The first change of a kind that is found; false when there is none
find_change() { # KIND RULES
	for line in $(candidates "$1" "$2"); do
		plant "$1" "$2" "$line" >tried.rules
		"$ctreplay" check tried.rules >/dev/null 2>&1 || continue
		"$ctreplay" diff "$2" tried.rules --generate --only verdict --all >said 2>/dev/null
		[ $? -eq 1 ] && names_line "$line" said && return 0
	done
	return 1
}

n_rulesets=0
for name in $(tail -n +2 "$corpora/rules/INDEX.csv" | cut -d , -f 1); do
	rules=$corpora/rules/$name
	[ -f "$rules" ] && "$ctreplay" check "$rules" >/dev/null 2>&1 || continue
	n_rulesets=$((n_rulesets + 1))
	make_suite "$rules" "$name" && grep -q '^no difference found in [0-9]* generated packets and [0-9]* flows*$' said
	tell $? "$name does not differ from itself: $(tail -n 1 said)"
	"$ctreplay" test suite.json >said
	tell $? "$name: its suite passes"
	for kind in verdict removal port; do
		[ -n "$(candidates $kind "$rules")" ] || continue
		eval "n_tried_$kind=\$((\${n_tried_$kind:-0} + 1))"
		find_change $kind "$rules" || { echo "# $name: no change of a $kind is seen in lines $(candidates $kind "$rules" | tr '\n' ' ')"; continue; }
		eval "n_found_$kind=\$((\${n_found_$kind:-0} + 1))"
		# The suite's packets were made before the change: another port than theirs is one that they may not have.
		"$ctreplay" test suite.json >said
		[ $? -eq 1 ] && grep -q "tried.rules:$line\|expected [A-Z]* by \"[^\"]*\"" said
		if [ $? -ne 0 ] && [ $kind = port ]; then
			echo "# $name: its suite does not notice the changed $kind in line $line"
			continue
		fi
		tell $? "$name: test finds the changed $kind in line $line"
		"$ctreplay" diff "$rules" tried.rules -r made.packets --all $(sed -n 's/^# The host: //p' made.packets) >said 2>/dev/null
		[ $? -eq 1 ] && names_line "$line" said
		tell $? "$name: diff of the suite's capture names it"
	done
done
for kind in verdict removal port; do
	eval "n_found=\${n_found_$kind:-0} n_tried=\${n_tried_$kind:-0} fewest=\$FEWEST_$kind"
	[ "$n_found" -ge "$fewest" ]
	tell $? "a changed $kind is found without a capture in at least $fewest rulesets: in $n_found of $n_tried, of $n_rulesets that load"
done
finish
