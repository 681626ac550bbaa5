# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every timeout, as it is when nobody has changed it. Checksums are not judged, or nothing of UDP-Lite would get in.
# option: --sysctl net.netfilter.nf_conntrack_checksum=0

BEGIN {
	for (t = 1; t <= N_TIMEOUTS; t++)
		arm(TIMEOUTS[t], "armed")
	play()
}
