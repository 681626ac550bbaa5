# SPDX-License-Identifier: GPL-2.0-or-later
#
# No repetition is needed.
# option: --sysctl net.netfilter.nf_conntrack_tcp_max_retrans=0

BEGIN {
	ask_repetitions(2)
}
