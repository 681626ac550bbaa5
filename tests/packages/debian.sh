#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Debian's packages: built in a clean system, nothing that lintian would say but what is excused here, installed in another one, used and removed.

. "$(dirname "$0")/chroot"
needs

unpack() {
	mkdir -p "$work/build/root/package" && cp "$release" "$work/build/root/package/ctreplay_$version.orig.tar.gz" &&
		tar -C "$work/build/root/package" -xzf "$release"
}

# What lintian says for information and is right as it is: a release has no address yet that a watch file could look at; the texts
# of the labs are what `ctreplay lab` copies; "compres" is an option of the match ipcomp, and "outut" are the ends of two strings
# that the compiler laid out as constants of 16 bytes.
excused=debian-watch-file-is-missing,package-contains-documentation-outside-usr-share-doc,spelling-error-in-binary

# What the system holds, but what apt and dpkg keep about themselves
list_files() {
	(cd "$work/install" && find . \( -path ./proc -o -path ./dev -o -path ./var/lib/apt -o -path ./var/lib/dpkg -o -path ./var/cache -o \
		-path ./var/log -o -path ./root -o -path ./tmp \) -prune -o -print | sort)
}

release_is_made
must "a clean system to build in" fresh build dpkg-dev lintian
must "the source package" unpack
must "what Build-Depends names is there" inside build "cd /root/package/ctreplay-$version && apt-get -q build-dep -y --no-install-recommends ."
must "the packages are built, and the tests pass" inside build "cd /root/package/ctreplay-$version && dpkg-buildpackage -us -uc -j2"
passes "lintian finds nothing" inside build "cd /root/package &&
	lintian --allow-root --fail-on error,warning,info --display-info --tag-display-limit 0 --suppress-tags $excused ctreplay_*.changes"
mkdir "$work/debs" && mv "$work"/build/root/package/*.deb "$work/debs/"

must "another clean system" fresh install
list_files >"$work/before"
cp "$work"/debs/*.deb "$work/install/root/"
must "the packages are installed, with what they depend on" inside install "apt-get -q install -y --no-install-recommends /root/*.deb"
passes "ctreplay runs" inside install "cd /usr/share/doc/ctreplay && ctreplay run -q -r captures/dns-timeout.pcap rules/dns.rules | grep -q '6 ACCEPT, 3 DROP'"
passes "its labs are there" inside install "ctreplay lab | grep -q '^ *1'"
passes "the Python module finds the library" inside install "python3 -c 'import ctreplay; print(ctreplay.library_version())'"
passes "so are the pages that manuals name" inside install "cd /usr/share/doc/ctreplay && test -s README.md && test -s docs/events.md && test -s docs/extensions/match-limit.md"
passes "the completions are there" inside install "cd /usr/share && test -s bash-completion/completions/ctreplay &&
	test -s zsh/vendor-completions/_ctreplay && test -s fish/vendor_completions.d/ctreplay.fish"
passes "a program is built with the library" inside install "apt-get -q install -y --no-install-recommends gcc libc6-dev pkg-config && cd /root &&
	printf '#include <ctreplay.h>\n#include <stdio.h>\nint main(void) { return puts(ctreplay_version()) < 0; }\n' >use.c &&
	cc use.c \$(pkg-config --cflags --libs libctreplay) -o use && ./use"
passes "and one with the static library" inside install "cd /root && cc use.c -l:libctreplay.a \$(pkg-config --libs \
	\$(pkg-config --print-requires-private libctreplay | sed 's/ .*//')) -o use && ./use && ! ldd use | grep ctreplay"
must "they are removed" inside install "apt-get -q purge -y \$(dpkg-query -W -f '\${Package} ' '*ctreplay*')"
passes "with everything that came with them" inside install "apt-get -q purge -y --autoremove gcc libc6-dev pkg-config"
list_files >"$work/after"
passes "and nothing of ctreplay stays behind" sh -c '! comm -13 "$0" "$1" | grep ctreplay' "$work/before" "$work/after"
finish
