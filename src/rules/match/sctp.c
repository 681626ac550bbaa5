/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m sctp: ports, and the kinds of chunks that are there. Linux 6.18, xt_sctp.c: sctp_mt(), match_packet(). */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/cursor.h"
#include "rules/match_parts.h"

enum { SPORT, DPORT, CHUNK_TYPES };

enum { SCTP_HEADER_LEN = 12, CHUNK_HEADER_LEN = 4, N_TYPES = 256, FLAG_TESTS_MOST = 4 };

enum chunk_rule { CHUNKS_ANY = 1, CHUNKS_ALL = 2, CHUNKS_ONLY = 4 };

struct chunk_flags {
	uint8_t type, mask, value;
};

struct sctp_config {
	struct option_marks marks;
	struct number_range source_ports, destination_ports;
	uint32_t rule;			/* enum chunk_rule */
	uint32_t types[N_TYPES / 32];
	struct chunk_flags flags[FLAG_TESTS_MOST];
	uint32_t n_flags;
};

/* Letters of the flags that iptables 1.8.9 knows, highest bit first. */
static const struct chunk_type {
	const char *name;
	uint8_t type;
	const char *flags;
} chunk_types[] = {
	{ "DATA", 0, "----IUBE" }, { "INIT", 1, "--------" }, { "INIT_ACK", 2, "--------" }, { "SACK", 3, "--------" },
	{ "HEARTBEAT", 4, "--------" }, { "HEARTBEAT_ACK", 5, "--------" }, { "ABORT", 6, "-------T" },
	{ "SHUTDOWN", 7, "--------" }, { "SHUTDOWN_ACK", 8, "--------" }, { "ERROR", 9, "--------" },
	{ "COOKIE_ECHO", 10, "--------" }, { "COOKIE_ACK", 11, "--------" }, { "ECN_ECNE", 12, "--------" },
	{ "ECN_CWR", 13, "--------" }, { "SHUTDOWN_COMPLETE", 14, "-------T" }, { "I_DATA", 64, "----IUBE" },
	{ "RE_CONFIG", 130, "--------" }, { "PAD", 132, "--------" }, { "ASCONF", 193, "--------" },
	{ "ASCONF_ACK", 128, "--------" }, { "FORWARD_TSN", 192, "--------" }, { "I_FORWARD_TSN", 194, "--------" },
};

enum { N_CHUNK_TYPES = sizeof(chunk_types) / sizeof(chunk_types[0]) };

static bool has_type(const uint32_t *types, uint8_t type)
{
	return types[type / 32] >> type % 32 & 1;
}

static const struct chunk_type *find_type(uint8_t type)
{
	for (size_t i = 0; i < N_CHUNK_TYPES; i++) {
		if (chunk_types[i].type == type)
			return &chunk_types[i];
	}
	return NULL;
}

static bool complain(const struct option_word *word, const char *problem, struct diagnostics *diagnostics)
{
	diag_error(diagnostics, word->where, NULL, "%s: \"%s\"", problem, word->text);
	return false;
}

/* ":Be": capital letters must be set, small ones must not. */
static bool parse_flags(struct sctp_config *sctp, const struct chunk_type *type, const struct option_word *word,
			const char *letters, struct diagnostics *diagnostics)
{
	struct chunk_flags *flags;
	unsigned i = 0;

	while (i < sctp->n_flags && sctp->flags[i].type != type->type)
		i++;
	if (i == FLAG_TESTS_MOST)
		return complain(word, "flags of at most four types", diagnostics);
	flags = &sctp->flags[i];
	if (i == sctp->n_flags) {
		sctp->n_flags++;
		*flags = (struct chunk_flags){ .type = type->type };
	}
	for (; *letters; letters++) {
		const char *at = strchr(type->flags, toupper((unsigned char)*letters));
		uint8_t bit;

		if (!at || *letters == '-')
			return complain(word, "the type has no such flag", diagnostics);
		bit = (uint8_t)(0x80 >> (at - type->flags));
		flags->mask |= bit;
		if (isupper((unsigned char)*letters))
			flags->value |= bit;
	}
	return true;
}

static bool parse_type(struct sctp_config *sctp, const struct option_word *word, struct diagnostics *diagnostics)
{
	size_t len = strcspn(word->text, ":");

	if (strcasecmp(word->text, "ALL") == 0) {
		memset(sctp->types, 0xff, sizeof(sctp->types));
		return true;
	}
	if (strcasecmp(word->text, "NONE") == 0) {
		memset(sctp->types, 0, sizeof(sctp->types));
		return true;
	}
	for (size_t i = 0; i < N_CHUNK_TYPES; i++) {
		const struct chunk_type *type = &chunk_types[i];

		if (strlen(type->name) != len || strncasecmp(type->name, word->text, len) != 0)
			continue;
		sctp->types[type->type / 32] |= UINT32_C(1) << type->type % 32;
		return !word->text[len] || parse_flags(sctp, type, word, word->text + len + 1, diagnostics);
	}
	return complain(word, "unknown chunk type", diagnostics);
}

