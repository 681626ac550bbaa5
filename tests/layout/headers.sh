#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every header compiles alone, without warnings, with the flags of the build.

source=${srcdir:-.}
if [ -z "${CC:-}" ] || [ -z "${COMPILE_FLAGS:-}" ]; then
	echo "1..0 # SKIP CC and COMPILE_FLAGS are not set (make check sets them)"
	exit 0
fi

headers=$(cd "$source/src" && find . -name '*.h' | sed 's/^\.\///' | LC_ALL=C sort)
n=0
for header in $headers; do
	n=$((n + 1))
	# Included from a file, as in life: as the main file, a header's unused inline functions would be warned of.
	if said=$(printf '#include "%s"\n' "$header" | $CC $COMPILE_FLAGS -Werror -fsyntax-only -x c - 2>&1); then
		echo "ok $n - src/$header compiles alone"
	else
		echo "not ok $n - src/$header compiles alone"
		printf '%s\n' "$said" | sed 's/^/# /'
	fi
done
echo "1..$n"
