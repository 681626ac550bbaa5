# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every timeout, each set to a value that nothing else has. Checksums are not judged, or nothing of UDP-Lite would get in.
# option: --sysctl net.netfilter.nf_conntrack_generic_timeout=89900
# option: --sysctl net.netfilter.nf_conntrack_icmp_timeout=89800
# option: --sysctl net.netfilter.nf_conntrack_icmpv6_timeout=89700
# option: --sysctl net.netfilter.nf_conntrack_udp_timeout=89600
# option: --sysctl net.netfilter.nf_conntrack_udp_timeout_stream=89500
# option: --sysctl net.netfilter.nf_conntrack_gre_timeout=89400
# option: --sysctl net.netfilter.nf_conntrack_gre_timeout_stream=89300
# option: --sysctl net.netfilter.nf_conntrack_tcp_timeout_syn_sent=89200
# option: --sysctl net.netfilter.nf_conntrack_tcp_timeout_syn_recv=89100
# option: --sysctl net.netfilter.nf_conntrack_tcp_timeout_established=89000
# option: --sysctl net.netfilter.nf_conntrack_tcp_timeout_fin_wait=88900
# option: --sysctl net.netfilter.nf_conntrack_tcp_timeout_close_wait=88800
# option: --sysctl net.netfilter.nf_conntrack_tcp_timeout_last_ack=88700
# option: --sysctl net.netfilter.nf_conntrack_tcp_timeout_time_wait=88600
# option: --sysctl net.netfilter.nf_conntrack_tcp_timeout_close=88500
# option: --sysctl net.netfilter.nf_conntrack_tcp_timeout_max_retrans=88400
# option: --sysctl net.netfilter.nf_conntrack_tcp_timeout_unacknowledged=88300
# option: --sysctl net.netfilter.nf_conntrack_sctp_timeout_closed=88200
# option: --sysctl net.netfilter.nf_conntrack_sctp_timeout_cookie_wait=88100
# option: --sysctl net.netfilter.nf_conntrack_sctp_timeout_cookie_echoed=88000
# option: --sysctl net.netfilter.nf_conntrack_sctp_timeout_established=87900
# option: --sysctl net.netfilter.nf_conntrack_sctp_timeout_shutdown_sent=87800
# option: --sysctl net.netfilter.nf_conntrack_sctp_timeout_shutdown_recd=87700
# option: --sysctl net.netfilter.nf_conntrack_sctp_timeout_shutdown_ack_sent=87600
# option: --sysctl net.netfilter.nf_conntrack_sctp_timeout_heartbeat_sent=87500
# option: --sysctl net.netfilter.nf_conntrack_checksum=0

BEGIN {
	for (t = 1; t <= N_TIMEOUTS; t++)
		arm(TIMEOUTS[t], "armed")
	play()
}
