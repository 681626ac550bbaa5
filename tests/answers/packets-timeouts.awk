# SPDX-License-Identifier: GPL-2.0-or-later
#
# One flow for each timeout of `ctreplay list timeouts`: the packets after which an entry has it, and one that tells later
# whether the entry is still there.

BEGIN {
	STREAM_AGE = 2.5
	# Timeout, its default, and for TCP and SCTP the state whose way leads to it.
	N_TIMEOUTS = split("generic:600 icmp:30 icmpv6:30 udp:30 udp_stream:120 udplite:30 udplite_stream:120 gre:30 gre_stream:180" \
		" tcp_syn_sent:120:SYN_SENT tcp_syn_sent2:120:SYN_SENT2 tcp_syn_recv:60:SYN_RECV tcp_established:432000:ESTABLISHED" \
		" tcp_fin_wait:120:FIN_WAIT tcp_close_wait:60:CLOSE_WAIT tcp_last_ack:30:LAST_ACK tcp_time_wait:120:TIME_WAIT" \
		" tcp_close:10:CLOSE tcp_max_retrans:300:WINDOW_CLOSED tcp_unacknowledged:300:UNACKNOWLEDGED tcp_picked_up:300:PICKED_UP" \
		" sctp_closed:10:CLOSED sctp_cookie_wait:3:COOKIE_WAIT sctp_cookie_echoed:3:COOKIE_ECHOED sctp_established:210:ESTABLISHED" \
		" sctp_shutdown_sent:3:SHUTDOWN_SENT sctp_shutdown_recd:3:SHUTDOWN_RECD sctp_shutdown_ack_sent:3:SHUTDOWN_ACK_SENT" \
		" sctp_heartbeat_sent:30:HEARTBEAT_SENT", words)
	for (t = 1; t <= N_TIMEOUTS; t++) {
		split(words[t], parts, ":")
		TIMEOUTS[t] = parts[1]
		DEFAULTS[parts[1]] = parts[2]
		STATE_OF[parts[1]] = parts[3]
	}
}

# What leads the name of a timeout is the name of its protocol.
function protocol_of(name) {
	sub(/_.*/, "", name)
	return name == "generic" ? 99 : name
}

# A datagram of a protocol; those without ports are told apart by their addresses.
function datagram(protocol, direction,    peer) {
	if (protocol == "udp")
		return "udp " (direction == "original" ? client " > " server : server " > " client) " len 8"
	if (protocol == "udplite")
		return sprintf(direction == "original" ? "proto udplite 10.0.0.2 > 10.0.0.1 hex %04x005000081234" \
						       : "proto udplite 10.0.0.1 > 10.0.0.2 hex 0050%04x00081234", 1024 + n_flows)
	peer = "10.0." (1 + int(n_flows / 200)) "." (1 + n_flows % 200)
	return "proto " protocol " " (direction == "original" ? peer " > 10.0.0.1" : "10.0.0.1 > " peer) \
		(protocol == "gre" ? " hex 0000080045000014" : " len 8")
}

function echo(protocol, kind,    peer, host) {
	peer = protocol == "icmp" ? "10.0.0.2" : "2001:db8::2"
	host = protocol == "icmp" ? "10.0.0.1" : "2001:db8::1"
	return (protocol == "icmp" ? "icmp " : "icmp6 ") (kind == "echo-request" ? peer " > " host : host " > " peer) " " kind \
		" id " n_flows " seq 1 len 8"
}

# arm(NAME, COLUMN): packets of a new flow, after the last of which its entry has the timeout; COLUMN "" asks for no answer.
# The last packet of a stream waits for play().
function arm(name, column,    protocol) {
	protocol = protocol_of(name)
	if (protocol == "tcp") {
		enter(STATE_OF[name], column == "" ? "" : name, column)
		return
	}
	if (protocol == "sctp") {
		enter_sctp(STATE_OF[name], column == "" ? "" : name, column)
		return
	}
	begin_flow()
	if (name ~ /_stream$/) {
		say(datagram(protocol, "original"))
		say(datagram(protocol, "reply"))
	}
	if (column != "")
		ask(name, column)
	if (name ~ /_stream$/)
		later(STREAM_AGE, datagram(protocol, "original"))
	else
		say(protocol ~ /^icmp/ ? echo(protocol, "echo-request") : datagram(protocol, "original"))
}

# witness(NAME): a packet that belongs to the flow, and begins no such entry when there is none.
function witness(name,    protocol) {
	protocol = protocol_of(name)
	if (protocol ~ /^icmp/)
		return echo(protocol, "echo-reply")
	if (protocol == "sctp")
		return chunk("reply", name ~ /heartbeat/ ? "heartbeat" : "data", told_tag["reply"])
	if (protocol != "tcp")
		return datagram(protocol, "reply")
	if (name ~ /syn_sent/)
		return sprintf("tcp %s > %s S. seq %.0f ack %.0f win 1000", server, client, next_seq["reply"], next_seq["original"])
	if (name ~ /picked_up/)
		return sprintf("tcp %s > %s . seq %.0f ack %.0f win 1000", server, client, next_seq["reply"], next_seq["original"])
	return sprintf("tcp %s > %s . seq %.0f ack %.0f win 1000", client, server, next_seq["original"], next_seq["reply"])
}
