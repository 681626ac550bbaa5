/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/step_screen.h"

#ifdef HAVE_NCURSES

#include <curses.h>
#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "picture/picture_words.h"
#include "sink/packet_words.h"
#include "sink/time_print.h"

enum { COLOR_GOOD = 1, COLOR_BAD, COLOR_NOTE, MICROSECOND_DIGITS = 6, SMALLEST_ROWS = 10, SMALLEST_COLUMNS = 40,
       LONGEST_INPUT = 200, ESCAPE = 27, DELETE = 127 };

enum pane { PANE_NONE, PANE_PACKETS, PANE_RULES, PANE_TABLE };

struct screen {
	struct stepper *stepper;
	step_explain *explain;
	void *owner;
	enum pane zoomed;		/* PANE_NONE: all three */
	size_t table_skip;		/* rows of the table above its pane */
	char searched[LONGEST_INPUT + 1];
	struct text status;		/* what happened last */
	bool is_over;
};

/* A line of the screen, cut to its width, and filled with blanks to its end. */
static void put_line(int y, attr_t attributes, const char *string)
{
	struct text text;
	size_t bytes = 0, n = 0;

	text_init(&text);
	utf8_append_printable(&text, string);
	while (bytes < text.len && n < (size_t)COLS) {
		bytes++;
		while (bytes < text.len && ((unsigned char)text.bytes[bytes] & 0xc0) == 0x80)
			bytes++;
		n++;
	}
	move(y, 0);
	clrtoeol();
	attrset(attributes);
	addnstr(text_string(&text), (int)bytes);
	for (; (attributes & (A_REVERSE | A_STANDOUT)) && n < (size_t)COLS; n++)
		addch(' ');
	attrset(A_NORMAL);
	text_clear(&text);
}

static attr_t verdict_attributes(enum verdict verdict)
{
	if (verdict == VERDICT_ACCEPT)
		return (attr_t)COLOR_PAIR(COLOR_GOOD);
	return verdict == VERDICT_NONE ? A_DIM : (attr_t)COLOR_PAIR(COLOR_BAD);
}

static void put_packet(const struct screen *screen, size_t index, int y)
{
	const struct tale_packet *packet = &screen->stepper->tale.packets[index];
	bool is_here = index == screen->stepper->at;
	struct text line, time;

	text_init(&line);
	text_init(&time);
	time_print(packet->time, MICROSECOND_DIGITS, &time);
	text_printf(&line, "%6" PRIu64 " %13s %-7s %-11s %s", packet->number, text_string(&time),
		    packet->verdict == VERDICT_NONE ? "-" : verdict_name(packet->verdict),
		    packet->ctstate == CTSTATE_NONE ? "-" : ctstate_name(packet->ctstate), packet->words);
	put_line(y, (is_here ? A_REVERSE : 0) | verdict_attributes(packet->verdict), text_string(&line));
	text_clear(&line);
	text_clear(&time);
}

/* The packet where one stands in the middle, where there is room for it. */
static void draw_packets(const struct screen *screen, int top, int height)
{
	size_t n = screen->stepper->tale.n_packets, rows = (size_t)height - 1, first = 0;

	put_line(top, A_STANDOUT, "   No.          Time Verdict ctstate     Packet");
	if (screen->stepper->at > rows / 2)
		first = screen->stepper->at - rows / 2;
	if (n > rows && first > n - rows)
		first = n - rows;
	if (n <= rows)
		first = 0;
	for (size_t i = 0; i < rows; i++) {
		if (first + i < n)
			put_packet(screen, first + i, top + 1 + (int)i);
		else
			put_line(top + 1 + (int)i, 0, "");
	}
}

