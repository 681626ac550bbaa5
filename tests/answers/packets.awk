# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the tables of this folder have in common: flows and their packets, written as a packet script. A table is a file
# TABLE.awk that is read after these. Its lines "# option: ..." are options for ctreplay; "# tells: ..." narrows what is kept
# (tell.awk; "table" is the listing after the last packet); "# clock: exact" and "# of: VERSION" say who can be asked (run-answers).
# The packets of which the answer is wanted end with "#? ROW; COLUMN". The host is 10.0.0.1 and 2001:db8::1; what comes from
# 10.0.0.2 and 2001:db8::2 comes in.

BEGIN {
	print "# ctreplay packets"
	print "link raw"
	now = n_flows = n_packets = 0
}

# ask(ROW, COLUMN): the next packet's answer is wanted.
function ask(row, column) {
	label = "\t#? " row "; " column
}

function say(words) {
	n_packets++
	printf "%s %s%s\n", now, words, label
	label = ""
}

# later(SECONDS, WORDS): a packet of another time, which play() will say when its turn comes.
function later(seconds, words) {
	waiting_at[++n_waiting] = seconds
	waiting[n_waiting] = words label
	label = ""
}

# play(): all packets that wait, in the order of their times.
function play(    i, j, first) {
	for (i = 1; i <= n_waiting; i++) {
		first = 0
		for (j = 1; j <= n_waiting; j++)
			if (!(j in was_said) && (!first || waiting_at[j] < waiting_at[first]))
				first = j
		was_said[first] = 1
		now = sprintf("%.3f", waiting_at[first])
		say(waiting[first])
	}
}

# begin_flow(): new addresses and ports, and TCP's numbers for both sides.
function begin_flow() {
	n_flows++
	client = "10.0.0.2:" (1024 + n_flows % 60000)
	server = "10.0.0.1:" (80 + int(n_flows / 60000))
	next_seq["original"] = 1000000
	next_seq["reply"] = 5000000
	window = 1000
	syn_options = ""
}

function other(direction) {
	return direction == "original" ? "reply" : "original"
}
