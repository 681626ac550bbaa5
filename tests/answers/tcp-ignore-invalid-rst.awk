# SPDX-License-Identifier: GPL-2.0-or-later
#
# Resets below the window are not INVALID.
# option: --sysctl net.netfilter.nf_conntrack_tcp_ignore_invalid_rst=1

BEGIN {
	ask_windows(STATES " PICKED_UP PICKED_UP_REPLIED SYN_IGNORED CHALLENGED", "R R.")
}
