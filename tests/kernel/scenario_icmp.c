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

static void emit_message(struct scenario *scenario, int64_t time_ns, const struct node *from, const struct node *to,
			 const struct message *message)
{
	struct ip_packet packet;
	uint32_t fate = pick(scenario, 100);

	make_message(&packet, from, to, message);
	if (fate < 3)
		spoil_checksum(&packet, icmp_protocol(from->family));
	put_packet(scenario, time_ns, &packet, from);
	if (fate > 94)
		put_packet(scenario, time_ns + pick_ns(scenario, MS, 100 * MS), &packet, from);
}

void converse_echo(struct scenario *scenario, int family, int64_t start_ns)
{
	static const uint8_t data[56] = "abcdefghijklmnopqrstuvwabcdefghi";
	const struct node *a, *b;
	uint32_t id = pick(scenario, 0x10000) << 16;
	unsigned ask = family == 6 ? (chance(scenario, 90) ? 128 : 139) : chance(scenario, 80) ? 8 : 13 + 2 * pick(scenario, 3);
	unsigned answer = ask == 8 ? 0 : ask + 1;

	pick_pair(scenario, family, &a, &b);
	for (unsigned n = 1 + pick(scenario, 6), seq = 1; seq <= n; seq++) {
		struct message question = { .type = ask, .rest = id | seq, .data = data, .data_len = pick(scenario, 57) };
		struct message reply = question;

		question.ttl = chance(scenario, 6) ? 1 : 64;
		reply.type = answer;
		reply.code = chance(scenario, 3) ? 1 : 0;
		if (chance(scenario, 5))
			reply.rest ^= 0x10000;	/* an answer to nothing */
		if (!chance(scenario, 10))
			emit_message(scenario, start_ns, a, b, &question);
		start_ns += chance(scenario, 8) ? pick_silence(scenario) : pick_ns(scenario, MS, 200 * MS);
		if (!chance(scenario, 20))
			emit_message(scenario, start_ns, b, a, &reply);
		start_ns += chance(scenario, 10) ? pick_silence(scenario) : pick_gap(scenario);
	}
}

void converse_odd_icmp(struct scenario *scenario, int family, int64_t start_ns)
{
	static const unsigned types[] = { 0, 4, 9, 10, 14, 16, 18, 19, 40, 200, 3, 11, 8, 13 };
	static const unsigned types6[] = { 129, 140, 138, 141, 150, 200, 1, 3, 5, 100, 127, 128 };
	const uint8_t data[40] = { family == 4 ? 0x45 : 0x60 };	/* the errors among them are about next to nothing */
	const struct node *a, *b;

	for (unsigned n = 1 + pick(scenario, 3); n > 0; n--) {
		struct message message = { .type = family == 4 ? types[pick(scenario, 14)] : types6[pick(scenario, 12)], .code = pick(scenario, 3),
					   .rest = pick(scenario, 0x10000) << 16, .data = data, .data_len = family == 4 ? pick(scenario, 41) : 40 };

		pick_pair(scenario, family, &a, &b);
		if (chance(scenario, 15)) {	/* shorter than its own header */
			uint8_t bytes[8] = { (uint8_t)message.type, 0, 0, 0, 0, 0, 0, 0 };
			struct ip_packet packet;

			make_packet(&packet, a, b, (struct ip_fields){ icmp_protocol(family), 64, 0 }, bytes, 1 + pick(scenario, 8));
			put_packet(scenario, start_ns, &packet, a);
		} else {
			emit_message(scenario, start_ns, a, b, &message);
		}
		start_ns += pick_gap(scenario);
	}
}

