/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m srh: the IPv6 segment routing header. Linux 6.18, ip6t_srh.c: srh1_mt6(). */
#include "rules/ipv6_headers.h"
#include "rules/match_parts.h"

enum { NEXT, LEN_EQ, LEN_GT, LEN_LT, SEGMENTS_EQ, SEGMENTS_GT, SEGMENTS_LT, LAST_EQ, LAST_GT, LAST_LT, TAG, PREVIOUS, FOLLOWING, FINAL };

enum { HEADER_LEN = 8, SEGMENT_LEN = 16, SEGMENT_ROUTING = 4 };

/* -eq, -gt and -lt of one field have one value: the last that was given. */
struct srh_config {
	struct option_marks marks;
	uint32_t next_header, len, segments_left, last_entry, tag;
	struct option_address previous, following, final;
};

#define NUMBER(option, id, field, most, words) \
	{ .name = option, .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE, .mark = id, \
	  .offset = offsetof(struct srh_config, field), .max = most, .value_name = "number", .summary = words }
#define THREE(option, first_id, field, words) \
	NUMBER(option "-eq", first_id, field, UINT8_MAX, words), \
	NUMBER(option "-gt", first_id + 1, field, UINT8_MAX, "greater than"), \
	NUMBER(option "-lt", first_id + 2, field, UINT8_MAX, "less than")
#define SEGMENT(option, id, field, words) \
	{ .name = option, .kind = OPTION_ADDRESS, .flags = OPTION_INVERTIBLE, .mark = id, \
	  .offset = offsetof(struct srh_config, field), .value_name = "address[/mask]", .summary = words }

static const struct option_spec options[] = {
	NUMBER("srh-next-hdr", NEXT, next_header, UINT8_MAX, "next header"),
	THREE("srh-hdr-len", LEN_EQ, len, "length field of the header: units of 8 bytes"),
	THREE("srh-segs-left", SEGMENTS_EQ, segments_left, "segments left"),
	THREE("srh-last-entry", LAST_EQ, last_entry, "index of the last segment"),
	NUMBER("srh-tag", TAG, tag, UINT16_MAX, "the tag, its two bytes swapped as a little-endian kernel reads it"),
	SEGMENT("srh-psid", PREVIOUS, previous, "the segment before"),
	SEGMENT("srh-nsid", FOLLOWING, following, "the segment after"),
	SEGMENT("srh-lsid", FINAL, final, "the last segment"),
};

enum { N_OPTIONS = sizeof(options) / sizeof(options[0]) };

struct header {
	uint8_t next_header, len, segments_left, last_entry;
	uint16_t tag;
	uint32_t offset;
};

/* A chain that is broken drops nothing here. */
static enum match_result read_header(const struct subject *subject, struct header *header)
{
	const struct packet *packet = subject->packet;
	struct cursor cursor;
	enum match_result found = ipv6_headers_open(packet, IPV6_ROUTING, HEADER_LEN, subject->profile, &cursor);

	if (found != MATCH_YES)
		return found == MATCH_HOTDROP ? MATCH_NO : found;
	header->offset = (uint32_t)cursor.offset;
	header->next_header = cursor_u8(&cursor);
	header->len = cursor_u8(&cursor);
	if (packet->total_len - header->offset < ipv6_headers_len(IPV6_ROUTING, header->len) || cursor_u8(&cursor) != SEGMENT_ROUTING)
		return MATCH_NO;
	header->segments_left = cursor_u8(&cursor);
	header->last_entry = cursor_u8(&cursor);
	cursor_skip(&cursor, 1);
	header->tag = cursor_u16(&cursor);
	return header->segments_left > header->last_entry ? MATCH_NO : MATCH_YES;
}

static bool numbers_hold(const struct srh_config *srh, const struct header *header)
{
	const struct option_marks *marks = &srh->marks;
	const struct { uint32_t actual, wanted; } three[] = {
		{ header->len, srh->len }, { header->segments_left, srh->segments_left }, { header->last_entry, srh->last_entry },
	};

	if (!match_parts_option_holds(marks, NEXT, header->next_header == srh->next_header))
		return false;
	for (unsigned i = 0; i < sizeof(three) / sizeof(three[0]); i++) {
		unsigned mark = LEN_EQ + 3 * i;

		if (!match_parts_option_holds(marks, mark, three[i].actual == three[i].wanted) ||
		    !match_parts_option_holds(marks, mark + 1, three[i].actual > three[i].wanted) ||
		    !match_parts_option_holds(marks, mark + 2, three[i].actual < three[i].wanted))
			return false;
	}
	/* The kernel compares the field as it lies in memory. */
	return match_parts_option_holds(marks, TAG, (uint16_t)(header->tag << 8 | header->tag >> 8) == srh->tag);
}