static void put_rule(const struct screen *screen, const struct stepper_rule *rule, int y)
{
	static const char *const marks[] = { [EFFECT_NONE] = "  ", [EFFECT_MATCHED] = "+ ", [EFFECT_DECIDED] = "=>" };
	const struct tale_packet *packet = stepper_packet(screen->stepper);
	enum stepper_effect effect = packet ? stepper_effect(rule, packet) : EFFECT_NONE;
	attr_t attributes = effect == EFFECT_DECIDED ? A_BOLD | verdict_attributes(packet->verdict) : effect == EFFECT_MATCHED ? A_BOLD : 0;
	struct text line;

	text_init(&line);
	if (!rule->place && !rule->policy) {
		text_printf(&line, "%s %s %s", rule->family, rule->table, rule->chain);
		attributes = A_UNDERLINE;
	} else {
		text_printf(&line, "%s %6" PRIu64 "  ", marks[effect], stepper_count(screen->stepper, rule));
		if (rule->place)
			text_append(&line, rule->place->text);
		else
			text_printf(&line, "policy %s", rule->policy);
	}
	put_line(y, attributes, text_string(&line));
	text_clear(&line);
}

/* The rule that decided, or else the last that matched, is brought into the pane. */
static size_t first_rule(const struct screen *screen, size_t rows)
{
	const struct tale_packet *packet = stepper_packet(screen->stepper);
	size_t n = screen->stepper->n_rules, wanted = 0;
	enum stepper_effect best = EFFECT_NONE;

	for (size_t i = 0; packet && i < n; i++) {
		enum stepper_effect effect = stepper_effect(&screen->stepper->rules[i], packet);

		if (effect != EFFECT_NONE && effect >= best) {
			best = effect;
			wanted = i;
		}
	}
	if (n <= rows || wanted < rows / 2)
		return 0;
	return wanted - rows / 2 > n - rows ? n - rows : wanted - rows / 2;
}

static void draw_rules(const struct screen *screen, int top, int height)
{
	size_t rows = (size_t)height - 1, first = first_rule(screen, rows);

	put_line(top, A_STANDOUT, "   Packets  Rule  (=> decided, + matched; packets until here)");
	for (size_t i = 0; i < rows; i++) {
		if (first + i < screen->stepper->n_rules)
			put_rule(screen, &screen->stepper->rules[first + i], top + 1 + (int)i);
		else
			put_line(top + 1 + (int)i, 0, screen->stepper->n_rules || i ? "" : "   no rules: every packet is accepted");
	}
}

static void put_entry(const struct screen *screen, const struct stepper_row *row, int y)
{
	static const char *const words[] = { [ROW_SAME] = "", [ROW_NEW] = "new", [ROW_REFRESHED] = "refreshed",
					     [ROW_CHANGED] = "changed", [ROW_ENDED] = "ended" };
	bool is_bold = row->change == ROW_NEW || row->change == ROW_REFRESHED || row->change == ROW_CHANGED;
	struct vtime now = stepper_packet(screen->stepper)->time;
	struct text line;

	text_init(&line);
	text_printf(&line, "#%-6" PRIu64 " %7u s  %-11s %-9s ", row->entry->view.id,
		    row->change == ROW_ENDED ? 0 : vtime_seconds_left(row->moment->deadline, now, row->entry->view.hz),
		    picture_words_state(row->moment->state, row->moment->status), words[row->change]);
	packet_words_print_flow(&row->entry->view.tuple[DIRECTION_ORIGINAL], &line);
	if (row->entry->view.status & (STATUS_SRC_NAT | STATUS_DST_NAT)) {
		text_append(&line, ", replies ");
		packet_words_print_endpoint(&row->entry->view.tuple[DIRECTION_REPLY], true, &line);
		text_append(&line, " > ");
		packet_words_print_endpoint(&row->entry->view.tuple[DIRECTION_REPLY], false, &line);
	}
	put_line(y, is_bold ? A_BOLD | (attr_t)COLOR_PAIR(COLOR_NOTE) : row->change == ROW_ENDED ? A_DIM : 0, text_string(&line));
	text_clear(&line);
}

