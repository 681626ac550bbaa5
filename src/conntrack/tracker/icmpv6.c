/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ICMPv6 (RFC 4443, 4861, 2710, 3810, 4286, 4620). Linux 6.18, nf_conntrack_proto_icmpv6.c. */
#include <stddef.h>

#include "base/cursor.h"
#include "conntrack/tracker.h"
#include "conntrack/tracker/icmp_error.h"

enum { ICMPV6_HEADER_LEN = 8, REDIRECT_HEADER_LEN = 40 };

enum {
	LOWEST_INFORMATIONAL = 128, ECHO = 128, ECHO_REPLY = 129, MLD_QUERY = 130, MLD_REPORT = 131, MLD_DONE = 132,
	ROUTER_SOLICITATION = 133, NEIGHBOUR_ADVERTISEMENT = 136, REDIRECT = 137, NODE_QUERY = 139, NODE_REPLY = 140,
	MLD2_REPORT = 143, MRD_ADVERTISEMENT = 151, MRD_SOLICITATION = 152,
};

/* Traffic of a link with itself, which has no connections. */
static bool is_link_housekeeping(uint8_t type, enum profile profile)
{
	if (type == MRD_ADVERTISEMENT || type == MRD_SOLICITATION)
		return profile_value(profile, PROFILE_SKIPS_MRD);
	return (type >= MLD_QUERY && type <= MLD_DONE) ||
	       (type >= ROUTER_SOLICITATION && type <= NEIGHBOUR_ADVERTISEMENT) || type == MLD2_REPORT;
}

/* Linux 6.18, nf_conntrack_icmpv6_redirect(): only one that comes from this link and quotes a packet is an error. */
static enum tracker_class classify_redirect(const struct packet *packet, const char **reason)
{
	enum { REDIRECTED_HEADER = 4, LINK_HOP_LIMIT = 255 };
	struct cursor cursor = cursor_at(packet->bytes, packet->len, (size_t)packet->l4_offset + REDIRECT_HEADER_LEN);
	uint8_t option = cursor_u8(&cursor), option_len = cursor_u8(&cursor);

	if (packet->l4_len < REDIRECT_HEADER_LEN)
		*reason = "short redirect";
	else if (packet->icmp_code != 0)
		return TRACKER_CLASS_QUERY;
	else if (packet->ttl != LINK_HOP_LIMIT || !address_is_link_local(FAMILY_IPV6, &packet->source))
		*reason = "invalid saddr or hoplimit for redirect";
	else if (cursor.failed && packet_is_cut(packet))
		*reason = tracker_cut_reason;
	else if (cursor.failed || option_len == 0)
		*reason = "redirect without options";
	if (*reason)
		return TRACKER_CLASS_INVALID;
	return option == REDIRECTED_HEADER ? TRACKER_CLASS_ERROR : TRACKER_CLASS_QUERY;
}

static enum tracker_class classify(const struct tracker_packet *seen, const char **reason)
{
	const struct packet *packet = seen->packet;

	if (packet->l4_len < ICMPV6_HEADER_LEN)
		*reason = "short packet";
	else if (!packet->has_l4)
		*reason = tracker_cut_reason;
	else if (tracker_has_bad_checksum(seen))
		*reason = "ICMPv6 checksum failed";
	if (*reason)
		return TRACKER_CLASS_INVALID;
	if (is_link_housekeeping(packet->icmp_type, seen->settings->profile))
		return TRACKER_CLASS_UNTRACKED;
	if (packet->icmp_type == REDIRECT)
		return classify_redirect(packet, reason);
	return packet->icmp_type < LOWEST_INFORMATIONAL ? TRACKER_CLASS_ERROR : TRACKER_CLASS_QUERY;
}

static const char *begin(struct connection *connection, const struct tracker_packet *seen)
{
	(void)connection;
	if (seen->packet->icmp_type == ECHO || seen->packet->icmp_type == NODE_QUERY)
		return NULL;
	return "an ICMPv6 answer without its request";
}

static struct tracker_result update(struct connection *connection, const struct tracker_packet *seen)
{
	(void)connection;
	return (struct tracker_result){
		.action = TRACKER_ACCEPT, .timeout_seconds = seen->settings->icmpv6_timeout, .timeout_from = "icmpv6_timeout",
	};
}

const struct tracker tracker_icmpv6 = {
	.name = "icmpv6",
	.protocol = PROTOCOL_ICMPV6,
	.packet_to_tuple = icmp_error_query_to_tuple,
	.classify = classify,
	.begin = begin,
	.update = update,
};
