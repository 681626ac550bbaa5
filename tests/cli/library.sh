#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# libctreplay as another program finds it: installed, with pkg-config, shared and static; what it exports, and what not.

. "$(dirname "$0")/harness"
build=${CTREPLAY%/*}

if [ -z "${CC:-}" ] || ! command -v pkg-config >/dev/null 2>&1; then
	echo "1..0 # SKIP needs a compiler (make check says which) and pkg-config"
	exit 0
fi

mkdir "$work/root"
passes "make install DESTDIR=... takes it" make -s -C "$build" install "DESTDIR=$work/root"
pc=$(find "$work/root" -name libctreplay.pc)
PKG_CONFIG_PATH=${pc%/*}${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}; export PKG_CONFIG_PATH
PKG_CONFIG_SYSROOT_DIR=$work/root; export PKG_CONFIG_SYSROOT_DIR
libraries=${pc%/pkgconfig/*}
sanitizers=$(printf '%s\n' ${COMPILE_FLAGS:-} | grep '^-fsanitize')

passes "pkg-config knows its version" sh -c '[ "$(pkg-config --modversion libctreplay)" = "$("$0" --version | sed -n "s/^ctreplay //p")" ]' "$CTREPLAY"

# compile OUTPUT WORD-OF-PKG-CONFIG...
compile() {
	output=$1
	shift
	# shellcheck disable=SC2046,SC2086 # lists of words
	$CC -std=c99 -pedantic -Wall -Wextra -Werror $sanitizers $(pkg-config --cflags libctreplay) -o "$output" "$top/docs/examples/embed.c" "$@" ${LDFLAGS:-}
}
# embeds PROGRAM: it says of every packet what the program itself says
embeds() {
	"$1" "$captures/dns-timeout.pcap" "$rules/dns.rules" >"$work/embedded" &&
		"$CTREPLAY" run -r "$captures/dns-timeout.pcap" "$rules/dns.rules" --out csv="$work/csv" >/dev/null &&
		sed 1d "$work/csv" | awk -F, '{ print $1, $18, $12 }' >"$work/expected" &&
		grep -v '^remembered' "$work/embedded" | cut -d ' ' -f 1-3 | diff "$work/expected" - &&
		[ "$(wc -l <"$work/expected")" -eq 9 ]
}

if [ -e "$libraries/libctreplay.so" ]; then
	# shellcheck disable=SC2046 # a list of words
	passes "the example is built with the shared library" compile "$work/embed" $(pkg-config --libs libctreplay)
	LD_LIBRARY_PATH=$libraries; export LD_LIBRARY_PATH
	passes "and says what the program says" embeds "$work/embed"
	if command -v nm >/dev/null 2>&1; then
		nm -D --defined-only "$libraries/libctreplay.so" | sed -n 's/^[0-9a-f]* T \([^@]*\).*/\1/p' | sort >"$work/exported"
		sed -n 's/^CTREPLAY_API .*[ *]\(ctreplay_[a-z_]*\)(.*/\1/p' "$top/src/api/ctreplay.h" | sort >"$work/declared"
		sed -n 's/^	\(ctreplay_[a-z_]*\);$/\1/p' "$top/src/api/libctreplay.map" | sort >"$work/mapped"
		passes "the shared library exports what the header declares" diff "$work/declared" "$work/exported"
		passes "and libctreplay.map names the same" diff "$work/declared" "$work/mapped"
	else
		skip "what it exports" "nm (binutils) is not there"
	fi
else
	skip "the shared library" "configure said that it cannot be built here"
fi

# Of the libraries that it needs itself the shared ones.
needed=$(pkg-config --print-requires-private libctreplay)
# shellcheck disable=SC2046,SC2086 # lists of words
passes "the example is built with the static library" compile "$work/static" "$libraries/libctreplay.a" $(pkg-config --libs $needed) $(sed -n 's/^Libs.private://p' "$pc")
passes "and says what the program says, too" embeds "$work/static"
if grep -q '^OBJCOPY = none' "$build/Makefile"; then
	skip "names of the static library" "objcopy (binutils) is not there"
else
	# What is local may stand beside a function of the same name.
	printf '%s\n' 'int diag_clear(int); int diag_clear(int i) { return i; }' >"$work/clash.c"
	# shellcheck disable=SC2046,SC2086 # lists of words
	passes "a program may have functions of the same names as its hidden ones" compile "$work/clash" "$work/clash.c" "$libraries/libctreplay.a" \
		$(pkg-config --libs $needed) $(sed -n 's/^Libs.private://p' "$pc")
fi

if command -v c++ >/dev/null 2>&1; then
	printf '%s\n' '#include <ctreplay.h>' 'int main() { ctreplay_destroy(ctreplay_create()); }' >"$work/plus.cc"
	passes "C++ takes the header" c++ -Wall -Wextra -Werror "-I$top/src/api" -c -o "$work/plus.o" "$work/plus.cc"
else
	skip "C++ takes the header" "c++ is not there"
fi

passes "make uninstall takes everything away" sh -c 'make -s -C "$0" uninstall "DESTDIR=$1" && [ -z "$(find "$1" ! -type d)" ]' "$build" "$work/root"
finish
