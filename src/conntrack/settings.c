/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sysctl table. Linux 6.18, nf_conntrack_standalone.c: booleans take 0 and 1 alone;
 * timeouts are kept as int jiffies, so the largest is INT_MAX / HZ seconds (HZ 250).
 */
#include "conntrack/settings.h"

#include <string.h>

#include "clock/vtime.h"

enum { LONGEST_TIMEOUT = INT32_MAX / VTIME_DEFAULT_HZ };

#define NAMED(prefix, field, value, low, high, text, ...) \
	{ \
		.name = prefix #field, .offset = offsetof(struct conntrack_settings, field), \
		.default_value = (value), .min = (low), .max = (high), .summary = (text), __VA_ARGS__ \
	}
#define SYSCTL(field, value, low, high, text) NAMED("net.netfilter.nf_conntrack_", field, value, low, high, text)
#define TIMEOUT(field, value, text) SYSCTL(field, value, 0, LONGEST_TIMEOUT, text)
#define DCCP_TIMEOUT(state, value, text) \
	NAMED("net.netfilter.nf_conntrack_", dccp_timeout_##state, value, 0, LONGEST_TIMEOUT, text " (kernels up to 6.16)", \
	      .is_for_dccp = true)
#define SWITCH(field, value, text) SYSCTL(field, value, 0, 1, text)

/* Parameters of a kernel module, which are no sysctls, but as good as. */
#define PARAMETER(module, prefix, parameter, value, high, text) \
	{ \
		.name = module "." #parameter, .offset = offsetof(struct conntrack_settings, prefix##parameter), \
		.default_value = (value), .max = (high), .summary = (text) \
	}

static const struct sysctl sysctls[] = {
	SWITCH(acct, 0, "count packets and bytes of new entries"),
	SWITCH(checksum, 1, "judge layer 4 checksums in PREROUTING; a bad one is INVALID"),
	SYSCTL(events, 2, 0, 2, "0: no events; 1: always; 2: while somebody listens"),
	SYSCTL(log_invalid, 0, 0, 255, "log why packets are INVALID: 255 for all protocols, or one protocol number"),
	SYSCTL(max, 262144, 0, INT32_MAX, "most entries in the table; 0, for kernels before 6.18: any number"),
	SYSCTL(buckets, 262144, 1, INT32_MAX, "size of the hash table: how near an entry must be to give way when the table is full"),
	SYSCTL(expect_max, 4096, 1, INT32_MAX, "most expectations"),
	SWITCH(helper, 0, "of kernels before 6.0: a connection gets the helper of the port that it goes to"),
	SWITCH(timestamp, 0, "remember when entries began"),
	TIMEOUT(generic_timeout, 600, "protocols without a tracker of their own"),
	TIMEOUT(icmp_timeout, 30, "ICMP queries"),
	TIMEOUT(icmpv6_timeout, 30, "ICMPv6 queries"),
	TIMEOUT(udp_timeout, 30, "UDP, until it is a stream"),
	TIMEOUT(udp_timeout_stream, 120, "UDP, seen in both directions for more than two seconds"),
	TIMEOUT(gre_timeout, 30, "GRE, one way"),
	TIMEOUT(gre_timeout_stream, 180, "GRE, both ways"),
	SWITCH(tcp_be_liberal, 0, "accept TCP segments outside the window, resets excepted"),
	SWITCH(tcp_loose, 1, "pick up TCP connections in the middle"),
	SYSCTL(tcp_max_retrans, 3, 0, 255, "repetitions of a segment after which tcp_timeout_max_retrans holds"),
	SWITCH(tcp_ignore_invalid_rst, 0, "do not judge resets below the window INVALID"),
	TIMEOUT(tcp_timeout_syn_sent, 120, "state SYN_SENT"),
	TIMEOUT(tcp_timeout_syn_recv, 60, "state SYN_RECV"),
	TIMEOUT(tcp_timeout_established, 432000, "state ESTABLISHED (five days)"),
	TIMEOUT(tcp_timeout_fin_wait, 120, "state FIN_WAIT"),
	TIMEOUT(tcp_timeout_close_wait, 60, "state CLOSE_WAIT"),
	TIMEOUT(tcp_timeout_last_ack, 30, "state LAST_ACK"),
	TIMEOUT(tcp_timeout_time_wait, 120, "state TIME_WAIT"),
	TIMEOUT(tcp_timeout_close, 10, "state CLOSE, and after any reset"),
	TIMEOUT(tcp_timeout_max_retrans, 300, "at most this long after tcp_max_retrans repetitions, or with a window of 0"),
	TIMEOUT(tcp_timeout_unacknowledged, 300, "at most this long while data is not acknowledged"),
	TIMEOUT(sctp_timeout_closed, 10, "SCTP state CLOSED"),
	TIMEOUT(sctp_timeout_cookie_wait, 3, "SCTP state COOKIE_WAIT"),
	TIMEOUT(sctp_timeout_cookie_echoed, 3, "SCTP state COOKIE_ECHOED"),
	TIMEOUT(sctp_timeout_established, 210, "SCTP state ESTABLISHED"),
	TIMEOUT(sctp_timeout_shutdown_sent, 3, "SCTP state SHUTDOWN_SENT"),
	TIMEOUT(sctp_timeout_shutdown_recd, 3, "SCTP state SHUTDOWN_RECD"),
	TIMEOUT(sctp_timeout_shutdown_ack_sent, 3, "SCTP state SHUTDOWN_ACK_SENT"),
	TIMEOUT(sctp_timeout_heartbeat_sent, 30, "SCTP state HEARTBEAT_SENT"),
	DCCP_TIMEOUT(request, 240, "DCCP state REQUEST"),
	DCCP_TIMEOUT(respond, 480, "DCCP state RESPOND"),
	DCCP_TIMEOUT(partopen, 480, "DCCP state PARTOPEN"),
	DCCP_TIMEOUT(open, 43200, "DCCP state OPEN (twelve hours)"),
	DCCP_TIMEOUT(closereq, 64, "DCCP state CLOSEREQ"),
	DCCP_TIMEOUT(closing, 64, "DCCP state CLOSING"),
	DCCP_TIMEOUT(timewait, 240, "DCCP state TIMEWAIT"),
	TIMEOUT(frag6_timeout, 60, "IPv6 fragments that wait for the rest of their datagram"),
	SYSCTL(frag6_high_thresh, 4 << 20, 0, INT32_MAX, "IPv6 fragments: bytes of memory that may wait"),
	NAMED("net.ipv6.", ip6frag_time, 60, 0, LONGEST_TIMEOUT, "IPv6 fragments for the host itself, likewise, where nothing is tracked"),
	NAMED("net.ipv4.", ipfrag_time, 30, 0, LONGEST_TIMEOUT, "IPv4 fragments that wait for the rest of their datagram"),
	NAMED("net.ipv4.", ipfrag_high_thresh, 4 << 20, 0, INT32_MAX, "IPv4 fragments: bytes of memory that may wait"),
	NAMED("net.ipv4.", ipfrag_max_dist, 64, 0, INT32_MAX,
	      "IPv4 fragments of one source that may come between two of a datagram; 0: any number"),
	PARAMETER("nf_conntrack_h323", h323_, default_rrq_ttl, 300, INT32_MAX,
		  "module parameter: how long a registration over RAS lives that does not say it"),
	PARAMETER("nf_conntrack_h323", h323_, gkrouted_only, 1, 1,
		  "module parameter: who has registered is called by its gatekeeper alone; 0: by anybody"),
	PARAMETER("nf_conntrack_h323", h323_, callforward_filter, 1, 1,
		  "module parameter: a call forwarded to the caller's own side is not expected"),
};

