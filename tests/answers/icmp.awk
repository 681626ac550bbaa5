# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every type and code of ICMP: alone, as an answer, as an error.

BEGIN {
	HOST = "10.0.0.1"; PEER = "10.0.0.2"; PROTOCOL = "icmp"
	ask_every_type()
	ask_codes("3 4 5 11 12")
	ask_quotes(3, 3)
	n = split("8 13 15 17 10", requests)
	for (r = 1; r <= n; r++)
		for (type = 0; type < 20; type++) {
			icmp(0, requests[r], 0, "id " 6000 + n_packets " seq 1 len 20")
			ask("comes after a request of type " requests[r] " with its identifier", type)
			icmp(1, type, 0, "id " 6000 + n_packets - 1 " seq 1 len 20")
		}
}
