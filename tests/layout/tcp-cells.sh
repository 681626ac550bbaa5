#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tcp-cells.sh [--list]: every cell of TCP's table (`ctreplay list states tcp`) that a packet can come to is one that a kernel was asked
# about: by a case of tests/cases/tcp (tests/kernel/cases.sh), or by the table tcp-pairs of tests/answers (tests/kernel/answers.sh),
# which has every kind of segment in every state. --list says which case; prints TAP otherwise.

set -u
LC_ALL=C; export LC_ALL
top=$(cd "${srcdir:-.}" && pwd) || exit 99
ctreplay=${CTREPLAY:-$top/build/ctreplay}
[ -x "$ctreplay" ] || { echo "Bail out! there is no program at $ctreplay"; exit 99; }
ctreplay=$(cd "$(dirname "$ctreplay")" && pwd)/${ctreplay##*/}
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM

# visit NAME ARGUMENT...: "NAME TAB CELL" of each packet that came to a cell
visit() {
	name=$1
	shift
	"$ctreplay" run -q "$@" --out "explain,full=$work/told" >"$work/output" 2>&1 </dev/null &&
		sed -n "s|^.*\[\(\(original\)* *\(reply\)* [a-z/]* in [A-Z_0-9]*\)\]\$|$name	\1|p" "$work/told" | sed 's/	 /	/' >>"$work/visited"
}

: >"$work/visited"
for folder in "$top"/tests/cases/tcp/*/; do
	case $(cat "$folder/args" 2>/dev/null) in
	*--kernel*|*--actions*) continue;;
	esac
	! [ -f "$folder/expected.exit" ] || continue
	cd "$folder" || exit 99
	[ -f packets ] && [ -f rules ] || continue
	name=${folder%/}
	# shellcheck disable=SC2046 # one option a word
	visit "${name##*/tests/}" -r packets rules $(cat args 2>/dev/null)
done
cd "$top/tests/answers" || exit 99
# shellcheck disable=SC2046 # names of files
awk $(for file in packets*.awk; do echo "-f $file"; done) -f tcp-pairs.awk </dev/null >"$work/packets"
printf '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n' >"$work/rules"
visit answers/tcp-pairs -r "$work/packets" "$work/rules" --local 10.0.0.1/24@eth0

"$ctreplay" list states tcp | awk -F '\t' -v list="${1:-}" '
	FILENAME == ARGV[1] { if (!($2 in by)) by[$2] = $1; next }
	{
		cell = $0
		sub(/ ->.*/, "", cell)
		n++
		if (cell in by)
			where = by[cell]
		else if (cell ~ / none in /)
			where = "no packet comes there: segments without SYN, ACK, FIN or RST are refused before"
		else if (cell ~ /^reply .* in NONE$/)
			where = "no packet comes there: what begins an entry is its original direction"
		else
			where = ""
		if (list == "--list")
			print cell ": " where
		else
			print (where == "" ? "not ok " : "ok ") n " - " cell (where == "" ? " is asked of no kernel" : ": " where)
	}
	END { if (list != "--list") print "1.." n }' "$work/visited" - >"$work/cells"
cat "$work/cells"
! grep -q '^not ok' "$work/cells"
