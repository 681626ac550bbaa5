#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A short turn for each fuzz target: it is built for clang's libFuzzer with both sanitizers, and looks for what it does not
# survive for FUZZ_TIME seconds (3). Prints TAP; skips aloud where clang or its libFuzzer is not there. What it tries is drawn
# by one seed, so that a change is judged and not chance; make fuzz takes longer turns, each time others.

set -u
LC_ALL=C; export LC_ALL
unset MAKEFLAGS MFLAGS MAKELEVEL CC COMPILE_FLAGS
source=$(cd "${srcdir:-$(dirname "$0")/../..}" && pwd) || exit 99
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM

echo 'int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long len); int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long len) { return !data && len; }' >"$work/try.c"
if ! clang -fsanitize=fuzzer,address "$work/try.c" -o "$work/try" >/dev/null 2>&1; then
	echo "1..0 # SKIP clang with libFuzzer is not there"
	exit 0
fi
[ -f config.status ] || { echo "1..0 # SKIP this is no build directory"; exit 0; }

targets=$(cd "$source/tests/fuzz" && ls fuzz_*.c | sed 's/fuzz_\(.*\)\.c/\1/')
n=0
n_failed=0
for target in $targets; do
	n=$((n + 1))
	if FUZZ_SEED=1 sh "$source/tests/fuzz/search" "$target" "${FUZZ_TIME:-3}" >"$work/told" 2>&1; then
		echo "ok $n - $(cat "$work/told")"
	else
		n_failed=$((n_failed + 1))
		echo "not ok $n - $target"
		tail -n 20 "$work/told" | sed 's/^/# /'
	fi
done
echo "1..$n"
[ $n_failed -eq 0 ]
