# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every state of DCCP, both sides, every type, also types that do not exist; then what the other side's does after it. Kernels
# from 6.17 on do not track DCCP.
# Each state has a timeout of its own, by which it is known.
# of: 6.12
# tells: seconds
# option: --sysctl net.netfilter.nf_conntrack_dccp_timeout_request=80100
# option: --sysctl net.netfilter.nf_conntrack_dccp_timeout_respond=80200
# option: --sysctl net.netfilter.nf_conntrack_dccp_timeout_partopen=80300
# option: --sysctl net.netfilter.nf_conntrack_dccp_timeout_open=80400
# option: --sysctl net.netfilter.nf_conntrack_dccp_timeout_closereq=80500
# option: --sysctl net.netfilter.nf_conntrack_dccp_timeout_closing=80600
# option: --sysctl net.netfilter.nf_conntrack_dccp_timeout_timewait=80700
# option: --sysctl net.netfilter.nf_conntrack_checksum=0

function probe(state, direction, type,    row, i) {
	row = state " " direction
	enter_dccp(state)
	ask(row, type)
	say(dccp(direction, type))
	for (i = 1; i <= N_DCCP_TYPES; i++) {
		enter_dccp(state)
		say(dccp(direction, type))
		ask(row " " type ", then " other(direction), DCCP_TYPES[i])
		say(dccp(other(direction), DCCP_TYPES[i]))
	}
}

BEGIN {
	n = split(DCCP_STATES, states)
	for (s = 1; s <= n; s++)
		for (t = 1; t <= N_DCCP_TYPES + 2; t++) {
			type = t <= N_DCCP_TYPES ? DCCP_TYPES[t] : t - 1
			probe(states[s], "original", type)
			probe(states[s], "reply", type)
		}
}
