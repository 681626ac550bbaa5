/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay lab: a lab's question sheet, and what its suite says of the answer that stands in its folder. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/source.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/rules_files.h"

struct lab_options {
	const char *folder;		/* where the labs are */
	const char *number;		/* "3"; NULL: list them */
};

static bool store_folder(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	((struct lab_options *)target)->folder = value;
	return true;
}

static bool store_word(void *target, const char *word, struct diagnostics *diagnostics)
{
	struct lab_options *options = target;
	uint64_t number;

	if (options->number || !cli_options_parse_number(word, UINT32_MAX, &number)) {
		diag_error_plain(diagnostics, "lab '%s': one number is wanted; `ctreplay lab` lists them", word);
		return false;
	}
	options->number = word;
	return true;
}

static const struct cli_option own_options[] = {
	{ "labs", 0, "FOLDER", "where the labs are (docs/labs)", store_folder },
};

static const struct cli_option_table table = {
	.options = own_options,
	.n_options = sizeof(own_options) / sizeof(own_options[0]),
	.store_word = store_word,
};

/* "3-stateless-or-stateful" */
static int is_lab(const struct dirent *entry)
{
	const char *dash = entry->d_name + strspn(entry->d_name, "0123456789");

	return dash > entry->d_name && *dash == '-';
}

static int compare_labs(const struct dirent **a, const struct dirent **b)
{
	unsigned long one = strtoul((*a)->d_name, NULL, 10), other = strtoul((*b)->d_name, NULL, 10);

	return one < other ? -1 : one > other;
}

static void list(struct dirent **labs, int n, const char *folder, struct text *out)
{
	for (int i = 0; i < n; i++) {
		size_t start = out->len;

		text_printf(out, "  %s\n", labs[i]->d_name);
		for (char *c = out->bytes + start; *c; c++)
			*c = *c == '-' ? ' ' : *c;
	}
	text_printf(out, "\n`ctreplay lab N` shows one and grades what stands in its folder below %s.\n", folder);
}

/* The sheet without the comment at its top. */
static bool append_sheet(const char *path, struct text *out)
{
	struct diagnostics diagnostics;
	struct source source;
	bool is_ok;

	diag_init(&diagnostics);
	is_ok = rules_files_read(path, &source, &diagnostics);
	if (is_ok) {
		const char *start = source.text[0] == '<' ? strchr(source.text, '\n') : NULL;

		text_append(out, start ? start + 1 : source.text);
		source_clear(&source);
	}
	cli_report(&diagnostics);
	diag_clear(&diagnostics);
	return is_ok;
}

static enum exit_code show(const struct dirent *lab, const struct lab_options *options)
{
	static const struct command test = { "test", "", "", command_test };
	enum exit_code code = EXIT_BAD_INPUT;
	struct text path, sheet;

	text_init(&path);
	text_init(&sheet);
	text_printf(&path, "%s/%s/README.md", options->folder, lab->d_name);
	if (append_sheet(text_string(&path), &sheet)) {
		text_append(&sheet, "\n--- graded: what stands there now ---\n\n");
		code = cli_print(&sheet);
	}
	if (code == EXIT_DONE) {
		text_reset(&path);
		text_printf(&path, "%s/%s/grade.json", options->folder, lab->d_name);
		code = command_test(&test, 2, (char *[]){ (char *)(uintptr_t)test.name, path.bytes, NULL });
	}
	text_clear(&path);
	text_clear(&sheet);
	return code;
}

static enum exit_code choose(const struct lab_options *options)
{
	enum exit_code code = EXIT_BAD_INPUT;
	struct dirent **labs, *chosen = NULL;
	int n = scandir(options->folder, &labs, is_lab, compare_labs);
	struct text out;

	if (n < 0) {
		cli_complain("%s: %s; --labs says where the labs are", options->folder, strerror(errno));
		return EXIT_BAD_INPUT;
	}
	text_init(&out);
	for (int i = 0; i < n && options->number; i++)
		if (strtoul(labs[i]->d_name, NULL, 10) == strtoul(options->number, NULL, 10))
			chosen = labs[i];
	if (chosen) {
		code = show(chosen, options);
	} else if (options->number) {
		cli_complain("there is no lab %s in %s", options->number, options->folder);
	} else {
		list(labs, n, options->folder, &out);
		code = cli_print(&out);
	}
	for (int i = 0; i < n; i++)
		free(labs[i]);
	free(labs);
	text_clear(&out);
	return code;
}

enum exit_code command_lab(const struct command *command, int argc, char **argv)
{
	struct lab_options options = { .folder = "docs/labs" };
	struct diagnostics diagnostics;
	enum exit_code code;
	bool wants_help;

	diag_init(&diagnostics);
	if (!cli_options_parse(&table, argc, argv, &options, &wants_help, &diagnostics))
		code = cli_report(&diagnostics);
	else if (wants_help)
		code = cli_print_help(command, &table);
	else
		code = choose(&options);
	diag_clear(&diagnostics);
	return code;
}
