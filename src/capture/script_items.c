/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A packet line of a script, from the protocol on: which items there are, and what they set. */
#include "capture/script_parts.h"

#include <ctype.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <string.h>

#include "packet/icmp_types.h"
#include "packet/packet.h"
#include "packet/protocol.h"

enum {
	FOR_UDP = 1, FOR_TCP = 2, FOR_ICMP = 4, FOR_SCTP = 8, FOR_OTHER = 16,
	FOR_ALL = FOR_UDP | FOR_TCP | FOR_ICMP | FOR_SCTP | FOR_OTHER,
	FOR_ALL_BUT_ICMP = FOR_ALL & ~FOR_ICMP,
	N_FLAGS = 9, WORD_LONGEST = 32,
};

/* Items that take one number, which goes into a uint32_t of the spec. */
static const struct {
	const char *name;
	unsigned protocols;
	size_t offset;
	uint32_t most;
} numbers[] = {
	{ "ack", FOR_TCP, offsetof(struct script_spec, acknowledgment), UINT32_MAX },
	{ "code", FOR_ICMP, offsetof(struct script_spec, icmp_code), 255 },
	{ "cut", FOR_ALL, offsetof(struct script_spec, cut), SCRIPT_LONGEST },
	{ "fragments", FOR_ALL, offsetof(struct script_spec, split), SCRIPT_LONGEST },
	{ "id", FOR_ICMP, offsetof(struct script_spec, icmp_id), 65535 },
	{ "id", FOR_ALL_BUT_ICMP, offsetof(struct script_spec, ip_id), 65535 },
	{ "ip-id", FOR_ALL, offsetof(struct script_spec, ip_id), 65535 },
	{ "mtu", FOR_ICMP, offsetof(struct script_spec, mtu), UINT32_MAX },
	{ "quote", FOR_ICMP, offsetof(struct script_spec, quote), SCRIPT_LONGEST },
	{ "seq", FOR_ICMP, offsetof(struct script_spec, icmp_sequence), 65535 },
	{ "seq", FOR_TCP, offsetof(struct script_spec, sequence), UINT32_MAX },
	{ "size", FOR_ALL, offsetof(struct script_spec, fragment_size), SCRIPT_LONGEST },
	{ "tag", FOR_SCTP, offsetof(struct script_spec, sctp_tag), UINT32_MAX },
	{ "tos", FOR_ALL, offsetof(struct script_spec, tos), 255 },
	{ "ttl", FOR_ALL, offsetof(struct script_spec, ttl), 255 },
	{ "type", FOR_ICMP, offsetof(struct script_spec, icmp_type), 255 },
	{ "urgent", FOR_TCP, offsetof(struct script_spec, urgent), 65535 },
	{ "vlan", FOR_ALL, offsetof(struct script_spec, vlan), 4094 },
	{ "win", FOR_TCP, offsetof(struct script_spec, window), 65535 },
};

/* Items that stand for themselves and set a bool of the spec. */
static const struct {
	const char *name;
	unsigned protocols;
	size_t offset;
} switches[] = {
	{ "bad-checksum", FOR_UDP | FOR_TCP | FOR_ICMP | FOR_SCTP, offsetof(struct script_spec, bad_checksum) },
	{ "bad-ip-checksum", FOR_ALL, offsetof(struct script_spec, bad_ip_checksum) },
	{ "broadcast", FOR_ALL, offsetof(struct script_spec, broadcast) },
	{ "df", FOR_ALL, offsetof(struct script_spec, dont_fragment) },
	{ "no-checksum", FOR_UDP, offsetof(struct script_spec, no_checksum) },
};

/* SCTP chunks by name, and how long the shortest one of them is (RFC 9260, 3.3). */
static const struct {
	const char *name;
	uint8_t type;
	uint8_t len;
} chunks[] = {
	{ "data", 0, 20 }, { "init", 1, 20 }, { "init-ack", 2, 24 }, { "sack", 3, 16 }, { "heartbeat", 4, 8 },
	{ "heartbeat-ack", 5, 8 }, { "abort", 6, 4 }, { "shutdown", 7, 8 }, { "shutdown-ack", 8, 4 },
	{ "error", 9, 4 }, { "cookie-echo", 10, 8 }, { "cookie-ack", 11, 4 }, { "shutdown-complete", 14, 4 },
};

