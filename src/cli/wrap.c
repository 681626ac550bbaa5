/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/wrap.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { NARROWEST = 40, CODE_INDENT = 4 };

unsigned wrap_terminal_columns(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

size_t wrap_piece(const char *line, size_t len, size_t columns)
{
	size_t piece = columns;

	if (len <= piece)
		return len;
	while (piece > columns / 2 && line[piece] != ' ')
		piece--;
	if (line[piece] != ' ')
		piece = columns;
	while (piece > 1 && ((unsigned char)line[piece] & 0xc0) == 0x80)
		piece--;
	return piece;
}

size_t wrap_indent(const char *line, size_t columns)
{
	size_t indent = strspn(line, " ") + 2;

	return indent < columns / 2 ? indent : 2;
}

/* Somebody will copy it: the terminal breaks it too, but remembers that it is one line. */
static bool is_command(const char *line)
{
	return strncmp(line + strspn(line, " "), "ctreplay ", strlen("ctreplay ")) == 0;
}

void wrap_print(const char *text, size_t columns, struct text *out)
{
	while (*text) {
		size_t len = strcspn(text, "\n"), at = 0, most = is_command(text) ? len : columns;

		do {
			size_t indent = at ? wrap_indent(text, columns) : 0, piece = wrap_piece(text + at, len - at, most - indent);

			text_printf(out, "%*s", (int)indent, "");
			text_append_bytes(out, text + at, piece);
			text_append_char(out, '\n');
			at += piece;
			at += at < len && text[at] == ' ';
		} while (at < len);
		text += len + (text[len] == '\n');
	}
}

/* A heading, an item of a list, code, or what follows an empty line. */
static bool begins_paragraph(const char *line, bool is_code)
{
	size_t n_digits = strspn(line, "0123456789");

	return is_code || *line == '#' || *line == '-' || *line == '\n' || (n_digits && line[n_digits] == '.');
}

void wrap_join_paragraphs(const char *markdown, struct text *out)
{
	bool is_open = false;	/* the line before can go on */

	while (*markdown) {
		size_t len = strcspn(markdown, "\n"), indent = strspn(markdown, " ");
		bool is_code = indent >= CODE_INDENT;

		if (is_open && !begins_paragraph(markdown, is_code)) {
			text_append_char(out, ' ');
			text_append_bytes(out, markdown + indent, len - indent);
		} else {
			text_append(out, is_open ? "\n" : "");
			text_append_bytes(out, markdown, len);
		}
		is_open = len && !is_code && *markdown != '#';
		text_append(out, is_open ? "" : "\n");
		markdown += len + (markdown[len] == '\n');
	}
	text_append(out, is_open ? "\n" : "");
}

enum exit_code wrap_to_terminal(const struct text *text)
{
	unsigned columns = wrap_terminal_columns();
	enum exit_code code;
	struct text wrapped;

	if (columns < NARROWEST)
		return cli_print(text);
	text_init(&wrapped);
	wrap_print(text_string(text), columns, &wrapped);
	code = cli_print(&wrapped);
	text_clear(&wrapped);
	return code;
}
