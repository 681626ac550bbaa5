/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -m string: bytes anywhere in the packet. Linux 6.18, xt_string.c: string_mt(); skb_find_text(). The algorithms find
 * the same; only bytes that were captured can be searched.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/cursor.h"
#include "rules/match_parts.h"

enum { FROM, TO, ALGO, STRING, HEX_STRING, ICASE };

enum { PATTERN_LONGEST = 128 };

struct string_config {
	struct option_marks marks;
	uint32_t from, to;
	uint32_t algorithm;
	uint32_t len;
	uint8_t pattern[PATTERN_LONGEST];
};

static const struct option_name algorithm_names[] = { { "bm", 0 }, { "kmp", 1 }, { NULL, 0 } };

static bool complain(const struct argument *value, const char *problem, struct diagnostics *diagnostics)
{
	diag_error(diagnostics, value->where, NULL, "%s", problem);
	return false;
}

static bool parse_string(void *config, const struct argument *values, const struct extension_place *place,
			 struct diagnostics *diagnostics)
{
	struct string_config *string = config;
	size_t len = strlen(values->text);

	(void)place;
	if (len > PATTERN_LONGEST)
		return complain(values, "the string is longer than 128 characters", diagnostics);
	string->len = (uint32_t)len;
	memcpy(string->pattern, values->text, len);
	return true;
}

static unsigned hex_value(char digit)
{
	return isdigit((unsigned char)digit) ? (unsigned)(digit - '0') : (unsigned)(tolower((unsigned char)digit) - 'a') + 10;
}

/* iptables 1.8.9, parse_hex_string(): "|47 45|T": hexadecimal between bars, a backslash makes the next one literal. */
static const char *read_hex_string(struct string_config *string, const char *text)
{
	bool is_hex = false;

	for (size_t i = 0; text[i];) {
		bool is_literal = false;
		uint8_t byte;

		if (text[i] == '|') {
			is_literal = is_hex;	/* whatever follows the second bar stands for itself */
			is_hex = !is_hex;
			while (is_hex && text[i + 1] == ' ')
				i++;
			if (!text[++i])
				break;
		}
		if (text[i] == '\\' && !is_hex && !is_literal) {
			if (!text[i + 1])
				return "nothing follows the backslash";
			byte = (uint8_t)text[i + 1];
			i += 2;
		} else if (is_hex) {
			if (!isxdigit((unsigned char)text[i]) || !isxdigit((unsigned char)text[i + 1]) || !text[i + 2])
				return "two hexadecimal digits each, and a bar at the end";
			byte = (uint8_t)(hex_value(text[i]) << 4 | hex_value(text[i + 1]));
			i += text[i + 2] == ' ' ? 3 : 2;
		} else {
			byte = (uint8_t)text[i++];
		}
		if (string->len == PATTERN_LONGEST)
			return "the string is longer than 128 characters";
		string->pattern[string->len++] = byte;
	}
	return NULL;
}

static bool parse_hex_string(void *config, const struct argument *values, const struct extension_place *place,
			     struct diagnostics *diagnostics)
{
	const char *problem = read_hex_string(config, values->text);

	(void)place;
	return !problem || complain(values, problem, diagnostics);
}

static const struct option_spec options[] = {
	{ .name = "from", .kind = OPTION_NUMBER, .mark = FROM, .offset = offsetof(struct string_config, from),
	  .max = UINT16_MAX, .value_name = "offset", .summary = "first byte to look at, from the IP header on; 0" },
	{ .name = "to", .kind = OPTION_NUMBER, .mark = TO, .offset = offsetof(struct string_config, to), .max = UINT16_MAX,
	  .value_name = "offset", .summary = "the string ends before this byte; 65535" },
	{ .name = "algo", .kind = OPTION_NAME, .flags = OPTION_REQUIRED | OPTION_NAME_EXACT, .mark = ALGO,
	  .offset = offsetof(struct string_config, algorithm), .names = algorithm_names, .value_name = "algorithm",
	  .summary = "bm or kmp; both find the same" },
	{ .name = "string", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE, .mark = STRING,
	  .excludes = 1 << HEX_STRING, .excluded_names = "--hex-string", .value_name = "string", .parse = parse_string,
	  .summary = "what to look for" },
	{ .name = "hex-string", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE, .mark = HEX_STRING,
	  .excludes = 1 << STRING, .excluded_names = "--string", .value_name = "string", .parse = parse_hex_string,
	  .summary = "the same, with hexadecimal bytes between bars: \"|47 45|T\"" },
	{ .name = "icase", .kind = OPTION_FLAG, .mark = ICASE, .summary = "capital and small letters are the same" },
};

