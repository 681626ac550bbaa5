/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A packet's row in the default view: who, when, what, and what became of it. */
#include "sink/text_view.h"

#include <string.h>

#include "base/utf8.h"
#include "packet/summary.h"
#include "sink/packet_words.h"
#include "sink/time_print.h"

enum { MICROSECOND_DIGITS = 6 };

static const char *const short_hooks[HOOK_COUNT] = {
	[HOOK_PREROUTING] = "PRE", [HOOK_INPUT] = "IN", [HOOK_FORWARD] = "FWD",
	[HOOK_OUTPUT] = "OUT", [HOOK_POSTROUTING] = "POST",
};

static const enum text_style verdict_styles[VERDICT_COUNT] = {
	[VERDICT_NONE] = STYLE_DIM, [VERDICT_ACCEPT] = STYLE_GREEN, [VERDICT_DROP] = STYLE_RED,
	[VERDICT_REJECT] = STYLE_RED, [VERDICT_QUEUE] = STYLE_YELLOW, [VERDICT_HELD] = STYLE_YELLOW,
};

static const enum text_style ctstate_styles[CTSTATE_COUNT] = {
	[CTSTATE_NONE] = STYLE_DIM, [CTSTATE_INVALID] = STYLE_RED, [CTSTATE_NEW] = STYLE_CYAN,
	[CTSTATE_ESTABLISHED] = STYLE_BLUE, [CTSTATE_RELATED] = STYLE_MAGENTA, [CTSTATE_UNTRACKED] = STYLE_DIM,
};

void text_view_add_scratch(struct text_view *view, enum text_style style)
{
	text_layout_add_cell_bytes(&view->layout, style, text_string(&view->scratch), view->scratch.len);
	text_reset(&view->scratch);
}

void text_view_add_time(struct text_view *view, struct vtime time)
{
	size_t start = view->layout.row.len;

	time_print(time, MICROSECOND_DIGITS, &view->layout.row);
	text_layout_end_plain_cell(&view->layout, STYLE_DIM, start);
}

void text_view_append_packet(const struct text_view *view, const struct packet *packet, struct text *out)
{
	if (view->is_full)
		summary_print(packet, out);
	else
		packet_words_print_packet(packet, out);
}

static void append_seconds_left(struct text *out, const struct entry_view *entry, struct vtime now)
{
	text_append_char(out, ' ');
	text_append_u64(out, vtime_seconds_left(entry->deadline, now, entry->hz));
	text_append_char(out, 's');
}

/* " -> SYN_RECV" when the state changed, " ESTABLISHED" when it stayed. */
static void append_state(struct text *out, const struct event_packet *journey)
{
	const struct entry_view *entry = &journey->entry;

	if (!entry->state)
		return;
	text_append(out, journey->change == ENTRY_CHANGED && journey->state_before ? " -> " : " ");
	text_append(out, entry->state);
}

static bool is_established(const struct entry_view *entry)
{
	return entry->state && !strcmp(entry->state, "ESTABLISHED");
}

/* What a change that is not one of state was about. */
static void append_status(struct text *out, const struct event_packet *journey)
{
	/* Closing states were ASSURED before: TCP and SCTP become it when they are established. */
	if (journey->change != ENTRY_CHANGED || (journey->state_before && !is_established(&journey->entry)))
		return;
	if (journey->entry.status & STATUS_ASSURED)
		text_append(out, " ASSURED");
	else if (!journey->state_before && journey->entry.status & STATUS_SEEN_REPLY)
		text_append(out, " replied");
}

static void add_entry(struct text_view *view, const struct event *event)
{
	const struct event_packet *journey = &event->journey;
	struct text *out = &view->layout.row;
	size_t start = out->len;
	bool is_ip = journey->packet->family != FAMILY_NONE;

	if (!journey->has_entry) {
		text_layout_add_cell(&view->layout, STYLE_DIM,
				     is_ip && !sighting_is_passed_over(journey->sighting) ? "no entry" : "");
		return;
	}
	text_append_char(out, '#');
	text_append_u64(out, journey->entry.id);
	if (journey->change == ENTRY_DESTROYED) {
		text_append(out, " ended");
		text_layout_end_plain_cell(&view->layout, STYLE_PLAIN, start);
		return;
	}
	if (journey->change == ENTRY_NEW)
		text_append(out, " new");
	append_state(out, journey);
	append_seconds_left(out, &journey->entry, event->time);
	append_status(out, journey);
	if (journey->change == ENTRY_UNCHANGED)
		text_append(out, " untouched");
	text_layout_end_plain_cell(&view->layout, journey->change == ENTRY_NEW || journey->change == ENTRY_CHANGED ? STYLE_PLAIN : STYLE_DIM,
				   start);
}

