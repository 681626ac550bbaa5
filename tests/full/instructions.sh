#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# How many instructions of ctreplay's own code (not of libraries) a small replay takes, by callgrind, beside what
# tests/bench/instructions has: 3 % more fails. Another compiler makes other code: then nothing can be compared.
# With --record it writes the file, whose change needs a reason. And what is promised of one cost beside another, in the same unit,
# which no other work on the machine changes.

. "$(dirname "$0")/../tap"
recorded=$source/tests/bench/instructions

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}
command -v valgrind >/dev/null 2>&1 || skip_all "valgrind is not there"
compiler=$(sed -n 's/^CC = //p' Makefile)
compiler=${compiler:-cc}
# shellcheck disable=SC2086 # words
here="$($compiler --version 2>/dev/null | head -n 1), $(uname -m)"
there=$(sed -n 's/^# built with: //p' "$recorded" 2>/dev/null)
[ "${1-}" = --record ] || [ "$here" = "$there" ] || skip_all "recorded with $there; here it is $here"

# callgrind writes at the end what a confined replay may not: so a build of its own, which settles the flags too.
unset MAKEFLAGS MFLAGS MAKELEVEL
mkdir "$work/build" && cd "$work/build" || exit 99
if ! "$source/configure" --without-libseccomp CC="$compiler" CFLAGS='-g -O2' >configure.out 2>&1 ||
   ! make -s -j2 ctreplay tests/bench/bench_generate >make.out 2>&1; then
	tell 1 "it builds"
	tail -n 5 configure.out make.out 2>/dev/null | sed 's/^/# /'
	finish
fi
ctreplay=$work/build/ctreplay
tests/bench/bench_generate "$work/udp" 10000 1000 || exit 99
tests/bench/bench_generate "$work/tcp" 10000 1000 tcp || exit 99
tests/bench/bench_generate "$work/one" 1 1 || exit 99
for n_rules in 20 1000 10000; do
	"$source/tests/bench/ruleset" $n_rules >"$work/rules$n_rules"
done
sed 's/^-A FORWARD -s 10.9/-A FORWARD -s 10.99/' "$source/tests/bench/stateful.rules" >"$work/alike.rules"
sed 's/^-A FORWARD -s 10.9/-A FORWARD -s 10.1/' "$source/tests/bench/stateful.rules" >"$work/other.rules"

# follow ARGUMENT...: runs it; 1 of diff: there are differences
follow() {
	valgrind --tool=callgrind --callgrind-out-file="$work/out" "$ctreplay" "$@" --seed 1 --local 192.168.1.254/24 \
		>/dev/null 2>"$work/err"
	[ $? -le 1 ]
}
# total ARGUMENT...: instructions with those of libraries, which read the capture
total() {
	follow "$@" && sed -n 's/.*refs: *//p' "$work/err" | tr -d ,
}
# count ARGUMENT...: instructions in the program itself. callgrind's file: ob= says of which object the lines behind it are, by a
# number that this or cob= has given a name; calls= is followed by a line of what was called.
count() {
	follow "$@" || return 1
	awk '
		/^c?ob=/ {
			is_callee = /^cob/
			sub(/^c?ob=/, "")
			id = $1
			if (NF > 1)
				is_own[id] = $2 ~ /\/ctreplay$/
			if (!is_callee)
				own = is_own[id]
			next
		}
		/^calls=/ { skip = 1; next }
		/^[0-9+*-]/ { if (!skip && own) sum += $2; skip = 0 }
		END { printf "%d\n", sum }' "$work/out"
}
measure() {
	rules=$source/tests/bench/stateful.rules
	echo "run-udp $(count run -q -r "$work/udp" "$rules")"
	echo "run-tcp $(count run -q -r "$work/tcp" "$rules")"
	echo "run-1000-rules $(count run -q -r "$work/udp" "$work/rules1000")"
	echo "run-text $(count run --threads 1 -r "$work/udp" "$rules")"
	echo "run-csv $(count run --threads 1 -q --out csv=/dev/null -r "$work/udp" "$rules")"
	echo "run-json $(count run --threads 1 -q --out json=/dev/null -r "$work/udp" "$rules")"
	echo "explain $(count explain --packet 10000 -r "$work/udp" "$rules")"
	echo "coverage $(count coverage -r "$work/udp" "$rules")"
	echo "diff-alike $(count diff -r "$work/udp" "$rules" "$work/alike.rules")"
	echo "diff-other $(count diff -r "$work/udp" "$rules" "$work/other.rules")"
}
if [ "${1-}" = --record ]; then
	{
		echo "# Instructions of ctreplay's own code, by callgrind: tests/full/instructions.sh --record in the build directory."
		echo "# built with: $here"
		measure
	} >"$work/new" && cat "$work/new" >"$recorded"
	exit
