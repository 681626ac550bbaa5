/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ICMP and ICMPv6: questions and answers, neighbours, and errors about other packets. */
#include <string.h>

#include "scenario.h"

struct message {
	unsigned type, code;
	uint32_t rest;		/* the four bytes behind the checksum */
	const uint8_t *data;
	size_t data_len;
	uint8_t ttl;
};

static uint8_t icmp_protocol(int family)
{
	return family == 4 ? 1 : 58;
}

static void make_message(struct ip_packet *packet, const struct node *from, const struct node *to, const struct message *message)
{
	uint8_t bytes[1400] = { 0 };

	bytes[0] = (uint8_t)message->type;
	bytes[1] = (uint8_t)message->code;
	put32(bytes + 4, message->rest);
	if (message->data_len)
		memcpy(bytes + 8, message->data, message->data_len);
	make_packet(packet, from, to, (struct ip_fields){ icmp_protocol(from->family), message->ttl ? message->ttl : 64, 0 }, bytes,
		    8 + message->data_len);
}

static void emit_message(struct scenario *scenario, int64_t time_ns, const struct pair *pair, int from, const struct message *message)
{
	struct ip_packet packet;
	uint32_t fate = pick(scenario, 100);

	make_message(&packet, pair->node[from], pair->seen[!from], message);
	if (fate < 3)
		spoil_checksum(&packet, icmp_protocol(pair->node[from]->family));
	put_packet(scenario, time_ns, &packet, pair, from);
	if (fate > 94)
		put_packet(scenario, time_ns + pick_ns(scenario, MS, 100 * MS), &packet, pair, from);
}

void converse_echo(struct scenario *scenario, int family, int64_t start_ns)
{
	static const uint8_t data[56] = "abcdefghijklmnopqrstuvwabcdefghi";
	struct pair pair;
	uint32_t id = pick(scenario, 0x10000) << 16;
	unsigned ask = family == 6 ? (chance(scenario, 90) ? 128 : 139) : chance(scenario, 80) ? 8 : 13 + 2 * pick(scenario, 3);
	unsigned answer = ask == 8 ? 0 : ask + 1;

	pick_pair(scenario, family, icmp_protocol(family), &pair);
	for (unsigned n = 1 + pick(scenario, 6), seq = 1; seq <= n; seq++) {
		struct message question = { .type = ask, .rest = id | seq, .data = data, .data_len = pick(scenario, 57) };
		struct message reply = question;

		question.ttl = chance(scenario, 6) ? 1 : 64;
		reply.type = answer;
		reply.code = chance(scenario, 3) ? 1 : 0;
		if (chance(scenario, 5))
			reply.rest ^= 0x10000;	/* an answer to nothing */
		if (!chance(scenario, 10))
			emit_message(scenario, start_ns, &pair, 0, &question);
		start_ns += chance(scenario, 8) ? pick_silence(scenario) : pick_ns(scenario, MS, 200 * MS);
		if (!chance(scenario, 20))
			emit_message(scenario, start_ns, &pair, 1, &reply);
		start_ns += chance(scenario, 10) ? pick_silence(scenario) : pick_gap(scenario);
	}
}

void converse_odd_icmp(struct scenario *scenario, int family, int64_t start_ns)
{
	static const unsigned types[] = { 0, 4, 9, 10, 14, 16, 18, 19, 40, 200, 3, 11, 8, 13 };
	static const unsigned types6[] = { 129, 140, 138, 141, 150, 200, 1, 3, 5, 100, 127, 128 };
	const uint8_t data[40] = { family == 4 ? 0x45 : 0x60 };	/* the errors among them are about next to nothing */
	struct pair pair;

	for (unsigned n = 1 + pick(scenario, 3); n > 0; n--) {
		struct message message = { .type = family == 4 ? types[pick(scenario, 14)] : types6[pick(scenario, 12)], .code = pick(scenario, 3),
					   .rest = pick(scenario, 0x10000) << 16, .data = data, .data_len = family == 4 ? pick(scenario, 41) : 40 };

		pick_pair(scenario, family, icmp_protocol(family), &pair);
		if (chance(scenario, 15)) {	/* shorter than its own header */
			uint8_t bytes[8] = { (uint8_t)message.type, 0, 0, 0, 0, 0, 0, 0 };
			struct ip_packet packet;

			make_packet(&packet, pair.node[0], pair.seen[1], (struct ip_fields){ icmp_protocol(family), 64, 0 }, bytes, 1 + pick(scenario, 8));
			put_packet(scenario, start_ns, &packet, &pair, 0);
		} else {
			emit_message(scenario, start_ns, &pair, 0, &message);
		}
		start_ns += pick_gap(scenario);
	}
}

void converse_neighbours(struct scenario *scenario, int family, int64_t start_ns)
{
	static const unsigned types[] = { 133, 134, 135, 135, 136, 136, 137, 130, 131, 132, 143 };
	struct node all = make_node(6, "ff02::1", 0), solicited = make_node(6, "ff02::1:ff00:1", 0);
	const struct node *peer = &scenario->outer6[pick(scenario, 2)];

	(void)family;
	for (unsigned n = 1 + pick(scenario, 5); n > 0; n--) {
		uint8_t data[24] = { 0 };
		struct message message = { .type = types[pick(scenario, 11)], .data = data, .data_len = 24, .ttl = 255 };
		bool is_ours = chance(scenario, 30);
		struct pair pair;
		const struct node *from = is_ours ? &scenario->host6 : peer;
		const struct node *to = is_ours ? peer : chance(scenario, 40) ? &solicited : chance(scenario, 30) ? &all : &scenario->host6;

		memcpy(data, message.type == 136 ? from->address : scenario->host6.address, 16);
		memcpy(data + 16, "\x01\x01\x02\xaa\0\0\0\x60", 8);
		pair = make_pair(from, to);
		emit_message(scenario, start_ns, &pair, 0, &message);
		start_ns += pick_gap(scenario);
	}
}

