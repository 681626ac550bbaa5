# SPDX-License-Identifier: GPL-2.0-or-later
#
# Between two fragments of a datagram there may be so many others of the same source.
# option: --sysctl net.ipv4.ipfrag_max_dist=3

BEGIN {
	for (n = 0; n <= 8; n++) {
		say(half(4, 100 + n, 0, 1))
		for (i = 1; i <= n; i++)
			say(half(4, 200 + 10 * n + i, 0, 1))
		ask("others before the second half", n)
		say(half(4, 100 + n, 1, 1))
	}
}