static void draw_table(struct screen *screen, int top, int height)
{
	size_t most = (size_t)height - 1, n;
	struct stepper_row *rows = alloc_zeroed(most + 1, sizeof(*rows));
	struct text head;

	n = stepper_table(screen->stepper, rows, screen->table_skip, most);
	if (n && screen->table_skip >= n) {
		screen->table_skip = n - 1;
		n = stepper_table(screen->stepper, rows, screen->table_skip, most);
	}
	text_init(&head);
	text_printf(&head, "Entry        Left  State       Change    Flow  (%zu, just ended ones included)", n);
	put_line(top, A_STANDOUT, text_string(&head));
	for (size_t i = 0; i < most; i++) {
		if (screen->table_skip + i < n)
			put_entry(screen, &rows[i], top + 1 + (int)i);
		else
			put_line(top + 1 + (int)i, 0, "");
	}
	text_clear(&head);
	free(rows);
}

static void draw_title(const struct screen *screen)
{
	const struct tale_packet *packet = stepper_packet(screen->stepper);
	struct text line;

	text_init(&line);
	if (packet) {
		text_printf(&line, " packet %" PRIu64 " of %zu   ", packet->number, screen->stepper->tale.n_packets);
		picture_words_print_decision(packet, &line);
	}
	text_printf(&line, "   %s", screen->stepper->tale.capture);
	put_line(0, A_BOLD, text_string(&line));
	text_clear(&line);
}

static void draw(struct screen *screen)
{
	int rows = LINES - 2, packets = (rows * 2 + 4) / 5, rules = (rows - packets) / 2;

	erase();
	draw_title(screen);
	if (screen->zoomed == PANE_PACKETS)
		draw_packets(screen, 1, rows);
	else if (screen->zoomed == PANE_RULES)
		draw_rules(screen, 1, rows);
	else if (screen->zoomed == PANE_TABLE)
		draw_table(screen, 1, rows);
	if (screen->zoomed == PANE_NONE) {
		draw_packets(screen, 1, packets);
		draw_rules(screen, 1 + packets, rules);
		draw_table(screen, 1 + packets + rules, rows - packets - rules);
	}
	put_line(LINES - 1, 0, screen->status.len ? text_string(&screen->status) :
		 "n next  p back  c/C run  b break  e why  / search  1-3 zoom  ? help  q quit");
	refresh();
}

/* The question and the end of what was typed so far, as much as fits. */
static void put_answer(const char *question, const char *answer)
{
	size_t room = (size_t)COLS - 1, len = strlen(question), typed = strlen(answer);
	struct text line;

	text_init(&line);
	text_append(&line, question);
	text_append(&line, len + typed > room ? answer + (len + typed - room) : answer);
	put_line(LINES - 1, A_BOLD, text_string(&line));
	move(LINES - 1, (int)(len + typed > room ? room : len + typed));
	refresh();
	text_clear(&line);
}

/* A line of ASCII that the user types at the bottom. False: nothing was typed, or Escape. */
static bool ask(const char *question, char answer[LONGEST_INPUT + 1])
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
		else if (key >= ' ' && key < DELETE && len < LONGEST_INPUT) {
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

/* The piece of a line that fits into the window: up to a blank where there is one. */
static size_t piece_len(const char *line, size_t len)
{
	size_t piece = (size_t)COLS;

	if (len <= piece)
		return len;
	while (piece > (size_t)COLS / 2 && line[piece] != ' ')
		piece--;
	if (line[piece] != ' ')
		piece = (size_t)COLS;
	while (piece > 1 && ((unsigned char)line[piece] & 0xc0) == 0x80)
		piece--;
	return piece;
}

/* Writes the lines from `first` on; how many there are in all. */
static long put_lines(const char *text, long first)
{
	long n = 0;

	while (*text) {
		size_t len = strcspn(text, "\n"), at = 0;

		do {
			size_t piece = piece_len(text + at, len - at);

			if (n >= first && n - first < LINES - 2) {
				char *line = alloc_copy(text + at, piece);

				put_line(1 + (int)(n - first), 0, line);
				free(line);
			}
			n++;
			at += piece;
			at += text[at] == ' ' && at < len;
		} while (at < len);
		text += len + (text[len] == '\n');
	}
	return n;
}

/* A text over the whole screen until a key that does not scroll. */
static void show_text(const char *title, const char *text)
{
	long first = 0, n;

	clearok(curscr, TRUE);
	do {
		erase();
		put_line(0, A_STANDOUT, title);
		n = put_lines(text, first);
		put_line(LINES - 1, 0, "arrows, space: scroll; any other key: back");
		refresh();
		first = scroll_page(getch(), first, n);
	} while (first >= 0);
}

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

	show_text("ctreplay step: keys", help);
}

