/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j HMARK: a mark by hashing addresses and ports. Linux 6.18, xt_HMARK.c: hmark_tg_v4(), hmark_tg_v6(), hmark_hash(). */
#include <string.h>
#include <strings.h>

#include "base/cursor.h"
#include "base/jhash.h"
#include "packet/decode.h"
#include "packet/fragment.h"
#include "rules/ipv6_headers.h"
#include "rules/options_value.h"
#include "rules/options.h"

/* In the order in which they are printed. */
enum {
	SOURCE_MASK, DESTINATION_MASK, SPORT_MASK, DPORT_MASK, SPI_MASK, SPORT, DPORT, SET_SPI, PROTO_MASK, RND, MODULUS, OFFSET,
	BY_CONNECTION, TUPLE,
};

enum { PORTS_LEN = 4, AH_SPI_AT = 4 };

struct hmark_config {
	struct option_marks marks;
	uint8_t family;
	struct address source_mask, destination_mask;
	uint32_t sport_mask, dport_mask, spi_mask;
	uint32_t sport, dport, spi;
	uint32_t proto_mask, rnd, modulus, offset;
	uint32_t port_mask, port_set;	/* source << 16 | destination, or the SPI: check() puts them together */
};

static bool parse_prefix(struct address *mask, const struct argument *value, const struct extension_place *place,
			 struct diagnostics *diagnostics)
{
	uint32_t len;

	if (!options_value_store_prefix_len(&len, value, place->family, diagnostics))
		return false;
	*mask = address_prefix_mask(place->family, len);
	return true;
}

static bool parse_source(void *config, const struct argument *values, const struct extension_place *place,
			 struct diagnostics *diagnostics)
{
	return parse_prefix(&((struct hmark_config *)config)->source_mask, values, place, diagnostics);
}

static bool parse_destination(void *config, const struct argument *values, const struct extension_place *place,
			      struct diagnostics *diagnostics)
{
	return parse_prefix(&((struct hmark_config *)config)->destination_mask, values, place, diagnostics);
}

/* A word of --hmark-tuple: all bits of it count. iptables 1.8.9 takes the first that begins so. */
static bool add_part(struct hmark_config *hmark, const struct option_word *word, const struct extension_place *place)
{
	static const struct option_name parts[] = {
		{ "ct", BY_CONNECTION }, { "src", SOURCE_MASK }, { "dst", DESTINATION_MASK }, { "sport", SPORT_MASK },
		{ "dport", DPORT_MASK }, { "proto", PROTO_MASK }, { "spi", SPI_MASK }, { NULL, 0 },
	};
	const struct option_name *part = parts;

	while (part->name && strncasecmp(part->name, word->text, strlen(word->text)) != 0)
		part++;
	if (!word->text[0] || !part->name)
		return false;
	hmark->marks.seen |= UINT32_C(1) << part->value;
	if (part->value == SOURCE_MASK)
		hmark->source_mask = address_prefix_mask(place->family, place->family == FAMILY_IPV6 ? 128 : 32);
	else if (part->value == DESTINATION_MASK)
		hmark->destination_mask = address_prefix_mask(place->family, place->family == FAMILY_IPV6 ? 128 : 32);
	else if (part->value == SPORT_MASK)
		hmark->sport_mask = UINT16_MAX;
	else if (part->value == DPORT_MASK)
		hmark->dport_mask = UINT16_MAX;
	else if (part->value == PROTO_MASK)
		hmark->proto_mask = UINT16_MAX;
	else if (part->value == SPI_MASK)
		hmark->spi_mask = UINT32_MAX;
	return true;
}

static bool parse_tuple(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	const char *at = values->text;
	struct option_word word;

	while (at) {
		options_next_word(values, &at, ',', &word);
		if (add_part(config, &word, place))
			continue;
		diag_error(diagnostics, word.where, "ct, src, dst, sport, dport, proto, spi", "\"%s\" is no part of a tuple", word.text);
		return false;
	}
	return true;
}

#define NUMBER(option, id, field, least, most, words) \
	{ .name = option, .kind = OPTION_NUMBER, .mark = id, .offset = offsetof(struct hmark_config, field), .min = least, .max = most, \
	  .value_name = "number", .summary = words }

