# SPDX-License-Identifier: GPL-2.0-or-later
#
# Nothing is picked up in the middle.
# option: --sysctl net.netfilter.nf_conntrack_tcp_loose=0

BEGIN {
	ask_flags("NONE")
	ask_windows("PICKED_UP PICKED_UP_REPLIED ESTABLISHED", "S S. . R")
}
