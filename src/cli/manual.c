/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/manual.h"

#include <ctype.h>
#include <string.h>

#include "cli/wrap.h"
#include "replay/options.h"

enum { WIDTH = 80, TEXT_INDENT = 6 };

/* manual_pages.inc: { "run", "the text of docs/commands/run.md" }, ...; made by the build */
static const struct { const char *name, *text; } pages[] = {
#include "manual_pages.inc"
};

static const char *page_of(const struct command *command)
{
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (strcmp(pages[i].name, command->name) == 0)
			return pages[i].text;
	return "";
}

/* "[words](place)" */
static bool is_link(const char *line, const char *end)
{
	const char *bracket = memchr(line, ']', (size_t)(end - line));

	return *line == '[' && bracket && bracket + 1 < end && bracket[1] == '(';
}

/* A line without the marks of markdown: `code`, **bold**, [words](place). */
static void append_plain(const char *line, size_t len, struct text *out)
{
	const char *end = line + len;
	bool is_code = false;

	for (; line < end; line++) {
		if (*line == '`')
			is_code = !is_code;
		else if (!is_code && line[0] == '*' && line[1] == '*')
			line++;
		else if (!is_code && line[0] == ']' && line[1] == '(')
			line += strcspn(line, ")");
		else if (is_code || !is_link(line, end))
			text_append_char(out, *line);
	}
}

/* What --help says, as a sentence, and what is said beside it. */
static void append_about(const struct cli_option *option, struct text *out)
{
	const char *about = option->about;
	size_t len = strcspn(about, "\n");

	text_append_char(out, (char)toupper((unsigned char)about[0]));
	text_append_bytes(out, about + 1, len - 1);
	text_append_char(out, '.');
	if (about[len])
		text_printf(out, " %s", about + len + 1);
}

static void append_wrapped(const char *line, struct text *out)
{
	size_t len = strlen(line), at = 0;

	while (at < len) {
		size_t piece = wrap_piece(line + at, len - at, WIDTH - TEXT_INDENT);

		text_printf(out, "%*s%.*s\n", TEXT_INDENT, "", (int)piece, line + at);
		at += piece;
		at += line[at] == ' ';
	}
}

static void print_option(const struct cli_option *option, enum manual_form form, struct text *out)
{
	const char *mark = form == MANUAL_AS_MARKDOWN ? "`" : "";
	struct text about, plain;

	text_init(&about);
	text_init(&plain);
	append_about(option, &about);
	append_plain(text_string(&about), about.len, &plain);
	text_append(out, form == MANUAL_AS_MARKDOWN ? "" : "  ");
	if (option->short_name)
		text_printf(out, "%s-%c%s", mark, option->short_name, mark);
	if (option->name[1])
		text_printf(out, "%s%s--%s%s", option->short_name ? ", " : "", mark, option->name, mark);
	if (option->value_name)
		text_printf(out, " %s%s%s", mark, option->value_name, mark);
	text_append_char(out, '\n');
	if (form == MANUAL_AS_MARKDOWN)
		text_printf(out, ": %s\n", text_string(&about));
	else
		append_wrapped(text_string(&plain), out);
	text_append_char(out, '\n');
	text_clear(&about);
	text_clear(&plain);
}

static void print_heading(const char *heading, size_t len, enum manual_form form, struct text *out)
{
	if (form == MANUAL_AS_MARKDOWN)
		text_append(out, "## ");
	for (size_t i = 0; i < len; i++)
		text_append_char(out, form == MANUAL_AS_MARKDOWN ? heading[i] : (char)toupper((unsigned char)heading[i]));
	text_append_char(out, '\n');
}

static void print_options(const struct command *command, enum manual_form form, struct text *out)
{
	const struct command *inherited = commands_inherited(command);

	if (command->options->n_options || inherited) {
		print_heading("Options", strlen("Options"), form, out);
		text_append(out, form == MANUAL_AS_MARKDOWN ? "\n" : "");
	}
	for (size_t i = 0; i < command->options->n_options; i++)
		print_option(&command->options->options[i], form, out);
	if (!inherited)
		return;
	if (form == MANUAL_AS_MARKDOWN)
		text_printf(out, "Every option of **ctreplay-%s**(1) may be given as well:\n\n```\n", inherited->name);
	else
		text_printf(out, "  Every option of `ctreplay help %s` may be given as well:\n", inherited->name);
	cli_options_print_names(inherited->options, command->options, out);
	text_append(out, form == MANUAL_AS_MARKDOWN ? "```\n\n" : "\n");
}

static void print_title(const struct command *command, enum manual_form form, struct text *out)
{
	if (form == MANUAL_FOR_TERMINAL)
		text_printf(out, "usage: ctreplay %s %s\n%s\n", command->name, command->synopsis, command->summary);
	else
		text_printf(out, "<!-- man: ctreplay-%s 1 %s -->\n# ctreplay %s\n\n## Synopsis\n\n```\nctreplay %s %s\n```\n\n## Description\n",
			    command->name, command->summary, command->name, command->name, command->synopsis);
}

/* `line`: of the page, outside of code. */
static void print_line(const struct command *command, const char *line, size_t len, enum manual_form form, struct text *out)
{
	if (strncmp(line, "<!-- options -->", len) == 0 && len) {
		print_options(command, form, out);
	} else if (strncmp(line, "# ", 2) == 0) {
		print_title(command, form, out);
	} else if (strncmp(line, "## ", 3) == 0) {
		print_heading(line + 3, len - 3, form, out);
	} else if (form == MANUAL_AS_MARKDOWN) {
		text_printf(out, "%.*s\n", (int)len, line);
	} else if (strncmp(line, "<!--", 4) != 0) {
		append_plain(line, len, out);
		text_append_char(out, '\n');
	}
}

void manual_print(const struct command *command, enum manual_form form, struct text *out)
{
	bool is_code = false;

	for (const char *line = page_of(command); *line; line += *line == '\n') {
		size_t len = strcspn(line, "\n");
		bool is_fence = strncmp(line, "```", 3) == 0;

		if (is_fence)
			is_code = !is_code;
		if (form == MANUAL_FOR_TERMINAL && is_code && !is_fence)
			text_printf(out, "    %.*s\n", (int)len, line);
		else if (form == MANUAL_AS_MARKDOWN && (is_code || is_fence))
			text_printf(out, "%.*s\n", (int)len, line);
		else if (!is_fence)
			print_line(command, line, len, form, out);
		line += len;
	}
}
