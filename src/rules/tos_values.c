/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/tos_values.h"

#include <ctype.h>
#include <strings.h>

#include "rules/options.h"

/* A name says nothing of the two lowest bits. */
enum { NAME_MASK = 0x3f };

static const struct option_name names[] = {
	{ "Minimize-Delay", 0x10 }, { "Maximize-Throughput", 0x08 }, { "Maximize-Reliability", 0x04 },
	{ "Minimize-Cost", 0x02 }, { "Normal-Service", 0x00 }, { NULL, 0 },
};

static bool parse_name(const struct option_word *word, struct masked_value *masked, struct diagnostics *diagnostics)
{
	for (const struct option_name *name = names; name->name; name++) {
		if (strcasecmp(name->name, word->text) != 0)
			continue;
		*masked = (struct masked_value){ name->value, NAME_MASK };
		return true;
	}
	options_report_unknown(word, "type of service", names, diagnostics);
	return false;
}

bool tos_values_parse(const struct argument *value, struct masked_value *masked, struct diagnostics *diagnostics)
{
	const char *at = value->text;
	struct option_word word;

	options_next_word(value, &at, '/', &word);
	if (!at && !isdigit((unsigned char)word.text[0]))
		return parse_name(&word, masked, diagnostics);
	masked->mask = UINT8_MAX;
	if (!options_parse_number(&word, 0, UINT8_MAX, &masked->value, diagnostics))
		return false;
	if (!at)
		return true;
	options_next_word(value, &at, '\0', &word);
	return options_parse_number(&word, 0, UINT8_MAX, &masked->mask, diagnostics);
}
