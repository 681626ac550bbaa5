/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UDP-Lite (RFC 3828). Linux 6.18, nf_conntrack_proto_udp.c, udplite_error() and nf_conntrack_udplite_packet(). */
#include <stddef.h>

#include "base/cursor.h"
#include "conntrack/tracker.h"
#include "packet/checksum.h"

enum { UDPLITE_HEADER_LEN = 8 };

/*
 * Linux 6.18, udplite_error(): the pseudo header is summed with UDP's protocol number, not UDP-Lite's own, so
 * that what a correct host sends (RFC 3828, 3.1) is judged bad. Seen live, for both families and any coverage.
 */
static bool has_bad_checksum(const struct tracker_packet *seen, uint32_t coverage)
{
	const struct packet *packet = seen->packet;
	struct cursor cursor = cursor_at(packet->bytes, packet->len, packet->l4_offset);
	const uint8_t *covered = cursor_take(&cursor, coverage);
	size_t address_len = packet->family == FAMILY_IPV6 ? 16 : 4;
	uint8_t addresses[32];
	uint64_t sum;

	if (seen->hook != HOOK_PREROUTING || !seen->settings->checksum || !covered)
		return false;
	address_to_bytes(packet->family, &packet->source, addresses);
	address_to_bytes(packet->family, &packet->destination, addresses + address_len);
	sum = checksum_add((uint64_t)PROTOCOL_UDP + packet->l4_len, addresses, 2 * address_len);
	return checksum_finish(checksum_add(sum, covered, coverage)) != 0;
}

static const char *check(const struct tracker_packet *seen)
{
	const struct packet *packet = seen->packet;
	struct cursor cursor = cursor_at(packet->bytes, packet->len, (size_t)packet->l4_offset + 6);
	uint32_t coverage = packet->udp_len;	/* where UDP has its length; 0 means all */

	if (packet->l4_len < UDPLITE_HEADER_LEN)
		return "short packet";
	if (!packet->has_l4)
		return tracker_cut_reason;
	if (coverage == 0)
		coverage = packet->l4_len;
	else if (coverage < UDPLITE_HEADER_LEN || coverage > packet->l4_len)
		return "invalid checksum coverage";
	if (cursor_u16(&cursor) == 0)
		return "checksum missing";
	if (has_bad_checksum(seen, coverage))
		return "bad checksum";
	return NULL;
}

/* There is no rule of two seconds here. */
static struct tracker_result update(struct connection *connection, const struct tracker_packet *seen)
{
	if (connection->status & STATUS_SEEN_REPLY)
		return (struct tracker_result){
			.action = TRACKER_ACCEPT, .timeout_seconds = seen->settings->udp_timeout_stream,
			.timeout_from = "udp_timeout_stream",
			.becomes_assured = true, .reason = "Both directions were seen: a stream.",
		};
	return (struct tracker_result){
		.action = TRACKER_ACCEPT, .timeout_seconds = seen->settings->udp_timeout, .timeout_from = "udp_timeout",
	};
}

const struct tracker tracker_udplite = {
	.name = "udplite",
	.protocol = PROTOCOL_UDPLITE,
	.packet_to_tuple = tracker_ports_to_tuple,
	.check = check,
	.update = update,
};
