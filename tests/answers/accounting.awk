# SPDX-License-Identifier: GPL-2.0-or-later
#
# Entries count what passes: the table after all, with packets and bytes of each direction.
# option: --sysctl net.netfilter.nf_conntrack_acct=1
# tells: table

BEGIN {
	for (t = 1; t <= N_TIMEOUTS; t++) {
		arm(TIMEOUTS[t], "")
		later(STREAM_AGE + 0.001, witness(TIMEOUTS[t]))
	}
	play()
}
