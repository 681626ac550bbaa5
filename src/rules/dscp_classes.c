/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/dscp_classes.h"

#include <string.h>
#include <strings.h>

#include "rules/options.h"

static const struct option_name classes[] = {
	{ "CS0", 0 }, { "CS1", 8 }, { "CS2", 16 }, { "CS3", 24 }, { "CS4", 32 }, { "CS5", 40 }, { "CS6", 48 }, { "CS7", 56 },
	{ "BE", 0 }, { "AF11", 10 }, { "AF12", 12 }, { "AF13", 14 }, { "AF21", 18 }, { "AF22", 20 }, { "AF23", 22 },
	{ "AF31", 26 }, { "AF32", 28 }, { "AF33", 30 }, { "AF41", 34 }, { "AF42", 36 }, { "AF43", 38 }, { "EF", 46 },
	{ NULL, 0 },
};

bool dscp_classes_parse(const struct argument *value, uint32_t *dscp, struct diagnostics *diagnostics)
{
	const char *at = value->text;
	struct option_word word;

	options_next_word(value, &at, '\0', &word);
	/* iptables 1.8.9, class_to_dscp(): a name may be longer than it need be. */
	for (const struct option_name *class = classes; class->name; class++) {
		if (strncasecmp(word.text, class->name, strlen(class->name)) != 0)
			continue;
		*dscp = class->value;
		return true;
	}
	options_report_unknown(&word, "class", classes, diagnostics);
	return false;
}
