# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the tables about SCTP ask.

BEGIN {
	SCTP_STATES = "NONE CLOSED COOKIE_WAIT COOKIE_ECHOED ESTABLISHED SHUTDOWN_SENT SHUTDOWN_RECD SHUTDOWN_ACK_SENT HEARTBEAT_SENT"
	CHUNKS = "data init init-ack sack heartbeat heartbeat-ack abort shutdown shutdown-ack error cookie-echo cookie-ack shutdown-complete"
	# The usual way into a state: who sends, and which chunk.
	SCTP_WAY["NONE"] = ""
	SCTP_WAY["CLOSED"] = ">init"
	SCTP_WAY["COOKIE_WAIT"] = SCTP_WAY["CLOSED"] " <init-ack"
	SCTP_WAY["COOKIE_ECHOED"] = SCTP_WAY["COOKIE_WAIT"] " >cookie-echo"
	SCTP_WAY["ESTABLISHED"] = SCTP_WAY["COOKIE_ECHOED"] " <cookie-ack"
	SCTP_WAY["SHUTDOWN_SENT"] = SCTP_WAY["ESTABLISHED"] " >shutdown"
	SCTP_WAY["SHUTDOWN_RECD"] = SCTP_WAY["ESTABLISHED"] " <shutdown"
	SCTP_WAY["SHUTDOWN_ACK_SENT"] = SCTP_WAY["SHUTDOWN_SENT"] " <shutdown-ack"
	SCTP_WAY["HEARTBEAT_SENT"] = ">heartbeat"
}

# What INIT and INIT ACK carry in a packet script is 4096 and the number of packets before: the other side must use it. A side
# that was told none takes 9.
function usual_tag(direction, name) {
	return name == "init" ? 0 : told_tag[direction]
}

function chunk(direction, name, tag) {
	return "sctp " (direction == "original" ? client " > " server : server " > " client) " tag " tag " chunk " name
}

function say_chunk(direction, name) {
	if (name ~ /^init/)
		told_tag[other(direction)] = 4096 + n_packets
	say(chunk(direction, name, usual_tag(direction, name)))
}

# enter_sctp(STATE): as enter() of TCP.
function enter_sctp(state, row, column,    n, i, steps) {
	begin_flow()
	told_tag["original"] = told_tag["reply"] = 9
	n = split(SCTP_WAY[state], steps, " ")
	for (i = 1; i <= n; i++) {
		if (row != "" && i == n)
			ask(row, column)
		say_chunk(steps[i] ~ /^>/ ? "original" : "reply", substr(steps[i], 2))
	}
}
