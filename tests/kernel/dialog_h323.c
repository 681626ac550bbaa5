/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RAS, Q.931 and H.245: messages made at random along the same tables by which the helpers read them, so that every type in
 * them is met; where a table is wrong, the kernel finds other addresses than we do.
 */
#include <string.h>

#include "conntrack/helper/h323_types.h"
#include "dialog.h"

enum { DEEPEST = 40 };

/* A message under construction. */
struct writer {
	struct dialog *dialog;
	int from;
	bool is_port_next;
	unsigned depth;
	size_t n_bits;
	uint8_t bytes[4 * MOST_SAID];
};

static void put_bits(struct writer *writer, uint32_t value, unsigned n)
{
	for (; n > 0 && writer->n_bits < sizeof(writer->bytes) * 8; n--, writer->n_bits++)
		if (value >> (n - 1) & 1)
			writer->bytes[writer->n_bits / 8] |= (uint8_t)(0x80 >> writer->n_bits % 8);
}

static void align(struct writer *writer)
{
	writer->n_bits = (writer->n_bits + 7) & ~(size_t)7;
}

static void put_noise(struct writer *writer, size_t n_bits)
{
	for (; n_bits > 8; n_bits -= 8)
		put_bits(writer, pick(writer->dialog, 256), 8);
	put_bits(writer, pick(writer->dialog, 256), (unsigned)n_bits);
}

static void put_length(struct writer *writer, size_t len)
{
	align(writer);
	if (len < 128)
		put_bits(writer, (uint32_t)len, 8);
	else
		put_bits(writer, 0x8000 | (uint32_t)len, 16);
}

static void put_type(struct writer *writer, const struct per_type *type);

/* In an octet string of its own, sometimes a little longer than need be. */
static void put_open(struct writer *writer, const struct per_type *type)
{
	static struct writer parts[DEEPEST];
	struct writer *part = &parts[writer->depth % DEEPEST];
	size_t len;

	*part = (struct writer){ .dialog = writer->dialog, .from = writer->from, .depth = writer->depth + 1 };
	if (type)
		put_type(part, type);
	else
		put_noise(part, 8 * (1 + pick(writer->dialog, 6)));
	len = (part->n_bits + 7) / 8 + (chance(writer->dialog, 6) ? pick(writer->dialog, 4) : 0);
	put_length(writer, len);
	for (size_t i = 0; i < len; i++)
		put_bits(writer, part->bytes[i], 8);
}

static void put_additions(struct writer *writer, const struct per_type *type)
{
	unsigned n = 1 + pick(writer->dialog, type->n_additions + 1u), most = type->n_known;
	uint32_t map = 0;

	if (chance(writer->dialog, 20))
		n = most + pick(writer->dialog, 3);
	if (n == 0 || n > 32)
		n = n ? 32 + pick(writer->dialog, 2) : 1;
	put_bits(writer, n - 1, 7);
	for (unsigned i = 0; i < n; i++) {
		bool is_there = i < type->n_additions && type->additions[i].type ? chance(writer->dialog, 85)
										 : chance(writer->dialog, 30);

		put_bits(writer, is_there, 1);
		if (i < 32)
			map |= (uint32_t)is_there << i;
	}
	align(writer);
	for (unsigned i = 0; i < n && i < 32; i++)
		if (map >> i & 1 || (i >= most && chance(writer->dialog, 50)))
			put_open(writer, i < type->n_additions ? type->additions[i].type : NULL);
}

static void put_sequence(struct writer *writer, const struct per_type *type)
{
	unsigned percent = type->n_additions ? 75 : 8, i, optional = 0;
	bool has_additions = type->is_extensible && chance(writer->dialog, percent);
	uint32_t map = 0;

	if (type->is_extensible)
		put_bits(writer, has_additions, 1);
	for (i = 0; i < type->n_optional; i++)
		map |= (uint32_t)chance(writer->dialog, 50) << i;
	for (i = 0; i < type->n_fields; i++)	/* what holds addresses is there more often */
		if (type->fields[i].is_optional) {
			if (type->fields[i].role && chance(writer->dialog, 60))
				map |= 1u << optional;
			optional++;
		}
	for (i = 0; i < type->n_optional; i++)
		put_bits(writer, map >> i & 1, 1);
	for (i = optional = 0; i < type->n_fields; i++)
		if (!type->fields[i].is_optional || map >> optional++ & 1)
			put_type(writer, type->fields[i].type);
	if (has_additions && !type->ends_root)
		put_additions(writer, type);
}

