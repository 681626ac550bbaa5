#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every extension that src/sources.am lists is whole: its file exports the constant of its name,
# and a match or target has cases in tests/lines and a section in the manual.

cd "${srcdir:-.}" || exit 99

# files LIST: the .c files of a list of src/sources.am
files() {
	awk -v list="$1" '
		$1 == list { inside = 1 }
		inside && match($0, /src\/[^ \t\\]*\.c/) { print substr($0, RSTART, RLENGTH) }
		!/\\$/ { inside = 0 }' src/sources.am
}

n=0
# report PROBLEMS SENTENCE
report() {
	n=$((n + 1))
	if [ -z "$1" ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		echo "#$1"
	fi
}

# check LIST TYPE PREFIX
check() {
	for file in $(files "$1"); do
		stem=${file##*/}
		stem=${stem%.c}
		problems=
		grep -Eq "^const struct $2 $3_$stem([^A-Za-z0-9_]|\$)" "$file" || problems=" $file does not export 'const struct $2 $3_$stem';"
		case $3 in
		match|target)
			# The stem may name a match and a target; each needs cases of its own.
			[ "$3" = match ] && option='-[mp]' || option='-j'
			name=$(awk -v start="const struct $2" 'index($0, start) == 1 { inside = 1 }
				inside && match($0, /\.name = "[^"]*"/) {
					print substr($0, RSTART + 9, RLENGTH - 10)
					exit
				}' "$file")
			grep -Eqs -e "(^| )$option ${name:-$stem} .*; *OK *\$" "tests/lines/$stem.t" ||
				problems="$problems tests/lines/$stem.t has no case of ${name:-$stem};"
			[ -s "docs/extensions/$3-$stem.md" ] || problems="$problems docs/extensions/$3-$stem.md is missing;"
			;;
		esac
		report "$problems" "$3 $stem is whole"
	done
}

check ctreplay_matches match_type match
check ctreplay_targets target_type target
check ctreplay_trackers tracker tracker
check ctreplay_helpers helper helper
check ctreplay_sinks sink_type sink
check ctreplay_pictures sink_type sink
if [ $n -eq 0 ]; then
	echo "1..0 # SKIP src/sources.am lists no extension"
else
	echo "1..$n"
fi