#define N_ITEMS(array) (sizeof(array) / sizeof((array)[0]))

static unsigned protocol_bit(const struct script_spec *spec)
{
	if (spec->is_plain)
		return FOR_OTHER;
	switch (spec->protocol) {
	case PROTOCOL_UDP:
		return FOR_UDP;
	case PROTOCOL_TCP:
		return FOR_TCP;
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMPV6:
		return FOR_ICMP;
	case PROTOCOL_SCTP:
		return FOR_SCTP;
	default:
		return FOR_OTHER;
	}
}

static bool fail(struct script_line *line, const struct script_word *word, const char *what)
{
	diag_error(line->diagnostics, word->where, NULL, "%s", what);
	return false;
}

/* "S", "S.", "FP.", "none". */
static bool read_flags(struct script_line *line, struct script_spec *spec)
{
	static const char letters[N_FLAGS] = "FSRP.UEW";
	struct script_word word = script_next(line);

	if (script_word_is(&word, "none"))
		return true;
	for (size_t i = 0; i < word.len; i++) {
		const char *letter = strchr(letters, word.text[i]);

		if (!letter || !*letter)
			return fail(line, &word, "TCP flags are letters of S . F P R U E W, or \"none\"");
		spec->tcp_flags |= 1u << (letter - letters);
	}
	return word.len ? true : fail(line, &word, "TCP flags are missing: letters of S . F P R U E W, or \"none\"");
}

static void append_option(struct script_spec *spec, const uint8_t *bytes, size_t len)
{
	if (spec->options_len + len <= sizeof(spec->options))
		memcpy(spec->options + spec->options_len, bytes, len);
	spec->options_len += (uint32_t)len;
}

static void put_u32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* "LEFT:RIGHT" as eight bytes. */
static bool read_pair(struct script_line *line, uint8_t bytes[8])
{
	struct script_word word = script_next(line), left = word, right = word;
	const char *colon = memchr(word.text, ':', word.len);
	uint32_t values[2];

	if (!colon)
		return fail(line, &word, "two numbers with a colon between are wanted");
	left.len = (size_t)(colon - word.text);
	right.text = colon + 1;
	right.len = word.len - left.len - 1;
	if (!script_number(line, &left, "the first number", UINT32_MAX, &values[0]) ||
	    !script_number(line, &right, "the second number", UINT32_MAX, &values[1]))
		return false;
	put_u32(bytes, values[0]);
	put_u32(bytes + 4, values[1]);
	return true;
}

/* One TCP option (RFC 9293, 7323, 2018). */
static bool read_option(struct script_line *line, struct script_spec *spec)
{
	struct script_word name = script_next(line), word;
	uint8_t bytes[10] = { 0 };
	uint32_t value;

	if (script_word_is(&name, "nop") || script_word_is(&name, "eol")) {
		bytes[0] = name.text[0] == 'n';
		append_option(spec, bytes, 1);
	} else if (script_word_is(&name, "sackOK")) {
		append_option(spec, (const uint8_t[]){ 4, 2 }, 2);
	} else if (script_word_is(&name, "mss")) {
		word = script_next(line);
		if (!script_number(line, &word, "mss", 65535, &value))
			return false;
		append_option(spec, (const uint8_t[]){ 2, 4, (uint8_t)(value >> 8), (uint8_t)value }, 4);
	} else if (script_word_is(&name, "wscale")) {
		word = script_next(line);
		if (!script_number(line, &word, "wscale", 255, &value))
			return false;
		append_option(spec, (const uint8_t[]){ 3, 3, (uint8_t)value }, 3);
	} else if (script_word_is(&name, "sack") || script_word_is(&name, "timestamp")) {
		bytes[0] = name.text[0] == 's' ? 5 : 8;
		bytes[1] = sizeof(bytes);
		if (!read_pair(line, bytes + 2))
			return false;
		append_option(spec, bytes, sizeof(bytes));
	} else {
		return fail(line, &name, "TCP options are mss N, wscale N, sackOK, sack A:B, timestamp A:B, nop, eol");
	}
	return true;
}

