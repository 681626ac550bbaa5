/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay list: the program's tables, printed. */
#include <string.h>

#include "cli/cli.h"
#include "cli/topics.h"
#include "replay/options.h"

enum { MOST_WORDS = 2, MOST_TOPICS = 32 };

struct list_words {
	const char *words[MOST_WORDS];
	size_t n_words;
};

static bool store_word(void *target, const char *word, struct diagnostics *diagnostics)
{
	struct list_words *words = target;

	if (words->n_words == MOST_WORDS) {
		diag_error_plain(diagnostics, "list: one topic and one name at most; '%s' is too much", word);
		return false;
	}
	words->words[words->n_words++] = word;
	return true;
}

static const struct cli_option_table option_table = { .store_word = store_word };

static enum exit_code refuse_topic(const char *name)
{
	const char *names[MOST_TOPICS], *nearest;
	struct text all;
	size_t n = 0;

	text_init(&all);
	for (; n < MOST_TOPICS && (names[n] = topics_name(n)) != NULL; n++)
		text_printf(&all, "%s%s", n ? ", " : "", names[n]);
	nearest = diag_nearest(name, names, n);
	if (nearest)
		cli_complain("list: unknown topic '%s'; did you mean '%s'?", name, nearest);
	else
		cli_complain("list: unknown topic '%s'; there are %s", name, text_string(&all));
	text_clear(&all);
	return EXIT_BAD_INPUT;
}

static enum exit_code print_topic(size_t topic, const char *name)
{
	enum exit_code code;
	struct text text;

	text_init(&text);
	if (topics_print(topic, name, &text)) {
		code = cli_print(&text);
	} else {
		cli_complain("list %s: there is no '%s'; `ctreplay list %s` names them", topics_name(topic), name ? name : "",
			     topics_name(topic));
		code = EXIT_BAD_INPUT;
	}
	text_clear(&text);
	return code;
}

static enum exit_code run_list(const struct command *command, int argc, char **argv)
{
	struct list_words words = { .n_words = 0 };
	struct diagnostics diagnostics;
	bool wants_help, is_ok;
	enum exit_code code;

	diag_init(&diagnostics);
	is_ok = cli_options_parse(command->options, argc, argv, &words, &wants_help, &diagnostics);
	code = cli_report(&diagnostics);
	diag_clear(&diagnostics);
	if (!is_ok)
		return code;
	if (wants_help || !words.n_words)
		return cli_print_help(command);
	for (size_t i = 0; topics_name(i); i++)
		if (strcmp(words.words[0], topics_name(i)) == 0)
			return print_topic(i, words.words[1]);
	return refuse_topic(words.words[0]);
}

const struct command command_list = {
	.name = "list",
	.synopsis = "TOPIC [NAME]",
	.summary = "what the program knows",
	.options = &option_table,
	.topic = topics_name,
	.run = run_list,
};