static const struct option_spec options[] = {
	{ .name = "hmark-tuple", .kind = OPTION_CUSTOM, .n_values = 1, .mark = TUPLE, .value_name = "part[,part]", .parse = parse_tuple,
	  .summary = "what is hashed: src, dst, sport, dport, spi, proto; ct: of the connection, not of the packet" },
	{ .name = "hmark-src-prefix", .kind = OPTION_CUSTOM, .n_values = 1, .mark = SOURCE_MASK, .value_name = "length",
	  .parse = parse_source, .summary = "prefix of the source that counts" },
	{ .name = "hmark-dst-prefix", .kind = OPTION_CUSTOM, .n_values = 1, .mark = DESTINATION_MASK, .value_name = "length",
	  .parse = parse_destination, .summary = "prefix of the destination that counts" },
	NUMBER("hmark-sport-mask", SPORT_MASK, sport_mask, 0, UINT16_MAX, "bits of the source port that count"),
	NUMBER("hmark-dport-mask", DPORT_MASK, dport_mask, 0, UINT16_MAX, "bits of the destination port that count"),
	NUMBER("hmark-spi-mask", SPI_MASK, spi_mask, 0, UINT32_MAX, "bits of the SPI of ESP and AH that count"),
	NUMBER("hmark-sport", SPORT, sport, 0, UINT16_MAX, "bits set in the source port"),
	NUMBER("hmark-dport", DPORT, dport, 0, UINT16_MAX, "bits set in the destination port"),
	NUMBER("hmark-spi", SET_SPI, spi, 0, UINT32_MAX, "bits set in the SPI"),
	NUMBER("hmark-proto-mask", PROTO_MASK, proto_mask, 0, UINT16_MAX, "bits of the protocol that count"),
	NUMBER("hmark-rnd", RND, rnd, 0, UINT32_MAX, "the hash's seed"),
	{ .name = "hmark-mod", .kind = OPTION_NUMBER, .flags = OPTION_REQUIRED, .mark = MODULUS,
	  .offset = offsetof(struct hmark_config, modulus), .min = 1, .max = UINT32_MAX, .value_name = "number",
	  .summary = "so many different marks" },
	NUMBER("hmark-offset", OFFSET, offset, 0, UINT32_MAX, "the first of them"),
};

static bool complain(const struct extension_place *place, const char *problem, struct diagnostics *diagnostics)
{
	diag_error(diagnostics, place->where, NULL, "%s", problem);
	return false;
}

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	enum { PORT_MASKS = 1 << SPORT_MASK | 1 << DPORT_MASK, PORT_SETS = 1 << SPORT | 1 << DPORT };
	enum {
		PACKET_PARTS = PORT_MASKS | PORT_SETS | 1 << SOURCE_MASK | 1 << DESTINATION_MASK | 1 << SPI_MASK | 1 << SET_SPI |
			       1 << PROTO_MASK,
	};
	struct hmark_config *hmark = config;
	uint32_t seen = hmark->marks.seen;

	hmark->family = (uint8_t)place->family;
	if (!(seen & 1 << RND))
		return complain(place, "HMARK needs --hmark-rnd number", diagnostics);
	if ((seen & 1 << SPI_MASK) && (seen & PORT_MASKS))
		return complain(place, "--hmark-spi-mask cannot stand together with masks of ports", diagnostics);
	if ((seen & 1 << SET_SPI) && (seen & PORT_SETS))
		return complain(place, "--hmark-spi cannot stand together with ports", diagnostics);
	if (!(seen & (PACKET_PARTS | 1 << BY_CONNECTION)))
		return complain(place, "HMARK needs --hmark-tuple", diagnostics);
	hmark->port_mask = seen & 1 << SPI_MASK ? hmark->spi_mask : hmark->sport_mask << 16 | hmark->dport_mask;
	hmark->port_set = seen & 1 << SET_SPI ? hmark->spi : hmark->sport << 16 | hmark->dport;
	return true;
}

/* What is hashed. */
struct hashed {
	uint32_t source, destination;
	uint32_t ports;
	uint8_t protocol;
};

/* IPv6 folds its four words into one. */
static uint32_t masked(const struct address *address, const struct address *mask, enum family family)
{
	uint8_t bytes[16], mask_bytes[16];
	uint32_t word = 0;

	address_to_bytes(family, address, bytes);
	address_to_bytes(family, mask, mask_bytes);
	for (unsigned i = 0; i < (family == FAMILY_IPV6 ? 16 : 4); i++)
		word ^= (uint32_t)(bytes[i] & mask_bytes[i]) << (24 - 8 * (i % 4));
	return word;
}

/* The larger one first, so that both directions have one hash. */
static uint32_t sorted_ports(const struct hmark_config *hmark, uint32_t ports)
{
	uint32_t source, destination;

	ports = (ports & hmark->port_mask) | hmark->port_set;
	source = ports >> 16;
	destination = ports & UINT16_MAX;
	return destination > source ? destination << 16 | source : ports;
}