/* "<" was read. Filled up to a multiple of four bytes with "end of options". */
static bool read_options(struct script_line *line, struct script_spec *spec)
{
	struct script_word word;

	do {
		if (!read_option(line, spec))
			return false;
		word = script_next(line);
	} while (script_word_is(&word, ","));
	if (!script_word_is(&word, ">"))
		return fail(line, &word, "TCP options end with \">\"");
	while (spec->options_len % 4)
		append_option(spec, (const uint8_t[]){ 0 }, 1);
	if (spec->options_len > sizeof(spec->options))
		return fail(line, &word, "more than 40 bytes of TCP options");
	return true;
}

/* "OFFSET" or "OFFSET+". */
static bool read_fragment(struct script_line *line, struct script_spec *spec)
{
	struct script_word word = script_next(line), number = word;

	spec->is_fragment = true;
	spec->more_fragments = word.len && word.text[word.len - 1] == '+';
	number.len -= spec->more_fragments;
	if (!script_number(line, &number, "frag", SCRIPT_LONGEST, &spec->fragment_offset))
		return false;
	return spec->fragment_offset % 8 ? fail(line, &word, "a fragment's offset is a multiple of 8 bytes") : true;
}

/* Room for one more, in zeros. */
static uint8_t *add_chunk(struct script_line *line, struct script_spec *spec, uint32_t len)
{
	if (spec->payload_len + len > spec->chunks_capacity) {
		uint32_t capacity = 2 * (spec->payload_len + len);
		uint8_t *grown = arena_alloc(&line->script->arena, capacity);

		if (spec->payload_len)
			memcpy(grown, spec->payload, spec->payload_len);
		spec->payload = spec->chunks = grown;
		spec->chunks_capacity = capacity;
	}
	spec->payload_len += len;
	return spec->chunks + spec->payload_len - len;
}

static bool read_chunk(struct script_line *line, struct script_spec *spec)
{
	struct script_word word = script_next(line);
	uint8_t *chunk;

	for (size_t i = 0; i < N_ITEMS(chunks); i++) {
		if (!script_word_is(&word, chunks[i].name))
			continue;
		if (spec->payload_len + chunks[i].len > SCRIPT_LONGEST)
			return fail(line, &word, "the packet would be longer than 65535 bytes");
		chunk = add_chunk(line, spec, chunks[i].len);
		chunk[0] = chunks[i].type;
		chunk[3] = chunks[i].len;
		/* INIT and INIT ACK carry the tag that the peer is to use; 0 would be against the protocol. */
		if (chunks[i].type == 1 || chunks[i].type == 2)
			put_u32(chunk + 4, 0x1000u + (uint32_t)line->script->n_packets);
		spec->has_payload = true;
		return true;
	}
	return fail(line, &word, "SCTP chunks are data, init, init-ack, sack, heartbeat, heartbeat-ack, abort, shutdown, "
		    "shutdown-ack, error, cookie-echo, cookie-ack, shutdown-complete");
}

static bool read_about(struct script_line *line, struct script_spec *spec)
{
	struct script_word word = script_next(line);

	if (!script_number(line, &word, "about", UINT32_MAX, &spec->about))
		return false;
	if (spec->about == 0 || spec->about > line->script->n_packets)
		return fail(line, &word, "there is no packet of this number before this one");
	return true;
}

static bool read_gateway(struct script_line *line, struct script_spec *spec)
{
	struct script_word word = script_next(line);
	const struct script_host *host;
	enum family family;

	spec->has_gateway = true;
	if (!script_address(line, &word, &family, &spec->gateway, &host))
		return false;
	return family == FAMILY_IPV4 ? true : fail(line, &word, "a gateway is an IPv4 address");
}

/* The items that have a form of their own. */
static const struct {
	const char *name;
	unsigned protocols;
	bool (*read)(struct script_line *line, struct script_spec *spec);
} others[] = {
	{ "<", FOR_TCP, read_options },
	{ "about", FOR_ICMP, read_about },
	{ "chunk", FOR_SCTP, read_chunk },
	{ "frag", FOR_ALL, read_fragment },
	{ "gateway", FOR_ICMP, read_gateway },
};

