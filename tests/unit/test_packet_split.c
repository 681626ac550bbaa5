/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/split.h"

#include "packet/decode.h"
#include "packet/fragment.h"
#include "script_packets.h"

enum { ROOM = 4096 };

#define V4 "udp 10.0.0.2:1 > 10.0.0.1:2 "		/* 28 bytes of headers */
#define V6 "udp [2001:db8::2]:1 > [2001:db8::1]:2 "	/* 48 */

/* What leaves: offset+length of each piece's data, "." behind the last, "d" where it says "don't fragment"; "whole". */
static const struct {
	const char *name, *script;
	uint32_t lens[4], longest, mtu;
	bool is_rewritten;
	const char *pieces;
} rows[] = {
	{ "as it came", V4 "len 92\n", { 48, 24, 28 }, 68, 0, false, "0+48 48+24 72+28." },
	{ "as it came, where the way takes it", V4 "len 92\n", { 48, 24, 28 }, 68, 68, false, "0+48 48+24 72+28." },
	{ "one piece is too long for the way", V4 "len 92\n", { 48, 24, 28 }, 68, 67, false, "0+40 40+40 80+20." },
	{ "no longer than the longest that came", V4 "len 92\n", { 48, 24, 28 }, 68, 1500, true, "0+48 48+48 96+4." },
	{ "a rewritten payload of another length", V4 "len 100\n", { 48, 24, 28 }, 68, 0, true, "0+48 48+48 96+12." },
	{ "don't fragment is forgotten", V4 "len 92 df\n", { 48, 52 }, 72, 0, false, "0+48 48+52." },
	{ "and remembered where borders are new", V4 "len 92 df\n", { 48, 52 }, 72, 0, true, "0+48d 48+52d." },
	{ "it came whole, and goes on so", V4 "len 92\n", { 0 }, 0, 120, false, "whole" },
	{ "it came whole, and is too long", V4 "len 92\n", { 0 }, 0, 119, false, "0+96 96+4." },
	{ "IPv6 as it came", V6 "len 92\n", { 48, 52 }, 100, 0, false, "0+48 48+52." },
	{ "IPv6 is no shorter than 1280", V6 "len 2000\n", { 608, 1400 }, 1448, 0, true, "0+1400 1400+608." },
	{ "IPv6 in small pieces with new borders", V6 "len 2000\n", { 1000, 1008 }, 1056, 0, true, "0+1232 1232+776." },
	{ "an atomic fragment", V6 "len 92\n", { 100 }, 148, 0, false, "whole" },
	{ "whole it is as short as its longest piece", V6 "len 92\n", { 96, 4 }, 144, 0, false, "whole" },
};

static size_t count(const uint32_t lens[4])
{
	size_t n = 0;

	while (n < 4 && lens[n])
		n++;
	return n;
}

static void note(struct text *said, const struct packet *packet, const uint8_t *bytes, uint32_t len)
{
	struct fragment fragment;
	struct packet piece;

	packet_init(&piece);
	decode_ip(&piece, bytes, len, len);
	ck_assert_int_eq(piece.status, DECODE_COMPLETE);
	ck_assert(!piece.bad_ip_checksum);
	if (fragment_find(&piece, &fragment) == FRAGMENT_NONE) {
		text_append(said, "whole");
	} else {
		text_printf(said, "%s%u+%u%s%s", said->len ? " " : "", fragment.offset, fragment.end - fragment.offset,
			    piece.dont_fragment ? "d" : "", fragment.has_more ? "" : ".");
		ck_assert(memcmp(bytes + fragment.header_len, packet->bytes + packet->l4_offset + fragment.offset,
				 fragment.end - fragment.offset) == 0);
	}
	packet_clear(&piece);
}

START_TEST(pieces)
{
	struct split split = {
		.lens = rows[_i].lens, .n_lens = count(rows[_i].lens), .longest = rows[_i].longest, .mtu = rows[_i].mtu,
		.is_rewritten = rows[_i].is_rewritten, .identification = 7,
	};
	struct script_packets packets;
	struct splitting splitting;
	struct packet packet;
	char script[200];
	uint8_t bytes[ROOM];
	uint32_t len, total_len;
	struct text said;

	snprintf(script, sizeof(script), "0 %s", rows[_i].script);
	script_packets_load(&packets, script);
	packet_init(&packet);
	script_packets_decode(&packets, 1, &packet);
	text_init(&said);
	splitting_begin(&splitting, &packet, &split);
	while ((len = splitting_next(&splitting, bytes, &total_len)) > 0) {
		ck_assert_uint_eq(len, total_len);
		note(&said, &packet, bytes, len);
	}
	ck_assert_msg(strcmp(text_string(&said), rows[_i].pieces) == 0, "%s: %s", rows[_i].name, text_string(&said));
	text_clear(&said);
	packet_clear(&packet);
	script_packets_clear(&packets);
}
END_TEST

/* Options that are for every piece stay; others do nothing from the second piece on. */
START_TEST(options_of_later_pieces)
{
	static const uint8_t header[] = {
		0x47, 0, 0, 0x3c, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1,
		7, 3, 4, 0x94, 4, 0, 0, 0,
	};
	static const uint32_t lens[] = { 16, 16 };
	static const uint8_t expected[] = { 1, 1, 1, 0x94, 4, 0, 0, 0 };
	const struct split split = { .lens = lens, .n_lens = 2, .longest = 44 };
	uint8_t whole[60] = { 0 }, bytes[ROOM];
	struct splitting splitting;
	struct packet packet;
	uint32_t total_len;

	memcpy(whole, header, sizeof(header));
	packet_init(&packet);
	decode_ip(&packet, whole, sizeof(whole), sizeof(whole));
	splitting_begin(&splitting, &packet, &split);
	ck_assert_uint_eq(splitting_next(&splitting, bytes, &total_len), 44);
	ck_assert(memcmp(bytes + 20, header + 20, 8) == 0);
	ck_assert_uint_eq(splitting_next(&splitting, bytes, &total_len), 44);
	ck_assert(memcmp(bytes + 20, expected, 8) == 0);
	ck_assert_uint_eq(splitting_next(&splitting, bytes, &total_len), 0);
	packet_clear(&packet);
}
END_TEST

/* What the snap length cut is cut from the pieces. */
START_TEST(a_cut_packet)
{
	static const uint32_t lens[] = { 48, 52 };
	const struct split split = { .lens = lens, .n_lens = 2, .longest = 72 };
	struct script_packets packets;
	struct splitting splitting;
	struct packet packet;
	uint8_t bytes[ROOM];
	uint32_t total_len;

	script_packets_load(&packets, "link raw\n0 " V4 "len 92 cut 60\n");
	packet_init(&packet);
	script_packets_decode(&packets, 1, &packet);
	splitting_begin(&splitting, &packet, &split);
	ck_assert_uint_eq(splitting_next(&splitting, bytes, &total_len), 60);
	ck_assert_uint_eq(total_len, 68);
	ck_assert_uint_eq(splitting_next(&splitting, bytes, &total_len), 20);
	ck_assert_uint_eq(total_len, 72);
	ck_assert_uint_eq(splitting_next(&splitting, bytes, &total_len), 0);
	packet_clear(&packet);
	script_packets_clear(&packets);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("split");

	tcase_add_loop_test(tcase, pieces, 0, N_ROWS(rows));
	tcase_add_test(tcase, options_of_later_pieces);
	tcase_add_test(tcase, a_cut_packet);
	return script_packets_run("packet/split", tcase);
}
