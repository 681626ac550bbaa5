#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A release is built for other machines and make check passes there, under qemu-user: tests/full/emulated says what that needs. Shell and
# tools are this machine's, programs and libraries the other's. Takes long; MACHINES=arm64 takes that one alone. Skips aloud what is not
# here.

. "$(dirname "$0")/../tap"
. "$source/tests/full/emulated"
unset CTREPLAY MAKEFLAGS MFLAGS MAKELEVEL CC COMPILE_FLAGS TESTS TEST_SUITE_LOG

release=
make_release() {
	[ -z "$release" ] || return 0
	make -s -C "$build" dist >"$work/dist.out" 2>&1 && mv "$build"/ctreplay-*.tar.gz "$work/" && release=$(echo "$work"/ctreplay-*.tar.gz)
}

for name in ${MACHINES:-arm64 s390x}; do
	machine "$name" || { skip "on $name" "$why"; continue; }
	make_release || { tell 1 "a release is made"; show "$work/dist.out"; break; }
	mkdir "$work/$name"
	tar -C "$work/$name" --strip-components=1 -xzf "$release"
	cd "$work/$name" || exit 99
	eval "./configure --without-libseccomp $for_machine" >configure.out 2>&1 && make -s -j "$n_jobs" >make.out 2>&1
	tell $? "a release is built for $name"
	! grep -h -E 'warning:|error:' configure.out make.out >found || show found
	# Unit tests have a minute each; under an emulator some need more.
	on_machine "./ctreplay --version && CK_TIMEOUT_MULTIPLIER=20 make -s -j '$n_jobs' check" >check.out 2>&1
	tell $? "make check passes on $name ($(grep -c '^PASS' check.out) programs)"
	grep -A 6 -E '^(FAIL|ERROR):' check.out >failed
	show failed
	[ -s failed ] || grep -q '^PASS' check.out || show check.out
	make -s install "DESTDIR=$work/installed" >install.out 2>&1
	tell $? "make install DESTDIR=... takes it for $name"
	cd "$work" && rm -rf "$name" installed
done
finish