/* "did you mean" among the items that this protocol has. */
static bool fail_unknown(struct script_line *line, const struct script_spec *spec, const struct script_word *word)
{
	const char *names[N_ITEMS(numbers) + N_ITEMS(switches) + N_ITEMS(others) + 3] = { "len", "data", "hex" };
	char copy[WORD_LONGEST] = "", hint[64];
	size_t n_names = 3;
	unsigned bit = protocol_bit(spec);
	const char *nearest;

	for (size_t i = 0; i < N_ITEMS(numbers); i++)
		if (numbers[i].protocols & bit)
			names[n_names++] = numbers[i].name;
	for (size_t i = 0; i < N_ITEMS(switches); i++)
		if (switches[i].protocols & bit)
			names[n_names++] = switches[i].name;
	for (size_t i = 0; i < N_ITEMS(others); i++)
		if (others[i].protocols & bit)
			names[n_names++] = others[i].name;
	if (word->len < sizeof(copy))
		memcpy(copy, word->text, word->len);
	nearest = *copy ? diag_nearest(copy, names, n_names) : NULL;
	if (nearest)
		snprintf(hint, sizeof(hint), "did you mean %s?", nearest);
	diag_error(line->diagnostics, word->where, nearest ? hint : NULL, "\"%.*s\" is not known of such a packet",
		   (int)word->len, word->text);
	return false;
}

static bool read_item(struct script_line *line, struct script_spec *spec)
{
	struct script_word word = script_next(line), value;
	unsigned bit = protocol_bit(spec);

	if (script_word_is(&word, "len") || script_word_is(&word, "data") || script_word_is(&word, "hex") || word.text[0] == '"')
		return script_payload(line, &word, spec);
	for (size_t i = 0; i < N_ITEMS(numbers); i++) {
		if (!(numbers[i].protocols & bit) || !script_word_is(&word, numbers[i].name))
			continue;
		value = script_next(line);
		return script_number(line, &value, numbers[i].name, numbers[i].most,
				     (uint32_t *)(void *)((char *)spec + numbers[i].offset));
	}
	for (size_t i = 0; i < N_ITEMS(switches); i++) {
		if ((switches[i].protocols & bit) && script_word_is(&word, switches[i].name)) {
			*((bool *)spec + switches[i].offset) = true;
			return true;
		}
	}
	for (size_t i = 0; i < N_ITEMS(others); i++)
		if ((others[i].protocols & bit) && script_word_is(&word, others[i].name))
			return others[i].read(line, spec);
	return fail_unknown(line, spec, &word);
}

/* True when the words that come next spell `phrase`, one or two words. */
static bool take_phrase(struct script_line *line, const char *phrase)
{
	struct script_line ahead = *line;
	const char *space = strchr(phrase, ' ');
	size_t first_len = space ? (size_t)(space - phrase) : strlen(phrase);
	struct script_word word = script_next(&ahead);

	if (word.len != first_len || memcmp(word.text, phrase, first_len) != 0)
		return false;
	if (space) {
		word = script_next(&ahead);
		if (!script_word_is(&word, space + 1))
			return false;
	}
	*line = ahead;
	return true;
}

/* "echo-request", "unreachable port"; longer phrases stand first in the table. "type N" is an item. */
static bool read_icmp_words(struct script_line *line, struct script_spec *spec)
{
	struct script_word word = script_peek(line);

	if (script_word_is(&word, "type"))
		return true;
	for (const struct icmp_type *row = icmp_types(); row->family != FAMILY_NONE; row++) {
		if (row->family != spec->family || !take_phrase(line, row->script))
			continue;
		spec->icmp_type = row->type;
		spec->icmp_code = row->code == ICMP_ANY_CODE ? 0 : (uint32_t)row->code;
		return true;
	}
	return fail(line, &word, "an ICMP packet begins with its kind (echo-request, unreachable port, ...) or type N");
}

static void init_spec(struct script_spec *spec)
{
	*spec = (struct script_spec){
		.window = 64240, .ttl = 64, .cut = SCRIPT_UNSET, .quote = SCRIPT_UNSET,
		.fragment_size = SCRIPT_UNSET, .ip_id = SCRIPT_UNSET, .vlan = SCRIPT_UNSET, .split = SCRIPT_UNSET,
	};
}