enum { PART_HOOKS, PART_RULE, PART_PLACE };

/* The hooks, and of a packet that a rule decided about the rule and its place, as cells show them. */
static void print_kept(const void *what, struct piece *piece)
{
	const struct event_packet *journey = what;
	const struct rule_place *rule = journey->decided_by;
	struct text words;

	for (size_t i = 0; i < journey->n_hooks; i++) {
		if (i)
			text_append_char(&piece->printed, '>');
		text_append(&piece->printed, short_hooks[journey->hooks[i]]);
	}
	piece_end_part(piece);
	if (!rule)
		return;
	text_init(&words);
	packet_words_print_rule(rule, &words);
	utf8_append_printable(&piece->printed, text_string(&words));
	piece_end_part(piece);
	text_reset(&words);
	packet_words_print_file(rule, &words);
	utf8_append_printable(&piece->printed, text_string(&words));
	piece_end_part(piece);
	text_clear(&words);
}

static void add_part(struct text_view *view, const struct piece *kept, size_t part, enum text_style style)
{
	size_t start = view->layout.row.len;

	piece_append_part(kept, part, &view->layout.row);
	text_layout_end_printable_cell(&view->layout, style, start, kept->part_widths[part]);
}

/* The last cells of the row, and its end. */
static void end_packet(struct text_view *view, const struct event_packet *journey)
{
	const uint64_t words[] = { packet_words_hooks(journey), pieces_pointer(journey->decided_by) };
	const struct piece_key key = { words, sizeof(words) / sizeof(words[0]) };
	const struct piece *kept = pieces_print(&view->kept, &key, print_kept, journey);

	add_part(view, kept, PART_HOOKS, STYLE_DIM);
	if (journey->decided_by) {
		add_part(view, kept, PART_RULE, STYLE_PLAIN);
		add_part(view, kept, PART_PLACE, STYLE_DIM);
		text_layout_end_row(&view->layout);
		return;
	}
	packet_words_print_copy(journey, &view->scratch);
	if (view->scratch.len)
		text_view_add_scratch(view, journey->difference ? STYLE_RED : STYLE_DIM);
	else
		text_layout_add_cell(&view->layout, journey->reason ? STYLE_PLAIN : STYLE_DIM,
				     journey->reason ? journey->reason : journey->verdict == VERDICT_ACCEPT ? "no rule" : "");
	text_layout_end_note(&view->layout);
}

static void add_verdict(struct text_view *view, const struct event_packet *journey)
{
	struct text *out = &view->layout.row;
	size_t start = out->len;

	if (journey->verdict == VERDICT_NONE) {
		text_layout_add_cell(&view->layout, STYLE_DIM, "-");
		return;
	}
	text_append(out, verdict_name(journey->verdict));
	if (journey->unsimulated)
		text_append_char(out, '?');
	text_layout_end_plain_cell(&view->layout, verdict_styles[journey->verdict], start);
}

static void add_packet(struct text_view *view, const struct packet *packet)
{
	size_t start = view->layout.row.len;

	if (summary_is_plain(packet)) {
		text_view_append_packet(view, packet, &view->layout.row);
		text_layout_end_plain_cell(&view->layout, STYLE_PLAIN, start);
		return;
	}
	text_view_append_packet(view, packet, &view->scratch);
	text_view_add_scratch(view, STYLE_PLAIN);
}

void text_view_write_row(struct text_view *view, const struct event *event)
{
	const struct event_packet *journey = &event->journey;
	struct text_layout *layout = &view->layout;
	size_t start = layout->row.len;

	text_append_u64(&layout->row, event->packet);
	text_layout_end_plain_cell(layout, STYLE_PLAIN, start);
	text_view_add_time(view, event->time);
	add_verdict(view, journey);
	start = layout->row.len;
	text_append(&layout->row, journey->ctstate == CTSTATE_NONE ? "-" : ctstate_name(journey->ctstate));
	text_layout_end_plain_cell(layout, ctstate_styles[journey->ctstate], start);
	add_packet(view, journey->packet);
	add_entry(view, event);
	end_packet(view, journey);
}
