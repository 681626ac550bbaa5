#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is written for people, in a terminal of 80 columns (tmux): it is wrapped at blanks; and as it is into a file.

. "$(dirname "$0")/../cli/harness"
if ! command -v tmux >/dev/null 2>&1; then
	echo "1..0 # SKIP tmux is not there"
	exit 0
fi
# A server that ends and one that begins would meet at one socket.
n_terminals=0
terminal() { tmux -L "ctreplay-$$-$n_terminals" -f /dev/null "$@"; }
trap 'terminal kill-server 2>/dev/null; cleanup' EXIT

# shows WIDTH ARGUMENT...: what stands in a window of that width, which is high enough for all, once the program has ended
shows() {
	width=$1
	shift
	terminal kill-server 2>/dev/null
	n_terminals=$((n_terminals + 1))
	terminal new-session -d -x "$width" -y 200 "cd '$top'; '$CTREPLAY' $*; echo ended; sleep 60"
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
		terminal capture-pane -p >screen
		! grep -q '^ended' screen || return 0
		sleep 0.1
	done
	cat screen
	return 1
}
holds() { grep -q -e "$1" screen || { cat screen; return 1; }; }

# In this shell, not in one that counts for itself.
shows 80 lab --labs docs/labs 5 >.own/why 2>&1
tell "a lab at 80 columns" $?
passes "a paragraph fills its lines" holds '^NEW, ESTABLISHED and RELATED say what a packet is to the connection table. Some$'
passes "an item hangs" holds '^  and is not INVALID but NEW'
passes "a command stays as it is" holds '^    ctreplay run -r docs/labs/5-invalid/lab.packets'
passes "one that is longer is the terminal's to break" sh -c 'tmux -L "$0" capture-pane -p -J | grep -q "ctreplay run -r docs/labs/5-invalid/lab.packets docs/labs/5-invalid/my.rules --local 10.0.0.1 *$"' "ctreplay-$$-$n_terminals"
passes "the grade hangs below its line" holds '^                INPUT -p tcp\|^                  -A INPUT\|^                  INPUT -p tcp'
shows 200 lab --labs docs/labs 5 >.own/why 2>&1
tell "at 200 columns nothing is broken" $?
passes "the grade on its line" holds 'got ACCEPT by filter INPUT 2 my.rules:8: -A INPUT -p tcp -m tcp --dport 80 -j ACCEPT$'
passes "into a file" sh -c 'cd "$1" && "$0" lab --labs docs/labs 5 >"$2"/file; [ $? -eq 1 ]' "$CTREPLAY" "$top" "$work"
passes "the sheet's own lines" grep -q '^begin one, or they claim to belong to one and do not fit' file
finish