static bool parse_chunk_types(void *config, const struct argument *values, const struct extension_place *place,
			      struct diagnostics *diagnostics)
{
	static const struct option_name rules[] = {
		{ "any", CHUNKS_ANY }, { "all", CHUNKS_ALL }, { "only", CHUNKS_ONLY }, { NULL, 0 },
	};
	struct sctp_config *sctp = config;
	const struct option_name *rule = rules;
	const char *at = values[0].text;
	struct option_word word;

	(void)place;
	options_next_word(&values[0], &at, '\0', &word);
	while (rule->name && strcasecmp(rule->name, word.text) != 0)
		rule++;
	if (!rule->name) {
		options_report_unknown(&word, "rule", rules, diagnostics);
		return false;
	}
	sctp->rule = rule->value;
	for (at = values[1].text; at;) {
		options_next_word(&values[1], &at, ',', &word);
		if (!word.text[0])
			continue;
		if (!parse_type(sctp, &word, diagnostics))
			return false;
	}
	return true;
}

static void print_flags(const struct sctp_config *sctp, const struct chunk_type *type, struct text *out)
{
	for (uint32_t i = 0; i < sctp->n_flags; i++) {
		const struct chunk_flags *flags = &sctp->flags[i];

		if (flags->type != type->type)
			continue;
		text_append(out, ":");
		for (unsigned bit = 8; bit-- > 0;) {
			if (flags->mask >> bit & 1)
				text_append_char(out, flags->value >> bit & 1 ? type->flags[7 - bit] :
								(char)tolower((unsigned char)type->flags[7 - bit]));
		}
	}
}

static void print_types(const struct sctp_config *sctp, bool is_numeric, struct text *out)
{
	static const char *const rules[] = { [CHUNKS_ANY] = "any", [CHUNKS_ALL] = "all", [CHUNKS_ONLY] = "only" };
	const char *separator = " ";
	bool is_all = true, is_none = true;

	text_printf(out, "%s", rules[sctp->rule]);
	for (size_t i = 0; i < N_TYPES / 32; i++) {
		is_all &= sctp->types[i] == UINT32_MAX;
		is_none &= sctp->types[i] == 0;
	}
	if (is_all || is_none) {
		text_append(out, is_all ? " ALL" : " NONE");
		return;
	}
	for (unsigned i = 0; i < N_TYPES; i++) {
		const struct chunk_type *type = find_type((uint8_t)i);

		if (!has_type(sctp->types, (uint8_t)i))
			continue;
		if (type && !is_numeric)
			text_printf(out, "%s%s", separator, type->name);
		else
			text_printf(out, "%s0x%04X", separator, i);
		if (type)
			print_flags(sctp, type, out);
		separator = ",";
	}
}

static void print_chunk_types(const void *config, struct text *out)
{
	text_append(out, "--chunk-types ");
	print_types(config, false, out);
}

static const struct option_spec options[] = {
	{ .name = "sport", .kind = OPTION_PORT_RANGE, .flags = OPTION_INVERTIBLE | OPTION_ORDERED, .mark = SPORT,
	  .offset = offsetof(struct sctp_config, source_ports), .field = FIELD_SOURCE_PORT,
	  .value_name = "port[:port]", .summary = "source port or range" },
	{ .name = "source-port", .flags = OPTION_IS_ALIAS, .alias_of = "sport" },
	{ .name = "dport", .kind = OPTION_PORT_RANGE, .flags = OPTION_INVERTIBLE | OPTION_ORDERED, .mark = DPORT,
	  .offset = offsetof(struct sctp_config, destination_ports), .field = FIELD_DESTINATION_PORT,
	  .value_name = "port[:port]",
	  .summary = "destination port or range" },
	{ .name = "destination-port", .flags = OPTION_IS_ALIAS, .alias_of = "dport" },
	{ .name = "chunk-types", .kind = OPTION_CUSTOM, .n_values = 2, .flags = OPTION_INVERTIBLE, .mark = CHUNK_TYPES,
	  .value_name = "all|any|only type[:flags][,type]", .parse = parse_chunk_types, .print = print_chunk_types,
	  .summary = "which kinds of chunks are there; flags: DATA IUBEiube, ABORT and SHUTDOWN_COMPLETE Tt" },
};

static bool flags_hold(const struct sctp_config *sctp, uint8_t type, uint8_t flags)
{
	for (uint32_t i = 0; i < sctp->n_flags; i++) {
		if (sctp->flags[i].type == type)
			return (flags & sctp->flags[i].mask) == sctp->flags[i].value;
	}
	return true;
}