/* One option about the segment at an index; false when it does not hold or the segment is not there. */
static bool segment_holds(const struct srh_config *srh, unsigned mark, const struct option_address *wanted, uint32_t index,
			  const struct packet *packet, const struct header *header)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, header->offset + HEADER_LEN + (size_t)index * SEGMENT_LEN);
	const uint8_t *bytes = cursor_take(&cursor, SEGMENT_LEN);
	struct address segment;

	if (!bytes)
		return false;
	segment = address_from_bytes(FAMILY_IPV6, bytes);
	return match_parts_holds(&srh->marks, mark, option_address_holds(wanted, &segment));
}

static bool segments_hold(const struct srh_config *srh, const struct packet *packet, const struct header *header)
{
	const struct option_marks *marks = &srh->marks;
	uint8_t left = header->segments_left;

	if (options_is_seen(marks, PREVIOUS) &&
	    (left == header->last_entry || !segment_holds(srh, PREVIOUS, &srh->previous, left + 1u, packet, header)))
		return false;
	if (options_is_seen(marks, FOLLOWING) && (!left || !segment_holds(srh, FOLLOWING, &srh->following, left - 1u, packet, header)))
		return false;
	return !options_is_seen(marks, FINAL) || segment_holds(srh, FINAL, &srh->final, 0, packet, header);
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	struct header header;
	enum match_result found = read_header(subject, &header);

	(void)state;
	if (found != MATCH_YES)
		return found;
	return numbers_hold(config, &header) && segments_hold(config, subject->packet, &header) ? MATCH_YES : MATCH_NO;
}

/* Addresses are printed with their length, whole ones too. */
static void print_segments(const struct srh_config *srh, bool is_list, struct text *out)
{
	static const char *const names[] = { "psid", "nsid", "lsid" };
	const struct option_address *const segments[] = { &srh->previous, &srh->following, &srh->final };

	for (unsigned i = 0; i < 3; i++) {
		bool is_inverted = options_is_inverted(&srh->marks, PREVIOUS + i);

		if (!options_is_seen(&srh->marks, PREVIOUS + i))
			continue;
		if (is_list)
			text_printf(out, " %s %s ", names[i], is_inverted ? "!" : "");
		else
			text_printf(out, "%s --srh-%s ", is_inverted ? " !" : "", names[i]);
		address_print(FAMILY_IPV6, &segments[i]->address, out);
		text_printf(out, "/%u", (unsigned)address_mask_prefix_len(FAMILY_IPV6, &segments[i]->mask));
	}
}

static void print(const void *config, struct text *out)
{
	options_print(options, TAG + 1, config, out);
	print_segments(config, false, out);
}

static void list(const void *config, struct text *out)
{
	text_append(out, " srh");
	for (unsigned i = 0; i <= TAG; i++) {
		if (options_is_seen(config, options[i].mark))
			text_printf(out, " %s:%s%u", options[i].name + 4, options_is_inverted(config, options[i].mark) ? "!" : "",
				    *(const uint32_t *)(const void *)((const char *)config + options[i].offset));
	}
	print_segments(config, true, out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	struct header header;

	if (ipv6_headers_explain(subject, IPV6_ROUTING, "routing header", out))
		return;
	if (read_header(subject, &header) != MATCH_YES) {
		text_append(out, "srh: the packet's routing header is none of segment routing");
		return;
	}
	text_append(out, "srh");
	print(config, out);
	text_printf(out, ": packet has next header %u, length %u, %u segments left, last entry %u, tag 0x%04x", header.next_header,
		    header.len, header.segments_left, header.last_entry, header.tag);
}

const struct match_type match_srh = {
	.name = "srh",
	.summary = "IPv6 segment routing header",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_IPV6,
	.options = options,
	.n_options = N_OPTIONS,
	.config_size = sizeof(struct srh_config),
	.eval = eval,
	.print = print,
	.list = list,
	.explain = explain,
};
