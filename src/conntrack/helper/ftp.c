/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FTP (RFC 959, RFC 2428): where the data connection is going to come. PORT and EPRT of the client, 227 and 229 of the
 * server. Linux 6.18, nf_conntrack_ftp.c, nf_nat_ftp.c.
 *
 * A line is read where a segment begins right behind an end of line. So the first line of each side is not, and what
 * comes in two segments is dropped, in the hope that it is sent again in one.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "conntrack/help.h"
#include "conntrack/helper/payload.h"

enum { ADDRESS_PARTS = 4, PORT_PARTS = 2, NUMBERS_MOST = ADDRESS_PARTS + PORT_PARTS, WRITTEN_LONGEST = 64 };

/* What a line names, and where in the payload it stands. */
struct ftp_named {
	struct address address;
	uint16_t port;
	uint32_t at, len;
};

/* Parses what stands at named->at; false: it is not (yet) there. */
typedef bool ftp_parse(const struct payload *payload, enum family family, struct ftp_named *named);

static ftp_parse parse_port, parse_eprt, parse_pasv, parse_epsv;

struct ftp_command {
	const char *word;
	char skip_to;		/* what the numbers stand behind; 0: they follow at once */
	ftp_parse *parse;
	const char *partial;	/* why a packet is dropped that holds a part of it */
};

static const struct ftp_command commands[2][2] = {
	[DIRECTION_ORIGINAL] = {
		{ "PORT", ' ', parse_port, "helper ftp: a part of a PORT command" },
		{ "EPRT", ' ', parse_eprt, "helper ftp: a part of an EPRT command" },
	},
	[DIRECTION_REPLY] = {
		{ "227 ", 0, parse_pasv, "helper ftp: a part of a 227 answer" },
		{ "229 ", '(', parse_epsv, "helper ftp: a part of a 229 answer" },
	},
};

/*
 * `n` numbers with `separator` between them, and behind them `end`, or anything else when that is 0. Returns their
 * length; 0: they are not there. They are not looked at for being too large.
 */
static uint32_t parse_numbers(const struct payload *payload, uint32_t at, uint32_t *numbers, uint32_t n, char separator,
			      char end)
{
	uint32_t i = 0, start = at;

	memset(numbers, 0, n * sizeof(*numbers));
	for (; at < payload->len && i < n; at++) {
		char c = (char)payload->bytes[at];

		if (c >= '0' && c <= '9')
			numbers[i] = numbers[i] * 10 + (uint32_t)(c - '0');
		else if (c == separator)
			i++;
		else
			return (c == end || !end) && i == n - 1 ? at - start : 0;
	}
	return 0;
}

static struct address address_of(const uint32_t part[ADDRESS_PARTS])
{
	return address_from_ipv4(part[0] << 24 | part[1] << 16 | part[2] << 8 | part[3]);
}

static bool parse_six_numbers(const struct payload *payload, char end, struct ftp_named *named)
{
	uint32_t numbers[NUMBERS_MOST];

	named->len = parse_numbers(payload, named->at, numbers, NUMBERS_MOST, ',', end);
	named->address = address_of(numbers);
	named->port = (uint16_t)(numbers[4] << 8 | numbers[5]);
	return named->len != 0;
}

static bool parse_port(const struct payload *payload, enum family family, struct ftp_named *named)
{
	(void)family;
	return parse_six_numbers(payload, '\r', named);
}

/* RFC 1123, 4.1.2.6: the parentheses may be missing; look for the first digit. */
static bool parse_pasv(const struct payload *payload, enum family family, struct ftp_named *named)
{
	(void)family;
	while (named->at < payload->len && !isdigit(payload->bytes[named->at]))
		named->at++;
	return parse_six_numbers(payload, 0, named);
}

static bool is_delimiter(uint8_t c)
{
	return c > ' ' && c < 0x7f && !isdigit(c);
}

/* A port and the delimiter behind it; what named->at stands for ends there. */
static bool parse_last_number(const struct payload *payload, uint32_t at, uint8_t delimiter, struct ftp_named *named)
{
	uint32_t port, end = payload_read_decimal(payload, at, &port);

	named->port = (uint16_t)port;
	named->len = end + 1 - named->at;
	return end < payload->len && payload->bytes[end] == delimiter && named->port != 0;
}

