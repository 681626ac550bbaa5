/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Protocols of lines and words: FTP, IRC, TFTP, SANE, Amanda. */
#include <string.h>

#include "dialog.h"

/* "10,0,1,2,117,48" */
static void add_six_numbers(struct dialog *dialog, struct said *said, const struct address *address, uint16_t port)
{
	uint8_t bytes[16];

	address_to_bytes(FAMILY_IPV4, address, bytes);
	add_text(said, "%u,%u,%u,%u,%u,%u", bytes[0], bytes[1], bytes[2], bytes[3], port >> 8, port & 0xffu);
	if (chance(dialog, 3))
		add_text(said, ",1");
}

static void add_line_end(struct dialog *dialog, struct said *said)
{
	static const char *const ends[] = { "\r\n", "\r\n", "\r\n", "\r\n", "\n", "", " \r\n" };

	add_text(said, "%s", PICK_WORD(dialog, ends));
}

static void make_ftp_command(struct dialog *dialog, struct said *said, uint16_t port)
{
	static const char *const others[] = { "USER anonymous", "PASV", "EPSV", "LIST", "NOOP", "RETR a", "POR", "EPRT" };
	static const char *const ports[] = { "PORT ", "port ", "PORT  ", "PORT" };
	static const char *const delimiters[] = { "|", "|", "|", "!", "#", "1" };
	struct address address = pick_named_address(dialog, CLIENT);
	const char *delimiter = PICK_WORD(dialog, delimiters);

	if (chance(dialog, 30)) {
		add_text(said, "%s", PICK_WORD(dialog, others));
	} else if (dialog->family == FAMILY_IPV4 && chance(dialog, 70)) {
		add_text(said, "%s", PICK_WORD(dialog, ports));
		add_six_numbers(dialog, said, &address, port);
	} else {
		bool is_ipv6 = (dialog->family == FAMILY_IPV6) != chance(dialog, 4);

		add_text(said, "EPRT %s%d%s", delimiter, is_ipv6 ? 2 : 1, delimiter);
		add_address(dialog, said, &address);
		add_text(said, "%s%u%s", delimiter, port, delimiter);
	}
	add_line_end(dialog, said);
}

static void make_ftp_answer(struct dialog *dialog, struct said *said, uint16_t port)
{
	static const char *const others[] = { "220 hello", "230 ok", "150 data", "226 done", "500 what", "22", "227 ", "229 Ent" };
	static const char *const openings[] = { "227 Entering Passive Mode (", "227 Entering Passive Mode (", "227 Entering Passive Mode. ",
						"227 =", "227" };
	static const char *const extended[] = { "229 Entering Extended Passive Mode (|||%u|)", "229 Extended (|||%u|)",
						"229 ok (!!!%u!)", "229 ok |||%u|", "229 ok (||1|%u|)", "229 (|||%u)" };
	struct address address = pick_named_address(dialog, SERVER);

	if (chance(dialog, 30)) {
		add_text(said, "%s", PICK_WORD(dialog, others));
	} else if (dialog->family == FAMILY_IPV4 && chance(dialog, 60)) {
		add_text(said, "%s", PICK_WORD(dialog, openings));
		add_six_numbers(dialog, said, &address, port);
		add_text(said, ")");
	} else {
		char line[80];

		snprintf(line, sizeof(line), PICK_WORD(dialog, extended), port);
		add_text(said, "%s", line);
	}
	add_line_end(dialog, said);
}

static void speak_ftp(struct dialog *dialog, struct stream *stream)
{
	struct said hello = { .len = 0 };

	add_text(&hello, "220 hello\r\n");
	say(stream, SERVER, &hello);
	hello.len = 0;
	add_text(&hello, "USER x\r\n");
	say(stream, CLIENT, &hello);
	for (unsigned n = 2 + pick(dialog, 14); n > 0; n--) {
		uint16_t port = pick_port(dialog);
		int from = (int)pick(dialog, 2);
		struct said said = { .len = 0 };

		if (from == CLIENT)
			make_ftp_command(dialog, &said, port);
		else
			make_ftp_answer(dialog, &said, port);
		if (chance(dialog, 10))
			add_text(&said, "NOOP\r\n");
		say(stream, from, &said);
		if (chance(dialog, 60))
			come(dialog, true, chance(dialog, 90) ? from : !from, chance(dialog, 80) ? port : pick_port(dialog));
	}
}

