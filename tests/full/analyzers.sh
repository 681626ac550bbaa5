#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# analyzers.sh [--whole]: static analyzers find nothing: cppcheck, gcc -fanalyzer, clang-tidy with the checks of .clang-tidy; with --whole
# also clang --analyze, which takes minutes. What they are wrong about stands, with the reason, in tests/full/analyzers.excuses.
# Skips aloud what is not here. make check-full runs it; SOURCES='src/nat/bind.c ...' looks at these files alone.

. "$(dirname "$0")/../tap"
excuses=$source/tests/full/analyzers.excuses
[ -f config.h ] || { echo "Bail out! run this in the folder of a build"; exit 99; }
cd "$source" || exit 99
sources=${SOURCES:-$(find src -name '*.c' | sort)}
flags="-std=c11 -Isrc -I$build -include $build/config.h -D_FORTIFY_SOURCE=0"
for library in libpcap libcjson libmnl libseccomp ncursesw check; do
	flags="$flags $(pkg-config --cflags $library 2>/dev/null)"
done

# judge TOOL: the lines "FILE:LINE: words [check]" in $work/found, but for those that are excused
judge() {
	awk -v tool="$1" '
		FILENAME == ARGV[1] { if ($1 == tool) { file[++n] = $2; check[n] = $3 }; next }
		{
			for (i = 1; i <= n; i++)
				if (index($0, file[i]) == 1 && index($0, "[" check[i])) next
			print
		}' "$excuses" "$work/found" | sort -u >"$work/left"
	show "$work/left"
	[ ! -s "$work/left" ]
	tell $? "$1 finds nothing in $(echo $sources | wc -w) files"
}

if command -v cppcheck >/dev/null 2>&1; then
	echo '#define cJSON_ArrayForEach(element, array) for (element = (array)->child; element; element = element->next)' >"$work/macros.h"
	# shellcheck disable=SC2086 # words
	cppcheck -q -j "$n_jobs" --std=c11 --enable=warning,performance,portability --inline-suppr -Isrc "-I$build" "--include=$build/config.h" \
		"--include=$work/macros.h" \
		--template='{file}:{line}: {message} [{id}]' $sources 2>&1 | grep '^src/' >"$work/found"
	judge cppcheck
else
	skip "cppcheck" "it is not here"
fi

if echo 'int x;' | gcc -fanalyzer -x c -c -o "$work/x.o" - 2>"$work/errors"; then
	# shellcheck disable=SC2086
	printf '%s\n' $sources | xargs -P "$n_jobs" -n 6 sh -c 'flags=$1; shift
		for file; do gcc $flags -O1 -fanalyzer -fdiagnostics-plain-output -S -o /dev/null "$file" 2>&1; done' sh "$flags" |
		sed -n 's/^\(src\/[^:]*:[0-9]*\):[0-9]*: warning: /\1: /p' >"$work/found"
	judge gcc
else
	skip "gcc -fanalyzer" "gcc does not know it, or is not here"
fi

if command -v clang-tidy >/dev/null 2>&1; then
	# shellcheck disable=SC2086
	printf '%s\n' $sources | xargs -P "$n_jobs" -n 6 sh -c 'flags=$1; shift
		clang-tidy --quiet "$@" -- $flags 2>/dev/null' sh "$flags" |
		sed -n "s|^$source/||; s/^\(src\/[^:]*:[0-9]*\):[0-9]*: [a-z]*: /\1: /p" >"$work/found"
	judge clang-tidy
else
	skip "clang-tidy" "it is not here"
fi

if [ "${1:-}" != --whole ]; then
	skip "clang --analyze" "it takes minutes: --whole"
elif command -v clang >/dev/null 2>&1; then
	# shellcheck disable=SC2086
	printf '%s\n' $sources | xargs -P "$n_jobs" -n 6 sh -c 'flags=$1; shift
		for file; do clang --analyze -Xclang -analyzer-output=text $flags "$file" 2>&1; done' sh "$flags" |
		sed -n 's/^\(src\/[^:]*:[0-9]*\):[0-9]*: warning: /\1: /p' >"$work/found"
	judge clang
else
	skip "clang --analyze" "clang is not here"
fi
finish
