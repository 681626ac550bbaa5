/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Run by the build alone: what the program's tables know, for those who do not run it.
 *
 *   describe command NAME     the manual of a command, as markdown
 *   describe page FILE        a page of docs/, with the tables in their places:
 *                               <!-- commands -->      the commands
 *                               <!-- list: TOPIC -->   what `ctreplay list TOPIC` prints
 *   describe bash|fish|zsh    completions for that shell
 */
#include <stdio.h>
#include <string.h>

#include "base/source.h"
#include "cli/cli.h"
#include "cli/completions.h"
#include "cli/manual.h"
#include "cli/topics.h"
#include "replay/rules_files.h"

static void print_commands(struct text *out)
{
	for (const struct command *const *command = commands; *command; command++)
		text_printf(out, "**ctreplay-%s**(1) `%s`\n: %s\n\n", (*command)->name, (*command)->synopsis, (*command)->summary);
}

/* "NAME   VALUE  WORDS" is a definition; columns are apart by two blanks and more. */
static void print_item(const char *line, size_t len, struct text *out)
{
	size_t indent = strspn(line, " "), name_len = strcspn(line + indent, " \n");
	const char *at = line + indent + name_len, *end = line + len;

	text_printf(out, "`%.*s`\n: ", (int)name_len, line + indent);
	at += strspn(at, " ");
	while (at < end) {
		size_t n_blanks = strspn(at, " ");

		if (n_blanks > 1)
			text_append(out, ": ");
		else if (n_blanks)
			text_append_char(out, ' ');
		else
			text_append_char(out, *at);
		at += n_blanks ? n_blanks : 1;
	}
	text_append(out, "\n\n");
}

static bool print_list(const char *topic, size_t len, struct text *out)
{
	struct text lines;
	size_t index = 0;

	while (topics_name(index) && (strlen(topics_name(index)) != len || strncmp(topics_name(index), topic, len) != 0))
		index++;
	if (!topics_name(index))
		return false;
	text_init(&lines);
	topics_print(index, NULL, &lines);
	for (const char *line = text_string(&lines); *line; line += *line == '\n') {
		size_t line_len = strcspn(line, "\n");

		print_item(line, line_len, out);
		line += line_len;
	}
	text_clear(&lines);
	return true;
}

static bool print_page(const char *path, struct text *out)
{
	static const char list_mark[] = "<!-- list: ", commands_mark[] = "<!-- commands -->";
	struct diagnostics diagnostics;
	struct source source;
	bool is_ok;

	diag_init(&diagnostics);
	is_ok = rules_files_read(path, &source, &diagnostics);
	cli_report(&diagnostics);
	diag_clear(&diagnostics);
	if (!is_ok)
		return false;
	for (const char *line = source.text; *line && is_ok; line += *line == '\n') {
		const char *topic = line + strlen(list_mark);

		if (strncmp(line, list_mark, strlen(list_mark)) == 0)
			is_ok = print_list(topic, strcspn(topic, " \n"), out);
		else if (strncmp(line, commands_mark, strlen(commands_mark)) == 0)
			print_commands(out);
		else
			text_printf(out, "%.*s\n", (int)strcspn(line, "\n"), line);
		line += strcspn(line, "\n");
	}
	source_clear(&source);
	return is_ok;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "", *name = argc > 2 ? argv[2] : "";
	const struct command *command = commands_find(name);
	enum exit_code code = EXIT_BAD_INPUT;
	bool is_ok = true;
	struct text text;

	text_init(&text);
	if (strcmp(what, "command") == 0 && command)
		manual_print(command, MANUAL_AS_MARKDOWN, &text);
	else if (strcmp(what, "page") == 0)
		is_ok = print_page(name, &text);
	else
		is_ok = completions_print(what, &text);
	if (is_ok)
		code = cli_print(&text);
	else
		cli_complain("describe %s %s: there is no such thing", what, name);
	text_clear(&text);
	return (int)code;
}
