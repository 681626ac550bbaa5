/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The panes of the stepper: packets, rules, and the connection table. */
#include "cli/step_parts.h"

#ifdef HAVE_NCURSES

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "cli/rule_words.h"
#include "sink/time_print.h"

enum { MICROSECOND_DIGITS = 6 };

void step_panes_put_line(int y, attr_t attributes, const char *string)
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

static attr_t verdict_attributes(enum ctreplay_verdict verdict)
{
	if (verdict == CTREPLAY_ACCEPT)
		return (attr_t)COLOR_PAIR(COLOR_GOOD);
	return verdict == CTREPLAY_NO_VERDICT ? A_DIM : (attr_t)COLOR_PAIR(COLOR_BAD);
}

static void put_packet(const struct step_view *view, size_t index, int y)
{
	const struct stretch_packet *packet = stepper_packet_at(view->stepper, index);
	bool is_here = index == view->stepper->at;
	struct text line, time;

	if (!packet)
		return;
	text_init(&line);
	text_init(&time);
	time_print((struct vtime){ .ns = packet->time_ns }, MICROSECOND_DIGITS, &time);
	text_printf(&line, "%6" PRIu64 " %13s %-7s %-11s %s", packet->number, text_string(&time),
		    packet->verdict == CTREPLAY_NO_VERDICT ? "-" : ctreplay_verdict_name(packet->verdict),
		    packet->ctstate == CTREPLAY_NO_CTSTATE ? "-" : ctreplay_ctstate_name(packet->ctstate), packet->words);
	step_panes_put_line(y, (is_here ? A_REVERSE : 0) | verdict_attributes(packet->verdict), text_string(&line));
	text_clear(&line);
	text_clear(&time);
}

/* The packet where one stands in the middle, where there is room for it. */
static void draw_packets(const struct step_view *view, int top, int height)
{
	size_t n = view->stepper->source->n_packets, rows = (size_t)height - 1, first = 0;

	step_panes_put_line(top, A_STANDOUT, "   No.          Time Verdict ctstate     Packet");
	if (view->stepper->at > rows / 2)
		first = view->stepper->at - rows / 2;
	if (n > rows && first > n - rows)
		first = n - rows;
	if (n <= rows)
		first = 0;
	for (size_t i = 0; i < rows; i++) {
		if (first + i < n)
			put_packet(view, first + i, top + 1 + (int)i);
		else
			step_panes_put_line(top + 1 + (int)i, 0, "");
	}
}

static void put_rule(const struct step_view *view, size_t index, int y)
{
	static const char *const marks[] = { [EFFECT_NONE] = "  ", [EFFECT_MATCHED] = "+ ", [EFFECT_DECIDED] = "=>" };
	const struct rule_line *rule = &view->stepper->source->rules->lines[index];
	const struct stretch_packet *packet = stepper_packet(view->stepper);
	enum stepper_effect effect = packet ? stepper_effect(index, packet) : EFFECT_NONE;
	attr_t attributes = effect == EFFECT_DECIDED ? A_BOLD | verdict_attributes(packet->verdict) : effect == EFFECT_MATCHED ? A_BOLD : 0;
	struct text line;

	text_init(&line);
	if (rule->kind == LINE_HEAD) {
		text_printf(&line, "ipv%d %s %s", rule->rule.family, rule->rule.table, rule->rule.chain);
		attributes = A_UNDERLINE;
	} else {
		text_printf(&line, "%s %6" PRIu64 "  ", marks[effect], stepper_count(view->stepper, index));
		text_append(&line, rule->rule.text);
	}
	step_panes_put_line(y, attributes, text_string(&line));
	text_clear(&line);
}

/* The rule that decided, or else the last that matched, is brought into the pane. */
static size_t first_rule(const struct step_view *view, size_t rows)
{
	const struct stretch_packet *packet = stepper_packet(view->stepper);
	const struct rule_list *rules = view->stepper->source->rules;
	size_t n = rules->n_lines, wanted = 0;
	enum stepper_effect best = EFFECT_NONE;

	for (size_t i = 0; packet && i < n; i++) {
		enum stepper_effect effect = stepper_effect(i, packet);

		if (effect != EFFECT_NONE && effect >= best) {
			best = effect;
			wanted = i;
		}
	}
	if (n <= rows || wanted < rows / 2)
		return 0;
	return wanted - rows / 2 > n - rows ? n - rows : wanted - rows / 2;
}

static void draw_rules(const struct step_view *view, int top, int height)
{
	size_t rows = (size_t)height - 1, first = first_rule(view, rows), n = view->stepper->source->rules->n_lines;

	step_panes_put_line(top, A_STANDOUT, "   Packets  Rule  (=> decided, + matched; packets until here)");
	for (size_t i = 0; i < rows; i++) {
		if (first + i < n)
			put_rule(view, first + i, top + 1 + (int)i);
		else
			step_panes_put_line(top + 1 + (int)i, 0, n || i ? "" : "   no rules: every packet is accepted");
	}
}

