# SPDX-License-Identifier: GPL-2.0-or-later
#
# How many halves wait, each of a datagram of its own, when there is no memory for another one. The kernel takes no smaller
# limit than 3 MiB.
# option: --sysctl net.ipv4.ipfrag_high_thresh=3200000
# option: --sysctl net.netfilter.nf_conntrack_frag6_high_thresh=3400000

BEGIN {
	for (f = 4; f <= 6; f += 2)
		for (n = 1; n <= 2400; n++) {
			say(half(f, n, 0, 1))
			if (n < 2100 || n % 10)
				continue
			say(half(f, 10000 + n, 0, 1))
			ask("IPv" f ", waiting halves before a whole datagram", n)
			say(half(f, 10000 + n, 1, 1))
		}
}
