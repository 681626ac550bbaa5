/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/tracker/icmp_error.h"

#include "conntrack/tracker.h"
#include "packet/decode.h"

static bool fail(const char **reason, const char *text)
{
	*reason = text;
	return false;
}

bool icmp_error_find_tuple(const struct packet *packet, enum profile profile, struct tuple *inverse,
			   const char **reason)
{
	const char *too_short = packet_is_cut(packet) ? tracker_cut_reason : "the quoted packet is too short";
	struct packet inner;
	struct tuple quoted;
	const struct tracker *tracker;

	if (!decode_embedded(packet, &inner))
		return fail(reason, too_short);
	if (inner.l4_unreachable)
		return fail(reason, too_short);
	if (inner.fragment_offset)
		return fail(reason, "the quoted packet is a later fragment");
	tracker = tracker_find(inner.protocol, profile);
	quoted = (struct tuple){
		.source = inner.source, .destination = inner.destination,
		.protocol = inner.protocol, .family = inner.family,
	};
	if (!tracker->packet_to_tuple(&inner, &quoted))
		return fail(reason, too_short);
	if (!tuple_invert(&quoted, inverse))
		return fail(reason, "the quoted packet is of no kind that could have an answer");
	return true;
}

bool icmp_error_query_to_tuple(const struct packet *packet, struct tuple *tuple)
{
	tuple->source_port = packet->icmp_id;
	tuple->destination_port = (uint16_t)(packet->icmp_type << 8 | packet->icmp_code);
	return packet->has_l4;
}
