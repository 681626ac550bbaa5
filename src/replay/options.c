/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { HELP_COLUMN = 30, NAMES_WIDTH = 70 };

struct parser {
	const struct cli_option_table *table;
	int argc;
	char **argv;
	int next;
	void *target;
	struct diagnostics *diagnostics;
};

const struct cli_option *cli_options_find(const struct cli_option_table *table, const char *name, size_t len)
{
	for (; table; table = table->inherited)
		for (size_t i = 0; i < table->n_options; i++)
			if (strlen(table->options[i].name) == len && strncmp(table->options[i].name, name, len) == 0)
				return &table->options[i];
	return NULL;
}

static const struct cli_option *find_short(const struct cli_option_table *table, char name)
{
	for (; table; table = table->inherited)
		for (size_t i = 0; i < table->n_options; i++)
			if (table->options[i].short_name && table->options[i].short_name == name)
				return &table->options[i];
	return NULL;
}

static bool refuse_unknown(const struct cli_option_table *table, const char *word, size_t len, struct diagnostics *diagnostics)
{
	const char **names = NULL, *nearest;
	char *name = alloc_copy(word, len);
	size_t n = 0;

	for (; table; table = table->inherited) {
		names = alloc_resize(names, n + table->n_options + 1, sizeof(*names));
		for (size_t i = 0; i < table->n_options; i++)
			names[n++] = table->options[i].name;
	}
	nearest = diag_nearest(name, names, n);
	if (nearest)
		diag_error_plain(diagnostics, "unknown option --%s; did you mean --%s?", name, nearest);
	else
		diag_error_plain(diagnostics, "unknown option --%s; --help lists them", name);
	free(names);
	free(name);
	return false;
}

static bool refuse_value(const struct cli_option *option, struct diagnostics *diagnostics)
{
	diag_error_plain(diagnostics, "--%s takes no value", option->name);
	return false;
}

static bool refuse_no_value(const struct cli_option *option, struct diagnostics *diagnostics)
{
	diag_error_plain(diagnostics, "--%s needs a value: --%s %s", option->name, option->name, option->value_name);
	return false;
}

bool cli_options_store(const struct cli_option_table *table, const char *name, const char *value, void *target,
		       struct diagnostics *diagnostics)
{
	const struct cli_option *option = cli_options_find(table, name, strlen(name));

	if (!option)
		return refuse_unknown(table, name, strlen(name), diagnostics);
	if (!option->value_name && value)
		return refuse_value(option, diagnostics);
	if (option->value_name && !value)
		return refuse_no_value(option, diagnostics);
	return option->store(target, value, diagnostics);
}

static bool is_own(const struct cli_option_table *table, const struct cli_option *option)
{
	return option >= table->options && option < table->options + table->n_options;
}

/* `value`: what stood behind "=" or directly behind the letter; NULL: the next word, where one is needed. */
static bool store(struct parser *parser, const struct cli_option *option, const char *value)
{
	if (!option->value_name && value)
		return refuse_value(option, parser->diagnostics);
	if (option->value_name && !value) {
		if (parser->next == parser->argc)
			return refuse_no_value(option, parser->diagnostics);
		value = parser->argv[parser->next++];
	}
	if (parser->table->store_inherited && !is_own(parser->table, option))
		return parser->table->store_inherited(parser->target, option->name, value, parser->diagnostics);
	return option->store(parser->target, value, parser->diagnostics);
}

static bool parse_long(struct parser *parser, const char *word)
{
	const char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : strlen(word);
	const struct cli_option *option = cli_options_find(parser->table, word, len);

	if (!option)
		return refuse_unknown(parser->table, word, len, parser->diagnostics);
	return store(parser, option, equals ? equals + 1 : NULL);
}

/* "-r FILE", "-rFILE", or letters without values together: "-qv". */
static bool parse_short(struct parser *parser, const char *word)
{
	bool is_ok = true;

	for (; *word; word++) {
		const struct cli_option *option = find_short(parser->table, *word);

		if (!option) {
			diag_error_plain(parser->diagnostics, "unknown option -%c; --help lists them", *word);
			return false;
		}
		if (option->value_name)
			return store(parser, option, word[1] ? word + 1 : NULL) && is_ok;
		is_ok &= store(parser, option, NULL);
	}
	return is_ok;
}

/* The own way with words, or that of the command whose options it has. */
static bool store_word(const struct cli_option_table *table, void *target, const char *word, struct diagnostics *diagnostics)
{
	while (!table->store_word)
		table = table->inherited;
	return table->store_word(target, word, diagnostics);
}

bool cli_options_parse(const struct cli_option_table *table, int argc, char **argv, void *target, bool *wants_help,
		       struct diagnostics *diagnostics)
{
	struct parser parser = { .table = table, .argc = argc, .argv = argv, .next = 1, .target = target,
				 .diagnostics = diagnostics };
	bool is_ok = true, words_only = false;

	*wants_help = false;
	while (parser.next < argc) {
		const char *word = argv[parser.next++];

		if (words_only || word[0] != '-' || word[1] == '\0') {
			is_ok &= store_word(table, target, word, diagnostics);
		} else if (strcmp(word, "--") == 0) {
			words_only = true;
		} else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
			*wants_help = true;
			return true;
		} else if (word[1] == '-') {
			is_ok &= parse_long(&parser, word + 2);
		} else {
			is_ok &= parse_short(&parser, word + 1);
		}
	}
	return is_ok;
}

bool cli_options_parse_number(const char *text, uint64_t most, uint64_t *number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*number = strtoull(text, &end, 0);
	return errno == 0 && *end == '\0' && *number <= most;
}

static void print_names(const struct cli_option *option, struct text *out)
{
	if (option->short_name)
		text_printf(out, "-%c", option->short_name);
	if (option->short_name && option->name[1])
		text_append(out, ", ");
	if (!option->short_name || option->name[1])
		text_printf(out, "--%s", option->name);
}

void cli_options_print(const struct cli_option_table *table, struct text *out)
{
	for (size_t i = 0; i < table->n_options; i++) {
		const struct cli_option *option = &table->options[i];
		size_t start = out->len;

		text_append(out, "  ");
		print_names(option, out);
		if (option->value_name)
			text_printf(out, " %s", option->value_name);
		if (out->len - start >= HELP_COLUMN) {
			text_append_char(out, '\n');
			start = out->len;
		}
		text_pad_to(out, start, HELP_COLUMN);
		text_append_bytes(out, option->about, strcspn(option->about, "\n"));
		text_append_char(out, '\n');
	}
}

void cli_options_print_names(const struct cli_option_table *table, const struct cli_option_table *behind, struct text *out)
{
	size_t start = out->len;

	for (size_t i = 0; i < table->n_options; i++) {
		const struct cli_option *option = &table->options[i];

		if (cli_options_find(behind, option->name, strlen(option->name)) != option)
			continue;	/* the other command's own means something else */
		if (out->len - start >= NAMES_WIDTH) {
			text_append_char(out, '\n');
			start = out->len;
		}
		text_append(out, out->len == start ? "  " : " ");
		if (option->short_name)
			text_printf(out, "-%c", option->short_name);
		else
			text_printf(out, "--%s", option->name);
	}
	text_append_char(out, '\n');
}