static void hash_connection(const struct hmark_config *hmark, const struct connection *connection, struct hashed *hashed)
{
	const struct tuple original = connection_tuple(connection, DIRECTION_ORIGINAL);
	const struct tuple reply = connection_tuple(connection, DIRECTION_REPLY);
	enum family family = (enum family)original.family;

	hashed->source = masked(&original.source, &hmark->source_mask, family);
	hashed->destination = masked(&reply.source, &hmark->destination_mask, family);
	hashed->protocol = original.protocol;
	if (hashed->protocol != PROTOCOL_ICMP)
		hashed->ports = sorted_ports(hmark, (uint32_t)original.source_port << 16 | reply.source_port);
}

/* Linux 6.18, proto_ports_offset(); false for protocols that have nothing like ports. */
static bool find_ports(uint8_t protocol, uint32_t *offset)
{
	*offset = protocol == PROTOCOL_AH ? AH_SPI_AT : 0;
	return protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP || protocol == PROTOCOL_DCCP || protocol == PROTOCOL_ESP ||
	       protocol == PROTOCOL_AH || protocol == PROTOCOL_SCTP || protocol == PROTOCOL_UDPLITE;
}

/* Linux 6.18, ipv6_find_hdr(): IPv6's fragment header alone counts (IP6_FH_F_FRAG), be the packet the whole datagram. */
static bool is_in_pieces(const struct packet *packet)
{
	struct fragment piece;

	return packet->is_fragment || (packet->family == FAMILY_IPV6 && fragment_find(packet, &piece) != FRAGMENT_NONE);
}

static void hash_ports(const struct hmark_config *hmark, const struct packet *packet, enum profile profile, struct hashed *hashed)
{
	uint32_t offset = packet->l4_offset, ports_offset;
	struct cursor cursor;

	/* In IPv6 an AH in the chain is what counts. */
	if (packet->family == FAMILY_IPV6 && ipv6_headers_open(packet, IPV6_AUTHENTICATION, 0, profile, &cursor) == MATCH_YES) {
		hashed->protocol = PROTOCOL_AH;
		offset = (uint32_t)cursor.offset;
	}
	if (!find_ports(hashed->protocol, &ports_offset) || is_in_pieces(packet))
		return;
	cursor = cursor_at(packet->bytes, packet->len, (size_t)offset + ports_offset);
	if (cursor_left(&cursor) >= PORTS_LEN)
		hashed->ports = sorted_ports(hmark, cursor_u32(&cursor));
}

/* Linux 6.18, get_inner_hdr() and get_inner6_hdr(). */
static bool is_error(const struct packet *packet)
{
	uint8_t type = packet->icmp_type;

	if (is_in_pieces(packet) || !packet->has_l4)
		return false;
	if (packet->protocol == PROTOCOL_ICMPV6)
		return type > 0 && type < 128;
	return packet->protocol == PROTOCOL_ICMP && (type == 3 || type == 4 || type == 5 || type == 11 || type == 12);
}

/* Linux 6.18, ipv6_find_hdr(): is a header of the chain not there? */
static bool breaks_off(const struct packet *packet, enum profile profile)
{
	struct cursor cursor;

	return packet->family == FAMILY_IPV6 &&
	       ipv6_headers_open(packet, IPV6_AUTHENTICATION, 0, profile, &cursor) == MATCH_HOTDROP;
}

/*
 * Of an ICMP error, the packet that it quotes. False when it does not quote the whole IP headers; of a packet that has not all of its own,
 * nothing is hashed.
 */
static bool hash_packet(const struct hmark_config *hmark, const struct subject *subject, struct hashed *hashed)
{
	const struct packet *packet = subject->packet;
	struct packet quoted;
	enum family family = (enum family)packet->family;

	if (breaks_off(packet, subject->profile))
		return true;
	if (is_error(packet)) {
		if (!decode_embedded(packet, &quoted) || breaks_off(&quoted, subject->profile))
			return false;
		packet = &quoted;
	}
	hashed->source = masked(&packet->source, &hmark->source_mask, family);
	hashed->destination = masked(&packet->destination, &hmark->destination_mask, family);
	hashed->protocol = packet->protocol;
	hash_ports(hmark, packet, subject->profile, hashed);
	return true;
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	const struct hmark_config *hmark = config;
	struct hashed hashed = { .ports = 0 };
	uint32_t words[3], hash;

	(void)state;
	if (options_is_seen(&hmark->marks, BY_CONNECTION)) {
		if (!subject->tracking->connection)
			return TARGET_CONTINUE;
		hash_connection(hmark, subject->tracking->connection, &hashed);
	} else if (!hash_packet(hmark, subject, &hashed)) {
		return TARGET_CONTINUE;
	}
	words[0] = hashed.source < hashed.destination ? hashed.source : hashed.destination;
	words[1] = hashed.source < hashed.destination ? hashed.destination : hashed.source;
	words[2] = hashed.ports;
	hash = jhash(words, 3, hmark->rnd) ^ (hashed.protocol & hmark->proto_mask);
	subject->mark = jhash_scale(hash, hmark->modulus) + hmark->offset;
	return TARGET_CONTINUE;
}

