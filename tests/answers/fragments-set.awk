# SPDX-License-Identifier: GPL-2.0-or-later
#
# The same with other timeouts.
# clock: exact
# option: --sysctl net.ipv4.ipfrag_time=7
# option: --sysctl net.netfilter.nf_conntrack_frag6_timeout=11

BEGIN {
	ask_halves(7, 11)
}