static void speak_irc(struct dialog *dialog, struct stream *stream)
{
	static const char *const starts[] = { "PRIVMSG bob :", "PRIVMSG bob :", "PRIVMSG #x y:", " PRIVMSG bob :", "privmsg bob :", "NICK :" };
	static const char *const kinds[] = { "SEND file ", "SEND \"a b\" ", "CHAT chat ", "MOVE x ", "TSEND y ", "SCHAT z ", "XCHAT q ", "SEND " };
	static const char *const ends[] = { "\1\n", "\1\r\n", "\n", " 1234\1\n", "\1" };

	for (unsigned n = 2 + pick(dialog, 12); n > 0; n--) {
		struct address address = pick_named_address(dialog, CLIENT);
		uint16_t port = pick_port(dialog);
		struct said said = { .len = 0 };
		int from = chance(dialog, 90) ? CLIENT : SERVER;
		uint32_t ipv4 = address_ipv4(&address);

		if (chance(dialog, 20))
			add_text(&said, "JOIN #x\r\n");
		if (chance(dialog, 10))
			add_text(&said, "PRIVMSG a :no DCC in here\n");
		add_text(&said, "%s", PICK_WORD(dialog, starts));
		add_text(&said, chance(dialog, 95) ? "\1DCC " : "\1DCCX ");
		add_text(&said, "%s", PICK_WORD(dialog, kinds));
		add_text(&said, chance(dialog, 5) ? "%x" : "%u", ipv4);
		add_text(&said, chance(dialog, 90) ? " %u" : "  %u", port);
		add_text(&said, "%s", PICK_WORD(dialog, ends));
		say(stream, from, &said);
		if (chance(dialog, 60))
			come(dialog, true, from, port);
	}
}

static void speak_tftp(struct dialog *dialog, struct stream *stream)
{
	for (unsigned n = 2 + pick(dialog, 10); n > 0; n--) {
		int from = chance(dialog, 80) ? CLIENT : SERVER;
		uint8_t opcode[2] = { chance(dialog, 5), (uint8_t)pick(dialog, 7) };
		struct said said = { .len = 0 };

		add_bytes(&said, opcode, chance(dialog, 95) ? 2 : 1);
		add_bytes(&said, "boot.bin\0octet", 15);
		say(stream, from, &said);
		if (chance(dialog, 60))		/* from another port of the server */
			come(dialog, false, CLIENT, stream->port[CLIENT]);
		if (chance(dialog, 20)) {
			stream->port[CLIENT]++;
		}
	}
}

static void speak_sane(struct dialog *dialog, struct stream *stream)
{
	for (unsigned n = 2 + pick(dialog, 12); n > 0; n--) {
		uint8_t start[4] = { 0, 0, 0, (uint8_t)(chance(dialog, 80) ? 7 : pick(dialog, 11)) };
		uint8_t status[4] = { 0, 0, 0, chance(dialog, 10) }, word[4] = { 0 };
		uint16_t port = pick_port(dialog);
		struct said said = { .len = 0 };

		add_bytes(&said, start, 4);
		add_bytes(&said, word, chance(dialog, 90) ? 4 : pick(dialog, 4));
		say(stream, chance(dialog, 90) ? CLIENT : SERVER, &said);
		said.len = 0;
		word[2] = (uint8_t)(port >> 8);
		word[3] = (uint8_t)port;
		word[0] = chance(dialog, 5);
		add_bytes(&said, status, 4);
		add_bytes(&said, word, 4);
		add_bytes(&said, "\0\0\x12\x34\0\0\0\1\0", chance(dialog, 90) ? 9 : pick(dialog, 9));
		say(stream, chance(dialog, 95) ? SERVER : CLIENT, &said);
		if (chance(dialog, 70))
			come(dialog, true, SERVER, port);
	}
}

static void speak_amanda(struct dialog *dialog, struct stream *stream)
{
	static const char *const words[] = { "DATA", "MESG", "INDEX", "STATE", "DATA", "XDATA", "data" };

	for (unsigned n = 2 + pick(dialog, 10); n > 0; n--) {
		int from = chance(dialog, 70) ? SERVER : CLIENT;
		struct said said = { .len = 0 };
		uint16_t port = pick_port(dialog);

		add_text(&said, "Amanda 2.4 REP HANDLE 00-0 SEQ 1\n");
		add_text(&said, chance(dialog, 90) ? "CONNECT " : "CONNECT");
		for (unsigned i = pick(dialog, 5); i > 0; i--)
			add_text(&said, "%s %u ", PICK_WORD(dialog, words), chance(dialog, 95) ? pick_port(dialog) : 300000u);
		add_text(&said, "%s %u", PICK_WORD(dialog, words), port);
		add_text(&said, chance(dialog, 90) ? "\nOPTIONS ;\n" : "");
		if (chance(dialog, 10))
			add_text(&said, "CONNECT DATA 30001\n");
		say(stream, from, &said);
		if (chance(dialog, 60))
			come(dialog, true, SERVER, chance(dialog, 70) ? port : pick_port(dialog));
	}
}

const struct speech speech_ftp = { .helper = "ftp", .protocol = "tcp", .port = 21, .has_ipv6 = true, .speak = speak_ftp };
const struct speech speech_irc = { .helper = "irc", .protocol = "tcp", .port = 6667, .speak = speak_irc };
const struct speech speech_tftp = { .helper = "tftp", .protocol = "udp", .port = 69, .has_ipv6 = true, .speak = speak_tftp };
const struct speech speech_sane = { .helper = "sane", .protocol = "tcp", .port = 6566, .has_ipv6 = true, .speak = speak_sane };
const struct speech speech_amanda = {
	.helper = "amanda", .protocol = "udp", .port = 10080, .has_ipv6 = true, .speak = speak_amanda,
};
