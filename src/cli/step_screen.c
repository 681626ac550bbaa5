/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/step_screen.h"

#ifdef HAVE_NCURSES

#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "cli/step_parts.h"

enum { SMALLEST_ROWS = 10, SMALLEST_COLUMNS = 40 };

struct screen {
	struct step_view view;
	step_explain *explain;
	void *owner;
	char searched[STEP_LONGEST_INPUT + 1];
	bool is_over;
};

static void show_help(void)
{
	static const char help[] =
		"n  space  down     the next packet\n"
		"p  up              the packet before\n"
		"N  page down       ten packets on;      P  page up   ten back\n"
		"g  home            the first packet;    G  end       the last\n"
		":                  a packet by its number\n"
		"/                  search in the list of packets\n"
		"b                  a breakpoint, one of:\n"
		"                     packet 12\n"
		"                     verdict DROP\n"
		"                     state SYN_RECV   (or a ctstate: NEW, INVALID, ...)\n"
		"                     rule filter INPUT 3   (or FILE:LINE)\n"
		"                     entry 2\n"
		"                     udp port 53   (any tcpdump filter)\n"
		"c  C               run to the next breakpoint; backwards\n"
		"B  x               list the breakpoints; remove them all\n"
		"e  enter           why this packet got its state and its verdict\n"
		"1 2 3  0           packets, rules or table alone; all of them\n"
		"[  ]               scroll the table\n"
		"q                  quit\n"
		"What the packet changed in the table is bold, and stands first.\n";

	step_dialog_show("ctreplay step: keys", help);
}

static void show_why(struct screen *screen)
{
	const struct stretch_packet *packet = stepper_packet(screen->view.stepper);
	struct text text;

	if (!packet)
		return;
	text_init(&text);
	screen->explain(screen->owner, packet->number, &text);
	if (text.len)
		step_dialog_show("Why?", text.bytes);
	text_clear(&text);
}

static void add_breakpoint(struct screen *screen)
{
	char words[STEP_LONGEST_INPUT + 1];
	struct text error;

	if (!step_dialog_ask("break on: ", words))
		return;
	text_init(&error);
	if (stepper_add_breakpoint(screen->view.stepper, words, &error))
		text_printf(&screen->view.status, "breakpoint %zu: %s", screen->view.stepper->n_breakpoints, words);
	else
		text_printf(&screen->view.status, "no breakpoint: %s", text_string(&error));
	text_clear(&error);
}

static void list_breakpoints(struct screen *screen)
{
	for (size_t i = 0; i < screen->view.stepper->n_breakpoints; i++)
		text_printf(&screen->view.status, "%s%zu: %s", i ? ";  " : "", i + 1, screen->view.stepper->breakpoints[i].words);
	if (!screen->view.stepper->n_breakpoints)
		text_append(&screen->view.status, "there are no breakpoints; b sets one");
}

static void run(struct screen *screen, bool is_backwards)
{
	if (!stepper_continue(screen->view.stepper, is_backwards))
		text_append(&screen->view.status, is_backwards ? "the first packet" : "the last packet");
	else
		text_append(&screen->view.status, "stopped by a breakpoint");
}

static void search(struct screen *screen)
{
	char words[STEP_LONGEST_INPUT + 1];

	if (step_dialog_ask("/", words))
		memcpy(screen->searched, words, sizeof(words));
	if (screen->searched[0] && !stepper_search(screen->view.stepper, screen->searched))
		text_printf(&screen->view.status, "no packet holds \"%s\"", screen->searched);
}

static void go_to(struct screen *screen)
{
	char words[STEP_LONGEST_INPUT + 1];
	uint64_t number;

	if (!step_dialog_ask("packet number: ", words))
		return;
	number = strtoull(words, NULL, 10);
	if (!stepper_go_to_number(screen->view.stepper, number))
		text_printf(&screen->view.status, "there is no packet %s", words);
}

/* Moves among packets. False: the key is another one. */
static bool obey_move(struct screen *screen, int key)
{
	struct stepper *stepper = screen->view.stepper;

	switch (key) {
	case 'n': case ' ': case KEY_DOWN:
		stepper_go(stepper, stepper->at + 1);
		break;
	case 'p': case KEY_UP:
		stepper_go(stepper, stepper->at ? stepper->at - 1 : 0);
		break;
	case 'N': case KEY_NPAGE:
		stepper_go(stepper, stepper->at + 10);
		break;
	case 'P': case KEY_PPAGE:
		stepper_go(stepper, stepper->at > 10 ? stepper->at - 10 : 0);
		break;
	case 'g': case KEY_HOME:
		stepper_go(stepper, 0);
		break;
	case 'G': case KEY_END:
		stepper_go(stepper, SIZE_MAX);
		break;
	default:
		return false;
	}
	return true;
}

static void obey(struct screen *screen, int key)
{
	text_reset(&screen->view.status);
	if (obey_move(screen, key))
		return;
	switch (key) {
	case 'c': case 'C':
		run(screen, key == 'C');
		break;
	case 'b':
		add_breakpoint(screen);
		break;
	case 'B':
		list_breakpoints(screen);
		break;
	case 'x':
		stepper_remove_breakpoints(screen->view.stepper);
		text_append(&screen->view.status, "all breakpoints are removed");
		break;
	case 'e': case '\n': case KEY_ENTER:
		show_why(screen);
		break;
	case '/':
		search(screen);
		break;
	case ':':
		go_to(screen);
		break;
	case '?': case 'h':
		show_help();
		break;
	case '0': case '1': case '2': case '3':
		screen->view.zoomed = (enum step_pane)(key - '0');
		break;
	case '[':
		screen->view.table_skip -= screen->view.table_skip ? 1 : 0;
		break;
	case ']':
		screen->view.table_skip++;
		break;
	case 'q':
		screen->is_over = true;
		break;
	default:
		break;
	}
}

static void start_colors(void)
{
	if (!has_colors())
		return;
	start_color();
	use_default_colors();
	init_pair(COLOR_GOOD, COLOR_GREEN, -1);
	init_pair(COLOR_BAD, COLOR_RED, -1);
	init_pair(COLOR_NOTE, COLOR_YELLOW, -1);
}

enum step_result step_screen_run(struct stepper *stepper, step_explain *explain, void *owner)
{
	struct screen screen = { .view.stepper = stepper, .explain = explain, .owner = owner };
	bool is_ok = true;

	/* Characters alone: numbers stay as they are everywhere else. */
	setlocale(LC_CTYPE, "");
	if (!initscr())
		return STEP_NO_TERMINAL;
	start_colors();
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	set_escdelay(25);
	curs_set(0);
	text_init(&screen.view.status);
	while (!screen.is_over) {
		int key;

		if (LINES < SMALLEST_ROWS || COLS < SMALLEST_COLUMNS)
			step_panes_put_line(0, 0, "this window is too small");
		else
			step_panes_draw(&screen.view);
		is_ok = stepper_packet(stepper) != NULL;
		if (!is_ok)
			break;
		key = getch();
		if (key == ERR)
			break;	/* the terminal is gone */
		obey(&screen, key);
	}
	endwin();
	text_clear(&screen.view.status);
	return is_ok ? STEP_DONE : STEP_NO_REPLAY;
}

#endif
