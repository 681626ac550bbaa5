# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the tables about DCCP ask. The client began it; its numbers begin at 100, the server's at 500.

BEGIN {
	DCCP_STATES = "NONE REQUEST RESPOND PARTOPEN OPEN CLOSEREQ CLOSING TIMEWAIT"
	N_DCCP_TYPES = split("request response data ack dataack closereq close reset sync syncack", DCCP_TYPES)
	for (t = 1; t <= N_DCCP_TYPES; t++)
		DCCP_NUMBER[DCCP_TYPES[t]] = t - 1
	# The usual way into a state: who sends, and which type.
	DCCP_WAY["NONE"] = ""
	DCCP_WAY["REQUEST"] = ">request"
	DCCP_WAY["RESPOND"] = DCCP_WAY["REQUEST"] " <response"
	DCCP_WAY["PARTOPEN"] = DCCP_WAY["RESPOND"] " >ack"
	DCCP_WAY["OPEN"] = DCCP_WAY["PARTOPEN"] " <dataack"
	DCCP_WAY["CLOSEREQ"] = DCCP_WAY["OPEN"] " <closereq"
	DCCP_WAY["CLOSING"] = DCCP_WAY["OPEN"] " >close"
	DCCP_WAY["TIMEWAIT"] = DCCP_WAY["CLOSING"] " <reset"
}

# dccp(DIRECTION, TYPE): the packet that comes next. Behind the header: what it acknowledges, and whatever its type wants there.
function dccp(direction, type,    number, from, to, rest, ports) {
	number = type in DCCP_NUMBER ? DCCP_NUMBER[type] : type
	from = dccp_next[direction]++
	to = dccp_next[other(direction)] - 1
	rest = number == 0 ? "00000000" : sprintf("0000%012x", to) (number == 1 || number == 7 ? "00000000" : "")
	if (number == 2)
		rest = ""
	ports = sprintf(direction == "original" ? "%04x0050" : "0050%04x", 1024 + n_flows)
	return sprintf("proto 33 %s hex %s%02x000000%02x00%012x%s", direction == "original" ? "10.0.0.2 > 10.0.0.1" : "10.0.0.1 > 10.0.0.2",
		       ports, 4 + length(rest) / 8, number * 2 + 1, from, rest)
}

# enter_dccp(STATE): as enter() of TCP.
function enter_dccp(state, row, column,    n, i, steps) {
	begin_flow()
	dccp_next["original"] = 100
	dccp_next["reply"] = 500
	n = split(DCCP_WAY[state], steps, " ")
	for (i = 1; i <= n; i++) {
		if (row != "" && i == n)
			ask(row, column)
		say(dccp(steps[i] ~ /^>/ ? "original" : "reply", substr(steps[i], 2)))
	}
}
