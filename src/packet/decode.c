/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/decode.h"

#include <string.h>

#include "base/alloc.h"
#include "packet/decode_parts.h"

bool decode_stop(struct packet *packet, enum decode_status status, const char *layer, const char *problem)
{
	packet->status = status;
	packet->problem_layer = layer;
	packet->problem = problem;
	return false;
}

/* Everything that decoding finds: the fields from `status` up to the writable copy. */
static void forget(struct packet *packet)
{
	const size_t first = offsetof(struct packet, status);

	alloc_clear((char *)packet + first, offsetof(struct packet, owned) - first);
}

/* What the link headers say; who sent it and through which interface may be known already. */
static void forget_link(struct link_info *link)
{
	memset(link, 0, offsetof(struct link_info, direction));
}

void decode_frame(struct packet *packet, int link_type)
{
	struct decode_payload payload = { .cursor = cursor_over(packet->frame, packet->captured_len) };

	forget(packet);
	forget_link(&packet->link);
	packet->link.type = (uint16_t)link_type;
	if (packet->original_len < packet->captured_len)
		packet->original_len = packet->captured_len;
	payload.original_len = packet->original_len;
	if (decode_link(packet, link_type, &payload) && !decode_ordinary(packet, &payload))
		decode_network(packet, &payload);
}

void decode_accept_ip_checksum(struct packet *packet)
{
	if (!packet->bad_ip_checksum)
		return;
	packet->bad_ip_checksum = false;
	packet->status = DECODE_COMPLETE;
	packet->problem = packet->problem_layer = NULL;
	packet->l4_unreachable = !packet->is_l4_withheld;
}

void decode_ip(struct packet *packet, const uint8_t *bytes, uint32_t captured_len, uint32_t original_len)
{
	struct decode_payload payload = {
		.cursor = cursor_over(bytes, captured_len),
		.original_len = original_len < captured_len ? captured_len : original_len,
	};

	forget(packet);
	forget_link(&packet->link);
	packet->frame = bytes;
	packet->captured_len = captured_len;
	packet->original_len = payload.original_len;
	decode_network(packet, &payload);
}

void decode_replaced(struct packet *packet, const uint8_t *bytes, uint32_t len, uint32_t original_len)
{
	struct decode_payload payload = { .cursor = cursor_over(bytes, len), .original_len = original_len };

	forget(packet);
	decode_network(packet, &payload);
}

/* RFC 4861, 4.5 and 4.6.3: behind two addresses an option may hold the packet. 0: it does not. */
static uint32_t find_redirected(const struct packet *packet)
{
	enum { OPTIONS = 40, REDIRECTED_HEADER = 4, OPTION_HEADER_LEN = 8 };
	struct cursor cursor = cursor_at(packet->bytes, packet->len, (size_t)packet->l4_offset + OPTIONS);

	while (cursor_left(&cursor) >= OPTION_HEADER_LEN) {
		unsigned type = cursor_u8(&cursor), len = cursor_u8(&cursor) * 8u;

		if (type == REDIRECTED_HEADER)
			return (uint32_t)cursor.offset - 2 + OPTION_HEADER_LEN;
		if (len == 0)
			return 0;
		cursor_skip(&cursor, len - 2);
	}
	return 0;
}

/* Linux 6.18, nf_conntrack_icmpv4_error(), nf_conntrack_icmpv6_error(): the types that quote a packet, and where. */
static uint32_t find_quote(const struct packet *packet)
{
	enum { ICMP_HEADER_LEN = 8, ICMPV6_REDIRECT = 137 };
	const uint32_t behind = packet->l4_offset + ICMP_HEADER_LEN;
	uint8_t type = packet->icmp_type;

	if (!packet->has_l4 || packet->fragment_offset)
		return 0;
	if (packet->family == FAMILY_IPV4 && packet->protocol == PROTOCOL_ICMP)
		return type == 3 || type == 4 || type == 5 || type == 11 || type == 12 ? behind : 0;
	if (packet->family == FAMILY_IPV6 && packet->protocol == PROTOCOL_ICMPV6) {
		if (type == ICMPV6_REDIRECT)
			return find_redirected(packet);
		return type <= 127 ? behind : 0;
	}
	return 0;
}

bool decode_embedded(const struct packet *packet, struct packet *inner)
{
	uint32_t offset = find_quote(packet);

	memset(inner, 0, sizeof(*inner));
	if (!offset || offset > packet->len)
		return false;
	inner->number = packet->number;
	inner->time = packet->time;
	inner->frame = packet->bytes + offset;
	inner->captured_len = packet->len - offset;
	inner->original_len = packet->total_len - offset;
	return decode_quoted(inner, packet->family, inner->frame, inner->captured_len, inner->original_len);
}
