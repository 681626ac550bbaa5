# SPDX-License-Identifier: GPL-2.0-or-later
#
# Layer 4 checksums, which nobody judges.
# option: --sysctl net.netfilter.nf_conntrack_checksum=0

BEGIN {
	ask_checksums()
}
