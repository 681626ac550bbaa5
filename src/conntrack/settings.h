/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net.netfilter.nf_conntrack_*: the sysctls that matter offline, as one table that
 * drives defaults, setting, ranges, `ctreplay list sysctls` and the manual.
 * Defaults: Linux 6.18, 4 GB or more of memory. Timeouts are whole seconds.
 */
#ifndef CONNTRACK_SETTINGS_H
#define CONNTRACK_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conntrack/profile.h"

struct conntrack_settings {
	uint32_t acct, checksum, events, max, buckets, timestamp, log_invalid, expect_max, helper;
	uint32_t generic_timeout;
	uint32_t icmp_timeout, icmpv6_timeout;
	uint32_t udp_timeout, udp_timeout_stream;
	uint32_t gre_timeout, gre_timeout_stream;
	uint32_t tcp_be_liberal, tcp_loose, tcp_max_retrans, tcp_ignore_invalid_rst;
	uint32_t tcp_timeout_syn_sent, tcp_timeout_syn_recv, tcp_timeout_established, tcp_timeout_fin_wait;
	uint32_t tcp_timeout_close_wait, tcp_timeout_last_ack, tcp_timeout_time_wait, tcp_timeout_close;
	uint32_t tcp_timeout_max_retrans, tcp_timeout_unacknowledged;
	uint32_t sctp_timeout_closed, sctp_timeout_cookie_wait, sctp_timeout_cookie_echoed, sctp_timeout_established;
	uint32_t sctp_timeout_shutdown_sent, sctp_timeout_shutdown_recd, sctp_timeout_shutdown_ack_sent;
	uint32_t sctp_timeout_heartbeat_sent;
	uint32_t dccp_timeout_request, dccp_timeout_respond, dccp_timeout_partopen, dccp_timeout_open;
	uint32_t dccp_timeout_closereq, dccp_timeout_closing, dccp_timeout_timewait;
	uint32_t frag6_timeout, frag6_high_thresh;
	uint32_t ip6frag_time;			/* net.ipv6.* */
	uint32_t h323_default_rrq_ttl, h323_gkrouted_only, h323_callforward_filter;	/* of the module nf_conntrack_h323 */
	uint32_t ipfrag_time, ipfrag_high_thresh, ipfrag_max_dist;	/* net.ipv4.* */
	uint32_t tcp_timeout_syn_sent2;	/* not a sysctl: 120 s, unless a timeout policy says otherwise */
	uint32_t hz;			/* not a sysctl: ticks a second of the kernel, 250 */
	enum profile profile;		/* not a sysctl: which kernel it is */
};

struct sysctl {
	const char *name;		/* "net.netfilter.nf_conntrack_udp_timeout" */
	size_t offset;			/* of the uint32_t in struct conntrack_settings */
	uint32_t default_value, min, max;
	const char *summary;
	bool is_for_dccp;		/* not there in kernels that do not track DCCP */
};

/* The table; *n_sysctls items, in the order in which people should read it. */
const struct sysctl *settings_sysctls(size_t *n_sysctls);

void settings_init(struct conntrack_settings *settings);

/* The sysctl of a name, with dots or slashes; NULL when there is none. */
const struct sysctl *settings_find(const char *name);

/* False when out of range. */
bool settings_apply(struct conntrack_settings *settings, const struct sysctl *sysctl, uint32_t value);
uint32_t settings_value(const struct conntrack_settings *settings, const struct sysctl *sysctl);

/* Do the settings suit their kernel? NULL: yes; else what does not, in words. */
const char *settings_check(const struct conntrack_settings *settings);

#endif
