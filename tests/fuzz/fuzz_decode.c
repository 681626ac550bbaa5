/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One frame of any link type: decode, summary, quoted packet, answers, rewrites.
 *
 * Input: a byte that chooses the link type, a byte by which the frame was longer than what was captured, the frame.
 */
#include "fuzz.h"

#include "packet/checksum.h"
#include "packet/decode.h"
#include "packet/reply.h"
#include "packet/rewrite.h"
#include "packet/summary.h"

const char *const fuzz_known[] = { "tests/fuzz/corpus/decode", NULL };

enum { LINK_TYPE_LARGEST = 400 };

/* The n-th supported link type, counted round and round. */
static int choose_link_type(uint8_t n)
{
	int types[LINK_TYPE_LARGEST];
	size_t n_types = 0;

	for (int i = 0; i < LINK_TYPE_LARGEST; i++)
		if (decode_supports_link_type(i))
			types[n_types++] = i;
	return types[n % n_types];
}

static void check_decoded(const struct packet *packet)
{
	struct packet inner;
	struct text text;

	MUST(packet->len <= packet->total_len);
	MUST(packet->family == FAMILY_NONE || packet->l4_offset <= packet->total_len);
	text_init(&text);
	summary_print(packet, &text);
	MUST(text.len > 0 && !memchr(text_string(&text), '\n', text.len));
	if (decode_embedded(packet, &inner)) {
		summary_print(&inner, &text);
		checksum_verify_l4(&inner);
	}
	text_clear(&text);
}

/* What is made of it must be whole and true. */
static void check_answer(bool is_made, struct packet *reply)
{
	if (is_made) {
		check_decoded(reply);
		MUST(reply->status == DECODE_COMPLETE);
		MUST(checksum_verify_l4(reply) == CHECKSUM_VALID);
	}
	packet_clear(reply);
}

static void answer(const struct packet *packet, uint8_t code)
{
	struct packet reply;

	packet_init(&reply);
	check_answer(reply_unreachable(packet, code & 15, &packet->destination, code & 16, &reply), &reply);
	packet_init(&reply);
	check_answer(reply_tcp_reset(packet, &reply), &reply);
	packet_init(&reply);
	check_answer(reply_icmp_error(packet, &(struct reply_error){ .type = 11 }, &packet->destination, &reply), &reply);
}

static void rewrite(struct packet *packet)
{
	enum checksum_state before = checksum_verify_l4(packet);
	struct address address = packet->source;
	static const uint8_t bytes[3] = { 1, 2, 3 };

	address.word[0] ^= 0x5a;
	rewrite_ttl(packet, 7);
	rewrite_tos(packet, 0x10);
	rewrite_source(packet, &address);
	rewrite_destination(packet, &address);
	rewrite_source_port(packet, 4711);
	rewrite_destination_port(packet, 4712);
	rewrite_icmp_id(packet, 4713);
	check_decoded(packet);
	MUST(checksum_verify_l4(packet) == before);
	rewrite_quoted_source(packet, &address);
	rewrite_quoted_destination(packet, &address);
	rewrite_quoted_source_port(packet, 4714);
	rewrite_quoted_destination_port(packet, 4715);
	rewrite_quoted_icmp_id(packet, 4716);
	rewrite_l4_bytes(packet, 8, bytes, sizeof(bytes));
	rewrite_resize(packet, 8, 2, bytes, sizeof(bytes));
	check_decoded(packet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct packet packet;

	if (len < 2 || len > 70000)
		return 0;
	packet_init(&packet);
	packet.number = 1;
	packet.frame = data + 2;
	packet.captured_len = (uint32_t)len - 2;
	packet.original_len = packet.captured_len + data[1];
	decode_frame(&packet, choose_link_type(data[0]));
	check_decoded(&packet);
	checksum_verify_l4(&packet);
	if (packet.family != FAMILY_NONE && packet.status != DECODE_MALFORMED && packet.total_len) {
		answer(&packet, data[0]);
		rewrite(&packet);
	}
	packet_clear(&packet);
	return 0;
}

#include "replay.h"
