/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m dccp: ports, types of packets, options. Linux 6.18, xt_dccp.c: dccp_mt(), dccp_find_option(). */
#include "rules/match_parts.h"

enum { SPORT, DPORT, TYPES, OPTION };

enum { HEADER_LEN = 12, EXTENDED_LEN = 4, TYPES_AT = 8, DATA_OFFSET_AT = 4 };

/* Numbers of the types; those from 10 on are invalid. */
enum { REQUEST, RESPONSE, DATA, ACK, DATAACK, CLOSEREQ, CLOSE, RESET, SYNC, SYNCACK, INVALID_TYPES = 0xfc00 };

struct dccp_config {
	struct option_marks marks;
	struct number_range source_ports, destination_ports;
	uint32_t types;
	uint32_t option;
};

static const struct option_name type_names[] = {
	{ "REQUEST", 1 << REQUEST }, { "RESPONSE", 1 << RESPONSE }, { "DATA", 1 << DATA }, { "ACK", 1 << ACK },
	{ "DATAACK", 1 << DATAACK }, { "CLOSEREQ", 1 << CLOSEREQ }, { "CLOSE", 1 << CLOSE }, { "RESET", 1 << RESET },
	{ "SYNC", 1 << SYNC }, { "SYNCACK", 1 << SYNCACK }, { "INVALID", INVALID_TYPES }, { NULL, 0 },
};

static const struct option_spec options[] = {
	{ .name = "sport", .kind = OPTION_PORT_RANGE, .flags = OPTION_INVERTIBLE, .mark = SPORT,
	  .offset = offsetof(struct dccp_config, source_ports), .value_name = "port[:port]", .summary = "source port or range" },
	{ .name = "source-port", .flags = OPTION_IS_ALIAS, .alias_of = "sport" },
	{ .name = "dport", .kind = OPTION_PORT_RANGE, .flags = OPTION_INVERTIBLE, .mark = DPORT,
	  .offset = offsetof(struct dccp_config, destination_ports), .value_name = "port[:port]",
	  .summary = "destination port or range" },
	{ .name = "destination-port", .flags = OPTION_IS_ALIAS, .alias_of = "dport" },
	{ .name = "dccp-types", .kind = OPTION_NAME_SET, .flags = OPTION_INVERTIBLE | OPTION_SKIP_EMPTY, .mark = TYPES,
	  .offset = offsetof(struct dccp_config, types), .names = type_names, .value_name = "type[,type]",
	  .summary = "REQUEST, RESPONSE, DATA, ACK, DATAACK, CLOSEREQ, CLOSE, RESET, SYNC, SYNCACK, INVALID" },
	{ .name = "dccp-option", .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE, .mark = OPTION,
	  .offset = offsetof(struct dccp_config, option), .min = 1, .max = UINT8_MAX, .value_name = "number",
	  .summary = "the option of this kind is there" },
};

struct header {
	uint16_t source_port, destination_port;
	uint32_t len;			/* what the data offset says */
	uint8_t type;
	bool is_extended;
};

static enum match_result read_header(const struct packet *packet, struct header *header)
{
	struct cursor cursor;
	enum match_result result = match_parts_open_header(packet, HEADER_LEN, &cursor);
	uint8_t type;

	if (result != MATCH_YES)
		return result;
	header->source_port = cursor_u16(&cursor);
	header->destination_port = cursor_u16(&cursor);
	header->len = cursor_u8(&cursor) * 4u;
	cursor_skip(&cursor, TYPES_AT - DATA_OFFSET_AT - 1);
	type = cursor_u8(&cursor);
	header->type = type >> 1 & 0xf;
	header->is_extended = type & 1;
	return MATCH_YES;
}

/* include/linux/dccp.h, __dccp_hdr_len(): behind the common header stands one of the type. */
static uint32_t fixed_len(const struct header *header)
{
	uint32_t len = HEADER_LEN + (header->is_extended ? EXTENDED_LEN : 0);

	switch (header->type) {
	case DATA:
		return len;
	case DATAACK: case ACK: case SYNC: case SYNCACK: case CLOSE: case CLOSEREQ:
		return len + 8;
	case REQUEST:
		return len + 4;
	default:
		return len + 12;
	}
}

