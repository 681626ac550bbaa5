/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/mac_address.h"

#include <stdlib.h>
#include <string.h>

#include "rules/options.h"

bool mac_address_parse(const struct argument *value, uint8_t *address, struct diagnostics *diagnostics)
{
	const char *at = value->text;
	unsigned i = 0;

	for (; at && i < MAC_ADDRESS_LEN; i++) {
		struct option_word word;
		char *end;

		options_next_word(value, &at, ':', &word);
		address[i] = (uint8_t)strtoul(word.text, &end, 16);
		if (*end || strlen(word.text) > 2 || strchr(word.text, '-'))
			break;
	}
	if (i == MAC_ADDRESS_LEN && !at)
		return true;
	diag_error(diagnostics, value->where, "six numbers: 00:11:22:aa:bb:cc", "\"%s\" is not a MAC address", value->text);
	return false;
}

void mac_address_print(const uint8_t *address, struct text *out)
{
	for (unsigned i = 0; i < MAC_ADDRESS_LEN; i++)
		text_printf(out, "%s%02x", i ? ":" : "", address[i]);
}
