/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/checksum.h"

#include "script_packets.h"

START_TEST(example_of_rfc_1071)
{
	const uint8_t bytes[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };

	ck_assert_uint_eq(checksum_finish(checksum_add(0, bytes, sizeof(bytes))), (uint16_t)~0xddf2);
	ck_assert_uint_eq(checksum_finish(checksum_add(0, bytes, 0)), 0xffff);
}
END_TEST

/* The definition, word by word, against the quick way, for every length and alignment. */
START_TEST(any_length_and_alignment)
{
	uint8_t bytes[80];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 37 + 200);
	for (size_t start = 0; start < 4; start++) {
		for (size_t len = 0; start + len <= sizeof(bytes); len++) {
			uint32_t sum = 0;

			for (size_t i = 0; i < len; i++)
				sum += i % 2 ? bytes[start + i] : (uint32_t)bytes[start + i] << 8;
			ck_assert_uint_eq(checksum_finish(checksum_add(0, bytes + start, len)), checksum_finish(sum));
		}
	}
}
END_TEST

/* The check value of CRC-32C, turned into SCTP's byte order; nothing is left out. */
START_TEST(check_value_of_crc32c)
{
	ck_assert_uint_eq(checksum_crc32c((const uint8_t *)"123456789", 9, 100), 0x839206e3);
}
END_TEST

static const struct {
	const char *line;
	enum checksum_state state;
} rows[] = {
	{ "udp 10.0.0.1:1 > 10.0.0.2:2 len 33", CHECKSUM_VALID },
	{ "udp 10.0.0.1:1 > 10.0.0.2:2 len 33 bad-checksum", CHECKSUM_BAD },
	{ "udp 10.0.0.1:1 > 10.0.0.2:2 len 33 no-checksum", CHECKSUM_ABSENT },
	{ "udp [::1]:1 > [::2]:2 data \"odd\"", CHECKSUM_VALID },
	{ "udp [::1]:1 > [::2]:2 data \"odd\" bad-checksum", CHECKSUM_BAD },
	{ "tcp 10.0.0.1:1 > 10.0.0.2:2 S <mss 1460>", CHECKSUM_VALID },
	{ "tcp 10.0.0.1:1 > 10.0.0.2:2 S bad-checksum", CHECKSUM_BAD },
	{ "tcp 10.0.0.1:1 > 10.0.0.2:2 . len 100 cut 70", CHECKSUM_UNKNOWN },
	{ "icmp 10.0.0.1 > 10.0.0.2 echo-request len 5", CHECKSUM_VALID },
	{ "icmp 10.0.0.1 > 10.0.0.2 echo-request len 5 bad-checksum", CHECKSUM_BAD },
	{ "icmp6 ::1 > ::2 echo-request len 5", CHECKSUM_VALID },
	{ "icmp6 ::1 > ::2 echo-request len 5 bad-checksum", CHECKSUM_BAD },
	{ "sctp 10.0.0.1:1 > 10.0.0.2:2 chunk init", CHECKSUM_VALID },
	{ "sctp 10.0.0.1:1 > 10.0.0.2:2 chunk init bad-checksum", CHECKSUM_BAD },
	{ "udp 10.0.0.1:1 > 10.0.0.2:2 len 100 frag 0+ size 48", CHECKSUM_BAD },
	{ "gre 10.0.0.1 > 10.0.0.2 len 8", CHECKSUM_ABSENT },
	/* UDPLITE with a coverage of 8, with the whole covered, and with the 0 that it must not have. */
	{ "proto udplite 10.0.0.1 > 10.0.0.2 hex 000100020008eb5fffff", CHECKSUM_VALID },
	{ "proto udplite 10.0.0.1 > 10.0.0.2 hex 000100020000eb67ffff", CHECKSUM_VALID },
	{ "proto udplite 10.0.0.1 > 10.0.0.2 hex 0001000200080000ffff", CHECKSUM_BAD },
	{ "proto udplite 10.0.0.1 > 10.0.0.2 hex 000100020007eb60ffff", CHECKSUM_BAD },
};

START_TEST(states_of_packets)
{
	struct script_packets packets;
	struct packet packet;
	char script[200];

	packet_init(&packet);
	snprintf(script, sizeof(script), "0 %s", rows[_i].line);
	script_packets_load(&packets, script);
	script_packets_decode(&packets, 1, &packet);
	ck_assert_msg(checksum_verify_l4(&packet) == rows[_i].state, "%s: %d", rows[_i].line,
		      checksum_verify_l4(&packet));
	checksum_note_l4(&packet);
	ck_assert_int_eq(checksum_known_l4(&packet), rows[_i].state);
	packet_clear(&packet);
	script_packets_clear(&packets);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("checksum");

	tcase_add_test(tcase, example_of_rfc_1071);
	tcase_add_test(tcase, any_length_and_alignment);
	tcase_add_test(tcase, check_value_of_crc32c);
	tcase_add_loop_test(tcase, states_of_packets, 0, N_ROWS(rows));
	return script_packets_run("packet/checksum", tcase);
}