/* Options that the packet does not hold drop it. */
static enum match_result find_option(uint32_t option, const struct packet *packet, const struct header *header)
{
	uint32_t start = fixed_len(header);

	if (header->len < start)
		return MATCH_HOTDROP;
	if (header->len > packet->l4_len)
		return header->len == start ? MATCH_NO : MATCH_HOTDROP;
	for (uint32_t at = start; at < header->len;) {
		struct cursor cursor = cursor_at(packet->bytes, packet->len, (size_t)packet->l4_offset + at);
		uint8_t kind = cursor_u8(&cursor), len = 1;

		if (!cursor.failed && kind == option)
			return MATCH_YES;
		if (kind >= 2 && at + 1 < header->len)
			len = cursor_u8(&cursor);
		if (cursor.failed)
			return MATCH_UNKNOWN;
		at += len ? len : 1;
	}
	return MATCH_NO;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct dccp_config *dccp = config;
	const struct option_marks *marks = &dccp->marks;
	struct header header;
	enum match_result result = read_header(subject->packet, &header);

	(void)state;
	if (result != MATCH_YES)
		return result;
	if (!match_parts_option_holds(marks, SPORT, match_parts_is_in_range(&dccp->source_ports, header.source_port)) ||
	    !match_parts_option_holds(marks, DPORT, match_parts_is_in_range(&dccp->destination_ports, header.destination_port)) ||
	    !match_parts_option_holds(marks, TYPES, dccp->types >> header.type & 1))
		return MATCH_NO;
	if (!options_is_seen(marks, OPTION))
		return MATCH_YES;
	result = find_option(dccp->option, subject->packet, &header);
	if (result == MATCH_UNKNOWN)
		return result;
	if (result == MATCH_HOTDROP)
		return options_is_inverted(marks, OPTION) ? MATCH_YES_HOTDROP : MATCH_HOTDROP;
	return match_parts_holds(marks, OPTION, result == MATCH_YES) ? MATCH_YES : MATCH_NO;
}

static void list_types(const struct dccp_config *dccp, struct text *out)
{
	const char *separator = options_is_inverted(&dccp->marks, TYPES) ? " ! " : " ";

	for (unsigned type = 0; type < 16; type++) {
		if (!(dccp->types >> type & 1))
			continue;
		text_printf(out, "%s%u", separator, type);
		separator = ",";
	}
}

static void list(const void *config, struct text *out)
{
	const struct dccp_config *dccp = config;
	const struct option_marks *marks = &dccp->marks;

	text_append(out, " dccp");
	if (options_is_seen(marks, SPORT))
		match_parts_list_ports("spt", &dccp->source_ports, options_is_inverted(marks, SPORT), out);
	if (options_is_seen(marks, DPORT))
		match_parts_list_ports("dpt", &dccp->destination_ports, options_is_inverted(marks, DPORT), out);
	if (options_is_seen(marks, TYPES))
		list_types(dccp, out);
	if (options_is_seen(marks, OPTION))
		text_printf(out, " option=%s%u", options_is_inverted(marks, OPTION) ? "!" : "", dccp->option);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	struct header header;
	const struct option_name *name = type_names;

	if (match_parts_explain_header(subject->packet, HEADER_LEN, out) || read_header(subject->packet, &header) != MATCH_YES)
		return;
	while (!(name->value >> header.type & 1))
		name++;
	text_append(out, "dccp");
	options_print(options, sizeof(options) / sizeof(options[0]), config, out);
	text_printf(out, ": packet is %s from %u to %u", name->name, header.source_port, header.destination_port);
}

static const uint8_t protocols[] = { PROTOCOL_DCCP, 0 };

const struct match_type match_dccp = {
	.name = "dccp",
	.summary = "DCCP ports, packet types and options",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.protocols = protocols,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct dccp_config),
	.eval = eval,
	.list = list,
	.explain = explain,
};
