#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Debian's packages for arm64, built on another machine: installed beside that one's, and used under qemu-user.

. "$(dirname "$0")/chroot"
needs

unpack() {
	mkdir -p "$work/cross/root/package" && tar -C "$work/cross/root/package" -xzf "$release"
}
are_of_arm64() {
	for package in "$work"/cross/root/package/*ctreplay*_arm64.deb; do
		[ "$(dpkg-deb -f "$package" Architecture)" = arm64 ] || return 1
	done
	[ -n "$(find "$work/cross/root/package" -name 'ctreplay_*_arm64.deb')" ]
}

[ "$(dpkg --print-architecture)" != arm64 ] || { echo "1..0 # SKIP this machine is an arm64"; exit 0; }
release_is_made
must "a clean system that builds for arm64" fresh cross dpkg-dev crossbuild-essential-arm64 qemu-user
must "it knows of arm64" inside cross "dpkg --add-architecture arm64 && apt-get -q update"
must "the source package" unpack
must "what Build-Depends names is there" inside cross "cd /root/package/ctreplay-$version &&
	apt-get -q build-dep -y --no-install-recommends -a arm64 -P cross,nocheck ."
must "the packages are built" inside cross "cd /root/package/ctreplay-$version &&
	DEB_BUILD_OPTIONS=nocheck dpkg-buildpackage -us -uc -b -j2 -aarm64 -Pcross,nocheck"
passes "they are for arm64" are_of_arm64
must "the program and the library are installed" inside cross "cd /root/package &&
	apt-get -q install -y --no-install-recommends ./ctreplay_*_arm64.deb ./libctreplay0_*_arm64.deb"
passes "ctreplay runs" inside cross "cd /usr/share/doc/ctreplay &&
	qemu-aarch64 /usr/bin/ctreplay run -q -r captures/dns-timeout.pcap rules/dns.rules | grep -q '6 ACCEPT, 3 DROP'"
finish
