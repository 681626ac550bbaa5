/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay lab: a lab's question sheet, and what its suite says of the answer that stands in its folder. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/source.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/wrap.h"
#include "replay/options.h"
#include "replay/rules_files.h"

/* Made by the build: where `make install` puts the labs. */
static const char installed[] =
#include "pkgdatadir.inc"
"/labs";

/* As sheets write it: the place of the labs in the source tree. */
static const char written[] = "docs/labs";

struct lab_options {
	const char *folder;		/* where the labs are; NULL: where one looks for them */
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
	{ "labs", 0, "FOLDER", "where the labs are\nWithout it the first of docs/labs, labs and where they were installed that is there.", store_folder },
};

static const struct cli_option_table option_table = {
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

/* "Lab 5: INVALID", the heading of its sheet; what the folder is called where that cannot be read. */
static void append_title(const char *folder, const char *lab, struct text *out)
{
	static const char heading[] = "# Lab ";
	struct diagnostics diagnostics;
	struct source source;
	struct text path;
	const char *title = NULL;

	diag_init(&diagnostics);
	text_init(&path);
	text_printf(&path, "%s/%s/README.md", folder, lab);
	if (rules_files_read(text_string(&path), &source, &diagnostics)) {
		title = strstr(source.text, heading);
		if (title)
			text_printf(out, "  %.*s\n", (int)strcspn(title + strlen(heading), "\n"), title + strlen(heading));
		source_clear(&source);
	}
	if (!title)
		text_printf(out, "  %s\n", lab);
	text_clear(&path);
	diag_clear(&diagnostics);
}

static void list(struct dirent **labs, int n, const char *folder, struct text *out)
{
	for (int i = 0; i < n; i++)
		append_title(folder, labs[i]->d_name, out);
	text_printf(out, "\n`ctreplay lab N` shows one and grades what stands in its folder below %s.\n", folder);
}

/* The first of the places that holds any; the last when none does. */
static const char *find_folder(void)
{
	const char *const places[] = { written, "labs", installed };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct dirent **labs;
		int n = scandir(places[i], &labs, is_lab, NULL);

		for (int k = 0; k < n; k++)
			free(labs[k]);
		if (n >= 0)
			free(labs);
		if (n > 0)
			return places[i];
	}
	return installed;
}

/* Its commands name the files where they are. */
static void append_from(const char *sheet, const char *folder, struct text *out)
{
	const char *place;

	while ((place = strstr(sheet, written))) {
		text_append_bytes(out, sheet, (size_t)(place - sheet));
		text_append(out, folder);
		sheet = place + strlen(written);
	}
	text_append(out, sheet);
}

/* The sheet without the comment at its top. */
static bool append_sheet(const char *path, const char *folder, struct text *out)
{
	struct diagnostics diagnostics;
	struct source source;
	bool is_ok;

	diag_init(&diagnostics);
	is_ok = rules_files_read(path, &source, &diagnostics);
	if (is_ok) {
		const char *start = source.text[0] == '<' ? strchr(source.text, '\n') : NULL;

		append_from(start ? start + 1 : source.text, folder, out);
		source_clear(&source);
	}
	cli_report(&diagnostics);
	diag_clear(&diagnostics);
	return is_ok;
}

/* From within the lab's folder, so that what is said names its files as short as can be. */
static enum exit_code grade(const char *folder)
{
	char suite[] = "grade.json";

	if (chdir(folder) == 0)
		return command_test.run(&command_test, 2, (char *[]){ (char *)(uintptr_t)command_test.name, suite, NULL });
	cli_complain("%s: %s", folder, strerror(errno));
	return EXIT_BAD_INPUT;
}

static enum exit_code show(const struct dirent *lab, const char *folder)
{
	enum exit_code code = EXIT_BAD_INPUT;
	struct text path, sheet, joined;

	text_init(&path);
	text_init(&sheet);
	text_init(&joined);
	text_printf(&path, "%s/%s/README.md", folder, lab->d_name);
	if (append_sheet(text_string(&path), folder, &sheet)) {
		if (strcmp(folder, installed) == 0)
			text_printf(&sheet, "\nThese files are everybody's. Take a copy to work on, where `ctreplay lab` finds it: cp -r %s labs\n", folder);
		text_reset(&path);
		text_printf(&path, "%s/%s", folder, lab->d_name);
		text_printf(&sheet, "\n--- graded: what stands in %s now ---\n\n", text_string(&path));
		if (wrap_terminal_columns())
			wrap_join_paragraphs(text_string(&sheet), &joined);
		code = wrap_to_terminal(joined.len ? &joined : &sheet);
	}
	if (code == EXIT_DONE)
		code = grade(text_string(&path));
	text_clear(&path);
	text_clear(&sheet);
	text_clear(&joined);
	return code;
}

static enum exit_code choose(const struct lab_options *options)
{
	enum exit_code code = EXIT_BAD_INPUT;
	const char *folder = options->folder ? options->folder : find_folder();
	struct dirent **labs, *chosen = NULL;
	int n = scandir(folder, &labs, is_lab, compare_labs);
	struct text out;

	if (n < 0) {
		cli_complain("%s%s: %s; --labs says where the labs are", options->folder ? "" : "no labs below docs/labs or labs, and ", folder,
			     strerror(errno));
		return EXIT_BAD_INPUT;
	}
	text_init(&out);
	for (int i = 0; i < n && options->number; i++)
		if (strtoul(labs[i]->d_name, NULL, 10) == strtoul(options->number, NULL, 10))
			chosen = labs[i];
	if (chosen) {
		code = show(chosen, folder);
	} else if (options->number) {
		cli_complain("there is no lab %s in %s", options->number, folder);
	} else {
		list(labs, n, folder, &out);
		code = cli_print(&out);
	}
	for (int i = 0; i < n; i++)
		free(labs[i]);
	free(labs);
	text_clear(&out);
	return code;
}

static enum exit_code run_lab(const struct command *command, int argc, char **argv)
{
	struct lab_options options = { .folder = NULL };
	struct diagnostics diagnostics;
	enum exit_code code;
	bool wants_help;

	diag_init(&diagnostics);
	if (!cli_options_parse(command->options, argc, argv, &options, &wants_help, &diagnostics))
		code = cli_report(&diagnostics);
	else if (wants_help)
		code = cli_print_help(command);
	else
		code = choose(&options);
	diag_clear(&diagnostics);
	return code;
}

const struct command command_lab = {
	.name = "lab",
	.synopsis = "[N]",
	.summary = "a lab's questions, and a grade for the answer",
	.options = &option_table,
	.run = run_lab,
};