/* `left`: seconds. */
static void put_entry(const struct stepper_row *row, uint32_t left, int y)
{
	static const char *const words[] = { [ROW_SAME] = "", [ROW_NEW] = "new", [ROW_REFRESHED] = "refreshed",
					     [ROW_CHANGED] = "changed", [ROW_ENDED] = "ended" };
	bool is_bold = row->change == ROW_NEW || row->change == ROW_REFRESHED || row->change == ROW_CHANGED;
	struct text line;

	text_init(&line);
	text_printf(&line, "#%-6" PRIu64 " %7u s  %-11s %-9s ", row->entry->id, row->change == ROW_ENDED ? 0 : left,
		    stepper_state(row->moment->state, row->moment->status), words[row->change]);
	rule_words_print_flow(&row->entry->original, &line);
	if (row->entry->status & (CTREPLAY_STATUS_SRC_NAT | CTREPLAY_STATUS_DST_NAT)) {
		text_append(&line, ", replies ");
		rule_words_print_ends(&row->entry->reply, &line);
	}
	step_panes_put_line(y, is_bold ? A_BOLD | (attr_t)COLOR_PAIR(COLOR_NOTE) : row->change == ROW_ENDED ? A_DIM : 0, text_string(&line));
	text_clear(&line);
}

static uint32_t seconds_left(const struct step_view *view, const struct stretch_moment *moment, const struct stretch_packet *packet)
{
	struct vtime deadline = { .ns = moment->ends_ns }, now = { .ns = packet->time_ns };

	return vtime_seconds_left(deadline, now, view->stepper->source->hz);
}

static void draw_table(struct step_view *view, int top, int height)
{
	const struct stretch_packet *packet = stepper_packet(view->stepper);
	size_t most = (size_t)height - 1, n;
	struct stepper_row *rows = alloc_zeroed(most + 1, sizeof(*rows));
	struct text head;

	n = stepper_table(view->stepper, rows, view->table_skip, most);
	if (n && view->table_skip >= n) {
		view->table_skip = n - 1;
		n = stepper_table(view->stepper, rows, view->table_skip, most);
	}
	text_init(&head);
	text_printf(&head, "Entry        Left  State       Change    Flow  (%zu, just ended ones included)", n);
	step_panes_put_line(top, A_STANDOUT, text_string(&head));
	for (size_t i = 0; i < most; i++) {
		if (packet && view->table_skip + i < n)
			put_entry(&rows[i], seconds_left(view, rows[i].moment, packet), top + 1 + (int)i);
		else
			step_panes_put_line(top + 1 + (int)i, 0, "");
	}
	text_clear(&head);
	free(rows);
}

/* "filter INPUT 1", "no rule", or the reason why no rule was asked. */
static void print_decision(const struct step_view *view, const struct stretch_packet *packet, struct text *out)
{
	if (packet->decided_by != RULE_LIST_NONE)
		rule_words_print_name(&view->stepper->source->rules->lines[packet->decided_by].rule, out);
	else if (packet->reason)
		text_append(out, packet->reason);
	else
		text_append(out, packet->verdict == CTREPLAY_ACCEPT ? "no rule" : "");
}

static void draw_title(const struct step_view *view)
{
	const struct stretch_packet *packet = stepper_packet(view->stepper);
	struct text line;

	text_init(&line);
	if (packet) {
		text_printf(&line, " packet %" PRIu64 " of %zu   ", packet->number, view->stepper->source->n_packets);
		print_decision(view, packet, &line);
	}
	text_printf(&line, "   %s", view->stepper->source->capture);
	step_panes_put_line(0, A_BOLD, text_string(&line));
	text_clear(&line);
}

void step_panes_draw(struct step_view *view)
{
	int rows = LINES - 2, packets = (rows * 2 + 4) / 5, rules = (rows - packets) / 2;

	erase();
	draw_title(view);
	if (view->zoomed == PANE_PACKETS)
		draw_packets(view, 1, rows);
	else if (view->zoomed == PANE_RULES)
		draw_rules(view, 1, rows);
	else if (view->zoomed == PANE_TABLE)
		draw_table(view, 1, rows);
	if (view->zoomed == PANE_ALL) {
		draw_packets(view, 1, packets);
		draw_rules(view, 1 + packets, rules);
		draw_table(view, 1 + packets + rules, rows - packets - rules);
	}
	step_panes_put_line(LINES - 1, 0, view->status.len ? text_string(&view->status) :
		 "n next  p back  c/C run  b break  e why  / search  1-3 zoom  ? help  q quit");
	refresh();
}

#endif
