# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the tables about ICMP ask. They say who HOST and PEER are, and the PROTOCOL.

# icmp(IN, TYPE, CODE, REST): a packet from the peer, or to it.
function icmp(is_in, type, code, rest) {
	say(PROTOCOL " " (is_in ? PEER " > " HOST : HOST " > " PEER) " type " type " code " code " " rest)
}

# endpoints(PEER_PORT, HOST_PORT, IN): of a UDP or TCP packet.
function endpoints(peer_port, host_port, is_in,    peer, host) {
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
	say("udp " endpoints(53, 5000, 0) " len 20")
	known = n_packets
	say("udp " endpoints(53, 5000, 1) " len 20")
	answered = n_packets
	say("tcp " endpoints(99, 99, 0) " R seq 1 win 0")
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
	say("udp " endpoints(53, 5100, 0) " len 20")
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
	say("udp " endpoints(53, 5200, 0) " len 40")
	udp = n_packets
	say("tcp " endpoints(80, 5200, 0) " S seq 1")
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
