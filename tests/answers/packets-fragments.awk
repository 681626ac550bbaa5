# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the tables about fragments ask.

# half(FAMILY, ID, SECOND, INWARDS): one of the two halves of a UDP datagram.
function half(family, id, is_second, comes,    peer, host) {
	peer = family == 4 ? "10.0.0.2" : "[2001:db8::2]"
	host = family == 4 ? "10.0.0.1" : "[2001:db8::1]"
	return "udp " (comes ? peer ":" 1024 + id " > " host ":80" : host ":80 > " peer ":" 1024 + id) " len 1000 " \
		(is_second ? "frag 504" : "frag 0+ size 504") " id " id
}

# ask_halves(SECONDS, SECONDS6): the second half comes so long after the first.
function ask_halves(seconds, seconds6,    f, i, n, m, limit, waits, id, orders, o) {
	n = split("0 1 half -1 -0.1 +2.1 +60", waits)
	m = split("first second", orders)
	for (f = 4; f <= 6; f += 2)
		for (o = 1; o <= m; o++)
			for (i = 1; i <= n; i++) {
				limit = f == 4 ? seconds : seconds6
				id++
				later(0, half(f, id, o == 2, 1))
				ask("IPv" f ", the " orders[o] " half waits", waits[i] ~ /^[-+]/ ? limit waits[i] " s" : waits[i])
				later(waits[i] == "half" ? limit / 2 : waits[i] ~ /^[-+]/ ? limit + waits[i] : waits[i], half(f, id, o == 1, 1))
			}
	play()
}
