/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j TCPOPTSTRIP: overwrite TCP options with NOPs. Linux 6.18, xt_TCPOPTSTRIP.c: tcpoptstrip_mangle_packet(). */
#include <string.h>

#include "base/cursor.h"
#include "packet/rewrite.h"
#include "rules/options.h"

enum { STRIP };

enum { N_KINDS = 256, TCP_HEADER_LEN = 20, DATA_OFFSET_AT = 12, OPTION_NOP = 1 };

struct tcpoptstrip_config {
	struct option_marks marks;
	uint32_t kinds[N_KINDS / 32];
};

static const struct option_name names[] = {
	{ "wscale", 3 }, { "mss", 2 }, { "sack-permitted", 4 }, { "sack", 5 }, { "timestamp", 8 }, { "md5", 19 }, { NULL, 0 },
};

static bool has_kind(const struct tcpoptstrip_config *strip, uint32_t kind)
{
	return strip->kinds[kind / 32] >> kind % 32 & 1;
}

static bool parse_kind(const struct option_word *word, uint32_t *kind, struct diagnostics *diagnostics)
{
	const char *end;
	uint64_t number;

	for (const struct option_name *name = names; name->name; name++) {
		if (strcmp(name->name, word->text) != 0)
			continue;
		*kind = name->value;
		return true;
	}
	if (options_read_number(word->text, &end, &number) && !*end)
		return options_parse_number(word, 2, UINT8_MAX, kind, diagnostics);
	options_report_unknown(word, "TCP option", names, diagnostics);
	return false;
}

static bool parse_kinds(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	struct tcpoptstrip_config *strip = config;
	const char *at = values->text;
	struct option_word word;
	uint32_t kind;

	(void)place;
	while (at) {
		options_next_word(values, &at, ',', &word);
		if (!parse_kind(&word, &kind, diagnostics))
			return false;
		if (has_kind(strip, kind)) {
			diag_error(diagnostics, word.where, NULL, "\"%s\" is named twice", word.text);
			return false;
		}
		strip->kinds[kind / 32] |= UINT32_C(1) << kind % 32;
	}
	return true;
}

static void print_numbers(const struct tcpoptstrip_config *strip, const char *lead, struct text *out)
{
	const char *separator = lead;

	for (uint32_t kind = 0; kind < N_KINDS; kind++) {
		if (!has_kind(strip, kind))
			continue;
		text_printf(out, "%s%u", separator, kind);
		separator = ",";
	}
}

static void print_kinds(const void *config, struct text *out)
{
	print_numbers(config, "--strip-options ", out);
}

static const struct option_spec options[] = {
	{ .name = "strip-options", .kind = OPTION_CUSTOM, .n_values = 1, .mark = STRIP, .value_name = "option[,option]",
	  .parse = parse_kinds, .print = print_kinds,
	  .summary = "numbers, or wscale, mss, sack-permitted, sack, timestamp, md5" },
};

/* Options of no length, and a length of 0, move on by one byte. */
static uint32_t len_of(uint8_t kind, uint8_t len)
{
	return kind <= OPTION_NOP || !len ? 1 : len;
}

static void strip_options(const struct tcpoptstrip_config *strip, struct packet *packet, uint32_t header_len)
{
	uint8_t nops[UINT8_MAX];

	memset(nops, OPTION_NOP, sizeof(nops));
	for (uint32_t at = TCP_HEADER_LEN, len; at < header_len - 1; at += len) {
		struct cursor cursor = cursor_at(packet->bytes, packet->len, (size_t)packet->l4_offset + at);
		uint8_t kind = cursor_u8(&cursor);

		len = len_of(kind, cursor_u8(&cursor));
		if (cursor.failed || at + len > header_len)
			return;
		if (has_kind(strip, kind) && !rewrite_l4_bytes(packet, at, nops, len))
			return;
	}
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	struct packet *packet = subject->packet;
	uint32_t header_len;

	(void)state;
	if (packet->fragment_offset)
		return TARGET_CONTINUE;
	if (packet->l4_len < TCP_HEADER_LEN)
		return TARGET_DROP;
	if (!packet->has_l4)
		return TARGET_CONTINUE;
	header_len = packet->tcp_header_len;
	if (header_len < TCP_HEADER_LEN || packet->l4_len < header_len)
		return TARGET_DROP;
	strip_options(config, packet, header_len);
	return TARGET_CONTINUE;
}

static void list(const void *config, struct text *out)
{
	print_numbers(config, " TCPOPTSTRIP options ", out);
}

static const uint8_t protocols[] = { PROTOCOL_TCP, 0 };

const struct target_type target_tcpoptstrip = {
	.name = "TCPOPTSTRIP",
	.summary = "overwrite TCP options; the packet goes on",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.protocols = protocols,
	.tables = EXTENSION_MANGLE,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct tcpoptstrip_config),
	.eval = eval,
	.list = list,
};
