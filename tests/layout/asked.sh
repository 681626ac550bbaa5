#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# asked.sh [--list]: every option of every match and target is in a rule that packets meet: in a case. Where the extension claims to be
# what the kernel does (exact, seeded), it is a rule that a packet matches (`ctreplay coverage`), and about which a kernel is asked, by
# tests/kernel/cases.sh or clocks.sh. --list says where, option by option.

set -u
LC_ALL=C; export LC_ALL
cd "${srcdir:-.}" || exit 99
ctreplay=${CTREPLAY:-build/ctreplay}
[ -x "$ctreplay" ] || { echo "Bail out! there is no program at $ctreplay"; exit 99; }
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM

# What no kernel here can be asked, and why: OPTION NAME WORD, a star for all of them
cat >"$work/excused" <<'END_OF_EXCUSES'
-m bpf --object-pinned	names a file in the kernel's own file system
-m ipvs *	the reference kernel is built without IPVS
-m nfacct *	counts into an object that the kernel must have before
-m socket --transparent	a socket that no capture knows of: what it would say is annotated
-m owner --uid-owner	who sends is annotated
END_OF_EXCUSES

# matched FOLDER RULES: "-4" or "-6" and the number of each line of RULES that a packet of the case matched
matched() {
	for capture in capture.pcap capture.pcapng packets; do
		[ -f "$1/$capture" ] && break
	done
	(
		cd "$1" || exit 99
		[ "$2" = rules ] || set -- "$1" -6 "$2"
		shift
		# shellcheck disable=SC2046 # one option a word; those of outputs are not its own
		"$program" coverage -r $capture "$@" $(sed 's/--\(out\|snapshot\)[ =][^ ]*//g' args 2>/dev/null) 2>/dev/null </dev/null
	) | awk '/^ *[1-9][0-9]*  *[1-9][0-9]*  / { print $2 }'
}

# "kernel|case|unmatched SOURCE TAB RULE" of every rule that packets meet
program=$(cd "$(dirname "$ctreplay")" && pwd)/${ctreplay##*/}
for rules in tests/cases/*/*/rules tests/cases/*/*/rules6; do
	[ -f "$rules" ] && ! [ -f "${rules%/*}/expected.exit" ] || continue
	asked=kernel
	case $rules:$(cat "${rules%/*}/args" 2>/dev/null) in
	*lamps-and-marks-of-security*|*--annotations*|*--actions*) asked=case;;
	*/extensions/*--kernel\ 6.1*) ;;
	*--kernel*) asked=case;;
	esac
	folder=${rules%/*}
	if [ $asked = kernel ]; then
		matched "$folder" "${rules##*/}" >"$work/lines"
	else
		: >"$work/lines"
	fi
	awk -v asked=$asked -v folder="${folder#tests/cases/}" '
		FILENAME == ARGV[1] { is_matched[$1] = 1; next }
		{ print (asked == "kernel" && !(FNR in is_matched) ? "unmatched" : asked) " " folder "\t" $0 }' "$work/lines" "$rules"
done >"$work/rules"

# "-m|-j NAME CLAIM OPTION" of every option; a dash for what has none
for topic in matches targets; do
	flag=-m
	[ $topic = matches ] || flag=-j
	for name in $("$ctreplay" list $topic | awk '!/^ / { print $1 }' | sort -u); do
		"$ctreplay" list $topic "$name" | awk -v flag=$flag -v name="$name" '
			$1 == name { claim = $2 == "exact" || $2 == "seeded" ? "claims" : "-" }
			/^(\[!\]|   ) --/ { sub(/^.../, ""); option[$1] = 1 }
			END { if (!claim) exit 1; n = 0; for (o in option) { print flag, name, claim, o; n++ } if (!n) print flag, name, claim, "-" }'
	done
done | sort >"$work/options"

awk -F '\t' -v listing="${1:-}" '
	FILENAME == ARGV[1] { excuse[$1] = $2; next }
	FILENAME == ARGV[2] { n_rules++; split($1, part, " "); kind[n_rules] = part[1]; source[n_rules] = part[2]; rule[n_rules] = $0 " "; next }
	# Where the option is asked about; a kernel is worth more than a case.
	function find(flag, name, option,   i, found, at, text) {
		for (i = 1; i <= n_rules; i++) {
			text = rule[i]
			if (!match(text, "(" flag "|-p|-g) " name "[ \"]"))
				continue
			if (option != "-") {
				at = index(text, option)
				if (!at || substr(text, at + length(option), 1) ~ /[a-z0-9-]/ && !index(text, option " "))
					continue
			}
			if (kind[i] == "kernel")
				return "kernel " source[i]
			if (!found || kind[i] == "case")
				found = kind[i] " " source[i]
		}
		return found
	}
	{
		split($0, word, " ")
		flag = word[1]; name = word[2]; option = word[4]
		extension = flag " " name
		if (extension != last)
			report()
		last = extension
		n_options += option != "-"
		found = find(flag, name, option)
		if (extension " *" in excuse)
			found = found ? found : "excused: " excuse[extension " *"]
		else if (extension " " option in excuse)
			found = found ? found : "excused: " excuse[extension " " option]
		else if (!found || (word[3] == "claims" && found !~ /^kernel/))
			problem = problem " " option
		if (listing == "--list")
			print extension, option ": " (found ? found : "nowhere")
	}
	function report() {
		if (last == "" || listing == "--list")
			return
		n++
		print (problem ? "not ok " : "ok ") n " - " last (problem ? ": no packet matches, where a kernel is asked," problem : ": " n_options " options")
		problem = ""; n_options = 0
	}
	END { report(); if (listing != "--list") print "1.." n }' "$work/excused" "$work/rules" "$work/options" >"$work/output"
cat "$work/output"
! grep -q '^not ok' "$work/output"
