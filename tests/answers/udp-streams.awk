# SPDX-License-Identifier: GPL-2.0-or-later
#
# When a UDP flow becomes a stream: answered, and older than two seconds, to a jiffy (4 ms). Then how long it lives on, when one
# side alone goes on.
# clock: exact

function at(row, column, seconds, direction) {
	ask(row, column)
	later(seconds, datagram("udp", direction))
}

BEGIN {
	n = split("1 1.996 2 2.004 2.008 3", times)
	for (i = 1; i <= n; i++)
		for (answered = 0; answered < 3; answered++) {
			begin_flow()
			later(0, datagram("udp", "original"))
			if (answered)
				later(answered == 1 ? 0.5 : 1.5, datagram("udp", "reply"))
			row = answered ? "answered after " (answered == 1 ? 0.5 : 1.5) " s, the next packet" : "not answered, the next packet"
			at(row, "at " times[i], times[i], "original")
			at(row ", then the other side's", "at " times[i], times[i] + 0.1, "reply")
			at(row ", then both again", "at " times[i], times[i] + 20, "original")
			at(row ", then both again", "the other side's, at " times[i], times[i] + 20.1, "reply")
		}
	for (i = 1; i <= n; i++) {
		begin_flow()
		later(0, datagram("udp", "original"))
		at("the first answer", "at " times[i], times[i], "reply")
		at("a packet after the first answer", "at " times[i], times[i] + 0.1, "original")
	}
	play()
}
