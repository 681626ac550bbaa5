/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "event/complaint.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Each kind of value has places of its own: n_numbers and n_addresses of them are used up. */
static void print_value(const struct complaint *complaint, char kind, unsigned *n_numbers, unsigned *n_addresses,
			struct text *out)
{
	if ((kind == 'u' || kind == 'x') && *n_numbers < COMPLAINT_MOST_NUMBERS) {
		uint32_t number = complaint->numbers[(*n_numbers)++];

		text_printf(out, kind == 'u' ? "%" PRIu32 : "%" PRIx32, number);
	} else if ((kind == '4' || kind == '6') && *n_addresses < COMPLAINT_MOST_ADDRESSES) {
		const struct address *address = &complaint->addresses[(*n_addresses)++];

		address_print_long(kind == '4' ? FAMILY_IPV4 : FAMILY_IPV6, address, out);
	}
}

void complaint_print(const struct complaint *complaint, struct text *out)
{
	unsigned n_numbers = 0, n_addresses = 0;

	for (const char *at = complaint->words ? complaint->words : ""; *at; at++)
		if (at[0] == '%' && at[1])
			print_value(complaint, *++at, &n_numbers, &n_addresses, out);
		else
			text_append_char(out, *at);
}

const char *complaint_words(const struct complaint *complaint, char room[COMPLAINT_ROOM])
{
	struct text text;

	if (!complaint->words || !strchr(complaint->words, '%'))
		return complaint->words;
	text_init(&text);
	complaint_print(complaint, &text);
	snprintf(room, COMPLAINT_ROOM, "%s", text_string(&text));
	text_clear(&text);
	return room;
}