static void init(void *config)
{
	((struct string_config *)config)->to = UINT16_MAX;
}

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	const struct string_config *string = config;

	if (!match_parts_need_option(config, 1 << STRING | 1 << HEX_STRING, "string needs --string or --hex-string", place,
				     diagnostics))
		return false;
	if (!string->len) {
		diag_error(diagnostics, place->where, NULL, "the string is empty");
		return false;
	}
	if (string->from <= string->to)
		return true;
	diag_error(diagnostics, place->where, NULL, "--from %u is behind --to %u", string->from, string->to);
	return false;
}

static bool is_here(const struct string_config *string, const uint8_t *bytes)
{
	if (!options_is_seen(&string->marks, ICASE))
		return memcmp(bytes, string->pattern, string->len) == 0;
	for (uint32_t i = 0; i < string->len; i++) {
		if (toupper(bytes[i]) != toupper(string->pattern[i]))
			return false;
	}
	return true;
}

static bool is_in(const struct string_config *string, const struct packet *packet)
{
	uint32_t end = packet->len < string->to ? packet->len : string->to;
	struct cursor cursor = cursor_at(packet->bytes, packet->len, string->from);
	const uint8_t *bytes;

	/* The kernel looks for nothing in nothing. */
	if (end < string->from || end - string->from < string->len)
		return false;
	bytes = cursor_take(&cursor, end - string->from);
	for (uint32_t i = 0; bytes && i + string->len <= end - string->from; i++) {
		if (is_here(string, bytes + i))
			return true;
	}
	return false;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct string_config *string = config;

	(void)state;
	return is_in(string, subject->packet) != (string->marks.inverted != 0) ? MATCH_YES : MATCH_NO;
}

/* iptables 1.8.9, is_hex_string(). */
static bool needs_hex(const struct string_config *string)
{
	for (uint32_t i = 0; i < string->len; i++) {
		if (string->pattern[i] < 0x20 || string->pattern[i] > 0x7e)
			return true;
	}
	return string->len && string->pattern[string->len - 1] == '\\';
}

static void print_pattern(const struct string_config *string, struct text *out)
{
	bool is_hex = needs_hex(string);

	text_append(out, is_hex ? " \"|" : " \"");
	for (uint32_t i = 0; i < string->len; i++) {
		char c = (char)string->pattern[i];

		if (is_hex)
			text_printf(out, "%02x", string->pattern[i]);
		else
			text_printf(out, "%s%c", c == '"' || c == '\\' ? "\\" : "", c);
	}
	text_append(out, is_hex ? "|\"" : "\"");
}

static void print(const void *config, struct text *out)
{
	const struct string_config *string = config;

	text_append(out, string->marks.inverted ? " !" : "");
	text_append(out, needs_hex(string) ? " --hex-string" : " --string");
	print_pattern(string, out);
	text_printf(out, " --algo %s", algorithm_names[string->algorithm].name);
	if (string->from)
		text_printf(out, " --from %u", string->from);
	if (string->to != UINT16_MAX)
		text_printf(out, " --to %u", string->to);
	if (options_is_seen(&string->marks, ICASE))
		text_append(out, " --icase");
}

static void list(const void *config, struct text *out)
{
	const struct string_config *string = config;

	text_printf(out, " STRING match %s", string->marks.inverted ? " !" : "");
	print_pattern(string, out);
	text_printf(out, " ALGO name %s", algorithm_names[string->algorithm].name);
	if (string->from)
		text_printf(out, " FROM %u", string->from);
	if (string->to != UINT16_MAX)
		text_printf(out, " TO %u", string->to);
	if (options_is_seen(&string->marks, ICASE))
		text_append(out, " ICASE");
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const struct string_config *string = config;

	text_append(out, "string");
	print_pattern(string, out);
	text_append(out, string->marks.inverted ? ": is in the packet" : ": is not in the packet");
	if (packet_is_cut(subject->packet))
		text_append(out, ", as far as it was captured");
}

const struct match_type match_string = {
	.name = "string",
	.summary = "bytes anywhere in the packet",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct string_config),
	.init = init,
	.check = check,
	.eval = eval,
	.print = print,
	.list = list,
	.explain = explain,
};
