/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Protocols of numbers: PPTP with its GRE, SNMP, NetBIOS' names. */
#include <string.h>

#include "dialog.h"

static void add_zeros(struct said *said, size_t n)
{
	static const uint8_t zeros[256] = { 0 };

	add_bytes(said, zeros, n < sizeof(zeros) ? n : sizeof(zeros));
}

/* Lengths of the messages of PPTP behind their header, by type. */
static const uint16_t pptp_len[16] = { 0, 144, 144, 4, 4, 4, 8, 156, 20, 208, 12, 16, 4, 136, 28, 12 };

static unsigned pick_call_id(struct dialog *dialog)
{
	return chance(dialog, 90) ? 100 + pick(dialog, 2) : pick(dialog, 65536);
}

static void make_pptp(struct dialog *dialog, struct said *said, unsigned type)
{
	size_t len = pptp_len[type] + (chance(dialog, 4) ? 4 : 0);
	uint8_t *body;

	if (chance(dialog, 4))
		len = pick(dialog, (uint32_t)len + 1);
	add_16(said, (unsigned)len + 12);
	add_16(said, chance(dialog, 98) ? 1 : 2);
	add_bytes(said, chance(dialog, 98) ? "\x1a\x2b\x3c\x4d" : "\x1a\x2b\x3c\x4e", 4);
	add_16(said, type);
	add_16(said, 0);
	body = said->bytes + said->len;
	add_zeros(said, len);
	if (len < 6)
		return;
	body[0] = 0;
	body[1] = (uint8_t)pick_call_id(dialog);
	body[2] = 0;
	body[3] = (uint8_t)pick_call_id(dialog);
	body[4] = chance(dialog, 90) ? 1 : (uint8_t)pick(dialog, 4);
	if (type == 2)
		body[2] = chance(dialog, 90) ? 1 : 2;
}

static void send_gre(struct dialog *dialog, int from)
{
	struct said said = { .len = 0 };

	add_bytes(&said, chance(dialog, 95) ? "\x30\x01\x88\x0b" : "\x20\x01\x88\x0b", 4);
	add_16(&said, 4);
	add_16(&said, pick_call_id(dialog));
	add_zeros(&said, 12);
	send_other(dialog, 47, from, &said);
}

static void speak_pptp(struct dialog *dialog, struct stream *stream)
{
	/* Who says what in a session that goes well; it may go otherwise. */
	static const struct { int from; unsigned type; } good[] = {
		{ CLIENT, 1 }, { SERVER, 2 }, { CLIENT, 7 }, { SERVER, 8 }, { CLIENT, 15 }, { SERVER, 15 }, { CLIENT, 12 }, { SERVER, 13 },
		{ SERVER, 9 }, { CLIENT, 10 }, { SERVER, 11 }, { CLIENT, 3 }, { SERVER, 4 },
	};
	unsigned at = 0;

	for (unsigned n = 4 + pick(dialog, 18); n > 0; n--, at++) {
		struct said said = { .len = 0 };

		if (chance(dialog, 15))
			at = pick(dialog, 13);
		at %= 13;
		make_pptp(dialog, &said, chance(dialog, 94) ? good[at].type : pick(dialog, 16));
		say(stream, chance(dialog, 96) ? good[at].from : !good[at].from, &said);
		if (at >= 3 && chance(dialog, 50))
			send_gre(dialog, (int)pick(dialog, 2));
		if (at >= 3 && chance(dialog, 30))
			send_gre(dialog, (int)pick(dialog, 2));
	}
}

static void begin(struct said *said, uint8_t tag, size_t *at)
{
	add_bytes(said, &tag, 1);
	*at = said->len;
	add_zeros(said, 1);
}

static void end(struct said *said, size_t at)
{
	said->bytes[at] = (uint8_t)(said->len - at - 1);
}

static void add_ipv4(struct dialog *dialog, struct said *said, int from)
{
	struct address address = pick_named_address(dialog, from);
	uint8_t bytes[16];

	address_to_bytes(FAMILY_IPV4, &address, bytes);
	add_bytes(said, "\x40\x04", 2);
	add_bytes(said, bytes, 4);
}

