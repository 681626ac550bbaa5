# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every state of SCTP, both directions, every chunk, and whose tag it carries; then what the other side's chunk does after it.

function probe(state, direction, name,    row) {
	row = state " " direction
	enter_sctp(state)
	ask(row, name)
	say_chunk(direction, name)
	ask(row ", then the other side's", name)
	say_chunk(other(direction), name)
	enter_sctp(state)
	ask(row ", no tag", name)
	say(chunk(direction, name, 0))
	enter_sctp(state)
	ask(row ", the other side's tag", name)
	say(chunk(direction, name, told_tag[other(direction)]))
	enter_sctp(state)
	ask(row ", a stranger's tag", name)
	say(chunk(direction, name, 7))
}

BEGIN {
	n = split(SCTP_STATES, states)
	m = split(CHUNKS, chunks)
	for (s = 1; s <= n; s++)
		for (c = 1; c <= m; c++) {
			probe(states[s], "original", chunks[c])
			probe(states[s], "reply", chunks[c])
		}
}
