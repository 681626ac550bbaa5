/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the stepper asks, and texts that it shows over its panes. */
#include "cli/step_parts.h"

#ifdef HAVE_NCURSES

#include <stdlib.h>
#include <string.h>

#include "cli/wrap.h"

enum { ESCAPE = 27, DELETE = 127 };

/* The question and the end of what was typed so far, as much as fits. */
static void put_answer(const char *question, const char *answer)
{
	size_t room = (size_t)COLS - 1, len = strlen(question), typed = strlen(answer);
	struct text line;

	text_init(&line);
	text_append(&line, question);
	text_append(&line, len + typed > room ? answer + (len + typed - room) : answer);
	step_panes_put_line(LINES - 1, A_BOLD, text_string(&line));
	move(LINES - 1, (int)(len + typed > room ? room : len + typed));
	refresh();
	text_clear(&line);
}

bool step_dialog_ask(const char *question, char answer[STEP_LONGEST_INPUT + 1])
{
	size_t len = 0;
	int key = 0;

	answer[0] = '\0';
	curs_set(1);
	while (key != '\n' && key != KEY_ENTER && key != ESCAPE && key != ERR) {
		put_answer(question, answer);
		key = getch();
		if ((key == KEY_BACKSPACE || key == DELETE || key == '\b') && len)
			answer[--len] = '\0';
		else if (key >= ' ' && key < DELETE && len < STEP_LONGEST_INPUT) {
			answer[len++] = (char)key;
			answer[len] = '\0';
		}
	}
	curs_set(0);
	return len && key != ESCAPE && key != ERR;
}

/* Where a text of `n` lines begins to be shown, after a key; -1: it is read. */
static long scroll_page(int key, long first, long n)
{
	long page = LINES - 2, last = n > page ? n - page : 0;

	switch (key) {
	case KEY_DOWN: case 'j':
		first++;
		break;
	case KEY_UP: case 'k':
		first--;
		break;
	case KEY_NPAGE: case ' ':
		first += page;
		break;
	case KEY_PPAGE:
		first -= page;
		break;
	case KEY_RESIZE:
		break;
	default:
		return -1;
	}
	return first < 0 ? 0 : first > last ? last : first;
}

static void put_piece(int y, size_t indent, const char *piece, size_t len)
{
	struct text line;

	text_init(&line);
	text_printf(&line, "%*s", (int)indent, "");
	text_append_bytes(&line, piece, len);
	step_panes_put_line(y, 0, text_string(&line));
	text_clear(&line);
}

/* Writes the lines from `first` on; how many there are in all. */
static long put_lines(const char *text, long first)
{
	long n = 0;

	while (*text) {
		size_t len = strcspn(text, "\n"), at = 0;

		do {
			size_t indent = at ? wrap_indent(text, (size_t)COLS) : 0, piece = wrap_piece(text + at, len - at, (size_t)COLS - indent);

			if (n >= first && n - first < LINES - 2)
				put_piece(1 + (int)(n - first), indent, text + at, piece);
			n++;
			at += piece;
			at += at < len && text[at] == ' ';
		} while (at < len);
		text += len + (text[len] == '\n');
	}
	return n;
}

void step_dialog_show(const char *title, const char *text)
{
	long first = 0, n;

	clearok(curscr, TRUE);
	do {
		erase();
		step_panes_put_line(0, A_STANDOUT, title);
		n = put_lines(text, first);
		step_panes_put_line(LINES - 1, 0, "arrows, space: scroll; any other key: back");
		refresh();
		first = scroll_page(getch(), first, n);
	} while (first >= 0);
}

#endif
