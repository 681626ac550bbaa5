#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The recipe of the RPM packages, tried with Debian's rpmbuild: built, installed in a system whose rpm knows of nothing else, used and
# removed. What it depends on comes from Debian's packages, so rpm is not asked about that.

. "$(dirname "$0")/chroot"
needs

release_is_made
must "a clean system with rpmbuild, and what the recipe needs" fresh rpm rpm gcc libc6-dev make pkg-config libpcap-dev libcjson-dev zlib1g-dev \
	libzstd-dev liblzma-dev libmnl-dev libseccomp-dev libncurses-dev libsqlite3-dev check jq python3 sqlite3 zstd
cp "$release" "$work/rpm/root/"
must "the packages are built, and the tests pass" inside rpm "cd /root && rpmbuild --nodeps -ta ctreplay-$version.tar.gz"
must "they are installed" inside rpm "rpm --nodeps -i /root/rpmbuild/RPMS/*/*.rpm"
passes "rpm finds every file as it was packed" inside rpm "rpm -V --nodeps ctreplay libctreplay libctreplay-devel"
passes "ctreplay runs" inside rpm "cd /usr/share/ctreplay/labs/1-* && ctreplay run -q -r lab.packets answer.rules"
passes "the pages that manuals name are there" inside rpm "test -s /usr/share/doc/ctreplay/docs/events.md"
must "they are removed" inside rpm "rpm -e ctreplay libctreplay libctreplay-devel"
passes "and nothing of ctreplay stays behind" inside rpm "! find /usr -xdev -name '*ctreplay*' | grep ."
finish
