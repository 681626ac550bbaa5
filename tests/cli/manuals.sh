#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Help and manual pages: one table, told in short and at length.

. "$(dirname "$0")/harness"
pages=${CTREPLAY%/*}/docs
[ -f "$pages/ctreplay.1" ] || pages=$top/docs
passes "the manual pages were made" test -f "$pages/ctreplay.1"

commands=$("$CTREPLAY" --help | sed -n '/^usage:/,/^`/s/^  \([a-z][a-z]*\) .*/\1/p')

# The options that --help lists with words of their own, a line each
own_options() {
	"$CTREPLAY" "$1" --help | sed -n 's/^  \(-[^ ,]*\),* .*/\1/p'
}

# tells_all COMMAND FILE: every option of --help is in the file, which is longer
tells_all() {
	[ "$(wc -c <"$2")" -gt "$("$CTREPLAY" "$1" --help | wc -c)" ] || return 1
	own_options "$1" >options
	while IFS= read -r option; do
		grep -q -F -e "$option" "$2" || { echo "$option is not in the manual of $1"; return 1; }
	done <options
}

for command in $commands; do
	passes "$command --help is narrow" sh -c '! "$0" "$1" --help | grep -E "^.{101}"' "$CTREPLAY" "$command"
	"$CTREPLAY" help "$command" >manual
	passes "help $command tells of every option" tells_all "$command" manual
	passes "help $command shows an example" grep -q '^EXAMPLES' manual
	passes "help $command has no marks of markdown" sh -c '! grep -E -v "^    " manual | grep -F -e "**" -e "<!--" -e "\`\`\`"'
	sed 's/\\-/-/g' "$pages/ctreplay-$command.1" >page
	passes "ctreplay-$command(1) tells of every option" tells_all "$command" page
	passes "ctreplay(1) names ctreplay-$command(1)" grep -q "ctreplay\\\\-$command" "$pages/ctreplay.1"
done
passes "help of a command that is not there" ends 2 help rum
passes "names the nearest" grep -q "did you mean 'run'" .own/stderr
passes "help alone is --help" sh -c '"$0" help >one && "$0" --help | cmp - one' "$CTREPLAY"

# What only tables know
for match in $("$CTREPLAY" list matches | cut -d ' ' -f 1); do
	grep -q -x -F "\\fB$(echo "$match" | sed 's/-/\\-/g')\\fR" "$pages/ctreplay-rules.5" || echo "$match"
done >forgotten
passes "ctreplay-rules(5) knows every match" sh -c '! grep . forgotten'
for sysctl in $("$CTREPLAY" list sysctls | cut -d ' ' -f 1); do
	grep -q -x -F "\\fB$sysctl\\fR" "$pages/ctreplay-host.5" || echo "$sysctl"
done >forgotten
passes "ctreplay-host(5) knows every setting" sh -c '! grep . forgotten'
passes "nothing was left out of a page" sh -c '! grep -l "<!--" "$0"/ctreplay*.[15]' "$pages"

if command -v mandoc >/dev/null 2>&1; then
	for page in "$pages"/*ctreplay*.[135]; do
		passes "mandoc finds nothing in ${page##*/}" sh -c 'mandoc -T lint "$0" >said 2>&1 && [ ! -s said ] || { cat said; false; }' "$page"
	done
else
	skip "mandoc finds nothing in the pages" "mandoc is not there"
fi
finish