fi
measure >"$work/now"
# Without what it takes to begin.
packets_through() {
	echo $(($(count run -q -r "$work/udp" "$1") - $(count run -q -r "$work/one" "$1")))
}
# live_and LATE: 5,000 packets that open a flow each, and one at that second
live_and() {
	awk -v late="$1" 'BEGIN {
		print "# ctreplay packets"
		for (i = 0; i < 5000; i++)
			printf "%.6f udp 10.1.%d.%d:2000 > 192.168.1.254:7000 len 20\n", i / 1000000, i / 250, i % 250 + 1
		print late, "udp 10.2.0.1:9 > 192.168.1.254:7001 len 20"
	}' >"$work/script"
	"$ctreplay" craft "$work/script" -w "$work/late$1"
}
live_and 1 && live_and 1000 || exit 99
rules=$source/tests/bench/stateful.rules
live=$(total run -q -r "$work/late1" "$rules")
# beyond ARGUMENT...: instructions besides those of a run in which all flows live and nobody lists them
beyond() {
	echo $(($(total run -q "$@" "$rules") - live))
}
{
	echo "ended $(beyond -r "$work/late1000")"
	echo "unheard $(beyond -r "$work/late1" --snapshot each)"
	echo "listed $(beyond -r "$work/late1" --threads 1 --out table=/dev/null)"
	echo "listed-early $(beyond -r "$work/late1" --threads 1 --out table=/dev/null --snapshot packet=1)"
	echo "total-run $(total run -q -r "$work/udp" "$rules")"
	echo "total-run-other $(total run -q -r "$work/udp" "$work/other.rules")"
	echo "total-explain $(total explain --packet 10000 -r "$work/udp" "$rules")"
	echo "total-coverage $(total coverage -r "$work/udp" "$rules")"
	echo "total-alike $(total diff -r "$work/udp" "$rules" "$work/alike.rules")"
	echo "total-other $(total diff -r "$work/udp" "$rules" "$work/other.rules")"
	echo "packets-20 $(packets_through "$work/rules20")"
	echo "packets-10000 $(packets_through "$work/rules10000")"
} >>"$work/now"
grep -v '^#' "$recorded" | awk -v now="$work/now" '
	BEGIN { while ((getline line < now) > 0) { split(line, part, " "); count[part[1]] = part[2] } }
	function tell(is_good, words) { printf "%s %d - %s\n", is_good ? "ok" : "not ok", ++n, words; failed += !is_good }
	function bound(words, cost, base, most) {
		tell(cost > 0 && base > 0 && cost <= most * base, sprintf("%s: %.2f of at most %.1f", words, base ? cost / base : 0, most))
	}
	{
		change = $2 ? (count[$1] / $2 - 1) * 100 : 0
		tell(count[$1] > 0 && change <= 3, sprintf("%s: %d instructions, %+.1f %% of what is recorded", $1, count[$1], change))
	}
	END {
		run = count["total-run"]
		bound("explain, in runs", count["total-explain"], run, 2)
		bound("coverage, in runs", count["total-coverage"], run, 2)
		bound("diff where no packet differs, in runs", count["total-alike"], run, 2)
		bound("diff where every flow differs, in runs of both rulesets", count["total-other"], (run + count["total-run-other"]) / 2, 2)
		bound("a packet through 10,000 rules, beside 20", count["packets-10000"], count["packets-20"], 1.3)
		bound("an entry that ends, of 5,000, in thousands of instructions", count["ended"], 5000 * 1000, 2.5)
		bound("a listing of up to 5,000 entries that nobody writes, likewise", count["unheard"], 5000 * 1000, 3)
		bound("an entry of one that is written", count["listed"], 5000 * 1000, 5)
		bound("a listing of one entry, when 5,000 came later", count["listed-early"], 1000, 400)
		printf "1..%d\n", n
		exit failed != 0
	}'
