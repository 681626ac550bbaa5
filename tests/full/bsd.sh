#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Built for FreeBSD by the C compiler of zig, which brings that system's headers and what its libraries hold: a function that is not
# there does not link. What comes of it cannot run here. SYSTEMS names others (tests/full/source-root has the names): 'x86_64-netbsd
# x86_64-openbsd aarch64-freebsd aarch64-macos'. The libraries are those of CTREPLAY_ROOTS/SYSTEM, or libpcap and cJSON made on the spot.
# zig is what ZIG names, or on the PATH, or where quickstart put it. Skips aloud without one, or without Debian's sources.

. "$(dirname "$0")/../tap"
unset CTREPLAY MAKEFLAGS MFLAGS MAKELEVEL CC COMPILE_FLAGS LDFLAGS TESTS TEST_SUITE_LOG
# Of quickstart's the program itself: the script that stands for it takes as long again to start.
for zig in "${ZIG:-zig}" "$build"/zig/node_modules/@zigc/linux-*/bin/zig ''; do
	[ -n "$zig" ] || skip_all "there is no zig: ZIG=PROGRAM names one"
	! ZIG=$(command -v "$zig") || break
done
command -v file >/dev/null 2>&1 || skip_all "file is not there"
# What it makes of those libraries stays here.
: "${ZIG_GLOBAL_CACHE_DIR:=$work/zig}"
export ZIG ZIG_GLOBAL_CACHE_DIR

# find_root SYSTEM: sets $root; false and $why, or false and nothing where one could not be made
find_root() {
	root=${CTREPLAY_ROOTS:-/nonexistent}/$1
	[ ! -e "$root/lib/libpcap.a" ] || return 0
	root=$work/$1-root
	sh "$source/tests/full/source-root" "$1" "$root" libpcap cjson >root.out 2>&1
	case $? in
	0) return 0;;
	3) why="its libraries cannot be had: $(tail -n 1 root.out)";;
	*) why=;;
	esac
	return 1
}

# kind_of SYSTEM: what file(1) says of a program of it
kind_of() {
	case $1 in
	*-freebsd) echo 'for FreeBSD';;
	*-netbsd) echo 'for NetBSD';;
	*-openbsd) echo 'for OpenBSD';;
	*-macos) echo 'Mach-O 64-bit .*executable';;
	esac
}

for system in ${SYSTEMS:-x86_64-freebsd}; do
	cd "$work" || exit 99
	find_root "$system" || {
		if [ -n "$why" ]; then skip "built for $system" "$why"; else tell 1 "libpcap and cJSON for $system"; show root.out; fi
		continue
	}
	mkdir "$work/$system" && cd "$work/$system" || exit 99
	# A shared library of OpenBSD begins with an object (crtbeginS.o) that zig does not bring.
	case $system in *-openbsd) kinds=--disable-shared;; *) kinds=--enable-shared;; esac
	PATH=$root/bin:$PATH PKG_CONFIG_LIBDIR=$root/lib/pkgconfig "$source/configure" $kinds --host="$(cat "$root/host")" CPPFLAGS="-I$root/include" \
		LDFLAGS="-L$root/lib" PKG_CONFIG='pkg-config --static' >configure.out 2>&1
	tell $? "configure finds its way on $system" configure.out
	grep -q '^  verify: *no' configure.out
	tell $? "without verify, which asks Linux"
	# Not the pages, for which the program would have to run
	shared=$(sed -n 's/^  library: *static, shared (yes).*/libctreplay.so.0.1.0/p' configure.out)
	# shellcheck disable=SC2086 # one word or none
	PATH=$root/bin:$PATH make -s -j "$n_jobs" ctreplay libctreplay.a $shared >make.out 2>&1
	tell $? "program and library are built for $system${shared:+, shared too}" make.out
	! grep -E 'error:|undefined|warning:' make.out >found
	tell $? "without a warning" found
	file ctreplay >file.out && grep -q "$(kind_of "$system")" file.out && grep -q 'verify was not built in: it asks the kernel of Linux' ctreplay
	tell $? "it is a program of that system, whose verify says why it is not there" file.out
	cd "$work" && rm -rf "$system" "$system-root"
done
finish
