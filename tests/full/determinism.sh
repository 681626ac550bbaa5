#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The same input gives the same bytes: every case of tests/cases and every capture of captures/, in every output format, by builds of gcc
# and clang, optimized not at all and as far as it goes, with sanitizers, in other languages, time zones and places in memory, and on other
# machines (arm64, and s390x with the other byte order: tests/full/emulated says what that needs). CASES='tcp/... nat/...' takes these
# cases alone. Skips aloud what is not here.

. "$(dirname "$0")/../tap"
. "$source/tests/full/emulated"
need ctreplay
unset MAKEFLAGS MFLAGS MAKELEVEL CC COMPILE_FLAGS TESTS TEST_SUITE_LOG

# Compressed outputs, and what some builds lack, are of no interest here.
formats=$("$ctreplay" list formats | awk '/^[a-z]/ { print $1 }')

# replay CASE FOLDER COMMAND...: one case, every format into FOLDER
replay() (
	case=$1 folder=$2
	shift 2
	case $case in
	captures/dns-timeout.pcap)
		cd "$source" || exit 99
		set -- "$@" run -r "$case" rules/dns.rules
		;;
	captures/*)
		cd "$source/${case%/*}" || exit 99
		file=${case##*/}
		# shellcheck disable=SC2046 # one option a word
		set -- "$@" run -r "$file" rules $(cat host)
		# Where it was recorded from one side: there.
		[ ! -f sides ] || set -- "$@" --captured-on "$(awk -v side="${file%.pcap}" '$1 == side { print $2 }' sides)"
		;;
	*)
		cd "$source/tests/cases/$case" || exit 99
		capture=
		for file in capture.pcap capture.pcapng packets; do
			[ ! -f $file ] || capture=$file
		done
		set -- "$@" run -r "$capture"
		[ ! -f rules ] || set -- "$@" rules
		[ ! -f rules6 ] || set -- "$@" -6 rules6
		[ ! -f args ] || eval "set -- \"\$@\" $(head -n 1 args)"
		;;
	esac
	for format in $formats; do
		set -- "$@" --out "$format=$folder/$format"
	done
	"$@" --snapshot end >"$folder/stdout" 2>"$folder/stderr" </dev/null
	echo $? >"$folder/exit"
)

# replay_one CASE: by $command; a line for each output: the case, a sum, a length, the output's name
replay_one() {
	mkdir "$work/out"
	# shellcheck disable=SC2086 # words
	replay "$1" "$work/out" $command
	# How the folder is called may stand in a message.
	(cd "$work/out" && sed -i "s|$work/out|FOLDER|g" stdout stderr && cksum ./*) | sed "s|^|$1 |"
	rm -rf "$work/out"
}

# replay_all NAME COMMAND...: a sum of each output of each case, in NAME.sums; false when some are not those of the first run
replay_all() {
	name=$1
	shift
	command=$*
	for case in ${CASES:-$(cd "$source/tests/cases" && ls -d */*) $(cd "$source" && ls captures/*.pcap captures/*/*.pcap)}; do
		echo "$case"
	done | in_lanes "$n_jobs" replay_one >"$work/$name.sums"
	[ "$name" = first ] || {
		diff "$work/first.sums" "$work/$name.sums" | sed -n 's/^> \([^ ]*\).* \([^ ]*\)$/\1 \2/p' >"$work/differs"
		show "$work/differs" 20
		[ ! -s "$work/differs" ] && [ "$(wc -l <"$work/$name.sums")" -eq "$(wc -l <"$work/first.sums")" ]
	}
}

# build NAME OPTION...: a program of its own, $work/NAME-build/ctreplay
build() {
	mkdir "$work/$1-build"
	(cd "$work/$1-build" && shift && "$source/configure" --without-libseccomp "$@" >make.out 2>&1 && make -s -j "$n_jobs" ctreplay >>make.out 2>&1) ||
		{ tail -n 5 "$work/$1-build/make.out" | sed 's/^/# /'; return 1; }
}

replay_all first "$ctreplay"
[ -s "$work/first.sums" ]
tell $? "$(cut -d ' ' -f 1 "$work/first.sums" | uniq | wc -l) cases, $(wc -l <"$work/first.sums") outputs"

# Another language, time zone and place in memory; freed and new memory holds something else.
languages=
for language in de_DE tr_TR; do
	! localedef -i $language -f UTF-8 "$work/$language.UTF-8" >/dev/null 2>&1 || languages="$languages $language"
done
shuffle=
! command -v setarch >/dev/null 2>&1 || ! setarch -R true 2>/dev/null || shuffle='setarch -R'
for where in de_DE:Asia/Kathmandu: tr_TR:America/St_Johns:165; do
	language=${where%%:*} zone=${where#*:}
	zone=${zone%:*}
	case $languages in
	*$language*)
		# shellcheck disable=SC2086 # words
		replay_all $language env LOCPATH="$work" LC_ALL=$language.UTF-8 LANG=$language.UTF-8 TZ=$zone MALLOC_PERTURB_="${where##*:}" $shuffle "$ctreplay"
		tell $? "in $language and the zone $zone, memory ${shuffle:+where it always is, }filled with ${where##*:}"
		;;
	*) skip "in $language" "localedef cannot make that language";;
	esac
done

for kind in gcc:-O0 gcc:-O3 clang:-O1; do
	compiler=${kind%:*} options=${kind#*:}
	if command -v $compiler >/dev/null 2>&1; then
		build "$compiler$options" CC=$compiler CFLAGS=$options && replay_all "$compiler$options" "$work/$compiler$options-build/ctreplay"
		tell $? "built by $compiler $options"
		rm -rf "$work/$compiler$options-build"
	else
		skip "built by $compiler $options" "$compiler is not here"
	fi
done

if build sanitizers --enable-sanitizers CFLAGS=-O1; then
	replay_all sanitizers "$work/sanitizers-build/ctreplay"
	tell $? "with sanitizers, which find no fault either"
	rm -rf "$work/sanitizers-build"
else
	skip "with sanitizers" "the compiler has none"
fi

for name in arm64 s390x; do
	machine $name || { skip "on $name" "$why"; continue; }
	eval "build $name $for_machine" && replay_all $name $emulator -L "$root" "$work/$name-build/ctreplay"
	tell $? "on $name"
	rm -rf "$work/$name-build"
done
finish