/* The packet as its receiver saw it, where NAT lay between. */
static void translate_quote(const struct frame *about, uint8_t *inner)
{
	bool is_ipv4 = about->bytes[14] >> 4 == 4;
	size_t len = is_ipv4 ? 4 : 16, source = is_ipv4 ? 12 : 8, header_len = is_ipv4 ? (inner[0] & 15u) * 4u : 40;

	memcpy(inner + source, about->seen_source.address, len);
	memcpy(inner + source + len, about->real_destination.address, len);
	if (is_ipv4)
		fill_ip_checksum(inner);
	if (about->mapped_port && about->len >= 14 + header_len + 4)
		put16(inner + header_len + (about->is_source_port ? 0 : 2), about->mapped_port);
}

static const unsigned error_codes4[][2] = { { 3, 0 }, { 3, 1 }, { 3, 3 }, { 3, 3 }, { 3, 4 }, { 3, 13 }, { 11, 0 }, { 5, 1 }, { 12, 0 }, { 4, 0 } };
static const unsigned error_codes6[][2] = { { 1, 0 }, { 1, 4 }, { 1, 1 }, { 2, 0 }, { 3, 0 }, { 4, 1 }, { 1, 5 }, { 137, 0 }, { 4, 0 }, { 3, 1 } };

/* How much is quoted, and with which mistakes. */
static void quote(struct scenario *scenario, const struct frame *about, uint8_t *inner, struct message *message)
{
	bool is_ipv4 = about->bytes[14] >> 4 == 4;
	size_t inner_len = about->len - 14, header_len = is_ipv4 ? 20 : 40, most = is_ipv4 ? header_len + 8 : 200;
	uint32_t twist = pick(scenario, 100);

	message->data = inner;
	message->data_len = inner_len < most || chance(scenario, 30) ? inner_len : most;
	if (message->data_len > 500)
		message->data_len = 500;
	if (twist < 10 && inner_len > header_len + 4)
		inner[header_len + 1] ^= 0x40;				/* another port */
	else if (twist < 15)
		message->data_len = header_len + pick(scenario, 8);	/* cut too short */
	else if (twist < 18)
		message->data_len = is_ipv4 ? pick(scenario, (uint32_t)header_len) : header_len;
	if (message->data_len > inner_len)
		message->data_len = inner_len;
}

static bool is_host(const struct scenario *scenario, const struct node *node)
{
	const struct node *const own[] = { &scenario->host4, &scenario->host4_inner, &scenario->host6, &scenario->host6_inner };

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (own[i]->family == node->family && memcmp(own[i]->address, node->address, node->family == 4 ? 4 : 16) == 0)
			return true;
	return false;
}

/* Mostly honest errors: about a packet of the capture, from its destination or the way, to its source. */
static void add_error(struct scenario *scenario, const struct frame *about)
{
	int family = about->bytes[14] >> 4;
	size_t address_len = family == 4 ? 4 : 16;
	struct node from = { .family = family, .mac = { 2, 0xaa, 0, 0, 0, 0x99 } }, to = from;
	struct pair pair = make_pair(&from, &to);
	uint8_t inner[MOST_FRAME_LEN];
	struct message message = { 0 };
	uint32_t which = pick(scenario, 10);
	int64_t delay = chance(scenario, 75) ? pick_ns(scenario, MS, 80 * MS) : pick_silence(scenario);

	memcpy(inner, about->bytes + 14, about->len - 14);
	if (chance(scenario, 75))
		translate_quote(about, inner);
	memcpy(to.address, inner + (family == 4 ? 12 : 8), address_len);
	memcpy(from.address, inner + (family == 4 ? 16 : 24), address_len);
	message.type = family == 4 ? error_codes4[which][0] : error_codes6[which][0];
	message.code = family == 4 ? error_codes4[which][1] : error_codes6[which][1];
	message.rest = family == 4 && message.type == 5 ? 0x0a000009 : message.type == 2 || message.code == 4 ? 1400 : 0;
	quote(scenario, about, inner, &message);
	if (chance(scenario, 12))
		from = family == 4 ? make_node(4, "203.0.113.254", 0x98) : make_node(6, "2001:db8:ffff::1", 0x98);
	from.is_host = is_host(scenario, &from);
	if (from.address[0] >= 224 || (family == 4 && from.address[3] == 255))
		return;
	emit_message(scenario, about->time_ns + delay, &pair, 0, &message);
}

void add_errors(struct scenario *scenario)
{
	size_t n_frames = scenario->n_frames;

	/* Not about headers that say to be shorter than they can be: docs/fidelity.md. */
	for (size_t i = 0; i < n_frames; i++)
		if (chance(scenario, 7) && ((scenario->frames[i].bytes[14] >> 4) == 6 || (scenario->frames[i].bytes[14] & 15) >= 5))
			add_error(scenario, &scenario->frames[i]);
}
