#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every fuzz target, built for clang's libFuzzer with both sanitizers, survives what it knows, and changes of it: the same ones on every
# machine and for every state of the program, because they follow from the known inputs alone (tests/fuzz/replay.h). What has
# not been tried yet is for `make fuzz`. Prints TAP; skips aloud where clang or its libFuzzer is not there.

. "$(dirname "$0")/../tap"
unset MAKEFLAGS MFLAGS MAKELEVEL CC COMPILE_FLAGS
CHANGED=8000		# of those that read; what replays whole runs twice gets
CHANGED_RUNS=1200

echo 'int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long len); int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long len) { return !data && len; }' >"$work/try.c"
if ! clang -fsanitize=fuzzer,address "$work/try.c" -o "$work/try" >/dev/null 2>&1; then
	echo "1..0 # SKIP clang with libFuzzer is not there"
	exit 0
fi
[ -f config.status ] || skip_all "this is no build directory"

sh "$source/tests/fuzz/search" all 0 >"$work/told" 2>&1
tell $? "the targets can be built"
show "$work/told"
srcdir=$source; export srcdir
# one TARGET: a TAP line
one() {
	changed=$CHANGED
	case $1 in differential|helper|run|stateful|tracker) changed=$CHANGED_RUNS;; esac
	"fuzz-libfuzzer/tests/fuzz/fuzz_$1" --changed $changed >"$work/output" 2>"$work/errors"
	status=$?
	tell $status "$1: $(sed -n 's/^ok 1 - //p' "$work/output"), and changed in $changed ways"
	[ $status -ne 0 ] || return
	tail -n 1 "$work/output"
	show "$work/errors"
	FUZZ_INPUT=$work/input "fuzz-libfuzzer/tests/fuzz/fuzz_$1" --changed $changed >"$work/output" 2>&1
	[ ! -f "$work/input" ] || { echo "# the changed input:"; base64 <"$work/input" | sed 's/^/# /'; }
}
for path in "$source"/tests/fuzz/fuzz_*.c; do
	basename "$path" .c | sed 's/^fuzz_//'
done >"$work/targets"
in_lanes "$n_jobs" one <"$work/targets"
finish