/* RFC 2428: |1|132.235.1.2|6275| or |2|2001:db8::1|6275| */
static bool parse_eprt(const struct payload *payload, enum family family, struct ftp_named *named)
{
	uint32_t left = payload->len - named->at, at = named->at + 3, end;
	const uint8_t *start = payload->bytes + named->at, *behind;
	enum family found;

	if (left <= 3 || !is_delimiter(start[0]) || start[2] != start[0] || start[1] != (family == FAMILY_IPV4 ? '1' : '2'))
		return false;
	if (family == FAMILY_IPV4) {
		uint32_t numbers[ADDRESS_PARTS], len;

		len = parse_numbers(payload, at, numbers, ADDRESS_PARTS, '.', (char)start[0]);
		named->address = address_of(numbers);
		return len && parse_last_number(payload, at + len + 1, start[0], named);
	}
	behind = memchr(start + 3, start[0], left - 3);
	if (!behind)
		return false;
	end = (uint32_t)(behind - payload->bytes);
	return address_parse((const char *)start + 3, end - at, &found, &named->address) && found == FAMILY_IPV6 &&
	       parse_last_number(payload, end + 1, start[0], named);
}

/* RFC 2428: |||6446|; the address is the sender's. */
static bool parse_epsv(const struct payload *payload, enum family family, struct ftp_named *named)
{
	const uint8_t *start = payload->bytes + named->at;

	(void)family;
	if (payload->len - named->at <= 3 || !is_delimiter(start[0]) || start[1] != start[0] || start[2] != start[0])
		return false;
	return parse_last_number(payload, named->at + 3, start[0], named);
}

enum found { FOUND_NOTHING, FOUND, FOUND_PART };

static enum found find_command(const struct payload *payload, const struct ftp_command *command, enum family family,
			       struct ftp_named *named)
{
	uint32_t word_len = (uint32_t)strlen(command->word);

	if (payload->len <= word_len)
		return strncasecmp((const char *)payload->bytes, command->word, payload->len) == 0 ? FOUND_PART
												   : FOUND_NOTHING;
	if (!payload_has_in_any_case(payload, 0, command->word))
		return FOUND_NOTHING;
	named->at = word_len;
	if (command->skip_to) {
		const uint8_t *skipped = memchr(payload->bytes + word_len, command->skip_to, payload->len - word_len);

		if (!skipped)
			return FOUND_PART;
		named->at = (uint32_t)(skipped - payload->bytes) + 1;
	}
	return command->parse(payload, family, named) ? FOUND : FOUND_PART;
}

static bool is_at_line(const struct ftp_memory *memory, enum direction direction, uint32_t sequence)
{
	for (unsigned i = 0; i < memory->n_newlines[direction]; i++)
		if (memory->after_newline[direction][i] == sequence)
			return true;
	return false;
}

static bool is_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

/* The two latest are kept: a retransmission may be the older one. */
static void remember_newline(struct ftp_memory *memory, enum direction direction, uint32_t sequence)
{
	uint32_t *known = memory->after_newline[direction], *oldest;

	if (is_at_line(memory, direction, sequence))
		return;
	if (memory->n_newlines[direction] < FTP_NEWLINES) {
		known[memory->n_newlines[direction]++] = sequence;
		return;
	}
	oldest = is_before(known[0], known[1]) ? &known[0] : &known[1];
	if (is_before(*oldest, sequence))
		*oldest = sequence;
}

