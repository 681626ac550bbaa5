#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# code-coverage.sh [--write]: lines and branches of our own code that `make check` reaches, by folder; tracking, NAT and rules at 95 %
# of lines. A build of its own, for gcov. --write (make coverage) puts the table into docs/assurance.md. Needs lcov; skips aloud without.

. "$(dirname "$0")/../tap"
WANTED_PERCENT=95
unset MAKEFLAGS MFLAGS MAKELEVEL CTREPLAY CC COMPILE_FLAGS TESTS TEST_SUITE_LOG
command -v lcov >/dev/null 2>&1 && command -v gcov >/dev/null 2>&1 && command -v gcc >/dev/null 2>&1 ||
	skip_all "lcov, gcov or gcc is not here"
cd "$work" || exit 99
# At their end programs write what they counted: they are not confined. Not optimized: a line is a line.
"$source/configure" --without-libseccomp CC=gcc CFLAGS='-O0 -g --coverage' LDFLAGS=--coverage >make.out 2>&1 &&
	make -s -j "$n_jobs" >>make.out 2>&1 && make -s -j "$n_jobs" check TESTS= >>make.out 2>&1 ||
	{ tail -n 20 make.out; echo "Bail out! it cannot be built for gcov"; exit 99; }
# Some tests look at the object files, and at what appears on standard error: these counters disturb them.
make -s -j "$n_jobs" -k check >check.out 2>&1
lcov --rc lcov_branch_coverage=1 -q -c -d . -o all.info >lcov.out 2>&1 &&
	lcov --rc lcov_branch_coverage=1 -q -e all.info "$source/src/*" -o src.info >>lcov.out 2>&1 && [ -s src.info ] ||
	{ tail -n 5 lcov.out; echo "Bail out! lcov has no figures"; exit 99; }

# "FOLDER LINES-HIT LINES BRANCHES-HIT BRANCHES", each folder without those inside it, and sums
awk -F '[:,]' -v prefix="$source/src/" '
	$1 == "SF" { folder = substr($2, length(prefix) + 1); sub(/\/[^\/]*$/, "", folder); top = folder; sub(/\/.*/, "", top) }
	$1 == "LH" { add(1, $2) } $1 == "LF" { add(2, $2) } $1 == "BRH" { add(3, $2) } $1 == "BRF" { add(4, $2) }
	function add(i, number) { sum[folder, i] += number; all[top, i] += number; whole[i] += number; seen[folder] = 1; tops[top] = 1 }
	END {
		for (f in seen) print f, sum[f, 1] + 0, sum[f, 2] + 0, sum[f, 3] + 0, sum[f, 4] + 0
		for (t in tops) print "=" t, all[t, 1] + 0, all[t, 2] + 0, all[t, 3] + 0, all[t, 4] + 0
		print "=all", whole[1], whole[2], whole[3], whole[4]
	}' src.info | sort >figures

percent() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", b ? 100 * a / b : 100 }'; }
while read -r folder lines_hit lines branches_hit branches; do
	case $folder in
	=conntrack|=nat|=rules) wanted=$WANTED_PERCENT;;
	=*) wanted=0;;
	*) continue;;
	esac
	[ $((lines_hit * 100)) -ge $((lines * wanted)) ]
	tell $? "${folder#=}: $(percent "$lines_hit" "$lines") % of $lines lines, $(percent "$branches_hit" "$branches") % of $branches branches"
done <figures

if [ "${1:-}" = --write ]; then
	{
		echo '| folder | lines | reached | branches | reached |'
		echo '|---|---:|---:|---:|---:|'
		grep -v '^=' figures | while read -r folder lines_hit lines branches_hit branches; do
			echo "| \`src/$folder\` | $lines | $(percent "$lines_hit" "$lines") % | $branches | $(percent "$branches_hit" "$branches") % |"
		done
		grep '^=all' figures | while read -r _ lines_hit lines branches_hit branches; do
			echo "| all | $lines | $(percent "$lines_hit" "$lines") % | $branches | $(percent "$branches_hit" "$branches") % |"
		done
	} >table
	awk -v table=table '
		/^<!-- code coverage/ { print; while ((getline line <table) > 0) print line; skipping = 1; next }
		/^<!-- end -->/ { skipping = 0 }
		!skipping' "$source/docs/assurance.md" >document && cp document "$source/docs/assurance.md"
fi
finish