/* "udp", "tcp", "icmp", "icmp6", "sctp", "proto NUMBER". */
static bool read_protocol(struct script_line *line, struct script_spec *spec)
{
	struct script_word word = script_next(line);
	char name[WORD_LONGEST] = "";

	if (script_word_is(&word, "proto")) {
		word = script_next(line);
		spec->is_plain = word.len && isdigit((unsigned char)word.text[0]);
	}
	if (word.len < sizeof(name))
		memcpy(name, word.text, word.len);
	if (!*name || !protocol_parse(strcmp(name, "icmp6") == 0 ? "icmpv6" : name, &spec->protocol))
		return fail(line, &word, "a protocol is wanted: udp, tcp, icmp, icmp6, sctp, or proto N");
	spec->has_ports = (protocol_bit(spec) & (FOR_UDP | FOR_TCP | FOR_SCTP)) != 0;
	return true;
}

static bool check_spec(struct script_line *line, const struct script_spec *spec, const struct script_word *first)
{
	if (!spec->is_plain && ((spec->protocol == PROTOCOL_ICMP && spec->family == FAMILY_IPV6) ||
				(spec->protocol == PROTOCOL_ICMPV6 && spec->family == FAMILY_IPV4)))
		return fail(line, first, spec->family == FAMILY_IPV6 ? "IPv6 has icmp6" : "IPv4 has icmp");
	return true;
}

static bool check_items(struct script_line *line, const struct script_spec *spec, const struct script_word *first)
{
	if (spec->vlan != SCRIPT_UNSET && line->script->link_type != DLT_EN10MB)
		return fail(line, first, "a VLAN tag stands in an Ethernet header: this script has link raw");
	if (spec->split != SCRIPT_UNSET && (spec->split == 0 || spec->split % 8))
		return fail(line, first, "fragments are a multiple of 8 bytes long");
	if (spec->split != SCRIPT_UNSET && spec->is_fragment)
		return fail(line, first, "frag describes one fragment, fragments makes all of them: not both");
	return true;
}

bool script_read_items(struct script_line *line, struct script_spec *spec)
{
	struct script_word first = script_peek(line), word;

	for (word = first; word.len; word = script_peek(line))
		if (!read_item(line, spec))
			return false;
	return check_items(line, spec, &first);
}

/* Where the protocol stands: in front of the two ends, or behind them ("10.0.0.1:1 > 10.0.0.2:2 udp"). */
static struct script_line find_protocol(const struct script_line *line)
{
	struct script_line ahead = *line;
	struct script_word word;

	script_next(&ahead);
	word = script_next(&ahead);
	if (!script_word_is(&word, ">"))
		return *line;
	script_next(&ahead);
	return ahead;
}

/* "udp 10.0.0.1:1 > 10.0.0.2:2" */
static bool read_ends(struct script_line *line, struct script_spec *spec)
{
	struct script_line ahead = find_protocol(line);
	bool is_behind = ahead.at != line->at;
	struct script_word protocol = script_peek(&ahead), word;

	if (!read_protocol(&ahead, spec))
		return false;
	if (!is_behind)
		*line = ahead;
	word = script_next(line);
	if (!script_end(line, &word, spec, true))
		return false;
	word = script_next(line);
	if (!script_word_is(&word, ">"))
		return fail(line, &word, "\">\" is wanted between source and destination");
	word = script_next(line);
	if (!script_end(line, &word, spec, false) || !check_spec(line, spec, &protocol))
		return false;
	if (is_behind)
		*line = ahead;
	return true;
}

bool script_read_spec(struct script_line *line, struct script_spec *spec)
{
	struct script_word first = script_peek(line), word;

	init_spec(spec);
	if (!read_ends(line, spec))
		return false;
	word = script_peek(line);
	spec->is_conversation = !spec->is_plain && script_is_action(&word, spec->protocol);
	if (spec->is_conversation)
		return true;
	if (protocol_bit(spec) == FOR_TCP && !read_flags(line, spec))
		return false;
	if (protocol_bit(spec) == FOR_ICMP && !read_icmp_words(line, spec))
		return false;
	if (!script_read_items(line, spec))
		return false;
	if (spec->about && spec->has_payload)
		return fail(line, &first, "an error quotes a packet or has a payload of its own, not both");
	if (spec->more_fragments && spec->fragment_size == SCRIPT_UNSET)
		return fail(line, &first, "a fragment with more to come needs its size: frag OFFSET+ size BYTES");
	return true;
}
