#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Built with musl's C library, and make check passes. CTREPLAY_ROOTS/musl names what tests/full/source-root musl makes; without it, or without
# musl-gcc, it is skipped aloud.

. "$(dirname "$0")/../tap"
unset CTREPLAY MAKEFLAGS MFLAGS MAKELEVEL CC COMPILE_FLAGS TESTS TEST_SUITE_LOG
root=${CTREPLAY_ROOTS:-/nonexistent}/musl
command -v musl-gcc >/dev/null 2>&1 || skip_all "musl-gcc (Debian: musl-tools) is not there"
[ -e "$root/lib/libpcap.a" ] || skip_all "CTREPLAY_ROOTS holds nothing of tests/full/source-root musl"

cd "$work" || exit 99
# The libraries there are static, so what they need themselves is asked for.
PKG_CONFIG_LIBDIR=$root/lib/pkgconfig "$source/configure" CC=musl-gcc CPPFLAGS="-isystem $root/include" LDFLAGS="-L$root/lib" \
	PKG_CONFIG='pkg-config --static' >configure.out 2>&1 && make -s -j "$n_jobs" >make.out 2>&1
tell $? "it is built with musl"
grep -h -E 'error:|undefined|warning:' configure.out make.out >found
show found
grep -q '^  confined: *yes' configure.out
tell $? "with everything but what its libraries lack there: $(sed -n '/^Missing/,$s/^  \([^:]*\):.*/\1/p' configure.out | tr '\n' ' ')"
PKG_CONFIG_LIBDIR=$root/lib/pkgconfig make -s -j "$n_jobs" check >check.out 2>&1
tell $? "make check passes ($(grep -c '^PASS' check.out) programs)"
grep -A 6 -E '^(FAIL|ERROR):' check.out >failed
show failed
finish
