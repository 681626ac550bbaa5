#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Ten of the faults of tests/mutation, others every day, are found by the tests; `make check-mutation` plants them all.

unset MAKEFLAGS MFLAGS MAKELEVEL TESTS TEST_SUITE_LOG CTREPLAY COMPILE_FLAGS
[ -f Makefile ] || { echo "Bail out! run this in the folder of a build"; exit 99; }
make -s check-mutation SAMPLE=10 >mutation.out 2>&1
grep -E '^(ok|not ok|#|1\.\.|Bail)' mutation.out || { tail -n 5 mutation.out; exit 99; }
! grep -q '^not ok' mutation.out
status=$?
rm -f mutation.out
exit $status
