#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# valgrind.sh [--whole]: memcheck sees no error and no leak, neither in the unit tests nor where the program replays cases, prints lines
# and complains about mistakes. A part of them, another one every day; --whole takes them all, which lasts a quarter of an hour.
# Skips aloud without valgrind.

. "$(dirname "$0")/../tap"
ONE_OF=12		# without --whole
command -v valgrind >/dev/null 2>&1 || skip_all "valgrind is not here"
unset MAKEFLAGS MFLAGS MAKELEVEL CTREPLAY CC COMPILE_FLAGS TESTS TEST_SUITE_LOG
one_of=$ONE_OF
[ "${1:-}" != --whole ] || one_of=1
day=$(($(date +%s) / 86400))

# The checker asks the kernel for more than a confined replay may.
mkdir "$work/build" && cd "$work/build" || exit 99
"$source/configure" --without-libseccomp CFLAGS='-O1 -g' >make.out 2>&1 && make -s -j "$n_jobs" >>make.out 2>&1 &&
	make -s -j "$n_jobs" check TESTS= >>make.out 2>&1 || { tail -n 5 make.out; echo "Bail out! it cannot be built"; exit 99; }

# What was found goes to files, so that standard error stays as it is.
mkdir "$work/found"
cat >"$work/ctreplay" <<WRAPPER
#!/bin/sh
exec valgrind -q --leak-check=full --show-leak-kinds=definite,possible --log-file="$work/found/%p" "$work/build/ctreplay" "\$@"
WRAPPER
chmod +x "$work/ctreplay"

# some LIST...: those whose turn it is
some() {
	printf '%s\n' "$@" | awk -v one_of="$one_of" -v day="$day" 'NR % one_of == day % one_of'
}

# verdict STATUS WORDS: also nothing was found meanwhile
verdict() {
	find "$work/found" -type f -size +0 -exec cat {} + >"$work/all"
	show "$work/all" 30
	[ "$1" -eq 0 ] && [ ! -s "$work/all" ]
	tell $? "$2"
	rm -f "$work/found"/*
}

status=0
# shellcheck disable=SC2046 # names are words
set -- $(some $(find tests/unit -type f -name 'test_*' ! -name '*.*' | sort))
for program; do
	CK_FORK=no CK_DEFAULT_TIMEOUT=0 srcdir=$source valgrind -q --leak-check=full --show-leak-kinds=definite,possible \
		--log-file="$work/found/%p" "$program" >"$work/output" 2>&1 </dev/null || { echo "# $program"; show "$work/output" 5; status=1; }
done
verdict $status "$# programs of unit tests"

CTREPLAY=$work/ctreplay; export CTREPLAY
# shellcheck disable=SC2046 # names are words
set -- $(some $(cd "$source/tests/cases" && ls -d */*))
printf '%s\n' "$@" | xargs -P "$n_jobs" -n 12 "$source/tests/run-cases" >"$work/output" 2>&1
verdict $? "$# cases"
! grep '^not ok' "$work/output" || show "$work/output" 20

# shellcheck disable=SC2046
set -- $(some "$source"/tests/lines/*.t)
"$source/tests/run-lines" "$@" >"$work/output" 2>&1
verdict $? "$# files of lines"
if [ $one_of -eq 1 ]; then
	"$source/tests/run-errors" >"$work/output" 2>&1
	verdict $? "all mistakes"
	"$source/tests/run-answers" udp-streams timeouts fragments >"$work/output" 2>&1
	verdict $? "packets that a kernel has answered for"
fi
finish
