# SPDX-License-Identifier: GPL-2.0-or-later
#
# A segment that comes again: one repetition is enough.
# option: --sysctl net.netfilter.nf_conntrack_tcp_max_retrans=1

BEGIN {
	ask_repetitions(3)
}
