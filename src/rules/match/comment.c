/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m comment: words for people. Always true. Linux 6.18, xt_comment.c: comment_mt(). */
#include <string.h>

#include "rules/match_parts.h"

enum { COMMENT };

enum { COMMENT_LONGEST = 255 };

struct comment_config {
	struct option_marks marks;
	char words[COMMENT_LONGEST + 1];
};

/* iptables 1.8.9 cuts what is too long without a word. */
static bool parse_comment(void *config, const struct argument *values, const struct extension_place *place,
			  struct diagnostics *diagnostics)
{
	struct comment_config *comment = config;
	size_t len = strlen(values->text);

	(void)place;
	if (len > COMMENT_LONGEST) {
		diag_warning(diagnostics, values->where, NULL, "only the first %d of %zu characters are kept",
			     COMMENT_LONGEST, len);
		len = COMMENT_LONGEST;
	}
	memcpy(comment->words, values->text, len);
	comment->words[len] = '\0';
	return true;
}

static void print_comment(const void *config, struct text *out)
{
	const struct comment_config *comment = config;

	text_append(out, "--comment ");
	options_print_string(comment->words, out);
}

static const struct option_spec options[] = {
	{ .name = "comment", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_REQUIRED, .mark = COMMENT,
	  .value_name = "words", .parse = parse_comment, .print = print_comment,
	  .summary = "a note of at most 255 characters" },
};

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	(void)config;
	(void)state;
	(void)subject;
	return MATCH_YES;
}

static void list(const void *config, struct text *out)
{
	const struct comment_config *comment = config;

	text_printf(out, " /* %s */", comment->words);
}

const struct match_type match_comment = {
	.name = "comment",
	.summary = "a note, for people; always true",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct comment_config),
	.eval = eval,
	.flow_scope = match_parts_settled,
	.list = list,
};
