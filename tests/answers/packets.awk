# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the tables of this folder have in common: flows and their packets, written as a packet script. A table is a file
# TABLE.awk that is read after this one; its lines "# option: ..." are options for ctreplay. The packets of which the answer is
# wanted end with "#? ROW; COLUMN". The host is 10.0.0.1 and 2001:db8::1; what comes from 10.0.0.2 and 2001:db8::2 comes in.

BEGIN {
	print "# ctreplay packets"
	print "link raw"
	now = n_flows = n_packets = 0
	IPV4 = "10.0.0.2 10.0.0.1"
	IPV6 = "2001:db8::2 2001:db8::1"
	STATES = "NONE SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT CLOSE_WAIT LAST_ACK TIME_WAIT CLOSE SYN_SENT2"
	CLASSES = "S S. F. . R R."
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

function flag_set(bits) {
	return bits == 0 ? "none" : (bits % 2 ? "F" : "") (int(bits / 2) % 2 ? "S" : "") (int(bits / 4) % 2 ? "R" : "") \
		(int(bits / 8) % 2 ? "." : "") (int(bits / 16) % 2 ? "U" : "")
}

function wrapped(number) {
	return (number + 4294967296) % 4294967296
}

# segment(DIRECTION, FLAGS, SEQ_OFFSET, ACK_OFFSET, LEN, REST): offsets from what would be next; nothing is remembered.
function segment(direction, flags, seq_offset, ack_offset, len, rest,    ends, numbers) {
	ends = direction == "original" ? client " > " server : server " > " client
	numbers = sprintf("seq %.0f", wrapped(next_seq[direction] + seq_offset))
	if (flags ~ /[.]/)
		numbers = numbers sprintf(" ack %.0f", wrapped(next_seq[other(direction)] + ack_offset))
	say("tcp " ends " " flags " " numbers " win " window (len ? " len " len : "") (rest ? " " rest : ""))
}

# send(DIRECTION, FLAGS, LEN): the segment that comes next.
function send(direction, flags, len) {
	segment(direction, flags, 0, 0, len, flags ~ /S/ ? syn_options : "")
	next_seq[direction] += len + (flags ~ /S/) + (flags ~ /F/)
}

# enter(STATE): a connection comes into the state, as it usually does.
function enter(state) {
	begin_flow()
	reach(state)
}

function reach(state) {
	if (state == "NONE")
		return
	if (state == "PICKED_UP" || state == "PICKED_UP_REPLIED") {
		send("original", ".", 10)
		if (state == "PICKED_UP_REPLIED")
			send("reply", ".", 10)
		return
	}
	send("original", "S", 0)
	if (state == "SYN_SENT")
		return
	if (state == "SYN_SENT2") {
		send("reply", "S", 0)
		return
	}
	send("reply", "S.", 0)
	if (state == "SYN_RECV")
		return
	send("original", ".", 0)
	if (state == "ESTABLISHED")
		return
	if (state == "CLOSE") {
		send("original", "R.", 0)
		return
	}
	if (state == "SYN_IGNORED") {
		segment("original", "S", 100000, 0, 0, "")
		return
	}
	send("original", "F.", 0)
	if (state == "FIN_WAIT")
		return
	send("reply", ".", 0)
	if (state == "CLOSE_WAIT")
		return
	send("reply", "F.", 0)
	if (state == "LAST_ACK")
		return
	if (state == "CHALLENGED") {
		segment("original", "S", 100000, 0, 0, "")
		return
	}
	send("original", ".", 0)
}

# ask_flags(STATE): both directions, and every set of the flags FIN, SYN, RST, ACK and URG, with numbers that fit.
function ask_flags(state,    reply, bits, direction) {
	for (reply = 0; reply < 2; reply++)
		for (bits = 0; bits < 32; bits++) {
			direction = reply ? "reply" : "original"
			enter(state)
			ask(state " " direction, flag_set(bits))
			segment(direction, flag_set(bits), 0, 0, 0, "")
		}
}

function offset_name(what, offset) {
	return what (offset == "+2147483648" ? " far" : offset)
}

# ask_window(STATE, DIRECTION, FLAGS): where its numbers are, from what would come next, by so many bytes. Both windows are 1000
# bytes, not scaled. "far" is half the circle of numbers away.
function ask_window(state, direction, flags,    row, i, n, offsets) {
	row = state " " direction " " flags
	n = split("0 -1 -999 -1000 -1001 -1002 -1003 -70000 +1 +998 +999 +1000 +1001 +1002 +70000 +2147483648", offsets)
	for (i = 1; i <= n; i++) {
		enter(state)
		ask(row, offset_name("seq", offsets[i]))
		segment(direction, flags, offsets[i], 0, 0, "")
	}
	n = split("-1 -1000 -65999 -66000 -66001 -66002 +1 +2 +70000 +2147483648", offsets)
	for (i = 1; i <= n && flags ~ /[.]/; i++) {
		enter(state)
		ask(row, offset_name("ack", offsets[i]))
		segment(direction, flags, 0, offsets[i], 0, "")
	}
	n = split("-1102 -1101 -1100 -1099 -100 +899 +900 +901 +999 +1000 +1001", offsets)
	for (i = 1; i <= n && flags ~ /^F?[.]$/; i++) {
		enter(state)
		ask(row, "100 bytes at seq" offsets[i])
		segment(direction, flags, offsets[i], 0, 100, "")
	}
	if (flags ~ /R/) {
		enter(state)
		ask(row, "seq is 0")
		segment(direction, flags, -next_seq[direction], 0, 0, "")
	}
}

# ask_windows(STATES, CLASSES): all of them, in both directions.
function ask_windows(state_list, class_list,    i, c, n, k, states, classes) {
	n = split(state_list, states)
	k = split(class_list, classes)
	for (i = 1; i <= n; i++) {
		for (c = 1; c <= k; c++)
			ask_window(states[i], "original", classes[c])
		for (c = 1; c <= k; c++)
			ask_window(states[i], "reply", classes[c])
	}
}

# ask_repetitions(MOST): a segment that comes again and again; a window of 0; data that nobody acknowledges.
function ask_repetitions(most,    n, i, reply, direction) {
	for (reply = 0; reply < 2; reply++) {
		direction = reply ? "reply" : "original"
		enter("ESTABLISHED")
		for (n = 1; n <= most; n++) {
			ask("data from " direction, n)
			segment(direction, ".", 0, 0, 100, "")
		}
		next_seq[direction] += 100
		ask("data from " direction, "acknowledged")
		segment(other(direction), ".", 0, 0, 0, "")
		enter("ESTABLISHED")
		for (n = 1; n <= most; n++) {
			ask("ACK from " direction, n)
			segment(direction, ".", 0, 0, 0, "")
		}
		ask("ACK from " direction, "the next one")
		segment(direction, ".", 1, 0, 0, "")
		enter("FIN_WAIT")
		for (n = 1; n <= most; n++) {
			ask("data from " direction " in FIN_WAIT", n)
			segment(direction, ".", -1, 0, 1, "")
		}
		enter("ESTABLISHED")
		window = 0
		ask("no window from " direction, "at first")
		segment(direction, ".", 0, 0, 0, "")
		ask("no window from " direction, "again")
		segment(direction, ".", 0, 0, 0, "")
		window = 1000
		ask("no window from " direction, "data from the other")
		segment(other(direction), ".", 0, 0, 10, "")
		ask("no window from " direction, "open")
		segment(direction, ".", 0, 0, 0, "")
	}
}

# icmp(IN, TYPE, CODE, REST): a packet from the peer, or to it.
function icmp(is_in, type, code, rest) {
	say(PROTOCOL " " (is_in ? PEER " > " HOST : HOST " > " PEER) " type " type " code " code " " rest)
}

# ends(PEER_PORT, HOST_PORT, IN): of a UDP or TCP packet.
function ends(peer_port, host_port, is_in,    peer, host) {
	peer = (PEER ~ /:/ ? "[" PEER "]" : PEER) ":" peer_port
	host = (HOST ~ /:/ ? "[" HOST "]" : HOST) ":" host_port
	return is_in ? peer " > " host : host " > " peer
}

# ask_every_type(): types 0 to 255: alone, behind an echo request, and as errors about packets.
function ask_every_type(    type, request, known, answered, unknown) {
	for (type = 0; type < 256; type++) {
		ask("comes first", type)
		icmp(1, type, 0, "id " 1000 + type " seq 1 len 60")
	}
	for (type = 0; type < 256; type++) {
		ask("goes first", type)
		icmp(0, type, 0, "id " 1300 + type " seq 1 len 60")
	}
	request = PROTOCOL == "icmp" ? 8 : 128
	for (type = 0; type < 256; type++) {
		icmp(0, request, 0, "id " 2000 + type " seq 1 len 20")
		ask("comes after an echo request with its identifier", type)
		icmp(1, type, 0, "id " 2000 + type " seq 1 len 20")
	}
	for (type = 0; type < 256; type++) {
		icmp(1, request, 0, "id " 3000 + type " seq 1 len 20")
		ask("comes behind an echo request of its own with the same identifier", type)
		icmp(1, type, 0, "id " 3000 + type " seq 2 len 20")
	}
	say("udp " ends(53, 5000, 0) " len 20")
	known = n_packets
	say("udp " ends(53, 5000, 1) " len 20")
	answered = n_packets
	say("tcp " ends(99, 99, 0) " R seq 1 win 0")
	unknown = n_packets
	icmp(0, request, 0, "id 4000 seq 1 len 20")
	for (type = 0; type < 256; type++) {
		ask("comes and quotes what the host sent", type)
		icmp(1, type, 1, "about " known)
		ask("goes and quotes what came", type)
		icmp(0, type, 1, "about " answered)
		ask("comes and quotes a reply to itself", type)
		icmp(1, type, 1, "about " answered)
		ask("comes and quotes a packet of no entry", type)
		icmp(1, type, 1, "about " unknown)
		ask("comes and quotes an echo request", type)
		icmp(1, type, 1, "about " unknown + 1)
	}
}

# ask_codes(TYPES): every code of the errors.
function ask_codes(list,    n, types, i, code, known) {
	say("udp " ends(53, 5100, 0) " len 20")
	known = n_packets
	n = split(list, types)
	for (i = 1; i <= n; i++)
		for (code = 0; code < 256; code++) {
			ask("type " types[i] " quotes what the host sent, code", code)
			icmp(1, types[i], code, "about " known)
		}
}

# ask_quotes(TYPE, CODE): how much of the packet an error quotes, and with a wrong checksum.
function ask_quotes(type, code,    len, udp, tcp, i, words) {
	say("udp " ends(53, 5200, 0) " len 40")
	udp = n_packets
	say("tcp " ends(80, 5200, 0) " S seq 1")
	tcp = n_packets
	for (len = 0; len <= 60; len++) {
		ask("bytes quoted of a UDP packet", len)
		icmp(1, type, code, "about " udp " quote " len)
		ask("bytes quoted of a TCP packet", len)
		icmp(1, type, code, "about " tcp " quote " len)
	}
	ask("an error about a UDP packet", "bad checksum")
	icmp(1, type, code, "about " udp " bad-checksum")
	ask("an echo request", "bad checksum")
	icmp(1, PROTOCOL == "icmp" ? 8 : 128, 0, "id 5000 seq 1 len 20 bad-checksum")
}
