/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ICMP (RFC 792). Linux 6.18, nf_conntrack_proto_icmp.c. */
#include <stddef.h>

#include "conntrack/tracker.h"
#include "conntrack/tracker/icmp_error.h"

enum { ICMP_HEADER_LEN = 8 };

/* RFC 792, RFC 950, RFC 1256. */
enum {
	ECHO_REPLY = 0, UNREACHABLE = 3, SOURCE_QUENCH = 4, REDIRECT = 5, ECHO = 8, TIME_EXCEEDED = 11,
	PARAMETER_PROBLEM = 12, TIMESTAMP = 13, TIMESTAMP_REPLY = 14, INFORMATION = 15, INFORMATION_REPLY = 16,
	ADDRESS_MASK = 17, ADDRESS_MASK_REPLY = 18, HIGHEST_TYPE = 18,
};

static enum tracker_class classify(const struct tracker_packet *seen, const char **reason)
{
	const struct packet *packet = seen->packet;

	if (packet->l4_len < ICMP_HEADER_LEN)
		*reason = "short packet";
	else if (!packet->has_l4)
		*reason = tracker_cut_reason;
	else if (tracker_has_bad_checksum(seen))
		*reason = "bad hw icmp checksum";
	else if (packet->icmp_type > HIGHEST_TYPE)
		*reason = "invalid icmp type";
	if (*reason)
		return TRACKER_CLASS_INVALID;
	switch (packet->icmp_type) {
	case UNREACHABLE:
	case SOURCE_QUENCH:
	case REDIRECT:
	case TIME_EXCEEDED:
	case PARAMETER_PROBLEM:
		return TRACKER_CLASS_ERROR;
	default:
		return TRACKER_CLASS_QUERY;
	}
}

static const char *begin(struct connection *connection, const struct tracker_packet *seen)
{
	uint8_t type = seen->packet->icmp_type;

	(void)connection;
	if (type == ECHO || type == TIMESTAMP || type == INFORMATION || type == ADDRESS_MASK)
		return NULL;
	return "an ICMP answer without its request";
}

static struct tracker_result update(struct connection *connection, const struct tracker_packet *seen)
{
	(void)connection;
	return (struct tracker_result){
		.action = TRACKER_ACCEPT, .timeout_seconds = seen->settings->icmp_timeout, .timeout_from = "icmp_timeout",
	};
}

const struct tracker tracker_icmp = {
	.name = "icmp",
	.protocol = PROTOCOL_ICMP,
	.packet_to_tuple = icmp_error_query_to_tuple,
	.classify = classify,
	.begin = begin,
	.update = update,
};