void converse_neighbours(struct scenario *scenario, int64_t start_ns)
{
	static const unsigned types[] = { 133, 134, 135, 135, 136, 136, 137, 130, 131, 132, 143 };
	struct node all = make_node(6, "ff02::1", 0), solicited = make_node(6, "ff02::1:ff00:1", 0);
	const struct node *peer = &scenario->outer6[pick(scenario, 2)];

	for (unsigned n = 1 + pick(scenario, 5); n > 0; n--) {
		uint8_t data[24] = { 0 };
		struct message message = { .type = types[pick(scenario, 11)], .data = data, .data_len = 24, .ttl = 255 };
		bool is_ours = chance(scenario, 30);
		const struct node *from = is_ours ? &scenario->host6 : peer;
		const struct node *to = is_ours ? peer : chance(scenario, 40) ? &solicited : chance(scenario, 30) ? &all : &scenario->host6;

		memcpy(data, message.type == 136 ? from->address : scenario->host6.address, 16);
		memcpy(data + 16, "\x01\x01\x02\xaa\0\0\0\x60", 8);
		emit_message(scenario, start_ns, from, to, &message);
		start_ns += pick_gap(scenario);
	}
}

/* Mostly honest errors: about a packet of the capture, from its destination or the way, to its source. */
static void add_error(struct scenario *scenario, const struct frame *about)
{
	static const unsigned codes4[][2] = { { 3, 0 }, { 3, 1 }, { 3, 3 }, { 3, 3 }, { 3, 4 }, { 3, 13 }, { 11, 0 }, { 5, 1 }, { 12, 0 }, { 4, 0 } };
	static const unsigned codes6[][2] = { { 1, 0 }, { 1, 4 }, { 1, 1 }, { 2, 0 }, { 3, 0 }, { 4, 1 }, { 1, 5 }, { 137, 0 }, { 4, 0 }, { 3, 1 } };
	int family = about->bytes[14] >> 4;
	size_t inner_len = about->len - 14, header_len = family == 4 ? 20 : 40, most = family == 4 ? header_len + 8 : 200;
	struct node from = { .family = family, .mac = { 2, 0xaa, 0, 0, 0, 0x99 } }, to = from;
	uint8_t inner[MOST_FRAME_LEN];
	struct message message = { .data = inner };
	uint32_t which = pick(scenario, 10), twist = pick(scenario, 100);
	int64_t delay = chance(scenario, 75) ? pick_ns(scenario, MS, 80 * MS) : pick_silence(scenario);

	memcpy(inner, about->bytes + 14, inner_len);
	memcpy(to.address, inner + (family == 4 ? 12 : 8), family == 4 ? 4 : 16);
	memcpy(from.address, inner + (family == 4 ? 16 : 24), family == 4 ? 4 : 16);
	message.type = family == 4 ? codes4[which][0] : codes6[which][0];
	message.code = family == 4 ? codes4[which][1] : codes6[which][1];
	message.rest = family == 4 && message.type == 5 ? 0x0a000009 : message.type == 2 || message.code == 4 ? 1400 : 0;
	message.data_len = inner_len < most || chance(scenario, 30) ? inner_len : most;
	if (message.data_len > 500)
		message.data_len = 500;
	if (twist < 10 && inner_len > header_len + 4)
		inner[header_len + 1] ^= 0x40;				/* another port */
	else if (twist < 15)
		message.data_len = header_len + pick(scenario, 8);	/* cut too short */
	else if (twist < 18)
		message.data_len = family == 4 ? pick(scenario, (uint32_t)header_len) : header_len;
	else if (twist < 30)
		from = family == 4 ? make_node(4, "203.0.113.254", 0x98) : make_node(6, "2001:db8:ffff::1", 0x98);
	from.is_host = memcmp(from.address, scenario->host4.address, 4) == 0 || memcmp(from.address, scenario->host4_inner.address, 4) == 0 ||
		       memcmp(from.address, scenario->host6.address, 16) == 0;
	if (message.data_len > inner_len)
		message.data_len = inner_len;
	if (from.address[0] >= 224 || (family == 4 && from.address[3] == 255))
		return;
	emit_message(scenario, about->time_ns + delay, &from, &to, &message);
}

void add_errors(struct scenario *scenario)
{
	size_t n_frames = scenario->n_frames;

	for (size_t i = 0; i < n_frames; i++)
		if (chance(scenario, 7))
			add_error(scenario, &scenario->frames[i]);
}