/* The command as it is to read with another address and port; returns its length. */
static uint32_t write_named(ftp_parse *form, enum family family, const struct address *address, uint16_t port,
			    char written[WRITTEN_LONGEST])
{
	struct text text;
	uint32_t ip = address_ipv4(address), len;

	text_init(&text);
	if (form == parse_port || form == parse_pasv) {
		text_printf(&text, "%u,%u,%u,%u,%u,%u", ip >> 24, ip >> 16 & 0xff, ip >> 8 & 0xff, ip & 0xff, port >> 8,
			    port & 0xffu);
	} else if (form == parse_epsv) {
		text_printf(&text, "|||%u|", port);
	} else {
		text_append(&text, family == FAMILY_IPV6 ? "|2|" : "|1|");
		/* Linux 6.18, nf_nat_ftp_fmt_cmd(): %pI6 */
		if (family == FAMILY_IPV6)
			address_print_long(family, address, &text);
		else
			address_print(family, address, &text);
		text_printf(&text, "|%u|", port);
	}
	len = (uint32_t)text.len;
	memcpy(written, text_string(&text), len);
	text_clear(&text);
	return len;
}

/* Linux 6.18, nf_nat_ftp(). */
static const char *expect_translated(struct helping *helping, struct payload *payload, const struct ftp_command *command,
				     const struct ftp_named *named, struct expectation *wanted)
{
	const struct tuple other = connection_tuple(helping->connection, direction_other(helping->direction));
	char written[WRITTEN_LONGEST];
	uint16_t port;
	uint32_t len;

	payload_follow_master(wanted, direction_other(helping->direction));
	port = payload_expect_at_free_port(helping, wanted);
	if (!port)
		return "helper ftp: all ports in use";
	len = write_named(command->parse, other.family, &other.destination, port, written);
	if (!payload_replace(helping, payload, named->at, named->len, written, len))
		return "helper ftp: cannot mangle packet";
	return NULL;
}

static const char *expect(struct helping *helping, struct payload *payload, const struct ftp_command *command,
			  const struct ftp_named *named)
{
	const struct tuple own = connection_tuple(helping->connection, helping->direction);
	const struct tuple other = connection_tuple(helping->connection, direction_other(helping->direction));
	struct expectation wanted;

	/* A third host: somebody else's, or an attempt to open a hole. Only the module option `loose` would let it. */
	if (!address_is_equal(&named->address, &own.source))
		return NULL;
	expectation_init(&wanted, helping->connection, PROTOCOL_TCP, &other.source, &other.destination, named->port);
	if (payload_is_translated(helping))
		return expect_translated(helping, payload, command, named, &wanted);
	if (expectation_add(helping->conntrack, &wanted, false, helping->now) != EXPECTATION_ADDED)
		return "helper ftp: cannot add expectation";
	return NULL;
}

/* Reads one line. False: a part of it is missing. *problem: why the packet is dropped; NULL: it goes on. */
static bool read_line(struct helping *helping, struct payload *payload, const char **problem)
{
	const struct tuple own = connection_tuple(helping->connection, helping->direction);

	for (unsigned i = 0; i < 2; i++) {
		const struct ftp_command *command = &commands[helping->direction][i];
		struct ftp_named named = { .address = own.source };

		switch (find_command(payload, command, own.family, &named)) {
		case FOUND_NOTHING:
			continue;
		case FOUND_PART:
			*problem = payload_is_cut(payload) ? NULL : command->partial;
			return payload_is_cut(payload);
		case FOUND:
			*problem = expect(helping, payload, command, &named);
			return true;
		}
	}
	return true;
}

static const char *help(struct helping *helping)
{
	struct ftp_memory *memory = &helping->help->memory.ftp;
	uint32_t sequence = helping->packet->tcp_sequence;
	const char *problem = NULL;
	struct payload payload;
	bool ends_line;
	uint32_t end;

	if (!payload_of_tcp(helping, &payload))
		return NULL;
	end = sequence + payload.full_len;
	ends_line = payload_is_cut(&payload) || payload.bytes[payload.len - 1] == '\n';
	if (is_at_line(memory, helping->direction, sequence) && !read_line(helping, &payload, &problem))
		return problem;
	/* A line that was read counts, even when its packet is dropped. */
	if (ends_line)
		remember_newline(memory, helping->direction, end);
	return problem;
}

const struct helper helper_ftp = {
	.name = "ftp",
	.summary = "data connections: PORT, EPRT, and the answers to PASV, EPSV",
	.protocols = { PROTOCOL_TCP },
	.has_ipv6 = true,
	.port = 21,
	.classes = { { "", 1, 300 } },
	.n_classes = 1,
	.help = help,
};
