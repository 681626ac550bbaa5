/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/side_line.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

static const char *const prefixes[DIFFERENCE_SIDES] = { [SIDE_OLD] = "--old-", [SIDE_NEW] = "--new-" };

/* "--old-sysctl": the option behind the prefix; NULL when the word has none. */
static const char *without_prefix(const char *word, enum difference_side *side)
{
	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++)
		if (strncmp(word, prefixes[i], strlen(prefixes[i])) == 0) {
			*side = (enum difference_side)i;
			return word + strlen(prefixes[i]);
		}
	return NULL;
}

char **side_line_create(const struct cli_option_table *table, int argc, char **argv, enum difference_side side, int *n_words)
{
	char **line = alloc_zeroed((size_t)argc + 1, sizeof(*line));
	const struct cli_option *option;
	enum difference_side whose;
	const char *name;
	struct text word;
	int n = 0;

	text_init(&word);
	for (int i = 0; i < argc; i++) {
		name = i ? without_prefix(argv[i], &whose) : NULL;
		option = name ? cli_options_find(table, name, strcspn(name, "=")) : NULL;
		text_reset(&word);
		if (!name) {
			text_append(&word, argv[i]);
		} else if (!option || whose == side) {	/* an unknown one is refused on both sides */
			text_printf(&word, "--%s", name);
		} else {
			i += option->value_name && !strchr(name, '=');
			continue;
		}
		line[n++] = alloc_copy(text_string(&word), word.len);
	}
	text_clear(&word);
	*n_words = n;
	return line;
}

void side_line_destroy(char **line)
{
	for (char **word = line; *word; word++)
		free(*word);
	free(line);
}