static void put_list(struct writer *writer, const struct per_type *type)
{
	unsigned n = chance(writer->dialog, 2) ? 12 + pick(writer->dialog, 25) : pick(writer->dialog, 3);

	if (type->most_noted && n == 0)
		n = 1;
	put_length(writer, n);
	for (unsigned i = 0; i < n; i++) {
		if (type->holds_open)
			put_open(writer, type->fields->type);
		else
			put_type(writer, type->fields->type);
		align(writer);
	}
}

static void put_choice(struct writer *writer, const struct per_type *type)
{
	unsigned chosen = pick(writer->dialog, chance(writer->dialog, 92) ? type->n_fields : type->n_known + 2u);
	const struct per_type *of;
	bool is_addition;

	/* The first alternative of an address is IPv4's; IPv6's are at 2 and 3. */
	if (type->n_fields >= 5 && type->n_root <= 7 && type->bits == 3 && chance(writer->dialog, 60))
		chosen = writer->dialog->family == FAMILY_IPV4 ? 0 : type->n_root == 7 ? 3 : 2;
	if (type->ends_root && !(chosen < type->n_fields && type->fields[chosen].type) && chance(writer->dialog, 90))
		for (chosen = 0; !type->fields[chosen].type || chance(writer->dialog, 60); chosen = (chosen + 1) % type->n_fields)
			continue;
	is_addition = chosen >= type->n_root;
	of = chosen < type->n_fields ? type->fields[chosen].type : NULL;
	if (type->is_extensible)
		put_bits(writer, is_addition, 1);
	if (!is_addition) {
		put_bits(writer, chosen, type->bits);
		if (of)
			put_type(writer, of);
		return;
	}
	put_bits(writer, chosen - type->n_root, 7);
	put_open(writer, of);
}

static void put_bytes(struct writer *writer, const struct per_type *type)
{
	struct address address = pick_named_address(writer->dialog, writer->from);
	enum family family = type->note == H323_IPV6 ? FAMILY_IPV6 : FAMILY_IPV4;
	uint8_t bytes[16];

	align(writer);
	if (writer->is_port_next && type->least == 2) {
		put_bits(writer, pick_port(writer->dialog), 16);
		writer->is_port_next = false;
		return;
	}
	if (!type->note || family != writer->dialog->family) {
		put_noise(writer, type->least * 8u);
		return;
	}
	address_to_bytes(family, &address, bytes);
	for (unsigned i = 0; i < type->least; i++)
		put_bits(writer, bytes[i], 8);
	writer->is_port_next = true;
}

static void put_number(struct writer *writer)
{
	unsigned len = 1 + pick(writer->dialog, 4);

	put_bits(writer, len - 1, 2);
	align(writer);
	if (len > 2)	/* a registration of some years: more than the kernel's arithmetic holds */
		put_bits(writer, 0, 8 * (len - 2));
	if (len > 1)
		put_noise(writer, 8);
	/* Lives of an odd number of seconds could be taken for other ones by whoever asks the kernel in between. */
	put_bits(writer, pick(writer->dialog, 256) | 5, 8);
}

static void put_string(struct writer *writer, const struct per_type *type)
{
	unsigned n = pick(writer->dialog, type->bits && type->bits < 4 ? 1u << type->bits : 9);

	if (type->is_aligned)
		align(writer);
	if (type->bits)
		put_bits(writer, n, type->bits);
	else
		put_length(writer, n);
	align(writer);
	put_noise(writer, (size_t)(n + type->least) * type->unit);
}

static void put_type(struct writer *writer, const struct per_type *type)
{
	if (writer->depth >= DEEPEST - 1)
		return;
	switch (type->kind) {
	case PER_NULL:
		break;
	case PER_BITS:
		put_noise(writer, type->bits);
		break;
	case PER_BYTES:
		put_bytes(writer, type);
		break;
	case PER_NUMBER:
		put_number(writer);
		break;
	case PER_BIG_NUMBER:
		put_open(writer, NULL);
		break;
	case PER_STRING:
		put_string(writer, type);
		break;
	case PER_SEQUENCE:
		put_sequence(writer, type);
		break;
	case PER_SEQUENCE_OF:
		put_list(writer, type);
		break;
	case PER_CHOICE:
		put_choice(writer, type);
		break;
	case PER_OPEN:
		put_open(writer, NULL);
		break;
	}
}

/* Does it name an address, as far as we can tell? Few do that are made at random. */
static bool names_address(const struct per_field *message, const struct writer *writer)
{
	struct per_notes notes = { .n = 0 };

	if (!per_read(message, writer->bytes, 0, (uint32_t)((writer->n_bits + 7) / 8), &notes))
		return false;
	for (size_t i = 0; i < notes.n; i++)
		if (notes.list[i].note == H323_IPV4 || notes.list[i].note == H323_IPV6)
			return true;
	return false;
}