static bool are_all_seen(const uint32_t *missing)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < N_TYPES / 32; i++)
		bits |= missing[i];
	return bits == 0;
}

/* Every chunk in its turn; what cannot be a chunk, or is not there at all, drops the packet. */
static enum match_result match_chunks(const struct sctp_config *sctp, const struct packet *packet)
{
	uint32_t missing[N_TYPES / 32];

	memcpy(missing, sctp->types, sizeof(missing));
	uint32_t offset = SCTP_HEADER_LEN;

	do {
		struct cursor chunk = cursor_at(packet->bytes, packet->len, (size_t)packet->l4_offset + offset);
		uint8_t type = cursor_u8(&chunk), flags = cursor_u8(&chunk);
		uint16_t len = cursor_u16(&chunk);

		if (chunk.failed && packet_is_cut(packet))
			return MATCH_NO;
		if (chunk.failed || len == 0)
			return MATCH_HOTDROP;
		offset += ((uint32_t)len + 3) & ~3u;
		if (has_type(sctp->types, type)) {
			bool holds = flags_hold(sctp, type, flags);

			if (sctp->rule == CHUNKS_ANY && holds)
				return MATCH_YES;
			if (sctp->rule != CHUNKS_ANY && holds)
				missing[type / 32] &= ~(UINT32_C(1) << type % 32);
			if (sctp->rule == CHUNKS_ONLY && !holds)
				return MATCH_NO;
		} else if (sctp->rule == CHUNKS_ONLY) {
			return MATCH_NO;
		}
	} while (offset < packet->l4_len);
	if (sctp->rule == CHUNKS_ALL)
		return are_all_seen(missing) ? MATCH_YES : MATCH_NO;
	return sctp->rule == CHUNKS_ONLY ? MATCH_YES : MATCH_NO;
}

static bool ports_hold(const struct option_marks *marks, unsigned mark, const struct number_range *range, uint16_t port)
{
	return !options_is_seen(marks, mark) || match_parts_holds(marks, mark, match_parts_is_in_range(range, port));
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct sctp_config *sctp = config;
	const struct packet *packet = subject->packet;
	enum match_result header = match_parts_find_header(packet, SCTP_HEADER_LEN);

	(void)state;
	if (header != MATCH_YES)
		return header;
	if (!packet->has_ports || !ports_hold(&sctp->marks, SPORT, &sctp->source_ports, packet->source_port) ||
	    !ports_hold(&sctp->marks, DPORT, &sctp->destination_ports, packet->destination_port))
		return MATCH_NO;
	if (!options_is_seen(&sctp->marks, CHUNK_TYPES))
		return MATCH_YES;
	header = match_chunks(sctp, packet);
	if (header == MATCH_HOTDROP)	/* Linux 6.18, xt_sctp.c, SCCHECK(): turned round as any other answer */
		return options_is_inverted(&sctp->marks, CHUNK_TYPES) ? MATCH_YES_HOTDROP : MATCH_HOTDROP;
	return match_parts_holds(&sctp->marks, CHUNK_TYPES, header == MATCH_YES) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct sctp_config *sctp = config;

	text_append(out, " sctp");
	if (options_is_seen(&sctp->marks, SPORT))
		match_parts_list_ports("spt", &sctp->source_ports, options_is_inverted(&sctp->marks, SPORT), out);
	if (options_is_seen(&sctp->marks, DPORT))
		match_parts_list_ports("dpt", &sctp->destination_ports, options_is_inverted(&sctp->marks, DPORT), out);
	if (!options_is_seen(&sctp->marks, CHUNK_TYPES))
		return;
	text_append(out, options_is_inverted(&sctp->marks, CHUNK_TYPES) ? " ! " : " ");
	print_types(sctp, true, out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const struct sctp_config *sctp = config;
	const struct packet *packet = subject->packet;

	if (match_parts_explain_header(packet, SCTP_HEADER_LEN, out))
		return;
	if (!ports_hold(&sctp->marks, SPORT, &sctp->source_ports, packet->source_port)) {
		match_parts_explain_option(&options[0], config, out);
		text_append_u64(out, packet->source_port);
	} else if (!ports_hold(&sctp->marks, DPORT, &sctp->destination_ports, packet->destination_port)) {
		match_parts_explain_option(&options[2], config, out);
		text_append_u64(out, packet->destination_port);
	} else {
		options_print_option(&options[4], config, out);
		text_append(out, ": packet has other chunks");
	}
}

static const uint8_t protocols[] = { PROTOCOL_SCTP, 0 };

const struct match_type match_sctp = {
	.name = "sctp",
	.summary = "SCTP ports and chunks",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.protocols = protocols,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct sctp_config),
	.eval = eval,
	.list = list,
	.explain = explain,
};
