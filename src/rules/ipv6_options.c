/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/ipv6_options.h"

#include "rules/ipv6_headers.h"

enum { HEADER_LEN = 2, ANY_LEN = 255 };

static bool complain(const struct option_word *word, const char *problem, struct diagnostics *diagnostics)
{
	diag_error(diagnostics, word->where, "TYPE or TYPE:LENGTH, at most 16 of them", "%s: \"%s\"", problem, word->text);
	return false;
}

/* iptables 1.8.9 takes any number that strtoul() reads, and of it the lowest byte. */
static bool read_number(const char *text, const char **end, uint64_t *value)
{
	bool is_negative = *text == '-';

	if (!options_read_number(text + (is_negative || *text == '+'), end, value))
		return false;
	if (is_negative)
		*value = 0 - *value;
	return true;
}

static bool parse_option(struct ipv6_options_config *config, const struct option_word *word, struct diagnostics *diagnostics)
{
	uint64_t type, len = ANY_LEN;
	const char *end;

	if (config->n_wanted == IPV6_OPTIONS_MOST)
		return complain(word, "too many options", diagnostics);
	if (!read_number(word->text, &end, &type) || (*end && *end != ':'))
		return complain(word, "not an option", diagnostics);
	if (*end == ':') {
		if (config->n_wanted == IPV6_OPTIONS_MOST - 1)
			return complain(word, "too many options", diagnostics);
		if (!(type & UINT8_MAX))
			return complain(word, "PAD0 has no length", diagnostics);
		if (!read_number(end + 1, &end, &len) || *end)
			return complain(word, "not a length", diagnostics);
	}
	config->wanted[config->n_wanted].type = (uint8_t)type;
	config->wanted[config->n_wanted++].len = (uint8_t)len;
	return true;
}

bool ipv6_options_parse(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	const char *at = values->text;
	struct option_word word;

	(void)place;
	while (at) {
		options_next_word(values, &at, ',', &word);
		if (!parse_option(config, &word, diagnostics))
			return false;
	}
	return true;
}

void ipv6_options_print(const void *config, struct text *out)
{
	const struct ipv6_options_config *options = config;

	for (uint32_t i = 0; i < options->n_wanted; i++) {
		text_printf(out, "%c%u", i ? ',' : ' ', options->wanted[i].type);
		if (options->wanted[i].len != ANY_LEN)
			text_printf(out, ":%u", options->wanted[i].len);
	}
}

/*
 * `left` bytes of the header are to come. As in the kernel, the last wanted option may end behind the header, the ones
 * before may not.
 */
static enum match_result walk(const struct ipv6_options_config *config, struct cursor *cursor, uint32_t left,
			      const struct packet *packet)
{
	for (uint32_t i = 0; i < config->n_wanted; i++) {
		uint32_t at = (uint32_t)cursor->offset, len = 1;
		uint8_t type = left ? cursor_u8(cursor) : 0;

		if (!left || cursor->failed)
			return left && packet_is_cut(packet) ? MATCH_UNKNOWN : MATCH_NO;
		if (type != config->wanted[i].type)
			return MATCH_NO;
		if (type) {
			uint8_t len_field = left > 1 ? cursor_u8(cursor) : 0;

			if (left < 2 || cursor->failed)
				return left > 1 && packet_is_cut(packet) ? MATCH_UNKNOWN : MATCH_NO;
			if (config->wanted[i].len != ANY_LEN && config->wanted[i].len != len_field)
				return MATCH_NO;
			len = len_field + 2u;
			cursor_skip(cursor, len_field);
		}
		if (i + 1 < config->n_wanted && (at > packet->total_len - len || left < len))
			return MATCH_NO;
		left -= len;
	}
	return MATCH_YES;
}

enum match_result ipv6_options_eval(const struct ipv6_options_config *config, uint8_t kind, const struct subject *subject)
{
	const struct packet *packet = subject->packet;
	struct cursor cursor;
	enum match_result found = ipv6_headers_open(packet, kind, HEADER_LEN, subject->profile, &cursor), result;
	uint32_t len, offset = (uint32_t)cursor.offset;

	if (found != MATCH_YES)
		return found;
	cursor_skip(&cursor, 1);
	len = ipv6_headers_len(kind, cursor_u8(&cursor));
	if (packet->total_len - offset < len)
		return MATCH_HOTDROP;
	result = walk(config, &cursor, len - HEADER_LEN, packet);
	if (result != MATCH_YES)
		return result;
	return match_parts_option_holds(&config->marks, IPV6_OPTIONS_LEN, len == config->len) ? MATCH_YES : MATCH_NO;
}

void ipv6_options_list(const struct ipv6_options_config *config, const char *title, struct text *out)
{
	text_printf(out, " %s", title);
	if (options_is_seen(&config->marks, IPV6_OPTIONS_LEN))
		text_printf(out, " length:%s%u", options_is_inverted(&config->marks, IPV6_OPTIONS_LEN) ? "!" : "", config->len);
	if (options_is_seen(&config->marks, IPV6_OPTIONS_LIST))
		text_append(out, " opts");
	ipv6_options_print(config, out);
}