static void show_why(struct screen *screen)
{
	const struct tale_packet *packet = stepper_packet(screen->stepper);
	struct text text;

	if (!packet)
		return;
	text_init(&text);
	screen->explain(screen->owner, packet->number, &text);
	if (text.len)
		show_text("Why?", text.bytes);
	text_clear(&text);
}

static void add_breakpoint(struct screen *screen)
{
	char words[LONGEST_INPUT + 1];
	struct text error;

	if (!ask("break on: ", words))
		return;
	text_init(&error);
	if (stepper_add_breakpoint(screen->stepper, words, &error))
		text_printf(&screen->status, "breakpoint %zu: %s", screen->stepper->n_breakpoints, words);
	else
		text_printf(&screen->status, "no breakpoint: %s", text_string(&error));
	text_clear(&error);
}

static void list_breakpoints(struct screen *screen)
{
	for (size_t i = 0; i < screen->stepper->n_breakpoints; i++)
		text_printf(&screen->status, "%s%zu: %s", i ? ";  " : "", i + 1, screen->stepper->breakpoints[i].words);
	if (!screen->stepper->n_breakpoints)
		text_append(&screen->status, "there are no breakpoints; b sets one");
}

static void run(struct screen *screen, bool is_backwards)
{
	if (!stepper_continue(screen->stepper, is_backwards))
		text_append(&screen->status, is_backwards ? "the first packet" : "the last packet");
	else
		text_append(&screen->status, "stopped by a breakpoint");
}

static void search(struct screen *screen)
{
	char words[LONGEST_INPUT + 1];

	if (ask("/", words))
		memcpy(screen->searched, words, sizeof(words));
	if (screen->searched[0] && !stepper_search(screen->stepper, screen->searched))
		text_printf(&screen->status, "no packet holds \"%s\"", screen->searched);
}

static void go_to(struct screen *screen)
{
	char words[LONGEST_INPUT + 1];
	uint64_t number;

	if (!ask("packet number: ", words))
		return;
	number = strtoull(words, NULL, 10);
	for (size_t i = 0; i < screen->stepper->tale.n_packets; i++) {
		if (screen->stepper->tale.packets[i].number == number) {
			stepper_go(screen->stepper, i);
			return;
		}
	}
	text_printf(&screen->status, "there is no packet %s", words);
}

/* Moves among packets. False: the key is another one. */
static bool obey_move(struct screen *screen, int key)
{
	struct stepper *stepper = screen->stepper;

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
	text_reset(&screen->status);
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
		stepper_remove_breakpoints(screen->stepper);
		text_append(&screen->status, "all breakpoints are removed");
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
		screen->zoomed = (enum pane)(key - '0');
		break;
	case '[':
		screen->table_skip -= screen->table_skip ? 1 : 0;
		break;
	case ']':
		screen->table_skip++;
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

bool step_screen_run(struct stepper *stepper, step_explain *explain, void *owner)
{
	struct screen screen = { .stepper = stepper, .explain = explain, .owner = owner };

	/* Characters alone: numbers stay as they are everywhere else. */
	setlocale(LC_CTYPE, "");
	if (!initscr())
		return false;
	start_colors();
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	set_escdelay(25);
	curs_set(0);
	text_init(&screen.status);
	while (!screen.is_over) {
		int key;

		if (LINES < SMALLEST_ROWS || COLS < SMALLEST_COLUMNS)
			put_line(0, 0, "this window is too small");
		else
			draw(&screen);
		key = getch();
		if (key == ERR)
			break;	/* the terminal is gone */
		obey(&screen, key);
	}
	endwin();
	text_clear(&screen.status);
	return true;
}

#endif