static void make_snmp(struct dialog *dialog, struct said *said, int from, uint8_t pdu_type)
{
	size_t message, pdu, list, binding;

	begin(said, 0x30, &message);
	add_bytes(said, chance(dialog, 90) ? "\x02\x01\x01" : "\x02\x01\x03", 3);
	if (chance(dialog, 20))
		said->bytes[said->len - 1] = 0;
	add_bytes(said, "\x04\x06public", 8);
	begin(said, pdu_type, &pdu);
	if (pdu_type == 0xa4) {
		add_bytes(said, "\x06\x03\x2b\x06\x01", 5);
		add_ipv4(dialog, said, from);
		add_bytes(said, "\x02\x01\x06\x02\x01\x01\x43\x01\x05", 9);
	} else {
		add_bytes(said, "\x02\x01\x07\x02\x01\x00\x02\x01\x00", 9);
	}
	begin(said, 0x30, &list);
	for (unsigned n = pick(dialog, 4); n > 0; n--) {
		begin(said, 0x30, &binding);
		add_bytes(said, "\x06\x04\x2b\x06\x01\x02", 6);
		switch (pick(dialog, 5)) {
		case 0:
			add_bytes(said, "\x02\x01\x05", 3);
			break;
		case 1:
			add_bytes(said, "\x04\x03xyz", 5);
			break;
		case 2:
			add_bytes(said, "\x05\x00", 2);
			break;
		default:
			add_ipv4(dialog, said, from);
		}
		end(said, binding);
	}
	end(said, list);
	end(said, pdu);
	end(said, message);
}

static void speak_snmp_trap(struct dialog *dialog, struct stream *stream)
{
	static const uint8_t types[] = { 0xa4, 0xa7, 0xa7, 0xa7, 0xa6, 0xa2, 0xa0 };

	for (unsigned n = 2 + pick(dialog, 10); n > 0; n--) {
		int from = chance(dialog, 80) ? CLIENT : SERVER;
		struct said said = { .len = 0 };

		make_snmp(dialog, &said, from, types[pick(dialog, sizeof(types))]);
		say(stream, from, &said);
	}
}

/* Questions to everybody and answers from some; or to one. */
static void ask_everybody(struct dialog *dialog, struct stream *stream, const struct said *question, const struct said *answer)
{
	struct address broadcast = dialog->end[SERVER].seen, answering = dialog->end[SERVER].address;

	say(stream, CLIENT, question);
	if (chance(dialog, 20))
		return;
	dialog->end[SERVER].seen = answering;
	say(stream, SERVER, answer);
	if (chance(dialog, 30)) {
		struct stream other = open_stream(dialog, false, CLIENT, stream->port[CLIENT], (uint16_t)(stream->port[SERVER] + chance(dialog, 30)));

		say(&other, SERVER, answer);
	}
	dialog->end[SERVER].seen = broadcast;
}

static void speak_snmp(struct dialog *dialog, struct stream *stream)
{
	for (unsigned n = 2 + pick(dialog, 8); n > 0; n--) {
		struct said question = { .len = 0 }, answer = { .len = 0 };

		make_snmp(dialog, &question, CLIENT, 0xa0);
		make_snmp(dialog, &answer, SERVER, 0xa2);
		ask_everybody(dialog, stream, &question, &answer);
	}
}

static void speak_netbios_ns(struct dialog *dialog, struct stream *stream)
{
	for (unsigned n = 2 + pick(dialog, 8); n > 0; n--) {
		struct said said = { .len = 0 };

		add_16(&said, pick(dialog, 65536));
		add_bytes(&said, "\x01\x10\0\1\0\0\0\0\0\0", 10);
		add_zeros(&said, 30);
		ask_everybody(dialog, stream, &said, &said);
	}
}

const struct speech speech_pptp = { .helper = "pptp", .protocol = "tcp", .port = 1723, .speak = speak_pptp };
const struct speech speech_snmp = { .helper = "snmp", .protocol = "udp", .port = 161, .broadcasts = true, .speak = speak_snmp };
const struct speech speech_snmp_trap = { .helper = "snmp_trap", .protocol = "udp", .port = 162, .speak = speak_snmp_trap };
const struct speech speech_netbios_ns = {
	.helper = "netbios-ns", .protocol = "udp", .port = 137, .client_port = 137, .broadcasts = true, .speak = speak_netbios_ns,
};