static void print_prefix(const char *option, const struct address *mask, const struct hmark_config *hmark, struct text *out)
{
	text_printf(out, " %s %d", option, address_mask_prefix_len((enum family)hmark->family, mask));
}

static void print(const void *config, struct text *out)
{
	const struct hmark_config *hmark = config;
	const struct { unsigned mark; const char *format; uint32_t value; } numbers[] = {
		{ SPORT_MASK, " --hmark-sport-mask 0x%04x", hmark->sport_mask }, { DPORT_MASK, " --hmark-dport-mask 0x%04x", hmark->dport_mask },
		{ SPI_MASK, " --hmark-spi-mask 0x%08x", hmark->spi_mask }, { SPORT, " --hmark-sport 0x%04x", hmark->sport },
		{ DPORT, " --hmark-dport 0x%04x", hmark->dport }, { SET_SPI, " --hmark-spi 0x%08x", hmark->spi },
		{ PROTO_MASK, " --hmark-proto-mask 0x%02x", hmark->proto_mask }, { RND, " --hmark-rnd 0x%08x", hmark->rnd },
		{ MODULUS, " --hmark-mod %u", hmark->modulus }, { OFFSET, " --hmark-offset %u", hmark->offset },
	};

	if (options_is_seen(&hmark->marks, SOURCE_MASK))
		print_prefix("--hmark-src-prefix", &hmark->source_mask, hmark, out);
	if (options_is_seen(&hmark->marks, DESTINATION_MASK))
		print_prefix("--hmark-dst-prefix", &hmark->destination_mask, hmark, out);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (options_is_seen(&hmark->marks, numbers[i].mark))
			text_printf(out, numbers[i].format, numbers[i].value);
	}
	if (options_is_seen(&hmark->marks, BY_CONNECTION))
		text_append(out, " --hmark-tuple ct");
}

static void list_prefix(const char *title, const struct address *mask, const struct hmark_config *hmark, struct text *out)
{
	text_printf(out, "%s %d ", title, address_mask_prefix_len((enum family)hmark->family, mask));
}

static void list(const void *config, struct text *out)
{
	const struct hmark_config *hmark = config;
	const struct { unsigned mark; const char *title; uint32_t value; } numbers[] = {
		{ SPORT_MASK, "sport-mask", hmark->sport_mask }, { DPORT_MASK, "dport-mask", hmark->dport_mask },
		{ SPI_MASK, "spi-mask", hmark->spi_mask }, { SPORT, "sport", hmark->sport }, { DPORT, "dport", hmark->dport },
		{ SET_SPI, "spi", hmark->spi }, { PROTO_MASK, "proto-mask", hmark->proto_mask }, { RND, "rnd", hmark->rnd },
	};

	text_printf(out, " HMARK mod %u ", hmark->modulus);
	if (options_is_seen(&hmark->marks, OFFSET))
		text_printf(out, "+ 0x%x ", hmark->offset);
	text_append(out, options_is_seen(&hmark->marks, BY_CONNECTION) ? "ct, " : "");
	if (options_is_seen(&hmark->marks, SOURCE_MASK))
		list_prefix("src-prefix", &hmark->source_mask, hmark, out);
	if (options_is_seen(&hmark->marks, DESTINATION_MASK))
		list_prefix("dst-prefix", &hmark->destination_mask, hmark, out);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (options_is_seen(&hmark->marks, numbers[i].mark))
			text_printf(out, "%s 0x%x ", numbers[i].title, numbers[i].value);
	}
}

const struct target_type target_hmark = {
	.name = "HMARK",
	.summary = "a mark by hashing addresses and ports; the packet goes on",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct hmark_config),
	.check = check,
	.eval = eval,
	.print = print,
	.list = list,
};
