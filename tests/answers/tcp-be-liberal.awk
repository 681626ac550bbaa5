# SPDX-License-Identifier: GPL-2.0-or-later
#
# The window is not judged, but for resets.
# option: --sysctl net.netfilter.nf_conntrack_tcp_be_liberal=1

BEGIN {
	ask_windows("SYN_RECV ESTABLISHED FIN_WAIT PICKED_UP_REPLIED SYN_IGNORED", CLASSES)
}
