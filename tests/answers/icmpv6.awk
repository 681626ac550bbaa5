# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every type and code of ICMPv6: alone, as an answer, as an error; and neighbours.

BEGIN {
	HOST = "2001:db8::1"; PEER = "2001:db8::2"; PROTOCOL = "icmp6"
	ask_every_type()
	ask_codes("1 2 3 4")
	ask_quotes(1, 4)
	n = split("128 139", requests)
	for (r = 1; r <= n; r++)
		for (type = 125; type < 145; type++) {
			icmp(0, requests[r], 0, "id " 6000 + n_packets " seq 1 len 20")
			ask("comes after a request of type " requests[r] " with its identifier", type)
			icmp(1, type, 0, "id " 6000 + n_packets - 1 " seq 1 len 20")
		}
	PEER = "fe80::2"
	for (type = 0; type < 256; type++) {
		ask("comes from a neighbour, hop limit 255", type)
		icmp(1, type, 0, "id " 7000 + type " seq 1 len 60 ttl 255")
		ask("comes from a neighbour, hop limit 255, code 1", type)
		icmp(1, type, 1, "id " 7300 + type " seq 1 len 60 ttl 255")
	}
}