/* A message that fits a packet, and sometimes a little behind it. */
static void make_message(struct dialog *dialog, const struct per_field *message, int from, size_t most, struct said *said)
{
	static struct writer writer;
	bool is_any = chance(dialog, 25);

	do {
		memset(&writer, 0, sizeof(writer));
		writer.dialog = dialog;
		writer.from = from;
		put_type(&writer, message->type);
		if (chance(dialog, 30))
			put_noise(&writer, 8 * (1 + pick(dialog, 12)));
	} while (writer.n_bits > most * 8 || !(is_any || names_address(message, &writer)));
	add_bytes(said, writer.bytes, (writer.n_bits + 7) / 8);
}

static void speak_ras(struct dialog *dialog, struct stream *stream)
{
	for (unsigned n = 2 + pick(dialog, 14); n > 0; n--) {
		int from = chance(dialog, 60) ? CLIENT : SERVER;
		struct said said = { .len = 0 };

		make_message(dialog, &h323_ras_message, from, 1200, &said);
		say(stream, from, &said);
		if (chance(dialog, 40))
			come(dialog, chance(dialog, 80), (int)pick(dialog, 2), pick_port(dialog));
	}
}

static void add_in_tpkt(struct dialog *dialog, struct said *said, const struct said *message)
{
	add_bytes(said, chance(dialog, 2) ? "\x03\x01" : "\x03", 2);
	add_16(said, (unsigned)message->len + 4 + (chance(dialog, 3) ? pick(dialog, 3) - 1 : 0));
	add_bytes(said, message->bytes, message->len);
}

static void make_q931(struct dialog *dialog, int from, struct said *message)
{
	struct said user = { .len = 0 };

	make_message(dialog, &h323_user_information, from, 900, &user);
	add_bytes(message, chance(dialog, 95) ? "\x08\x02\x12\x34" : "\x08\x01\x12", chance(dialog, 95) ? 4 : 3);
	add_bytes(message, "\x05", 1);
	if (chance(dialog, 30))
		add_bytes(message, "\xa1", 1);
	if (chance(dialog, 50))
		add_bytes(message, "\x04\x03\x88\x93\xa5", 5);
	if (chance(dialog, 5))
		add_bytes(message, "\xa1", 1);
	add_bytes(message, "\x7e", 1);
	add_16(message, (unsigned)user.len + 1 + (chance(dialog, 5) ? pick(dialog, 3) - 1 : 0));
	add_bytes(message, "\x05", 1);
	add_bytes(message, user.bytes, user.len);
}

/* Messages in one segment, or a header and its data in two. */
static void say_framed(struct stream *stream, int from, bool is_control)
{
	struct dialog *dialog = stream->dialog;
	unsigned n = chance(dialog, 20) ? 2 : 1;
	struct said said = { .len = 0 }, head = { .len = 0 };

	for (; n > 0 && said.len < 300; n--) {
		struct said message = { .len = 0 };

		if (is_control)
			make_message(dialog, &h323_control_message, from, 400, &message);
		else
			make_q931(dialog, from, &message);
		add_in_tpkt(dialog, &said, &message);
	}
	if (chance(dialog, 15)) {
		add_bytes(&head, said.bytes, 4);
		say(stream, from, &head);
		said.len -= 4;
		memmove(said.bytes, said.bytes + 4, said.len);
	}
	say(stream, from, &said);
}

static void speak_q931(struct dialog *dialog, struct stream *stream)
{
	for (unsigned n = 2 + pick(dialog, 8); n > 0; n--) {
		int from = (int)pick(dialog, 2);

		say_framed(stream, from, false);
		if (chance(dialog, 50)) {	/* H.245 opens where it was announced, perhaps */
			struct stream control = open_stream(dialog, true, !from, (uint16_t)(4000 + n), pick_port(dialog));

			for (unsigned i = 1 + pick(dialog, 5); i > 0; i--)
				say_framed(&control, (int)pick(dialog, 2), true);
		}
		if (chance(dialog, 50))
			come(dialog, chance(dialog, 30), (int)pick(dialog, 2), pick_port(dialog));
	}
}

const struct speech speech_ras = {
	.helper = "RAS", .protocol = "udp", .port = 1719, .has_ipv6 = true, .speak = speak_ras,
};

const struct speech speech_q931 = {
	.helper = "Q.931", .protocol = "tcp", .port = 1720, .has_ipv6 = true, .speak = speak_q931,
};