const struct sysctl *settings_sysctls(size_t *n_sysctls)
{
	*n_sysctls = sizeof(sysctls) / sizeof(sysctls[0]);
	return sysctls;
}

static uint32_t *field_of(struct conntrack_settings *settings, const struct sysctl *sysctl)
{
	return (uint32_t *)(void *)((char *)settings + sysctl->offset);
}

void settings_init(struct conntrack_settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	settings->hz = VTIME_DEFAULT_HZ;
	settings->tcp_timeout_syn_sent2 = 120;
	for (size_t i = 0; i < sizeof(sysctls) / sizeof(sysctls[0]); i++)
		*field_of(settings, &sysctls[i]) = sysctls[i].default_value;
}

/* sysctl(8) takes net.netfilter.X and net/netfilter/X alike. */
static bool is_same_name(const char *name, const char *given)
{
	for (; *name && *given; name++, given++)
		if (*name != (*given == '/' ? '.' : *given))
			return false;
	return *name == *given;
}

const struct sysctl *settings_find(const char *name)
{
	for (size_t i = 0; i < sizeof(sysctls) / sizeof(sysctls[0]); i++)
		if (is_same_name(sysctls[i].name, name))
			return &sysctls[i];
	return NULL;
}

bool settings_apply(struct conntrack_settings *settings, const struct sysctl *sysctl, uint32_t value)
{
	if (value < sysctl->min || value > sysctl->max)
		return false;
	*field_of(settings, sysctl) = value;
	return true;
}

uint32_t settings_value(const struct conntrack_settings *settings, const struct sysctl *sysctl)
{
	return *(const uint32_t *)(const void *)((const char *)settings + sysctl->offset);
}

const char *settings_check(const struct conntrack_settings *settings)
{
	if (settings->max < profile_value(settings->profile, PROFILE_LEAST_MAX))
		return "net.netfilter.nf_conntrack_max: this kernel does not take 0 for \"no limit\"";
	for (size_t i = 0; i < sizeof(sysctls) / sizeof(sysctls[0]); i++)
		if (sysctls[i].is_for_dccp && !profile_value(settings->profile, PROFILE_TRACKS_DCCP) &&
		    settings_value(settings, &sysctls[i]) != sysctls[i].default_value)
			return "net.netfilter.nf_conntrack_dccp_timeout_*: this kernel does not track DCCP";
	return NULL;
}
